"""`winnow ruleset propose|sign|sign-offs|activate|rollback`: how a ruleset gets to decide, and stops doing so."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow.core.govern.signing import Kind
from winnow.errors import NotFoundError
from winnow.shells.cli import proposal
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile
from winnow.shells.cli.person import As, Code, PasswordStdin, person_of
from winnow.shells.cli.shadow import Digest

if TYPE_CHECKING:
    from winnow.bootstrap.service import Service

_ACTOR = "command line"
_LONGEST = 60


def propose(
    named: Annotated[str, typer.Argument(help="A file (TOML), which is put in, or the hash of a ruleset.")],
    because: proposal.Because,
    email: As,
    attach: proposal.Attach = None,
    hours: proposal.Hours = None,
    code: Code = None,
    password_stdin: PasswordStdin = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Ask for a second person's agreement to a ruleset; a file is put in first, written by whoever proposes it."""
    service = standing(config, data, store)
    by = person_of(service, email, code, from_stdin=password_stdin)
    digest = named
    if Path(named).is_file():
        from winnow.bootstrap.desks import make_desks  # noqa: PLC0415  # a second that other commands need not wait

        text = Path(named).read_text(encoding="utf-8-sig")
        digest = make_desks(service).rulesets.add_text(text, by.id).hash
    proposal.tell(
        proposal.proposed(service, Kind.RULESET, digest, because, by, attach=attach, hours=hours), as_json=as_json
    )


def sign(
    digest: Digest,
    email: As,
    code: Code = None,
    password_stdin: PasswordStdin = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Agree, as a second person, to the newest proposal about a ruleset; look at it first with `sign-offs`."""
    service = standing(config, data, store)
    desk = proposal.desk_of(service)
    found = [each.filed for each in desk.about(Kind.RULESET, _whole(service, digest)) if each.filed.end is None]
    if not found:
        raise NotFoundError("nobody has proposed this ruleset", fix="propose it with `winnow ruleset propose`")
    wanted = found[0].proposal
    by = person_of(service, email, code, from_stdin=password_stdin)
    proposal.tell(desk.sign(wanted.id, wanted.hash, by), as_json=as_json)


def sign_offs(
    digest: Digest, data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Show who proposed a ruleset, who signed it, and what is lacking."""
    service = standing(config, data, store)
    found = proposal.desk_of(service).about(Kind.RULESET, _whole(service, digest))
    if as_json:
        output.data([proposal.document(each) for each in found])
    for each in () if as_json else found:
        proposal.tell(each, as_json=False)
    if not found:
        output.say("nobody has proposed this ruleset")


def activate(digest: Digest, data: Data = None, store: Store = None, config: ConfigFile = None) -> None:
    """Have a signed ruleset decide, within a second and everywhere; exits with 5, saying what is lacking, otherwise."""
    from winnow.bootstrap.desks import make_desks  # noqa: PLC0415  # as above

    known = make_desks(standing(config, data, store)).rulesets.activate(digest, _ACTOR)
    output.say(f"ruleset {known.id} ({known.hash[:12]}) decides now")


def rollback(
    digest: Annotated[str | None, typer.Argument(help="Hash of an earlier ruleset; otherwise the one before.")] = None,
    because: Annotated[str, typer.Option("--because", help="Why; kept for ever.")] = "rolled back at the command line",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it; otherwise only show what it would do.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Have an earlier signed ruleset decide again; without --yes, only show how it differs and for how many leads."""
    from winnow.bootstrap.activating import make_rolling_back  # noqa: PLC0415  # as above

    desk = make_rolling_back(standing(config, data, store))
    found = desk.prospect(digest)
    if as_json:
        places = [{"path": path, "before": old, "after": new} for path, old, new in found.differences]
        more = {"whole": found.whole, "receivers": found.receivers}
        output.data(
            {"live": found.live.hash, "back": found.back.hash, "leads": found.leads, "differences": places, **more}
        )
    else:
        output.out.print(Text(printable(f"{found.live.id} → {found.back.id} ({found.back.hash[:12]})")))
        for path, old, new in found.differences:
            output.out.print(Text(printable(f"{path}: {_short(old)} → {_short(new)}")))
        least = "" if found.whole else "more than "
        output.out.print(f"{least}{found.leads:,} leads were decided since; each is looked at anew")
        output.out.print(_told_to(found.receivers))
    if not yes:
        output.say("nothing was done; next: the same with --yes")
        return
    done = desk.roll_back(_ACTOR, because, found.back.hash, instead_of=found.live.hash)
    output.say(f"ruleset {found.back.id} decides again; roll-back {done.number} tells the sales system lead by lead")


def _whole(service: "Service", digest: str) -> str:
    from winnow.core.ruleset_read import ruleset_from  # noqa: PLC0415  # as above

    return ruleset_from(service.rulesets.document(digest)).unbound.hash


def _told_to(receivers: int) -> str:
    if not receivers:
        return "nobody takes `decision.retracted`: tags in the sales system stay until somebody takes them back by hand"
    return f"systems that are told of each lead that comes out otherwise, and take their tag back: {receivers}"


def _short(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
