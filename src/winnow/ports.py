"""What the services need from the outside world, as protocols that adapters fulfil."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from winnow.core.facts import Facts, History, Seen
from winnow.core.lead import Lead


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...


class FactSource(Protocol):
    """Looks up everything about some leads at once."""

    def facts_for(self, leads: Sequence[Lead]) -> Sequence[Facts]:
        """One Facts a lead, in the same order; what cannot be looked up is None or named in `failed`."""
        ...


class HistorySource(Protocol):
    """Counts how often a lead's values were seen before it."""

    def counts(self, batch: Sequence[Seen]) -> Sequence[History]:
        """One History a lead, in the same order; every lead of a batch also counts for those after it."""
        ...
