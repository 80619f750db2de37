"""The review queue: what waits, and the case that is open."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from litestar import Response, get

from winnow.core.apikeys import Scope
from winnow.core.people.accounts import SignedIn
from winnow.core.review.disposition import REJECT_REASONS, text_of
from winnow.errors import WinnowError
from winnow.shells.http.access import ThePerson, TheState, also_needs, page
from winnow.shells.http.state import State
from winnow.shells.web.posted import Form
from winnow.shells.web.queue.reading import Reader, part_of
from winnow.shells.web.queue.snoozes import SNOOZES
from winnow.shells.web.view import Asked, TheView, View

#: Days of second looks that agreement is told of.
AGREEMENT_DAYS = 90
#: Longer numbers stand for nothing.
_MOST_DIGITS = 18


@get("/queue", opt=page(Scope.CASES_READ), sync_to_thread=True, include_in_schema=False)
def queue(request: Asked, state_of: TheState, view: TheView, signed_in: ThePerson) -> Response[bytes]:
    """The list, and the case that was asked for or comes first; it is in the reader's hands from now on."""
    reader = reader_of(request, state_of, view, signed_in)
    asked = request.query_params
    undo = {"case": number_in(asked.get("undo", "")), "bulk": asked.get("bulk", "")[:100]}
    return whole(reader, view, number_in(asked.get("case", "")), undo=undo)


def number_in(text: str) -> int | None:
    """The number of a case in an address; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def reader_of(request: Asked, state: State, view: View, signed_in: SignedIn) -> Reader:
    """What reads the queue for a request; raises NotAllowedError for who may not see leads."""
    also_needs(Scope.DECISIONS_READ, signed_in)
    return Reader(state, signed_in, part_of(request), view.words.gettext("you"))


def whole(
    reader: Reader,
    view: View,
    wanted: int | None,
    *,
    undo: Mapping[str, Any] | None = None,
    form: Form | None = None,
    failure: WinnowError | None = None,
) -> Response[bytes]:
    """The page, with the case that is wanted; after something went wrong also that, and what was typed."""
    rows = reader.rows()
    number = wanted if wanted is not None else reader.first(rows.items)
    current = None if number is None else reader.open(number)
    ahead = [reader.shown(each) for each in reader.after(rows.items, number)]
    return view.page(
        "queue/page.html",
        status=422 if failure else 200,
        **_around(reader),
        rows=rows,
        current=current,
        ahead=ahead,
        agreement=reader.desks.review.agreement(AGREEMENT_DAYS),
        undo=undo or {},
        form=form or Form({}),
        failure=failure,
    )


def coming(
    reader: Reader, view: View, shown: int | None, held: Collection[int], busy: Collection[int]
) -> Response[bytes]:
    """What a script gets that has moved on to the case `shown` by itself: the list, and cases it does not have ready.

    held: cases it has ready · busy: those it has decided and not told yet
    """
    claimed = reader.taken(shown) if shown is not None and reader.decides else None
    rows = reader.rows()
    known = {row.id: row for row in rows.items}
    taker = known[shown].holder if shown in known else None
    wanted = [*([shown] if shown is not None else []), *reader.after(rows.items, shown, busy)]
    fresh = [reader.shown(number) for number in wanted if number not in held]
    return view.page(
        "queue/answer.html",
        **_around(reader),
        rows=rows,
        current=None,
        shown=shown,
        until=claimed.claim.until if claimed is not None and claimed.claim is not None else None,
        taker=taker,
        fresh=fresh,
    )


def _around(reader: Reader) -> dict[str, Any]:
    """What the templates of the queue need wherever they stand."""
    name_of: Callable[[str], str] = reader.name_of
    waiting = reader.desks.review.waiting(reader.who)
    return {
        "part": reader.part,
        "waiting": waiting,
        "sources_there": sorted({*waiting.by_source, reader.part.source} - {""}),
        "name_of": name_of,
        "reject_reasons": REJECT_REASONS,
        "reason_text": text_of,
        "snoozes": SNOOZES,
        "decides": reader.decides,
    }


PAGES = [queue]
