"""The files of incidents in the database: what was written down is in the log's events, whom it concerns in a table."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.guard_tables import incident_leads, incidents
from winnow.adapters.db.incidents import one_incident, unclosed_one
from winnow.adapters.db.log import Change, Journal, locked_head
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.rows import insert_missing
from winnow.adapters.db.tables import events, leads
from winnow.adapters.db.vault import Vault
from winnow.core.monitor.incident import Incident, Link, Step, after_step
from winnow.core.records import NONCE_BYTES
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Page
from winnow.ports.incidents import FileEntry

#: Numbers in one question.
_AT_ONCE = 500


class StoredIncidentFiles:
    """The files behind an engine; see the port IncidentFiles. Each call is a transaction of its own."""

    def __init__(self, engine: Engine, vault: Vault, journal: Journal) -> None:
        self._engine = engine
        self._vault = vault
        self._journal = journal

    def step(self, incident_id: str, step: Step, by: str, now: datetime) -> Incident:
        """Note that it is contained or fixed."""
        with writing(self._engine) as connection:
            locked_head(connection)
            found = unclosed_one(connection, incident_id)
            if (found.contained_at if step is Step.CONTAINED else found.fixed_at) is not None:
                raise ConflictError(f"incident `{incident_id}` is {step.value} already", fix="write a note instead")
            after = after_step(found, step, by, now)
            connection.execute(update(incidents).where(incidents.c.id == incident_id).values(_clock(after)))
            self._note(connection, f"incident.{step.value}", by, incident_id, None, now)
        return after

    def note(self, incident_id: str, text: str, by: str, now: datetime) -> None:
        """Write down what was done."""
        with writing(self._engine) as connection:
            one_incident(connection, incident_id)
            self._note(connection, "incident.noted", by, incident_id, {"text": text}, now)

    def link(self, incident_id: str, link: Link, target: str, by: str, now: datetime) -> None:
        """Name what was done about it elsewhere."""
        with writing(self._engine) as connection:
            one_incident(connection, incident_id)
            self._note(connection, "incident.linked", by, incident_id, {link.value: target}, now)

    def add_leads(self, incident_id: str, numbers: Sequence[int], by: str, now: datetime) -> int:
        """Name leads of people concerned; how many there are now."""
        wanted = sorted(set(numbers))
        with writing(self._engine) as connection:
            locked_head(connection)
            one_incident(connection, incident_id)
            _must_be_there(connection, wanted)
            insert_missing(connection, incident_leads, [(incident_id, number) for number in wanted])
            count = _count(connection, incident_id)
            self._note(connection, "incident.people", by, incident_id, {"leads": wanted, "count": count}, now)
        return count

    def leads(self, incident_id: str, after: int | None, limit: int) -> Page[int]:
        """Leads of people concerned, by number."""
        query = select(incident_leads.c.lead).where(incident_leads.c.incident == incident_id)
        query = query if after is None else query.where(incident_leads.c.lead > after)
        with reading(self._engine) as connection:
            one_incident(connection, incident_id)
            found = connection.execute(query.order_by(incident_leads.c.lead).limit(limit + 1)).scalars().all()
        items = tuple(map(int, found[:limit]))
        return Page(items, str(items[-1]) if len(found) > limit else None)

    def count(self, incident_id: str) -> int:
        """How many these are."""
        with reading(self._engine) as connection:
            return _count(connection, incident_id)

    def entries(self, incident_id: str) -> Sequence[FileEntry]:
        """Everything that was written down, in order."""
        query = select(events).where(events.c.about == incident_id).order_by(events.c.id)
        with reading(self._engine) as connection:
            one_incident(connection, incident_id)
            rows = connection.execute(query).all()
        return tuple(
            FileEntry(row.id, moment(row.at), row.actor, row.kind, self._said(row.id, row.record)) for row in rows
        )

    def _said(self, number: int, record: bytes) -> dict[str, object]:
        said = json.loads(self._vault.open_own(record, f"event {number}")[NONCE_BYTES:])["is"]
        return said if isinstance(said, dict) else {}

    def _note(  # what a leaf says
        self, connection: Connection, kind: str, by: str, incident_id: str, document: object, now: datetime
    ) -> None:
        self._journal.note(connection, Change(kind, by, incident_id, document), now)


def _clock(incident: Incident) -> dict[str, object]:
    return {
        "state": incident.state.value,
        "contained_at": None if incident.contained_at is None else micros(incident.contained_at),
        "contained_by": incident.contained_by,
        "fixed_at": None if incident.fixed_at is None else micros(incident.fixed_at),
        "fixed_by": incident.fixed_by,
    }


def _count(connection: Connection, incident_id: str) -> int:
    counted = select(func.count()).select_from(incident_leads).where(incident_leads.c.incident == incident_id)
    return int(connection.execute(counted).scalar_one())


def _must_be_there(connection: Connection, numbers: Sequence[int]) -> None:
    for start in range(0, len(numbers), _AT_ONCE):
        part = numbers[start : start + _AT_ONCE]
        there = set(connection.execute(select(leads.c.id).where(leads.c.id.in_(part))).scalars())
        if missing := [number for number in part if number not in there]:
            fix = "take the number of its first decision, as `winnow log search` prints it"
            raise NotFoundError(f"there is no lead {missing[0]}", where="leads", fix=fix)
