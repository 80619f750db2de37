"""`winnow log search`: the decisions that fit what is asked for."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from winnow.core.outcome import Outcome
from winnow.core.reasons import BLIND_SAMPLE
from winnow.core.review.findable import Kind
from winnow.errors import InvalidInputError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, opened
from winnow.shells.cli.options import AsJson, ConfigFile

if TYPE_CHECKING:
    from datetime import date

    from winnow.ports import Recorded

_MOST = 200
#: Pages that are looked through before it says where to go on.
_MOST_PAGES = 20


def search(  # one for each thing that can be asked
    email: Annotated[str | None, typer.Option("--email", help="An e-mail address of the lead, in full.")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="A phone number, with the country code.")] = None,
    domain: Annotated[str | None, typer.Option("--domain", help="The domain of its e-mail address.")] = None,
    company: Annotated[str | None, typer.Option("--company", help="Its company.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="A reason code, in full.")] = None,
    lead: Annotated[str | None, typer.Option("--lead", help="Its id within its source.")] = None,
    decision: Annotated[str | None, typer.Option("--decision", help="The number of the decision.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Where it came from.")] = None,
    outcome: Annotated[str | None, typer.Option("--outcome", help="accept, tag, review or reject.")] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Decided on this day or later, UTC.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Decided on this day or earlier, UTC.")
    ] = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only where a person decided otherwise than recommended.")
    ] = False,
    released: Annotated[bool, typer.Option("--released", help="Only leads that a person let through.")] = False,
    limit: Annotated[int, typer.Option("--limit", help="How many at most.", min=1, max=_MOST)] = 50,
    cursor: Annotated[str | None, typer.Option("--cursor", help="Go on from here.")] = None,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Find decisions, the newest first; values in full only, since they are stored as keyed hashes (docs/search.md)."""
    from winnow.bootstrap.searching import make_search  # noqa: PLC0415  # see installation.py
    from winnow.services.search import Asked  # noqa: PLC0415

    by = {Kind.EMAIL: email, Kind.PHONE: phone, Kind.DOMAIN: domain, Kind.COMPANY: company, Kind.REASON: reason}
    days = _day(since), _day(until)
    asked = Asked(by, decision, lead, source, _outcome(outcome), *days, changed, released)
    desk = make_search(opened(config, data, store))
    found: list[Recorded] = []
    erased: list[int] = []
    for _ in range(_MOST_PAGES):
        page = desk.page(asked, cursor, limit - len(found))
        found, erased, cursor = [*found, *page.decisions], [*erased, *page.erased], page.next
        if cursor is None or len(found) >= limit:
            break
    if as_json:
        output.data({"decisions": [_document(each) for each in found], "erased": erased, "next": cursor})
        return
    for each in found:
        output.out.print(Text(printable(_line(_document(each)))))
    for number in erased:
        output.say(f"{number}: erased; its entry in the log still proves it")
    output.say(f"go on with --cursor {cursor}" if cursor is not None else f"{len(found):,} found, and no more")


def _document(recorded: "Recorded") -> dict[str, Any]:
    """A decision without its numbers: they are at `/v1/decisions/ID`, for whoever may see them."""
    said = json.loads(recorded.decision)
    return {
        "id": recorded.id,
        "decided_at": recorded.decided_at.isoformat(),
        "lead_id": said["lead_id"],
        "outcome": said["outcome"],
        "decided_by": said["decided_by"],
        "reasons": [each["code"] for each in said["reasons"] if each["code"] != BLIND_SAMPLE],
    }


def _line(document: dict[str, Any]) -> str:
    at = document["decided_at"][:16].replace("T", " ")
    codes = " ".join(document["reasons"])
    return f"{document['id']}  {at}  {document['outcome']:6}  {document['lead_id']}  {document['decided_by']}  {codes}"


def _day(given: datetime | None) -> "date | None":
    return None if given is None else given.date()


def _outcome(word: str | None) -> Outcome | None:
    try:
        return None if word is None else Outcome.parse(word)
    except ValueError:
        fix = "use accept, tag, review or reject"
        raise InvalidInputError(f"`{word}` is no outcome", where="--outcome", fix=fix) from None
