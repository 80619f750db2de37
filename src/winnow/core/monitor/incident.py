"""What a finding becomes: a record that stays open until a person has dealt with it, and a pause as long as it does."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from winnow.core.monitor.finding import Finding, Guard, Severity


class State(StrEnum):
    """OPEN: found · CONTAINED: it does no more harm · FIXED: its cause is gone · CLOSED: dealt with."""

    OPEN = "open"
    CONTAINED = "contained"
    FIXED = "fixed"
    CLOSED = "closed"


class Kind(StrEnum):
    """What people say an incident is about."""

    WRONG_DECISIONS = "wrong-decisions"
    CONSENT = "consent"
    PRIVACY = "privacy"
    BIAS = "bias"
    AI_SYSTEM = "ai-system"
    SECURITY = "security"
    LOG = "log"
    OUTAGE = "outage"
    OTHER = "other"


class Step(StrEnum):
    """What people say of it later; see State."""

    CONTAINED = "contained"
    FIXED = "fixed"


class Link(StrEnum):
    """What was done about it elsewhere, which it names."""

    STOP = "stop"
    ROLL_BACK = "roll-back"
    UNLEARNING = "unlearning"


@dataclass(frozen=True, slots=True)
class Incident:
    """One finding, of a guard or of a person, and what became of it; times are aware, UTC.

    source, about, size, since, figures: as in the finding; of one that a person opened `about` is its Kind
    opened_by: `guards`, or who it was
    contained_at, contained_by: since when it does no more harm; by None: because rejecting was paused for it
    fixed_at, fixed_by: since when its cause is gone, and who said so
    closed_by, reason, lessons: who dealt with it, how, and what is to be learnt from it
    renewed: since it began, things are as they should be: the guard compares with the time since then from now on
    """

    id: str
    guard: Guard
    source: str | None
    about: str
    severity: Severity
    size: int
    since: date
    figures: tuple[str, ...]
    opened_at: datetime
    state: State = State.OPEN
    contained_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    reason: str | None = None
    renewed: bool = False
    opened_by: str = "guards"
    contained_by: str | None = None
    fixed_at: datetime | None = None
    fixed_by: str | None = None
    lessons: str | None = None

    @property
    def pauses(self) -> bool:
        """Whether rejecting without a person is or was paused for it."""
        return self.contained_at is not None and self.contained_by is None


def incident_of(finding: Finding, incident_id: str, now: datetime, by: str = "guards") -> Incident:
    """The record that a finding of somebody opens at `now`; one that pauses is contained from the beginning."""
    return Incident(
        id=incident_id,
        guard=finding.guard,
        source=finding.source,
        about=finding.about,
        severity=finding.severity,
        size=finding.size,
        since=finding.since,
        figures=finding.figures,
        opened_at=now,
        state=State.CONTAINED if finding.pauses else State.OPEN,
        contained_at=now if finding.pauses else None,
        opened_by=by,
    )


def after_step(incident: Incident, step: Step, by: str, at: datetime) -> Incident:
    """The incident once somebody has said so; what is fixed does no more harm either, so it is contained, too."""
    contained_at = incident.contained_at or at
    contained_by = incident.contained_by if incident.contained_at else by
    if step is Step.CONTAINED:
        state = State.FIXED if incident.fixed_at else State.CONTAINED
        return replace(incident, state=state, contained_at=contained_at, contained_by=contained_by)
    fixed = replace(incident, state=State.FIXED, fixed_at=at, fixed_by=by)
    return replace(fixed, contained_at=contained_at, contained_by=contained_by)


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is rejected without a person: of one source, or of all when `source` is None.

    reason: said in every decision that it changes
    """

    source: str | None
    reason: str
    incident: str


def pause_of(incident: Incident) -> Pause:
    """The pause that an incident brings."""
    reason = f"rejecting is paused by the guard `{incident.guard}`, incident {incident.id}"
    return Pause(incident.source, reason, incident.id)
