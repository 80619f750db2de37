"""Where roll-backs are kept, and the leads they concern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.ruleset import Ruleset
from winnow.ports.paging import Page
from winnow.ports.signing import Ground


@dataclass(frozen=True, slots=True)
class RollBack:
    """A ruleset that is back, and how far its leads were looked at anew.

    number: of the activation in the log · first: the activation that had taken its place
    cursor: the last decision that was looked at · done_at: when all were
    """

    number: int
    ruleset: str
    first: int
    cursor: int
    looked_at: int
    affected: int
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class DecidedLead:
    """A lead by its last decision; `known` is None when it was erased."""

    decision: int
    lead: int
    outcome: Outcome
    known: tuple[Lead, Facts] | None


@dataclass(frozen=True, slots=True)
class Affected:
    """A lead that would be decided otherwise; `lead_id`, `source`: as whoever sent it calls it."""

    decision: int
    lead: int
    before: Outcome
    after: Outcome
    lead_id: str = ""
    source: str = ""


class RollBackStore(Protocol):
    """Keeps roll-backs; each is a leaf of the log, and every method may raise StoreAwayError."""

    def begin(self, ruleset: Ruleset, actor: str, now: datetime, ground: Ground, because: str) -> RollBack:
        """Make a ruleset live again and note which leads are to be looked at; raises NotAllowedError."""
        ...

    def one(self, number: int) -> RollBack:
        """A roll-back; raises NotFoundError."""
        ...

    def unfinished(self) -> Sequence[RollBack]:
        """Those whose leads were not all looked at."""
        ...

    def decided(self, after: int, end: int, limit: int) -> tuple[int, Sequence[DecidedLead]]:
        """The next leads by the number of their last decision, and how many were read."""
        ...

    def step(self, before: RollBack, read: int, cursor: int, affected: Sequence[Affected], now: datetime) -> bool:
        """Keep what a page has found and put it into the outbox; False when somebody else has done so meanwhile."""
        ...

    def affected(self, number: int, after: int | None, limit: int) -> Page[Affected]:
        """The leads that would be decided otherwise."""
        ...

    def waiting(self, first: int, most: int) -> tuple[int, bool]:
        """How many leads were decided from a number of the log on, and whether that is all: so many are counted."""
        ...

    def receivers(self) -> int:
        """How many systems are told of a decision that is taken back."""
        ...
