"""Reading what is stopped, by everybody who acts: in one statement, and stopped whenever it cannot be read."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, and_, or_, select

from winnow.adapters.db.connections import reading
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.stop_tables import stops
from winnow.adapters.db.tables import log_head
from winnow.core.govern.stop import UNREADABLE, Drill, Stop, Stops, StopScope


def in_force(engine: Engine, now: datetime) -> Stops:
    """What is stopped, in one statement, so that the number belongs to the stops; UNREADABLE whatever goes wrong."""
    try:
        with reading(engine) as connection:
            rows = connection.execute(_standing(now)).all()
        return Stops(rows[0].changes, tuple(stop_of(row) for row in rows if row.id is not None))
    except Exception:  # noqa: BLE001  # whatever it is: nobody knows what is stopped
        return UNREADABLE


def _standing(now: datetime) -> Any:  # noqa: ANN401  # SQLAlchemy's
    """The stops that stop something, each beside the number of changes, which also comes alone."""
    lasting = or_(stops.c.drill.is_(None), and_(stops.c.drill == Drill.LIVE.value, stops.c.ends_at > micros(now)))
    joined = log_head.outerjoin(stops, and_(stops.c.lifted_at.is_(None), lasting))
    return select(log_head.c.stops.label("changes"), stops).select_from(joined).order_by(stops.c.engaged_at, stops.c.id)


def stop_of(row: Row[Any]) -> Stop:
    """The stop a row of the table is; raises ValueError for one of another version of Winnow."""
    return Stop(
        id=row.id,
        scope=StopScope(row.scope),
        target=row.target,
        by=row.engaged_by,
        at=moment(row.engaged_at),
        reason=row.reason,
        outbox=row.outbox,
        drill=None if row.drill is None else Drill(row.drill),
        ends_at=None if row.ends_at is None else moment(row.ends_at),
    )
