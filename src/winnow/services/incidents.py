"""Incidents as people deal with them: opened, contained, fixed, with whom they concern and what was done; reports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from winnow.core.govern.stop import checked_words
from winnow.core.lead import Lead
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import Incident, Kind, Link, Step, incident_of
from winnow.core.monitor.incident_report import Written, report, report_text
from winnow.errors import InvalidInputError, NotFoundError
from winnow.ports import Clock, IncidentStore, Page
from winnow.ports.incidents import FileEntry, IncidentFiles

_PREFIX = "inc"
#: Leads named at a time, and the longest name of what is linked.
MOST_LEADS, LONGEST_NAME = 10_000, 200


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """All about an incident; `people`: how many leads it concerns."""

    incident: Incident
    entries: tuple[FileEntry, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Concerned:
    """A lead whose person an incident did something to.

    addresses: mail addresses and phone numbers; None: whoever asks may not see leads, or they were erased
    """

    lead: int
    addresses: tuple[str, ...] | None


class IncidentDesk:
    """Where people deal with incidents. Every method may raise StoreAwayError; all but `open` NotFoundError."""

    def __init__(
        self,
        store: IncidentStore,
        files: IncidentFiles,
        lead_of: Callable[[int], Lead],
        clock: Clock,
        new_id: Callable[[str, datetime], str],
    ) -> None:
        """`lead_of`: the lead with a number; raises NotFoundError once it was erased."""
        self._store = store
        self._files = files
        self._lead_of = lead_of
        self._clock = clock
        self._new_id = new_id

    def open(  # what somebody says of it
        self,
        kind: Kind,
        what: str,
        severity: Severity,
        by: str,
        *,
        source: str | None = None,
        since: date | None = None,
    ) -> Incident:
        """Open an incident that a person has seen; raises InvalidInputError.

        what: what happened, without names · since: when it began, today if None
        """
        now = self._clock.now()
        said = checked_words(what, "what", "say what happened")
        if since is not None and since > now.date():
            raise InvalidInputError("it has not begun yet", where="since", fix="give the day on which it began")
        finding = Finding(Guard.PERSON, source, 0, since or now.date(), (said,), severity, pauses=False, about=kind)
        incident = incident_of(finding, self._new_id(_PREFIX, now), now, by)
        self._store.open(incident, by, now)
        return incident

    def step(self, incident_id: str, step: Step, by: str) -> Incident:
        """Say that it does no more harm, or that its cause is gone; raises ConflictError when it is so already."""
        return self._files.step(incident_id, step, by, self._clock.now())

    def note(self, incident_id: str, text: str, by: str) -> None:
        """Write down what was done; it stays."""
        said = checked_words(text, "text", "say what was done")
        self._files.note(incident_id, said, by, self._clock.now())

    def link(self, incident_id: str, link: Link, target: str, by: str) -> None:
        """Name the stop, the roll-back or the unlearning that was done about it."""
        name = target.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable() or "@" in name:
            what = f"what is linked is named in 1 to {LONGEST_NAME} printable characters"
            raise InvalidInputError(what, where="id", fix="give the id of the stop, or the hash of the ruleset")
        self._files.link(incident_id, link, name, by, self._clock.now())

    def add_leads(self, incident_id: str, numbers: Sequence[int], by: str) -> int:
        """Name leads of people concerned; how many there are now."""
        if not 1 <= len(numbers) <= MOST_LEADS:
            what = f"1 to {MOST_LEADS:,} leads are named at a time"
            raise InvalidInputError(what, where="leads", fix="name them in several requests")
        return self._files.add_leads(incident_id, numbers, by, self._clock.now())

    def leads(self, incident_id: str, after: int | None, limit: int, *, addresses: bool) -> Page[Concerned]:
        """Whom it concerns, by number; `addresses`: whoever asks may see leads."""
        found = self._files.leads(incident_id, after, limit)
        shown = tuple(Concerned(number, self._addresses(number) if addresses else None) for number in found.items)
        return Page(shown, found.next)

    def file(self, incident_id: str) -> IncidentFile:
        """All about one incident."""
        incident = self._store.incident(incident_id)
        return IncidentFile(incident, tuple(self._files.entries(incident_id)), self._files.count(incident_id))

    def report(self, incident_id: str) -> dict[str, object]:
        """Its report as data."""
        return report(*_parts(self.file(incident_id)))

    def report_text(self, incident_id: str) -> str:
        """Its report as text."""
        return report_text(*_parts(self.file(incident_id)))

    def _addresses(self, number: int) -> tuple[str, ...] | None:
        try:
            lead = self._lead_of(number)
        except NotFoundError:
            return None
        return (*lead.emails, *lead.phones)


def _parts(file: IncidentFile) -> tuple[Incident, list[Written], int]:
    written = [Written(each.number, each.at, each.by, each.kind, each.said) for each in file.entries]
    return file.incident, written, file.people
