"""What screening needs: facts, history, and a ledger that keeps decisions for ever."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from winnow.core.decide import Decision
from winnow.core.facts import Facts, History, Seen
from winnow.core.govern.told import Told
from winnow.core.lead import Lead
from winnow.core.learning.shadow import Beside
from winnow.core.outcome import Outcome
from winnow.errors import ConflictError


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


@dataclass(frozen=True, slots=True)
class Arrival:
    """Leads that came in one request, each with whether its sender gave its id; see Submitted for the rest."""

    leads: Sequence[Lead]
    named: Sequence[bool]
    key: bytes | None = None
    request: bytes = b""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A lead, what was known about it and what was decided, not yet on record.

    named: the sender gave the id, so the lead may have come before
    beside: what rulesets in shadow decided about it
    head_start: by how much it goes before the usual lead where it waits for a person
    told: what it tells about contact
    """

    lead: Lead
    facts: Facts
    decision: Decision
    named: bool
    beside: tuple[Beside, ...] = ()
    head_start: timedelta = timedelta()
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Submitted:
    """Leads that came together and are recorded together or not at all.

    key: stands for the sender and its Idempotency-Key; None when none was given
    request: hash of what was sent with it
    """

    leads: Sequence[Assessed]
    key: bytes | None = None
    request: bytes = b""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision on record: its number in the log, its JSON, when it was made.

    again: it was on record before this request
    """

    id: int
    lead_id: str
    decision: bytes
    decided_at: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered over HTTP, kept for a retry of it."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


class Ledger(Protocol):
    """Keeps decisions for ever."""

    def record(
        self, group: Sequence[Submitted], now: datetime, *, stops: int | None
    ) -> Sequence[Sequence[Recorded] | ConflictError]:
        """Put submissions on record, all in one transaction; what is there already is answered as it was then.

        stops: the number of the Stops they were decided under; None: as though all were stopped
        Raises StopsChangedError when the kill switch was moved since: nothing is recorded then.
        Raises StoreAwayError when nothing can be written. Giving the same group again is safe.
        """
        ...


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A decision on record with all it was made of; `outcome` is that for sales."""

    id: int
    lead: Lead
    facts: Facts
    outcome: Outcome


class Past(Protocol):
    """What was decided before."""

    def latest(self, most: int) -> Iterator[PastDecision]:
        """The last decisions, the newest first; those whose leads were erased are passed over."""
        ...
