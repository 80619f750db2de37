"""What the file of an incident needs: steps, notes, links and the people concerned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from winnow.core.monitor.incident import Incident, Link, Step
from winnow.ports.paging import Page


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One thing that was written down about an incident; nothing is ever taken out again.

    number: of its entry in the log · kind: such as `incident.noted` · said: what it says, by name
    """

    number: int
    at: datetime
    by: str
    kind: str
    said: Mapping[str, object]


class IncidentFiles(Protocol):
    """Keeps what is known of incidents; each change is a leaf of the log, each method may raise StoreAwayError."""

    def step(self, incident_id: str, step: Step, by: str, now: datetime) -> Incident:
        """Note that it is contained or fixed; raises NotFoundError, ConflictError when it is so already or closed."""
        ...

    def note(self, incident_id: str, text: str, by: str, now: datetime) -> None:
        """Write down what was done; raises NotFoundError, also for what is closed it may be written."""
        ...

    def link(self, incident_id: str, link: Link, target: str, by: str, now: datetime) -> None:
        """Name what was done about it elsewhere; raises NotFoundError."""
        ...

    def add_leads(self, incident_id: str, numbers: Sequence[int], by: str, now: datetime) -> int:
        """Name leads of people concerned; how many there are now. Raises NotFoundError, also for such a lead."""
        ...

    def leads(self, incident_id: str, after: int | None, limit: int) -> Page[int]:
        """Leads of people concerned, by number."""
        ...

    def count(self, incident_id: str) -> int:
        """How many these are."""
        ...

    def entries(self, incident_id: str) -> Sequence[FileEntry]:
        """Everything that was written down, in order; raises NotFoundError."""
        ...
