"""`winnow queue`: the leads that wait for a person, and deciding them."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from winnow.core.decide import probability
from winnow.core.outcome import Outcome
from winnow.core.review.disposition import REJECT_REASONS, Spoken, text_of
from winnow.errors import InvalidInputError
from winnow.ports.review import Shelf, Wanted
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, opened
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from winnow.core.review.case import Case
    from winnow.services.review import OpenedCase, ReviewDesk

app = typer.Typer(help="The review queue (docs/queue.md).", no_args_is_help=True)

#: Whom the decision log names besides the reviewer for what is done here.
_ACTOR = "command line"
_MOST = 200
_REASONS = ", ".join(f"{why.key} {why.code}" for why in REJECT_REASONS)

CaseId = Annotated[int, typer.Argument(help="The number of a case.", min=0)]
As = Annotated[str, typer.Option("--as", help="Who decides.")]
Source = Annotated[str | None, typer.Option("--source", help="Only those of this source.")]


@app.command("list")
def list_cases(
    shelf: Annotated[Shelf, typer.Option("--shelf", help="Those that wait, are put off, or are decided.")] = (
        Shelf.WAITING
    ),
    source: Source = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Only those with a reason code that contains this.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="How many at most.", min=1, max=_MOST)] = 50,
    who: As = _ACTOR,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """List cases in the order in which somebody should look at them."""
    desk = _desk(config, data, store)
    found = desk.page(Wanted(shelf, source, reason=reason), who, None, limit).items
    if as_json:
        output.data([_document(case, withheld=desk.withholds(case, who)) for case in found])
        return
    for case in found:
        output.out.print(Text(printable(_line(case, withheld=desk.withholds(case, who)))))
    waiting = desk.waiting()
    output.say(f"waiting: {waiting.waiting:,} · overdue: {waiting.overdue:,} · put off: {waiting.snoozed:,}")


@app.command("next")
def next_case(
    who: As = _ACTOR,
    source: Source = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Claim the next case for an hour and show it."""
    desk = _desk(config, data, store)
    case = desk.next(who, source)
    if case is None:
        if as_json:
            output.data(None)
        output.say("the queue is clear")
        return
    shown = desk.opened(case.id, who)
    if as_json:
        output.data({**_document(case, withheld=shown.withheld), "lead": _lead(shown), "decision": shown.decision})
        return
    for line in _shown(shown):
        output.out.print(Text(printable(line)))
    output.say(f"next: winnow queue decide {case.id} accept, tag or reject --reason … ({_REASONS})")


@app.command()
def decide(
    case_id: CaseId,
    outcome: Annotated[str, typer.Argument(help="accept, tag or reject; undo takes back what was decided.")],
    reason: Annotated[str | None, typer.Option("--reason", help=f"Why it is rejected: {_REASONS}.")] = None,
    note: Annotated[str, typer.Option("--note", help="Free text.")] = "",
    standing: Annotated[
        bool, typer.Option("--standing", help="Decide later leads of the person, too, for good; not for 180 days.")
    ] = False,
    who: As = _ACTOR,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Decide a case, or take back what was decided."""
    desk = _desk(config, data, store)
    if outcome == "undo":
        desk.undo(case_id, who, _ACTOR)
        output.say(f"case {case_id} is as it was before")
        return
    try:
        spoken = Spoken(Outcome.parse(outcome), reason, note, standing=standing)
    except ValueError:
        fix = "use accept, tag, reject or undo"
        raise InvalidInputError(f"`{outcome}` is no verdict", where="outcome", fix=fix) from None
    case = desk.decide(case_id, spoken, who, _ACTOR)
    output.say(f"case {case_id}: {outcome}; undo: winnow queue decide {case_id} undo")
    if case.closing is not None:
        output.say("followed the recommendation" if case.closing.followed else "decided otherwise")


@app.command()
def digest(
    to: Annotated[str | None, typer.Option("--to", help="Only to this person, also if they got it today.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print it, and send nothing.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Send the mail about the queue now to all reviewers who did not get it today; a clear queue sends nothing."""
    from winnow.shells.cli.digest import send, send_to, show  # noqa: PLC0415  # see installation.py

    service = opened(config, data, store)
    if dry_run:
        show(service, to)
    elif to is not None:
        send_to(service, to)
    else:
        send(service)


def _line(case: "Case", *, withheld: bool) -> str:
    junk = "" if withheld else f"  junk {probability(case.score):.0%}"
    taken = f"  taken by {case.claim.by} until {case.claim.until:%H:%M} UTC" if case.claim else ""
    done = f"  {case.closing.outcome.word}: {text_of(case.closing.reason)}" if case.closing else ""
    opened_at = f"since {case.opened_at:%Y-%m-%d %H:%M}"
    return f"{case.id}  {opened_at}{junk}  {case.source}  {case.lead_id}  {' '.join(case.codes)}{taken}{done}"


def _shown(shown: "OpenedCase") -> list[str]:
    """A case as lines: the lead, the reasons with their points, what became of those like it."""
    lines = [_line(shown.case, withheld=shown.withheld)]
    lines += [f"  {name}: {value}" for name, value in (_lead(shown) or {}).items()]
    for each in (shown.decision or {}).get("reasons", []):
        lines.append(f"  {_weight(each)}  {each['text']}  ({each['code']})")
    alike = ", ".join(f"{count} {outcome.word}" for outcome, count in sorted(shown.alike.outcomes.items()))
    return [*lines, f"  alike: {alike or 'none decided yet'}"]


def _weight(reason: Mapping[str, Any]) -> str:
    """The points of a reason, or how strong it is where these are withheld."""
    if reason["points"] is not None:
        return f"{reason['points']:+6d}"
    return f"{reason['strength'] or '':6} {'towards ' + reason['towards'] if reason['towards'] else '':15}"


def _lead(shown: "OpenedCase") -> dict[str, object] | None:
    from winnow.core.document import lead_document  # noqa: PLC0415  # see installation.py

    if shown.lead is None:
        return None
    document = lead_document(shown.lead)
    return {name: each.isoformat() if isinstance(each, datetime) else each for name, each in document.items()}


def _document(case: "Case", *, withheld: bool) -> dict[str, object]:
    claim, closing = case.claim, case.closing
    return {
        "id": case.id,
        "lead_id": case.lead_id,
        "source": case.source or None,
        "score": None if withheld else case.score,
        "probability": None if withheld else probability(case.score),
        "reasons": list(case.codes),
        "opened_at": case.opened_at.isoformat(),
        "due_at": case.due_at.isoformat(),
        "claim": {"by": claim.by, "until": claim.until.isoformat()} if claim else None,
        "snoozed_until": case.snoozed_until.isoformat() if case.snoozed_until else None,
        "outcome": closing.outcome.word if closing else None,
        "reason": closing.reason if closing else None,
        "by": closing.by if closing else None,
    }


def _desk(config: Path | None, data: Path | None, store: str | None) -> "ReviewDesk":
    from winnow.bootstrap.reviewing import make_review  # noqa: PLC0415  # a second that other commands need not wait

    return make_review(opened(config, data, store))
