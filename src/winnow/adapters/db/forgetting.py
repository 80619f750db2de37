"""Removing what nobody needs any more, a few rows at a time, so that no commit of leads has to wait for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Engine, Select, delete, func, select, tuple_

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.history import BUCKET
from winnow.adapters.db.moments import micros
from winnow.adapters.db.program_tables import deliveries, idempotency
from winnow.adapters.db.tables import checkpoints, sightings
from winnow.core.deliveries import State

#: Rows that one transaction removes at most.
AT_ONCE = 500

_HOUR = 3_600_000_000


def forget_requests(engine: Engine, before: datetime) -> int:
    """Remove answers kept for an Idempotency-Key that came before a moment; how many, AT_ONCE at most."""
    old = select(idempotency.c.key).where(idempotency.c.at < micros(before)).order_by(idempotency.c.at).limit(AT_ONCE)
    return _removed(engine, old, delete(idempotency).where(idempotency.c.key.in_(old)))


def forget_sightings(engine: Engine, before: datetime) -> int:
    """Remove what was counted in stretches of time that ended before a moment; how many, AT_ONCE at most."""
    key = sightings.primary_key.columns
    old = select(*key).where(sightings.c.bucket < micros(before) // BUCKET).limit(AT_ONCE)
    return _removed(engine, old, delete(sightings).where(tuple_(*key).in_(old)))


def forget_checkpoints(engine: Engine, before: datetime) -> int:
    """Of the signed heads before a moment keep the last of each hour, which binds the others; how many went."""
    row = checkpoints.c
    kept = select(func.max(row.size)).group_by(row.signed_at // _HOUR)
    old = select(row.size).where(row.signed_at < micros(before), row.size.not_in(kept)).limit(AT_ONCE)
    return _removed(engine, old, delete(checkpoints).where(row.size.in_(old)))


def forget_deliveries(engine: Engine, before: datetime, after: int = 0) -> int | None:
    """Remove deliveries finished before a moment among the AT_ONCE that follow a number; those given up stay.

    Returns the last of these numbers, to go on from, or None when all older ones were looked at. Numbers grow with
    time, and so no index on times is needed.
    """
    row = deliveries.c
    page = select(row.id, row.state, row.finished_at, row.created_at).where(row.id > after).order_by(row.id)
    with reading(engine) as connection:
        rows = [each for each in connection.execute(page.limit(AT_ONCE)) if each.created_at < micros(before)]
    old = [each.id for each in rows if each.state == State.DELIVERED and each.finished_at < micros(before)]
    if old:
        with writing(engine) as connection:
            connection.execute(delete(deliveries).where(row.id.in_(old), row.state == State.DELIVERED))
    return rows[-1].id if len(rows) == AT_ONCE else None


def _removed(engine: Engine, old: Select[Any], removal: Delete) -> int:
    """Looking comes first and locks nothing, since there is mostly nothing to remove."""
    with reading(engine) as connection:
        if connection.execute(old.limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        return int(connection.execute(removal).rowcount)
