"""What the services need from the outside world, as protocols that adapters fulfil."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from winnow.core.apikeys import ApiKey
from winnow.core.decide import Decision
from winnow.core.deliveries import Delivery, Settled
from winnow.core.facts import Facts, History, Seen
from winnow.core.lead import Lead
from winnow.errors import ConflictError


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
    """

    lead: Lead
    facts: Facts
    decision: Decision
    named: bool


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


class Ledger(Protocol):
    """Keeps decisions for ever."""

    def record(self, group: Sequence[Submitted], now: datetime) -> Sequence[Sequence[Recorded] | ConflictError]:
        """Put submissions on record, all in one transaction; what is there already is answered as it was then.

        Raises StoreAwayError when nothing can be written. Giving the same group again is safe.
        """
        ...


class Outbox(Protocol):
    """Keeps what is to be sent to other systems until it was sent or given up."""

    def claim(
        self, now: datetime, until: datetime, *, limit: int, each: int, room: Mapping[str, int]
    ) -> Sequence[Delivery]:
        """Up to `limit` due deliveries, which nobody else gets before `until`.

        At most `each` of one receiver, or `room[receiver]` where that says otherwise.
        """
        ...

    def settle(self, made: Sequence[Settled], now: datetime) -> None:
        """Note what became of claimed deliveries; one that was claimed anew in the meantime is left alone."""
        ...

    def disable(self, webhook: str, because: str, now: datetime) -> None:
        """Send a receiver nothing more; what is still pending for it is given up."""
        ...


class ApiKeyStore(Protocol):
    """Where the keys of programs are kept, without their secrets; every method may raise UnavailableError."""

    def add(self, key: ApiKey) -> None:
        """Keep a new key."""
        ...

    def all(self) -> Sequence[ApiKey]:
        """Every key there ever was, the eldest first."""
        ...

    def active(self) -> Sequence[ApiKey]:
        """The keys that are not revoked; some may have expired."""
        ...

    def revoke(self, key_id: str, at: datetime) -> bool:
        """End a key for good; False when there is none of this id that is not revoked already."""
        ...

    def version(self) -> int:
        """A number that grows with every change."""
        ...
