"""The queue for one request: which part of it is wanted, its rows, the case that is open, and the ones after it."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from winnow.core.apikeys import Scope
from winnow.core.decide import probability
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.people.accounts import SignedIn
from winnow.core.review.case import Case, State, refusal
from winnow.core.review.disposition import VERDICTS
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Page
from winnow.ports.review import Shelf, Wanted
from winnow.shells.http.state import State as Running
from winnow.shells.web.names import names_in
from winnow.shells.web.queue.shown import CaseShown, shown
from winnow.shells.web.view import Asked

#: Rows on a page, and cases that are held ready behind the one that is open.
ROWS, AHEAD = 50, 3

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_VERDICTS = {outcome.word for outcome in VERDICTS}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the queue.

    about: what one of the reason codes contains · after: where the page of rows begins
    outcomes: what they were decided · since, until: the first and the last day on which; of decided ones
    """

    shelf: Shelf = Shelf.WAITING
    source: str = ""
    about: str = ""
    after: str = ""
    outcomes: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    @property
    def wanted(self) -> Wanted:
        """The same for the desk."""
        until = _midnight(self.until)
        return Wanted(
            self.shelf,
            self.source or None,
            frozenset(map(Outcome.parse, self.outcomes)),
            self.about or None,
            _midnight(self.since),
            None if until is None else until + timedelta(days=1),
        )

    @property
    def query(self) -> str:
        """The same as the end of an address, with its question mark; empty for the whole queue."""
        shelf = "" if self.shelf is Shelf.WAITING else self.shelf.value
        said = (
            *(("shelf", shelf), ("source", self.source), ("about", self.about)),
            *(("outcome", each) for each in self.outcomes),
            *(("since", self.since), ("until", self.until), ("after", self.after)),
        )
        written = urlencode([(name, value) for name, value in said if value])
        return f"?{written}" if written else ""

    def path(self, **more: object) -> str:
        """The address of the page, with something besides."""
        query = urlencode(more)
        return f"/queue{self.query}{'&' if self.query else '?'}{query}" if more else f"/queue{self.query}"

    def later(self, after: str) -> str:
        """The address of the rows behind these."""
        return replace(self, after=after).path()


def part_of(request: Asked) -> Part:
    """The part an address asks for; one that makes no sense is the whole queue."""
    asked = request.query_params
    shelf = asked.get("shelf", "")
    known = Shelf(shelf) if shelf in {each.value for each in Shelf} else Shelf.WAITING
    outcomes = asked.getall("outcome", []) if known is Shelf.DECIDED else []
    return Part(
        known,
        asked.get("source", "")[:200],
        asked.get("about", "")[:100],
        asked.get("after", "")[:60],
        tuple(each for each in dict.fromkeys(outcomes) if each in _VERDICTS),
        *(_day(asked.get(name, "")) if known is Shelf.DECIDED else "" for name in ("since", "until")),
    )


def _day(text: str) -> str:
    """A day as addresses write it; empty for what is none."""
    return text if _DAY.fullmatch(text) and _midnight(text) else ""


def _midnight(day: str) -> datetime | None:
    """The beginning of a day, UTC, as Today counts them."""
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the list. `likely`: chance of junk, None while it is not to be shown · holder: who else has it."""

    id: int
    name: str
    company: str
    source: str
    likely: float | None
    opened_at: datetime
    overdue: bool
    holder: str | None
    case: Case


class Reader:
    """Reads the queue as one person may see it."""

    def __init__(self, state: Running, signed_in: SignedIn, part: Part, yourself: str) -> None:
        self.part = part
        self.service = state.service
        self.desks = state.desks
        self.who = signed_in.id
        self.name_of: Callable[[str], str] = names_in(state.desks, signed_in.id, yourself)
        self.decides = Scope.CASES_WRITE in signed_in.scopes
        self._now = state.clock.now()

    def rows(self) -> Page[Row]:
        """The first rows of the part."""
        found = self.desks.review.page(self.part.wanted, self.who, self.part.after or None, ROWS)
        leads = self.desks.review.leads([case.id for case in found.items])
        return Page(tuple(self._row(case, leads) for case in found.items), found.next)

    def _row(self, case: Case, leads: Mapping[int, Lead]) -> Row:
        lead, holder = leads.get(case.id), case.holder(self._now)
        hidden = self.desks.review.withholds(case, self.who)
        return Row(
            id=case.id,
            name=(lead.name or lead.email or lead.phone or "") if lead else "",
            company=(lead.company or "") if lead else "",
            source=case.source,
            likely=None if hidden else probability(case.score),
            opened_at=case.opened_at,
            overdue=case.due_at < self._now and case.closing is None,
            holder=None if holder is None or holder.by == self.who else holder.by,
            case=case,
        )

    def free(self, row: Row) -> bool:
        """Whether the case of a row could be decided now."""
        return refusal(row.case, self.who, self._now) is None

    def first(self, rows: Sequence[Row]) -> int | None:
        """The case to begin with: the first that nobody else has, else the first there is."""
        return next((row.id for row in rows if self.free(row)), rows[0].id if rows else None)

    def after(self, rows: Sequence[Row], current: int | None, without: Collection[int] = ()) -> list[int]:
        """The cases that come next: those behind the current one in the list that are free, then those before it."""
        places = {row.id: place for place, row in enumerate(rows)}
        turn = places.get(current, -1) + 1 if current is not None else 0
        around = [*rows[turn:], *rows[:turn]]
        return [row.id for row in around if row.id != current and row.id not in without and self.free(row)][:AHEAD]

    def open(self, number: int) -> CaseShown:
        """A case; whoever decides cases has it in hand from now on, if it waits and nobody else has it."""
        if self.decides:
            self.taken(number)
        return self.shown(number)

    def taken(self, number: int) -> Case | None:
        """Take a case that waits; None when somebody else has it, or has decided it."""
        try:
            case = self.desks.review.case(number, self.who)
            if case.state(self.who, self._now) in {State.SNOOZED, State.DECIDED}:
                return None
            return self.desks.review.claim(number, self.who)
        except (ConflictError, NotFoundError):
            return None

    def shown(self, number: int) -> CaseShown:
        """A case as it is drawn; raises NotFoundError."""
        return shown(self.desks.review.opened(number, self.who), self.service, self.desks, self.who)
