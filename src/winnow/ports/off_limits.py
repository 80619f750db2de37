"""Where it is counted what was dropped because it is off limits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol


class Of(NamedTuple):
    """One thing of one source on one day, UTC; `what` is an entry of the policy or a category, never a value."""

    day: date
    source: str
    what: str


class Dropped(NamedTuple):
    """How often it was dropped."""

    of: Of
    number: int


class DroppedStore(Protocol):
    """Counts what was dropped; every method may raise StoreAwayError."""

    def add(self, numbers: Mapping[Of, int]) -> None:
        """Add to the counts, all or none."""
        ...

    def since(self, day: date) -> Sequence[Dropped]:
        """What was dropped from a day on, the newest day first, then by source and what."""
        ...
