"""The report of an incident, as data and as text: what happened, its clock, what was done about it and learnt."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from winnow.core.monitor.finding import where
from winnow.core.monitor.incident import Incident, Kind, Link

#: The entries that the report repeats; of people concerned it has the count only.
_NOTED, _LINKED = "incident.noted", "incident.linked"
_FORMAT = "winnow incident report 1"


class Written(NamedTuple):
    """One entry of the file: number in the log, when, by whom, what kind, what it says."""

    number: int
    at: datetime
    by: str
    kind: str
    said: Mapping[str, object]


def report(incident: Incident, written: Sequence[Written], people: int) -> dict[str, object]:
    """The report as data; times are ISO 8601 in UTC. `people`: how many leads it concerns."""
    return {
        "format": _FORMAT,
        "id": incident.id,
        "kind": kind_of(incident),
        "severity": incident.severity.value,
        "state": incident.state.value,
        "source": incident.source,
        "what": list(incident.figures),
        "clock": [{"step": step, "at": at.isoformat(), "by": by} for step, at, by in clock(incident)],
        "people": people,
        "actions": [
            {"log_entry": each.number, "at": each.at.isoformat(), "by": each.by, "text": each.said["text"]}
            for each in written
            if each.kind == _NOTED
        ],
        "links": [
            {"kind": kind, "id": target}
            for each in written
            if each.kind == _LINKED
            for kind, target in each.said.items()
        ],
        "outcome": incident.reason,
        "lessons": incident.lessons,
        "log_entries": [each.number for each in written],
    }


def kind_of(incident: Incident) -> str:
    """What it is about: as the person said who opened it, or the guard that found it."""
    return incident.about if incident.about in set(Kind) else incident.guard.value


def clock(incident: Incident) -> Iterator[tuple[str, datetime, str]]:
    """Each step that was made: what, when, by whom."""
    yield "detected", incident.opened_at, incident.opened_by
    if incident.contained_at is not None:
        yield "contained", incident.contained_at, incident.contained_by or "guards"
    if incident.fixed_at is not None:
        yield "fixed", incident.fixed_at, incident.fixed_by or ""
    if incident.closed_at is not None:
        yield "closed", incident.closed_at, incident.closed_by or ""


def report_text(incident: Incident, written: Sequence[Written], people: int) -> str:
    """The report for people who read; nothing in it names anybody concerned."""
    return "\n".join(_lines(incident, written, people)) + "\n"


def _lines(incident: Incident, written: Sequence[Written], people: int) -> Iterator[str]:
    yield f"Incident {incident.id}: {kind_of(incident)}, {incident.severity}, {incident.state}"
    yield f"Where: {where(incident.source)} · since {incident.since} · people concerned: {people:,}"
    yield from _part("What happened", incident.figures)
    yield from _part("Clock", [f"{step:9}  {_time(at)}  {by}" for step, at, by in clock(incident)])
    noted = [each for each in written if each.kind == _NOTED]
    yield from _part("What was done", [f"{_time(each.at)}  {each.by}: {each.said['text']}" for each in noted])
    names = {Link.STOP.value: "stop", Link.ROLL_BACK.value: "roll-back to", Link.UNLEARNING.value: "unlearning"}
    linked = [each for each in written if each.kind == _LINKED]
    yield from _part("See", [f"{names.get(kind, kind)} {to}" for each in linked for kind, to in each.said.items()])
    yield from _part("Outcome", [incident.reason] if incident.reason else [])
    yield from _part("Lessons", [incident.lessons] if incident.lessons else [])
    numbers = ", ".join(str(each.number) for each in written)
    yield from _part("Entries of the decision log", [numbers] if numbers else [])


def _part(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        yield from (f"  {line}" for line in lines)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
