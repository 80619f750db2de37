"""Incidents and the pauses they bring, in the database; each change is a leaf of the log in the same transaction."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, func, insert, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.guard_tables import incidents, pauses
from winnow.adapters.db.log import Change, Journal, locked_head
from winnow.adapters.db.moments import day_number, day_of, micros, moment
from winnow.adapters.db.versions import bump
from winnow.core.monitor.finding import Guard, Severity
from winnow.core.monitor.incident import Incident, Pause, State, pause_of
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Page

#: The row of `versions` that counts changes of pauses.
VERSION_NAME = "pauses"

#: Who opens incidents that a guard found.
GUARDS = "guards"


class StoredIncidents:
    """The incidents behind an engine; see the port IncidentStore. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def open(self, incident: Incident, actor: str, now: datetime) -> bool:
        """Keep a new incident and its pause; False when one about the same is open already, also on another replica."""
        with writing(self._engine) as connection:
            locked_head(connection)  # nobody else opens one between the question and the row
            if incident.guard is not Guard.PERSON and connection.execute(_same_open(incident)).first() is not None:
                return False
            connection.execute(insert(incidents), _row(incident))
            self._note(connection, "incident.opened", actor, incident, _document(incident), now)
            if incident.pauses:
                pause = pause_of(incident)
                row = {"id": incident.id, "incident": incident.id, "source": pause.source, "reason": pause.reason}
                connection.execute(insert(pauses), {**row, "since": micros(now)})
                said = {"source": pause.source, "reason": pause.reason}
                self._note(connection, "reject.paused", actor, incident, said, now)
                bump(connection, VERSION_NAME)
        return True

    def close(  # what closing says
        self, incident_id: str, actor: str, reason: str, now: datetime, *, renew: bool, lessons: str | None = None
    ) -> Incident:
        """Close an incident and lift its pause; raises NotFoundError, and ConflictError when it is closed already."""
        with writing(self._engine) as connection:
            locked_head(connection)
            found = unclosed_one(connection, incident_id)
            closing = {"state": State.CLOSED.value, "closed_at": micros(now), "closed_by": actor, "reason": reason}
            of_it = update(incidents).where(incidents.c.id == incident_id)
            connection.execute(of_it.values(**closing, renewed=renew, lessons=lessons))
            said = {"reason": reason, "renewed": renew, "lessons": lessons}
            self._note(connection, "incident.closed", actor, found, said, now)
            lifted = update(pauses).where(pauses.c.incident == incident_id, pauses.c.lifted_at.is_(None))
            if connection.execute(lifted.values(lifted_at=micros(now), lifted_by=actor)).rowcount:
                self._note(connection, "reject.resumed", actor, found, {"source": found.source}, now)
                bump(connection, VERSION_NAME)
            return one_incident(connection, incident_id)

    def incident(self, incident_id: str) -> Incident:
        """One incident; raises NotFoundError."""
        with reading(self._engine) as connection:
            return one_incident(connection, incident_id)

    def page(self, before: str | None, limit: int, *, unclosed: bool) -> Page[Incident]:
        """Incidents, the newest first; ids are in the order of time."""
        query = select(incidents).order_by(incidents.c.id.desc()).limit(limit + 1)
        if before is not None:
            query = query.where(incidents.c.id < before)
        if unclosed:
            query = query.where(incidents.c.closed_at.is_(None))
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        items = tuple(map(_incident, rows[:limit]))
        return Page(items, items[-1].id if len(rows) > limit else None)

    def closed(self) -> Sequence[Incident]:
        """All that people have dealt with."""
        return self._those(incidents.c.closed_at.is_not(None))

    def unclosed(self) -> Sequence[Incident]:
        """All that nobody has dealt with."""
        return self._those(incidents.c.closed_at.is_(None))

    def standing(self) -> Sequence[Pause]:
        """The pauses in force, the eldest first."""
        query = select(pauses).where(pauses.c.lifted_at.is_(None)).order_by(pauses.c.since, pauses.c.id)
        with reading(self._engine) as connection:
            return tuple(Pause(row.source, row.reason, row.incident) for row in connection.execute(query))

    def counts(self) -> Mapping[str, int]:
        """How many incidents are open, contained or fixed, and how many pauses are in force."""
        unclosed = select(incidents.c.state, func.count()).where(incidents.c.closed_at.is_(None))
        standing = select(func.count()).select_from(pauses).where(pauses.c.lifted_at.is_(None))
        with reading(self._engine) as connection:
            found = {state: int(number) for state, number in connection.execute(unclosed.group_by(incidents.c.state))}
            paused = int(connection.execute(standing).scalar_one())
        states = {state.value: found.get(state.value, 0) for state in (State.OPEN, State.CONTAINED, State.FIXED)}
        return {**states, "paused": paused}

    def _those(self, which: ColumnElement[bool]) -> Sequence[Incident]:
        """Incidents in the order in which they were opened."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(incidents).where(which).order_by(incidents.c.id)).all()
        return tuple(map(_incident, rows))

    def _note(
        self, connection: Connection, kind: str, actor: str, incident: Incident, document: object, now: datetime
    ) -> None:
        self._journal.note(connection, Change(kind, actor, incident.id, document), now)


def _same_open(incident: Incident) -> Select[tuple[str]]:
    source = incidents.c.source.is_(None) if incident.source is None else incidents.c.source == incident.source
    about = incidents.c.about == incident.about
    return select(incidents.c.id).where(
        incidents.c.guard == incident.guard.value, source, about, incidents.c.closed_at.is_(None)
    )


def unclosed_one(connection: Connection, incident_id: str) -> Incident:
    """An incident that is not closed; raises NotFoundError, and ConflictError when it is."""
    found = one_incident(connection, incident_id)
    if found.state is State.CLOSED:
        raise ConflictError(f"incident `{incident_id}` is closed already", fix="it needs nothing more")
    return found


def one_incident(connection: Connection, incident_id: str) -> Incident:
    """An incident; raises NotFoundError."""
    row = connection.execute(select(incidents).where(incidents.c.id == incident_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no incident `{incident_id}`", fix="see the ids with GET /v1/incidents")
    return _incident(row)


def _document(incident: Incident) -> dict[str, object]:
    """What the log says of a new one."""
    return {
        "guard": incident.guard.value,
        "source": incident.source,
        "about": incident.about,
        "severity": incident.severity.value,
        "size": incident.size,
        "since": incident.since.isoformat(),
        "figures": list(incident.figures),
        "pauses": incident.pauses,
    }


def _row(incident: Incident) -> dict[str, object]:
    return {
        "id": incident.id,
        "guard": incident.guard.value,
        "source": incident.source,
        "about": incident.about,
        "severity": incident.severity.value,
        "size": incident.size,
        "since": day_number(incident.since),
        "figures": json.dumps(incident.figures, ensure_ascii=False),
        "state": incident.state.value,
        "opened_at": micros(incident.opened_at),
        "contained_at": None if incident.contained_at is None else micros(incident.contained_at),
        "renewed": False,
        "opened_by": incident.opened_by,
    }


def _incident(row: Row[tuple[object, ...]]) -> Incident:
    return Incident(
        id=row.id,
        guard=Guard(row.guard),
        source=row.source,
        about=row.about,
        severity=Severity(row.severity),
        size=row.size,
        since=day_of(row.since),
        figures=tuple(json.loads(row.figures)),
        opened_at=moment(row.opened_at),
        state=State(row.state),
        contained_at=None if row.contained_at is None else moment(row.contained_at),
        closed_at=None if row.closed_at is None else moment(row.closed_at),
        closed_by=row.closed_by,
        reason=row.reason,
        renewed=row.renewed,
        opened_by=row.opened_by,
        contained_by=row.contained_by,
        fixed_at=None if row.fixed_at is None else moment(row.fixed_at),
        fixed_by=row.fixed_by,
        lessons=row.lessons,
    )
