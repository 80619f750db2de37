"""The kill switch in the database: stops, who agreed to lift them, and the processes that have to notice.

Every change counts up the number on the log's head in its own transaction. Whoever records something automatic has that
row locked and compares (`log.must_still_hold`): so a stop is in force everywhere at the moment it is committed, and not
when others happen to look.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Row, and_, delete, insert, or_, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal, locked_head
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.outbox import claimed_acts, last_delivery
from winnow.adapters.db.steady import in_turn
from winnow.adapters.db.stop_rows import in_force, stop_of
from winnow.adapters.db.stop_tables import replicas, stops
from winnow.adapters.db.tables import log_head
from winnow.core.govern.stop import Stop, Stops
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Page
from winnow.ports.stop import Agreement, DrillReport, Engaged, PastStop, Replica

#: A process that gave no sign of life for so long is forgotten.
_FORGOTTEN_AFTER = timedelta(days=1)


class StoredStops:
    """The stops behind an engine; see the port StopStore. Each call is a transaction of its own."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def in_force(self, now: datetime) -> Stops:
        """What is stopped; see the function."""
        return in_force(self._engine, now)

    # ── Changing ─────────────────────────────────────────────────────────────────────────────────

    def engage(self, stop: Stop, now: datetime, *, once: bool = False) -> Engaged:
        """Put a stop into force; `once`: unless there is or was one of the same scope, by the same, for the same."""
        with in_turn(self._engine), writing(self._engine) as connection:
            head = locked_head(connection)
            if once and (known := _same(connection, stop)) is not None:
                return Engaged(known, head.size, head.stops, again=True)
            outbox = last_delivery(connection)
            connection.execute(insert(stops), _row(stop, now, outbox))
            kind = "stop.drilled" if stop.drill else "stop.engaged"
            number = self._note(connection, kind, stop.by, stop, _document(stop), now)
            changes = _changed(connection)
            return Engaged(_one(connection, stop.id).stop, number, changes, claimed_acts(connection, now))

    def lift(self, stop_id: str, agreement: Agreement, instead_of: str | None = None) -> PastStop:
        """Note that somebody agrees to lift a stop; the second one lifts it. See the port for `instead_of`."""
        by, at = agreement.by, agreement.at
        of_it = update(stops).where(stops.c.id == stop_id)
        with writing(self._engine) as connection:
            locked_head(connection)
            found = _one(connection, stop_id)
            _must_be_liftable(found, by)
            said = {"reason": agreement.reason}
            if found.first is None or found.first.by == instead_of:
                said |= {} if found.first is None else {"instead_of": found.first.by}
                first = {"first_by": by, "first_at": micros(at), "first_reason": agreement.reason}
                connection.execute(of_it.values(first))
                self._note(connection, "stop.lift-agreed", by, found.stop, said, at)
            else:
                second = {"second_by": by, "second_at": micros(at), "second_reason": agreement.reason}
                connection.execute(of_it.values(**second, lifted_at=micros(at)))
                self._note(connection, "stop.lifted", by, found.stop, {**said, "with": found.first.by}, at)
                _changed(connection)
            return _one(connection, stop_id)

    def end_drill(self, stop_id: str, report: DrillReport, by: str, now: datetime) -> PastStop:
        """End a drill and keep its report."""
        written = msgspec.json.encode(report).decode()
        with writing(self._engine) as connection:
            locked_head(connection)
            found = _one(connection, stop_id)
            if found.stop.drill is None or found.lifted_at is not None:
                raise ConflictError(f"`{stop_id}` is no drill that goes on", fix="two people lift a stop")
            ended = update(stops).where(stops.c.id == stop_id).values(lifted_at=micros(now), report=written)
            connection.execute(ended)
            self._note(connection, "stop.drill-ended", by, found.stop, msgspec.to_builtins(report), now)
            _changed(connection)
            return _one(connection, stop_id)

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────

    def stop(self, stop_id: str) -> PastStop:
        """One stop, also one that was lifted."""
        with reading(self._engine) as connection:
            return _one(connection, stop_id)

    def standing(self, now: datetime) -> Sequence[PastStop]:
        """The stops in force, the eldest first, drills included."""
        lasting = and_(stops.c.lifted_at.is_(None), or_(stops.c.ends_at.is_(None), stops.c.ends_at > micros(now)))
        with reading(self._engine) as connection:
            rows = connection.execute(select(stops).where(lasting).order_by(stops.c.engaged_at, stops.c.id))
            return tuple(map(_past, rows))

    def page(self, before: str | None, limit: int, *, drills: bool) -> Page[PastStop]:
        """All stops, the newest first; ids are in the order of time."""
        query = select(stops).order_by(stops.c.id.desc()).limit(limit + 1)
        if before is not None:
            query = query.where(stops.c.id < before)
        if drills:
            query = query.where(stops.c.drill.is_not(None))
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        items = tuple(map(_past, rows[:limit]))
        return Page(items, items[-1].stop.id if len(rows) > limit else None)

    # ── Who is there ─────────────────────────────────────────────────────────────────────────────

    def replicas(self, since: datetime) -> Sequence[Replica]:
        """Those that have given a sign of life since a moment."""
        alive = select(replicas).where(replicas.c.seen_at >= micros(since)).order_by(replicas.c.started_at)
        with reading(self._engine) as connection:
            return tuple(_replica(row) for row in connection.execute(alive))

    def sign_of_life(self, replica: Replica) -> None:
        """Keep what a process says of itself in place of what it said before."""
        row = {
            "id": replica.id,
            "kind": replica.kind,
            "started_at": micros(replica.started_at),
            "seen_at": micros(replica.seen_at),
            "stops": replica.stops,
            "stops_at": micros(replica.stops_at),
        }
        gone = replicas.c.seen_at < micros(replica.seen_at - _FORGOTTEN_AFTER)
        with writing(self._engine) as connection:
            connection.execute(delete(replicas).where(or_(replicas.c.id == replica.id, gone)))
            connection.execute(insert(replicas), row)

    def gone(self, replica_id: str) -> None:
        """Forget a process that ends."""
        with writing(self._engine) as connection:
            connection.execute(delete(replicas).where(replicas.c.id == replica_id))

    def _note(  # what a leaf says
        self, connection: Connection, kind: str, actor: str, stop: Stop, document: object, now: datetime
    ) -> int:
        return self._journal.note(connection, Change(kind, actor, stop.id, document), now)


