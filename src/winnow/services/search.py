"""Looking for decisions: what was asked for, made into something that can be looked up, and what was found of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from winnow.core.outcome import Outcome
from winnow.core.review.findable import Kind, key_of
from winnow.errors import InvalidInputError
from winnow.ports import Recorded
from winnow.ports.search import Search, Sought

#: Longer numbers stand for nothing: there are no 10 ** 18 decisions.
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for, as they say it; None and False ask for nothing.

    by: values by kind, each in full · decision: the number of one
    first, last: days, UTC, both of them included; for the rest see Sought
    """

    by: Mapping[Kind, str | None]
    decision: str | None = None
    lead_id: str | None = None
    source: str | None = None
    outcome: Outcome | None = None
    first: date | None = None
    last: date | None = None
    changed: bool = False
    released: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Some decisions, the newest first; `erased` are numbers of those that also fit and of which nothing is left.

    next: goes on from here; None at the end
    """

    decisions: tuple[Recorded, ...]
    erased: tuple[int, ...]
    next: str | None


class SearchDesk:
    """Where decisions are looked for.

    kept: the decisions with some numbers, without what was erased
    """

    def __init__(self, search: Search, kept: Callable[[Sequence[int]], Sequence[Recorded]]) -> None:
        self._search = search
        self._kept = kept

    def page(self, asked: Asked, after: str | None, limit: int) -> Found:
        """Some of what fits everything that is asked for; raises InvalidInputError for what cannot be looked for."""
        before = _number(after, "cursor", "take `next` of the page before")
        sought = _sought(asked)
        if asked.decision is not None:
            one = _number(asked.decision, "decision", "give the number of a decision")
            return self._one(sought, one or 0)
        found = self._search.page(sought, before, limit)
        erased = tuple(hit.id for hit in found.items if hit.erased)
        kept = self._kept([hit.id for hit in found.items if not hit.erased])
        return Found(tuple(kept), erased, found.next)

    def _one(self, sought: Sought, number: int) -> Found:
        """The decision with a number, if all the rest fits, too."""
        hits = [hit for hit in self._search.page(sought, number + 1, 1).items if hit.id == number]
        erased = tuple(hit.id for hit in hits if hit.erased)
        return Found(tuple(self._kept([hit.id for hit in hits if not hit.erased])), erased, None)


def _sought(asked: Asked) -> Sought:
    if asked.first is not None and asked.last is not None and asked.last < asked.first:
        raise InvalidInputError("the last day is before the first", where="until", fix="change the two")
    return Sought(
        tuple(key_of(kind, text) for kind, text in asked.by.items() if text is not None),
        asked.lead_id,
        asked.source,
        asked.outcome,
        None if asked.first is None else _begin(asked.first),
        None if asked.last is None or asked.last == date.max else _begin(asked.last + timedelta(days=1)),
        asked.changed,
        asked.released,
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _number(text: str | None, where: str, fix: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise InvalidInputError(f"this is no {where}", where=where, fix=fix)
    return int(text)
