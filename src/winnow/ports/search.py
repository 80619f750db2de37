"""What looking for decisions needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from winnow.core.outcome import Outcome
from winnow.core.review.findable import PERSONAL, Key
from winnow.ports.paging import Page


@dataclass(frozen=True, slots=True)
class Sought:
    """Which decisions are looked for: those of which everything holds that is given.

    keys: what they are found by · lead_id: id of the lead within its source
    since, until: when it was decided, from `since` up to, not including, `until`; aware
    changed: a person decided otherwise than the machine leaned to · released: a person let the lead through that was
        rejected or that waited; both only as long as nobody took it back
    """

    keys: tuple[Key, ...] = ()
    lead_id: str | None = None
    source: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None
    changed: bool = False
    released: bool = False

    @property
    def names_somebody(self) -> bool:
        """Whether it is about somebody in particular: of them nothing may be told once they were erased."""
        return self.lead_id is not None or any(kind in PERSONAL for kind, _ in self.keys)


@dataclass(frozen=True, slots=True)
class Hit:
    """A decision that was found; `erased`: what it was about is gone, and only this is left."""

    id: int
    decided_at: datetime
    outcome: Outcome
    erased: bool


class Search(Protocol):
    """Finds decisions; may raise StoreAwayError."""

    def page(self, sought: Sought, before: int | None, limit: int) -> Page[Hit]:
        """Decisions with smaller numbers than `before`, the newest first; `next` is the number to go on from.

        So that a page costs the same however rare what is looked for, only so many are looked at for it: it may hold
        fewer than `limit`, or none, while there is a `next`.
        """
        ...
