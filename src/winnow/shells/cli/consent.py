"""`winnow consent`: what people said about being contacted."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.core.govern.consent import Act, Capture
from winnow.core.govern.terms import Channel
from winnow.errors import InvalidInputError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.bootstrap.consenting import Consent
    from winnow.services.consent import Imported, Known, Noted

app = typer.Typer(help="What people said about being contacted, and what follows.", no_args_is_help=True)

#: Whom the decision log names for what is done here.
_ACTOR = "command line"
_SHOWN = 20

Address = Annotated[str, typer.Argument(help="An e-mail address, or a telephone number with its country: +49….")]
Purpose = Annotated[str | None, typer.Option("--purpose", help="A purpose of the policy; every one if left out.")]
ForChannel = Annotated[Channel | None, typer.Option("--channel", help="Every one if left out; a grant names one.")]
Evidence = Annotated[str | None, typer.Option("--evidence", help="Where it can be seen; kept sealed.")]


@app.command()
def record(  # one option each
    act: Annotated[Act, typer.Argument(help="What happened.")],
    address: Address,
    channel: ForChannel = None,
    purpose: Purpose = None,
    how: Annotated[Capture | None, typer.Option("--how", help="How it is known, such as reply or verbal.")] = None,
    basis: Annotated[str | None, typer.Option("--basis", help="What a grant rests on, such as purchase.")] = None,
    occurred_at: Annotated[
        str | None, typer.Option("--at", help="When the person acted, like 2026-11-22T09:30:00Z.")
    ] = None,
    evidence: Evidence = None,
    script: Annotated[str | None, typer.Option("--script", help="What they were read, with verbal.")] = None,
    words: Annotated[str | None, typer.Option("--words", help="What they said, with verbal.")] = None,
    spoken_by: Annotated[str | None, typer.Option("--heard-by", help="Who heard it, with verbal.")] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Record a yes or a no; a no is in force at once, and only the person can take it back."""
    consent = _consent(config, data, store)
    from winnow.services.consent import By, Recorder, Said  # noqa: PLC0415  # a second other commands need not wait

    said = Said(
        act,
        email=address if "@" in address else None,
        phone=None if "@" in address else address,
        channel=channel,
        purpose=purpose,
        how=how,
        basis=basis,
        evidence=evidence,
        occurred_at=_time(occurred_at),
        script=script,
        words=words,
        spoken_by=spoken_by,
    )
    (number,) = consent.desk.record([said], Recorder(_ACTOR, By.PERSON, lifts_bars=True))
    output.say(f"recorded as entry {number} of the decision log")


@app.command()
def show(
    address: Address,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """How things stand for an address, and why."""
    known = _search(_consent(config, data, store), address)
    if as_json:
        output.data(_document(known))
        return
    print(f"subject {known.subject}, {len(known.events):,} events, {len(known.links):,} linked addresses")
    for each in known.standings:
        if known.events:
            print(f"  {each.channel}, {each.purpose}: {each.standing.state.word}: {printable(each.standing.why)}")


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV file (docs/consent.md); a bare list of addresses opts them out.")],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Add denials and tell of grants; never takes a denial back. Exit code 3 when a line was refused."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(file), fix="check the path") from None
    except UnicodeDecodeError:
        raise InvalidInputError("this is not UTF-8", where=str(file), fix="save it as such") from None
    done = _consent(config, data, store).files.take(text, _ACTOR)
    if as_json:
        output.data(_report(done))
    else:
        _tell(done)
    if done.refused:
        sys.stdout.flush()
        raise typer.Exit(3)


@app.command()
def export(
    output_file: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, instead of stdout.")
    ] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Write everything that is recorded as CSV, which `import` reads; what was erased has no address any more."""
    from winnow.bootstrap.consenting import consent_csv  # noqa: PLC0415  # as above

    lines = consent_csv(_consent(config, data, store).files.rows())
    if output_file is None:
        for line in lines:
            typer.echo(line, nl=False)
        return
    with output_file.open("w", encoding="utf-8", newline="") as file:
        count = sum(bool(file.write(line)) for line in lines) - 1
    output.say(f"wrote {count:,} events to {printable(str(output_file))}")


@app.command()
def merge(
    one: Address,
    other: Address,
    evidence: Annotated[str, typer.Option("--evidence", help="How it is known that they are one person's.")],
    undo: Annotated[bool, typer.Option("--undo", help="Take it back; denials stay where they count.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Say that two addresses are one person's: denials of each count for both."""
    desk = _consent(config, data, store).desk
    first, second = (desk.address(*_parted(each), None, sure=True) for each in (one, other))
    if undo:
        number = desk.unmerge((desk.subject(first), desk.subject(second)), evidence, _ACTOR)
    else:
        number = desk.merge((first, second), evidence, _ACTOR)
    output.say(f"recorded as entry {number} of the decision log")


def _parted(address: str) -> tuple[str | None, str | None]:
    return (address, None) if "@" in address else (None, address)


def _search(consent: "Consent", address: str) -> "Known":
    return consent.desk.search(*_parted(address), None)


def _document(known: "Known") -> dict[str, object]:
    return {
        "subject": str(known.subject),
        "standings": [
            {
                "channel": each.channel.value,
                "purpose": each.purpose,
                "state": each.standing.state.word,
                "basis": each.standing.basis,
                "expires_at": each.standing.expires_at and each.standing.expires_at.isoformat(),
                "why": each.standing.why,
                "because": list(each.standing.because),
                "waits": each.standing.waits,
            }
            for each in known.standings
        ],
        "events": len(known.events),
        "links": [str(link.other) for link in known.links],
    }


def _report(done: "Imported") -> dict[str, object]:
    def notes(some: "list[Noted]") -> list[dict[str, object]]:
        return [{"line": each.line, "why": each.why} for each in some]

    return {
        "denials": done.denials,
        "grants": done.grants,
        "refused": notes(done.refused),
        "without_effect": notes(done.without_effect),
        "widened": notes(done.widened),
    }


def _tell(done: "Imported") -> None:
    print(f"{done.denials:,} denials and {done.grants:,} grants recorded, {len(done.refused):,} lines refused")
    for title, notes in (
        ("refused", done.refused),
        ("without effect", done.without_effect),
        ("counts for more", done.widened),
    ):
        for each in notes[:_SHOWN]:
            print(f"  line {each.line}, {title}: {printable(each.why)}")
        if len(notes) > _SHOWN:
            print(f"  and {len(notes) - _SHOWN:,} more; --json shows them")


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise InvalidInputError(
            f"`{text[:40]}` is no time with an offset", where="--at", fix="like 2026-11-22T09:30:00Z"
        )
    return at


def _consent(config: Path | None, data: Path | None, store: str | None) -> "Consent":
    from winnow.bootstrap.desks import make_desks  # noqa: PLC0415  # as above

    return make_desks(standing(config, data, store)).consent
