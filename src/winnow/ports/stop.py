"""What the kill switch needs: where stops are kept, who is there to notice them, and what is in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from winnow.core.govern.stop import Stop, Stops
from winnow.ports.paging import Page


class StopsInForce(Protocol):
    """Tells what is stopped; all is, while nobody can tell."""

    def __call__(self, *, anew: bool = False) -> Stops:
        """The stops in force, known for half a second at most; `anew`: read at this moment."""
        ...


@dataclass(frozen=True, slots=True)
class Agreement:
    """One of the two who let things start again; `by` is the id of a person."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PastStop:
    """A stop with what became of it.

    first, second: who agreed to lift it; both None for a drill, which ends by itself
    lifted_at: when it ended · report: of a drill, once it is over
    """

    stop: Stop
    first: Agreement | None = None
    second: Agreement | None = None
    lifted_at: datetime | None = None
    report: "DrillReport | None" = None


@dataclass(frozen=True, slots=True)
class Engaged:
    """A stop that is in force from now on.

    number: of its entry in the log · stops: what it made the number of changes, see Stops
    on_their_way: messages about automatic acts that were being sent at that moment and cannot be called back
    again: it was in force already, with the same words of the system
    """

    stop: Stop
    number: int
    stops: int
    on_their_way: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class Replica:
    """A process of the service that decides or sends.

    seen_at: its last sign of life · stops: the number it last saw; None: it could not read what is stopped
    stops_at: when it saw that number first
    """

    id: str
    kind: str
    started_at: datetime
    seen_at: datetime
    stops: int | None
    stops_at: datetime


@dataclass(frozen=True, slots=True)
class Noticed:
    """After how many seconds a replica knew of a stop; None: not within the time that was waited."""

    replica: str
    kind: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class DrillReport:
    """What a drill has shown.

    acknowledged_seconds: from asking until the stop was in force for everything that is recorded
    noticed: by each replica that was alive · held_seconds: for how long it was stopped
    """

    acknowledged_seconds: float
    noticed: tuple[Noticed, ...]
    held_seconds: float

    @property
    def slowest(self) -> float | None:
        """Seconds until the last replica knew; None when one did not notice, or when there was none."""
        found = [each.seconds for each in self.noticed]
        known = [seconds for seconds in found if seconds is not None]
        return max(known) if known and len(known) == len(found) else None


class StopStore(Protocol):
    """Keeps stops; every change is a leaf of the log, and every method may raise StoreAwayError."""

    def engage(self, stop: Stop, now: datetime, *, once: bool = False) -> Engaged:
        """Put a stop into force; `once`: unless there is or was one of the same scope, by the same, for the same."""
        ...

    def lift(self, stop_id: str, agreement: Agreement, instead_of: str | None = None) -> PastStop:
        """Note that somebody agrees to lift a stop; the second one lifts it.

        instead_of: whose agreement counts no more, if it is the first; then this one is the first
        Raises NotFoundError, and ConflictError for the same person again and for a stop that is over or a drill.
        """
        ...

    def end_drill(self, stop_id: str, report: DrillReport, by: str, now: datetime) -> PastStop:
        """End a drill and keep its report."""
        ...

    def stop(self, stop_id: str) -> PastStop:
        """One stop, also one that was lifted; raises NotFoundError."""
        ...

    def standing(self, now: datetime) -> Sequence[PastStop]:
        """The stops in force, the eldest first, drills included."""
        ...

    def page(self, before: str | None, limit: int, *, drills: bool) -> Page[PastStop]:
        """All stops, the newest first; `drills`: only these."""
        ...

    def replicas(self, since: datetime) -> Sequence[Replica]:
        """Those that have given a sign of life since a moment."""
        ...
