"""What the file of a lead tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from winnow.core.explain import Counterfactual
from winnow.core.outcome import Outcome
from winnow.core.review.case import Case
from winnow.core.review.fate import Fate, Reported
from winnow.core.review.reading import NotUsed, Weighed
from winnow.ports.lead_file import StandingOverride, Take
from winnow.ports.review import Said
from winnow.ports.search import Hit
from winnow.services.lead_file.history import Happened


@dataclass(frozen=True, slots=True)
class Erased:
    """What is left of a lead that was erased: its entry in the log, and whether a receipt proves that."""

    index: int
    receipt: bool


@dataclass(frozen=True, slots=True)
class DecisionRead:
    """One decision about the lead.

    probability, score: None for reps, and while they are withheld · would_be: likewise empty while withheld
    document: the decision as it was answered; None wherever the numbers are
    index: its entry in the log · receipt: whether a receipt can be had
    """

    id: int
    decided_at: datetime
    outcome: Outcome
    headline: str
    decided_by: str
    reasons: tuple[Weighed, ...]
    not_used: tuple[NotUsed, ...]
    plain: tuple[str, ...]
    would_be: tuple[Counterfactual, ...]
    ruleset: str
    owner: str
    probability: float | None
    score: int | None
    document: Mapping[str, Any] | None
    index: int
    receipt: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    """A report about the lead, and what became of it."""

    reported: Reported
    fate: Fate


@dataclass(frozen=True, slots=True)
class LeadFile:
    """All that is to be told about a lead.

    decisions: the oldest first · others: leads of the same person, the newest first
    withheld: numbers are withheld because the case waits · taken: who has it; None: nobody
    cover, owner: what covers whoever takes it, and who answers for the ruleset
    """

    number: int
    lead_id: str
    source: str | None
    lead: Mapping[str, Any]
    decisions: tuple[DecisionRead, ...]
    others: tuple[Hit, ...]
    case: Case | None
    withheld: bool
    said: tuple[Said, ...]
    overrides: tuple[StandingOverride, ...]
    feedback: tuple[Feedback, ...]
    taken: Take | None
    history: tuple[Happened, ...]
    cover: str
    owner: str
