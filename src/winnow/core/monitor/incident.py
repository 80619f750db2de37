"""What a finding becomes: a record that stays open until a person has dealt with it, and a pause as long as it does."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from winnow.core.monitor.finding import Finding, Guard, Severity


class State(StrEnum):
    """OPEN: found · CONTAINED: found, and rejecting without a person is paused for it · CLOSED: dealt with."""

    OPEN = "open"
    CONTAINED = "contained"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Incident:
    """One finding and what became of it; times are aware, UTC.

    source, about, size, since, figures: as in the finding · contained_at: when rejecting was paused for it
    closed_by, reason: who dealt with it and how
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

    @property
    def pauses(self) -> bool:
        """Whether rejecting without a person is or was paused for it."""
        return self.contained_at is not None


def incident_of(finding: Finding, incident_id: str, now: datetime) -> Incident:
    """The record that a finding opens at `now`; one that pauses is contained from the beginning."""
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
    )


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
