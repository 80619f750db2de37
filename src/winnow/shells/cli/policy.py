"""`winnow policy`: what binds every AI system, campaign and person, and the laws behind it."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow import bootstrap
from winnow.core.canonical import differences
from winnow.core.ruleset_write import policy_document
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.core.govern.changes import NeedChange
    from winnow.core.govern.packs import LawPack
    from winnow.core.policy import Policy
    from winnow.services.policy import Impact, PolicyDesk

app = typer.Typer(help="Policy and law packs (docs/policy.md).", no_args_is_help=True)

#: Whom the decision log names for what is done here.
_ACTOR = "command line"
#: Exit code of a comparison that found something.
_FOUND = 3

File = Annotated[Path, typer.Argument(help="TOML file with the table `policy`, or a whole ruleset.")]


@app.command()
def show(data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show the policy in force, also what nobody wrote down."""
    from winnow.shells.http.policy_types import policy_out  # noqa: PLC0415  # a second that other commands need not wait

    found = policy_out(_desk(config, data, store).in_force())
    if as_json:
        _as_json(found)
        return
    _print(f"policy {found.hash[:16]} of ruleset {found.ruleset[:16]} · owner {found.owner}")
    _print(f"law packs: {', '.join(found.packs) or 'none'}")
    for name, value in found.document.items():
        _print(f"{name}: {json.dumps(value, ensure_ascii=False, default=str) if value else 'none'}")


@app.command()
def check(file: File) -> None:
    """Check a policy: every word of it, and that its examples hold."""
    policy = _policy_in(file)
    examples = len(policy.limits.examples)
    output.say(f"nothing wrong with it: {examples} of its {examples} examples hold" if examples else _NO_EXAMPLE)


_NO_EXAMPLE = "nothing wrong with it, but it has no examples: add some [[policy.examples]] that have to hold"


@app.command()
def diff(
    before: File,
    after: Annotated[Path, typer.Argument(help="The one to compare with.")],
    as_json: AsJson = False,
) -> None:
    """Show every place where two policies differ; exits with 3 when they do."""
    found = differences(policy_document(_policy_in(before)), policy_document(_policy_in(after)))
    if as_json:
        output.data([{"path": path, "before": old, "after": new} for path, old, new in found])
    for path, old, new in () if as_json else found:
        _print(f"{path}: {_short(old)} → {_short(new)}")
    if found:
        raise typer.Exit(_FOUND)
    if not as_json:
        output.say("no difference")


@app.command()
def packs(as_json: AsJson = False) -> None:
    """List the law packs that come with Winnow, and what each asks for."""
    from winnow.bootstrap.policy_files import law_packs  # noqa: PLC0415  # as above
    from winnow.shells.http.policy_types import packs_out  # noqa: PLC0415

    if as_json:
        _as_json(packs_out(law_packs(), None, bootstrap.clock().now().date()))
        return
    for pack in law_packs():
        for line in _pack_lines(pack):
            _print(line)


@app.command()
def changes(
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="Until which day.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what the law changes until a day: its rules, what contacts then need, which AI systems it speaks of."""
    from winnow.shells.http.policy_types import changes_out  # noqa: PLC0415  # as above

    found = _desk(config, data, store).changes(on.date())
    if as_json:
        _as_json(changes_out(found))
        return
    for line in _change_lines(found):
        _print(line)


@app.command()
def apply(file: File, data: Data = None, store: Store = None, config: ConfigFile = None) -> None:
    """Keep the live ruleset with this policy instead of its own; it binds nobody until it is signed and activated."""
    from winnow.bootstrap.policy_files import text_of  # noqa: PLC0415  # as above

    kept = _desk(config, data, store).draft(text_of(file), _ACTOR, str(file))
    typer.echo(kept.hash)
    output.say("kept, and not in force: have it proposed and signed by somebody else, then activate it")


def _desk(config: Path | None, data: Path | None, store: str | None) -> "PolicyDesk":
    from winnow.bootstrap.policy import make_policy  # noqa: PLC0415  # as above

    return make_policy(standing(config, data, store))


def _policy_in(path: Path) -> "Policy":
    from winnow.bootstrap.policy_files import policy_in  # noqa: PLC0415  # as above

    return policy_in(path)


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


def _change_lines(found: "Impact") -> Iterator[str]:
    if not found.changes.rules:
        yield "nothing changes until then that the law packs in use know of"
    for change in found.changes.rules:
        word = "begins" if change.begins else "ends"
        yield f"{change.day}  {change.pack}.{change.rule.id} {word}  {change.rule.article}"
        yield f"    {change.rule.text}"
    for need, grants in zip(found.changes.needs, found.grants, strict=True):
        yield _need_line(need) + ("" if grants is None else f"; {grants} addresses said yes to it")
    for touched in found.systems:
        change = touched.change
        yield f"AI system {touched.system.id} is spoken of by {change.pack}.{change.rule.id} ({change.day})"


def _need_line(need: "NeedChange") -> str:
    places = ", ".join(each or "place not known" for each in need.places)
    before, after = need.before.needed.word, need.after.needed.word
    what = f"{before} → {after}" if before != after else f"{after} still, on other grounds or terms"
    return f"{need.purpose} by {need.channel} ({places}): {what}"


def _short(value: object) -> str:
    return "–" if value is None else str(value)