def _changed(connection: Connection) -> int:
    """Count a change, under the lock of the log's head; returns the new number."""
    connection.execute(update(log_head).values(stops=log_head.c.stops + 1))
    return int(connection.execute(select(log_head.c.stops)).scalar_one())


def _must_be_liftable(found: PastStop, by: str) -> None:
    if found.stop.drill is not None:
        raise ConflictError(f"`{found.stop.id}` is a drill", fix="it ends by itself")
    if found.lifted_at is not None:
        raise ConflictError(f"`{found.stop.id}` was lifted already", fix="nothing is left to do")
    if found.first is not None and found.first.by == by:
        raise ConflictError("you have agreed already, and it takes two people", fix="ask somebody else to agree too")


def _same(connection: Connection, stop: Stop) -> Stop | None:
    alike = and_(stops.c.scope == stop.scope.value, stops.c.target == stop.target, stops.c.engaged_by == stop.by)
    row = connection.execute(select(stops).where(alike, stops.c.reason == stop.reason)).first()
    return None if row is None else stop_of(row)


def _one(connection: Connection, stop_id: str) -> PastStop:
    row = connection.execute(select(stops).where(stops.c.id == stop_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no stop `{stop_id[:40]}`", fix="see the ids with GET /v1/stop")
    return _past(row)


def _document(stop: Stop) -> dict[str, object]:
    """What the log says of a new one."""
    said: dict[str, object] = {"scope": stop.scope.value, "target": stop.target, "reason": stop.reason}
    return {**said, "drill": stop.drill.value} if stop.drill else said


def _row(stop: Stop, now: datetime, outbox: int) -> dict[str, object]:
    return {
        "id": stop.id,
        "scope": stop.scope.value,
        "target": stop.target,
        "reason": stop.reason,
        "engaged_by": stop.by,
        "engaged_at": micros(now),
        "outbox": outbox,
        "drill": None if stop.drill is None else stop.drill.value,
        "ends_at": None if stop.ends_at is None else micros(stop.ends_at),
    }


def _past(row: Row[Any]) -> PastStop:
    return PastStop(
        stop_of(row),
        None if row.first_by is None else Agreement(row.first_by, moment(row.first_at), row.first_reason),
        None if row.second_by is None else Agreement(row.second_by, moment(row.second_at), row.second_reason),
        None if row.lifted_at is None else moment(row.lifted_at),
        None if row.report is None else msgspec.json.decode(row.report, type=DrillReport),
    )


def _replica(row: Row[Any]) -> Replica:
    started, seen, since = moment(row.started_at), moment(row.seen_at), moment(row.stops_at)
    return Replica(row.id, row.kind, started, seen, row.stops, since)
