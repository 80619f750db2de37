"""What is on record about a lead besides its decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from winnow.core.outcome import Outcome
from winnow.core.review.fate import Reported


@dataclass(frozen=True, slots=True)
class StandingOverride:
    """What a person decided about later leads of somebody; `expires_at` None: it stands."""

    id: int
    outcome: Outcome
    author: str
    reason: str
    made_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """An event that was to be sent to another system; `at`: when it arrived or was given up, None: it is pending."""

    event: str
    kind: str
    webhook: str
    state: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Take:
    """Somebody has taken a lead: who, when, and what they were told covers them."""

    id: int
    by: str
    at: datetime
    covered_by: Mapping[str, str]


class LeadRecords(Protocol):
    """Reads and keeps what is about one lead; every method may raise StoreAwayError."""

    def lead_of(self, decision: int) -> int:
        """The number of the lead that a decision is about; raises NotFoundError."""
        ...

    def reported(self, lead: int) -> Sequence[Reported]:
        """Its labels, withdrawn ones too, the oldest first."""
        ...

    def overrides(self, lead: int, now: datetime) -> Sequence[StandingOverride]:
        """What people decided about the person behind it, as far as it is in force at `now`."""
        ...

    def told(self, events: Sequence[str]) -> Sequence[Told]:
        """What became of some events, by their ids."""
        ...

    def takes(self, lead: int) -> Sequence[Take]:
        """Who has taken it, the first one first."""
        ...

    def take(self, lead: int, by: str, actor: str, covered_by: Mapping[str, str], now: datetime) -> Take:
        """Note that somebody has taken it, in the log; who has taken it already stays so.

        Raises ConflictError when somebody else has.
        """
        ...
