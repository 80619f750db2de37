"""`winnow policy`: what binds every AI system, campaign and person, and the laws behind it."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow import bootstrap
from winnow.config import load
from winnow.core.apikeys import Scope
from winnow.core.canonical import differences
from winnow.core.govern.signing import Kind
from winnow.core.ruleset_write import policy_document
from winnow.errors import InvalidInputError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile
from winnow.shells.cli.person import Code, PasswordStdin, need, person_of
from winnow.shells.cli.proposal import proposed, tell

if TYPE_CHECKING:
    from winnow.core.govern.packs import LawPack
    from winnow.core.policy import Policy
    from winnow.services.policy import PolicyDesk

app = typer.Typer(help="Policy and law packs (docs/policy.md).", no_args_is_help=True)

#: Whom the decision log names for what is done here.
_ACTOR = "command line"
#: Most leads or sends that one command looks at.
_MOST = 1_000_000
#: Exit code of a comparison that found something.
_FOUND = 3

File = Annotated[Path, typer.Argument(help="TOML file with the table `policy`, or a whole ruleset.")]


@app.command()
def show(
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_toml: Annotated[
        bool, typer.Option("--toml", help="Print it as TOML, to change and to give to `winnow policy apply`.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show the policy in force, also what nobody wrote down."""
    from winnow.shells.http.policy_types import policy_out  # noqa: PLC0415  # a second that other commands need not wait

    in_force = _desk(config, data, store).in_force()
    if as_toml:
        from winnow.bootstrap.policy_files import policy_toml  # noqa: PLC0415  # as above

        typer.echo(policy_toml(in_force.policy), nl=False)
        return
    found = policy_out(in_force)
    if as_json:
        _as_json(found)
        return
    _print(f"policy hash {found.hash}")
    _print("  it stands for every word of the policy and of its law packs; permits name it, and hold only under it")
    _print(f"ruleset {found.ruleset} · owner {found.owner}")
    _print(f"law packs: {', '.join(found.packs) or 'none'}")
    for name, value in found.document.items():
        _print(f"{name}: {json.dumps(value, ensure_ascii=False, default=str) if value else 'none'}")


@app.command()
def check(file: File, config: ConfigFile = None) -> None:
    """Check a policy: every word of it, and that its examples hold."""
    policy = _policy_in(file, config)
    examples = len(policy.limits.examples)
    output.say(f"nothing wrong with it: {examples} of its {examples} examples hold" if examples else _NO_EXAMPLE)


_NO_EXAMPLE = "nothing wrong with it, but it has no examples: add some [[policy.examples]] that have to hold"


@app.command()
def diff(
    before: File,
    after: Annotated[Path, typer.Argument(help="The one to compare with.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show every place where two policies differ; exits with 3 when they do."""
    old_one, new_one = (policy_document(_policy_in(each, config)) for each in (before, after))
    found = differences(old_one, new_one)
    if as_json:
        output.data([{"path": path, "before": old, "after": new} for path, old, new in found])
    for path, old, new in () if as_json else found:
        _print(f"{path}: {_short(old)} → {_short(new)}")
    if found:
        raise typer.Exit(_FOUND)
    if not as_json:
        output.say("no difference")


@app.command()
def packs(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List the law packs that come with Winnow and those of your own, and what each asks for."""
    from winnow.bootstrap.policy_files import packs_of  # noqa: PLC0415  # as above
    from winnow.shells.http.policy_types import packs_out  # noqa: PLC0415

    found = packs_of(load(config))
    if as_json:
        _as_json(packs_out(found, None, bootstrap.clock().now().date()))
        return
    for pack in found:
        for line in _pack_lines(pack):
            _print(line)


@app.command()
def changes(
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="Until which day.")],
    newest: Annotated[
        int | None,
        typer.Option("--newest", min=1, max=_MOST, help="How many leads, and sends, to look at; else 2,000 and 5,000."),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List every lead and send that is touched.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what the law changes until a day: rules, what contacts then need, which AI systems, leads and sends."""
    from winnow.shells.cli.policy_changes import change_lines, listed_out, touched_lines  # noqa: PLC0415  # as above
    from winnow.shells.http.policy_change_types import changes_out  # noqa: PLC0415

    found = _desk(config, data, store).changes(on.date(), newest)
    if as_json:
        _as_json(listed_out(found) if listed else changes_out(found))
        return
    for line in (*change_lines(found), *(touched_lines(found) if listed else ())):
        _print(line)


@app.command()
def apply(
    file: File,
    propose: Annotated[bool, typer.Option("--propose", help="Ask for a second person's agreement right away.")] = False,
    because: Annotated[str, typer.Option("--because", help="With --propose: why; kept for ever.")] = "",
    email: Annotated[str, typer.Option("--as", help="With --propose: mail address of whoever proposes it.")] = "",
    code: Code = None,
    password_stdin: PasswordStdin = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Keep the live ruleset with this policy instead of its own; it binds nobody until it is signed and activated."""
    from winnow.bootstrap.policy import make_policy  # noqa: PLC0415  # as above
    from winnow.bootstrap.policy_files import text_of  # noqa: PLC0415

    if propose and not (because and email):
        raise InvalidInputError("a proposal needs who and why", where="--propose", fix="add --as and --because")
    text, service = text_of(file), standing(config, data, store)
    desk = make_policy(service)
    desk.check(text, str(file))  # before anybody is asked for a password
    by = person_of(service, email, code, from_stdin=password_stdin) if propose else None
    if by is not None:
        need(by, Scope.PROPOSALS_WRITE)
    kept = desk.draft(text, _ACTOR if by is None else by.id, str(file))
    typer.echo(kept.hash)
    if by is None:
        output.say("kept, and not in force; next, ask for a second person's agreement:")
        output.say(f'winnow proposal make ruleset {kept.hash} --because "WHY" --as YOU@YOUR.COMPANY')
        return
    tell(proposed(service, Kind.RULESET, kept.hash, because, by), as_json=False)
    output.say("proposed; it binds nobody until others signed it, a privacy officer among them, and it is activated")


def _desk(config: Path | None, data: Path | None, store: str | None) -> "PolicyDesk":
    from winnow.bootstrap.policy import make_policy  # noqa: PLC0415  # as above

    return make_policy(standing(config, data, store))


def _policy_in(path: Path, config: Path | None) -> "Policy":
    from winnow.bootstrap.policy_files import policy_in  # noqa: PLC0415  # as above

    return policy_in(path, load(config))


def _as_json(found: object) -> None:
    import msgspec  # noqa: PLC0415  # as above

    output.data(msgspec.to_builtins(found))


def _print(line: str) -> None:
    output.out.print(Text(printable(line)))


def _pack_lines(pack: "LawPack") -> Iterator[str]:
    yield f"{pack.id}: {pack.title} (as of {pack.as_of})"
    for rule in pack.rules:
        until = f" until {rule.until}" if rule.until else ""
        yield f"  {rule.id}  {rule.article}  from {rule.effective}{until}"
        yield f"    {rule.text}"


def _short(value: object) -> str:
    return "–" if value is None else str(value)
