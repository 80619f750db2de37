"""What happened to a lead, from the first decision to what other systems were told, in the order of time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from winnow.core.deliveries import EventType, event
from winnow.core.outcome import Outcome
from winnow.core.review.case import Case
from winnow.core.review.disposition import text_of
from winnow.core.review.fate import Reported
from winnow.ports import Recorded
from winnow.ports.lead_file import Take, Told
from winnow.ports.review import Said


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to the lead; `by`: who did it, empty for the machine; `index`: its entry in the log."""

    at: datetime
    what: str
    by: str = ""
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """All that was done about a lead, as far as whoever looks may know it; everything the oldest first."""

    decided: Sequence[Recorded]
    case: Case | None
    said: Sequence[Said]
    reported: Sequence[Reported]
    takes: Sequence[Take]


def happened(course: Course, told: Sequence[Told], now: datetime) -> tuple[Happened, ...]:
    """The history of a lead; `told`: what became of its events, see `event_ids`."""
    everything = [
        *_of_decisions(course.decided),
        *_of_case(course.case, course.said, now),
        *_of_reports(course.reported),
        *[Happened(each.at, "taken", each.by, each.id) for each in course.takes],
        *[Happened(each.at, _delivered(each)) for each in told if each.at is not None],
    ]
    return tuple(sorted(everything, key=lambda each: (each.at, each.index or 0)))


def event_ids(course: Course, installation: str) -> list[str]:
    """The ids of all events about the lead: they are derived, so that they are known without looking for them."""
    found = _events(course.decided, course.case, course.said)
    return [event(kind, at, data, installation=installation).id for kind, at, data in found]


def _of_decisions(decided: Sequence[Recorded]) -> Iterator[Happened]:
    for each in decided:
        outcome = json.loads(each.decision)["outcome"]
        yield Happened(each.decided_at, f"decided: {outcome}", "", each.id)


def _of_reports(reported: Sequence[Reported]) -> Iterator[Happened]:
    """Given, and taken back."""
    for each in reported:
        yield Happened(each.at, f"reported as {each.verdict}", each.author, each.id)
        if each.withdrawn_at is not None:
            yield Happened(each.withdrawn_at, f"the report as {each.verdict} was withdrawn", each.withdrawn_by or "")


def _of_case(case: Case | None, said: Sequence[Said], now: datetime) -> Iterator[Happened]:
    """Waiting, claimed, closed, taken back."""
    if case is None:
        return
    yield Happened(case.opened_at, "waits for a person", "", case.id)
    holder = case.holder(now)
    if holder is not None:
        yield Happened(now, f"claimed until {holder.until:%H:%M} UTC", holder.by)
    for each in said:
        released = " (released)" if each.outcome < Outcome.REVIEW and not each.second else ""
        second = "second look: " if each.second else ""
        words = f"{second}{each.outcome.word}{released}: {text_of(each.reason)}"
        yield Happened(each.at, words, each.by, each.id)
        if each.undone_at is not None:
            yield Happened(each.undone_at, "that was taken back", each.undone_by or "")


_Event = tuple[EventType, datetime, Mapping[str, int]]


def _events(decided: Sequence[Recorded], case: Case | None, said: Sequence[Said]) -> Iterator[_Event]:
    """The events about the lead, as they were told."""
    for each in decided:
        yield EventType.DECISION_MADE, each.decided_at, {"decision": each.id, "lead": decided[0].id}
    if case is None:
        return
    yield EventType.CASE_OPENED, case.opened_at, {"case": case.id, "lead": case.lead}
    for word in (each for each in said if not each.second):
        data = {"case": case.id, "lead": case.lead, "disposition": word.id}
        yield EventType.CASE_DECIDED, word.at, data
        if word.undone_at is not None:
            yield EventType.CASE_REOPENED, word.undone_at, data


def _delivered(told: Told) -> str:
    what = "was told" if told.state == "delivered" else "could not be told"
    return f"`{told.webhook}` {what}: {told.kind}"
