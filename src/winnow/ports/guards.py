"""What guards need: counts day by day, and a place for incidents."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from winnow.core.learning.proof.upheld import Proof
from winnow.core.monitor.incident import Incident, Pause
from winnow.core.monitor.rounds import Counts
from winnow.ports.paging import Page


class Backlog(NamedTuple):
    """What waits for people: cases, how many of them are overdue, and when the eldest is or was due."""

    waiting: int
    overdue: int
    oldest_due: datetime | None


class GuardCounts(Protocol):
    """What guards compare, day by day; every method may raise StoreAwayError."""

    def refresh(self, now: datetime, horizon: timedelta) -> None:
        """Count what has happened since the last time; what became of a lead counts once `horizon` has passed."""
        ...

    def counts(self) -> Counts:
        """Everything that was counted."""
        ...

    def backlog(self, now: datetime) -> Backlog:
        """What waits for people."""
        ...

    def looked_at(self) -> datetime | None:
        """When it was counted last, and so when the guards looked; None: never."""
        ...

    def changes(self) -> frozenset[date]:
        """The days on which another ruleset became the live one, UTC."""
        ...


class ProofInUse(Protocol):
    """The certificate that lets the live scorecard reject; every method may raise StoreAwayError."""

    def proof(self) -> Proof | None:
        """The certificate; None when the score rejects nobody."""
        ...

    def fresh_labels(self, since: datetime) -> int:
        """Leads of the blind sample that were labelled from a moment on."""
        ...


class IncidentStore(Protocol):
    """Keeps incidents and pauses; every change is a leaf of the log, and every method may raise StoreAwayError."""

    def open(self, incident: Incident, actor: str, now: datetime) -> bool:
        """Keep a new incident and the pause it brings; False when one about the same is not closed yet."""
        ...

    def close(  # what closing says
        self, incident_id: str, actor: str, reason: str, now: datetime, *, renew: bool, lessons: str | None = None
    ) -> Incident:
        """Close an incident and lift its pause; raises NotFoundError, and ConflictError when it is closed already."""
        ...

    def incident(self, incident_id: str) -> Incident:
        """One incident; raises NotFoundError."""
        ...

    def page(self, before: str | None, limit: int, *, unclosed: bool) -> Page[Incident]:
        """Incidents, the newest first; `unclosed`: only those nobody has dealt with."""
        ...

    def closed(self) -> Sequence[Incident]:
        """All that people have dealt with."""
        ...

    def unclosed(self) -> Sequence[Incident]:
        """All that nobody has dealt with."""
        ...

    def standing(self) -> Sequence[Pause]:
        """The pauses in force."""
        ...
