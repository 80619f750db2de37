"""`winnow system`: the register of AI systems."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from winnow.core.govern.risk import QUESTIONS, assess, traits_of
from winnow.core.govern.systems import document_of
from winnow.errors import InvalidInputError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, standing
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.services.systems import Registered, SystemDesk

app = typer.Typer(help="The register of AI systems (docs/ai-systems.md).", no_args_is_help=True)

#: Whom the decision log names for what is done here.
_ACTOR = "command line"
#: A finding is present: a system that should be live and may not act.
_FOUND = 3
#: Refused by the policy.
_REFUSED = 4

SystemId = Annotated[str, typer.Argument(help="The id of an AI system.")]
Note = Annotated[str, typer.Option("--note", help="What was looked at, or why; kept for ever.")]


@app.command("list")
def list_systems(data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List all AI systems and what each may do; exits with 3 when one should be live and may not act."""
    found = _desk(config, data, store).all()
    if as_json:
        output.data([_document(each) for each in found])
    for each in () if as_json else found:
        output.out.print(Text(printable(_line(each))))
    if any(each.system.status == "live" and not each.standing.acts for each in found):
        raise typer.Exit(_FOUND)


@app.command()
def show(
    system_id: SystemId, data: Data = None, store: Store = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Say all about one AI system, and what keeps it from acting."""
    desk = _desk(config, data, store)
    _show(desk.registered(system_id), as_json=as_json)
    for each in () if as_json else desk.history(system_id):
        said = f": {each.note}" if each.note else ""
        line = f"  {each.at:%Y-%m-%d %H:%M} UTC  {each.what}  {each.actor}  revision {each.system.revision}{said}"
        output.out.print(Text(printable(line)))


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="TOML file that describes it (docs/ai-systems.md).", exists=True)],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Enter an AI system, as a draft or in shadow."""
    _show(_desk(config, data, store).add(_read(file), _ACTOR), as_json=as_json)


@app.command()
def change(
    file: Annotated[Path, typer.Argument(help="TOML file that describes it, with its id.", exists=True)],
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Describe an AI system anew; with `status = "live"` it goes live, once somebody else has signed it."""
    document, desk = _read(file), _desk(config, data, store)
    system_id = document.get("id")
    if not isinstance(system_id, str):
        raise InvalidInputError("it does not say which system", where="id", fix="take it from `winnow system list`")
    revision = desk.registered(system_id).system.revision
    _show(desk.change(system_id, document, revision, _ACTOR), as_json=as_json)


@app.command()
def classify(
    yes: Annotated[
        list[str] | None, typer.Option("--yes", help="An answer that is true of the system; may be repeated.")
    ] = None,
    pack: Annotated[list[str] | None, typer.Option("--pack", help="A pack that the policy names.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say how much an AI system can harm; without an answer, print the questions. Exits with 4 for one refused."""
    if not yes:
        _ask(as_json=as_json)
        return
    known = {trait.value for question in QUESTIONS for trait in question.choices}
    for word in yes:
        if word not in known:
            fix = f"use some of {', '.join(sorted(known))}"
            raise InvalidInputError(f"`{word[:40]}` is no answer", where="--yes", fix=fix)
    given = {question.id: [word for word in yes if word in set(question.choices)] for question in QUESTIONS}
    found = assess(traits_of(given), pack or ())
    if as_json:
        because = [{"trait": each.trait.value, "text": each.text, "source": each.source} for each in found.because]
        output.data({"risk": found.risk.value, "because": because, "refused": found.refused})
    else:
        output.out.print(Text(f"risk: {found.risk}"))
        for each in found.because:
            output.out.print(Text(printable(f"  {each.text} ({each.source})")))
    if found.refused:
        output.say(f"refused: {found.refused}")
        raise typer.Exit(_REFUSED)


@app.command()
def review(
    system_id: SystemId,
    note: Note,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="When to look again; otherwise as late as its risk allows."),
    ] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say that an AI system still is what the register says."""
    _show(_desk(config, data, store).review(system_id, note, _ACTOR, _day(until)), as_json=as_json)


@app.command()
def retire(
    system_id: SystemId,
    note: Note,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """End an AI system for good; the entry stays."""
    _show(_desk(config, data, store).retire(system_id, note, _ACTOR), as_json=as_json)


def _ask(*, as_json: bool) -> None:
    if as_json:
        output.data(
            [
                {
                    "id": each.id,
                    "text": each.text,
                    "choices": {trait.value: text for trait, text in each.choices.items()},
                }
                for each in QUESTIONS
            ]
        )
        return
    for question in QUESTIONS:
        output.out.print(Text(question.text))
        for trait, text in question.choices.items():
            output.out.print(Text(f"  --yes {trait.value:<20} {text}"))


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"the file is not TOML in UTF-8: {error}", where=str(file), fix="correct it") from None


def _show(found: "Registered", *, as_json: bool) -> None:
    if as_json:
        output.data(_document(found))
        return
    output.out.print(Text(printable(_line(found))))
    for text in (found.system.purpose, *(f"not live: {why}" for why in found.standing.because)):
        output.out.print(Text(printable(f"  {text}")))


def _line(found: "Registered") -> str:
    system, owner = found.system, found.owner.name if found.owner else "nobody"
    due = f"review by {system.next_review}" if system.next_review else "never reviewed"
    maker = system.vendor or "own"
    head = f"{system.id}  {found.standing.mode}  ({system.status})  risk {system.risk}  {system.name} {system.version}"
    return f"{head}  {maker}  owner {owner}  {due}"


def _document(found: "Registered") -> dict[str, object]:
    return {
        **document_of(found.system),
        "risk": found.system.risk.value,
        "mode": found.standing.mode.value,
        "mode_because": list(found.standing.because),
        "overdue": found.overdue,
        "content_hash": found.content_hash,
        "signed": found.signed,
    }


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.replace(tzinfo=UTC).date()


def _desk(config: Path | None, data: Path | None, store: str | None) -> "SystemDesk":
    from winnow.bootstrap.systems import make_systems  # noqa: PLC0415  # a second that other commands need not wait

    return make_systems(standing(config, data, store))
