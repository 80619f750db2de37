"""Deliveries as people look at them, and sending them again.

Sending a delivery again begins the schedule anew in the same row, with the same event id, so that a receiver can
tell a repetition from news, and so that there is one place that says what became of an event at a receiver.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, literal_column, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.outbox import DEAD, PENDING
from winnow.adapters.db.program_tables import deliveries, webhooks
from winnow.core.deliveries import DeliveryRecord, State

_FINISHED = deliveries.c.state != State.PENDING


@dataclass(frozen=True, slots=True)
class Page:
    """Some deliveries, the newest first; `before` is the cursor of the next page, None when this is the last."""

    rows: tuple[DeliveryRecord, ...]
    before: int | None


class DeliveryRecords:
    """The deliveries behind an engine. Each call is a transaction of its own and may raise StoreAwayError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def requeue(self, ids: Sequence[int], now: datetime) -> int:
        """Send finished deliveries again, from the beginning of the schedule; returns how many.

        What is pending is left alone, and so is what a disabled webhook was to get.
        """
        with writing(self._engine) as connection:
            return send_again(connection, deliveries.c.id.in_(ids), now)

    def page(
        self, *, before: int | None = None, limit: int = 100, webhook: str | None = None, state: State | None = None
    ) -> Page:
        """Deliveries, the newest first; `before` is the cursor of the page before."""
        columns = deliveries.c
        chosen = select(deliveries).order_by(columns.id.desc()).limit(limit + 1)
        if webhook is not None:
            chosen = chosen.where(columns.webhook == webhook)
        if state is not None:
            chosen = chosen.where(columns.state == literal_column(f"'{state}'"))
        if before is not None:
            chosen = chosen.where(columns.id < before)
        with reading(self._engine) as connection:
            rows = tuple(map(record_of, connection.execute(chosen)))
        return Page(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)

    def record(self, id_: int) -> DeliveryRecord | None:
        """One delivery; None when there is none."""
        with reading(self._engine) as connection:
            row = connection.execute(select(deliveries).where(deliveries.c.id == id_)).one_or_none()
        return record_of(row) if row is not None else None

    def counts(self) -> dict[State, int]:
        """How many are pending and how many dead; those that arrived are too many to be counted each time."""
        pending, dead = (select(func.count()).select_from(deliveries).where(state) for state in (PENDING, DEAD))
        with reading(self._engine) as connection:
            found = connection.execute(select(pending.scalar_subquery(), dead.scalar_subquery())).one()
        return {State.PENDING: found[0], State.DEAD: found[1]}

    def oldest_due(self) -> datetime | None:
        """Since when the delivery has been due that waits longest, or when the next one is; None when nothing waits."""
        with reading(self._engine) as connection:
            due = connection.execute(select(func.min(deliveries.c.due_at)).where(PENDING)).scalar()
        return moment(due) if due is not None else None


def send_again(connection: Connection, chosen: ColumnElement[bool], now: datetime) -> int:
    """Begin the schedule of finished deliveries anew, as part of the caller's transaction; returns how many."""
    active = select(webhooks.c.id).where(webhooks.c.disabled_at.is_(None))
    fresh = {"state": State.PENDING, "due_at": micros(now), "attempts": 0, "finished_at": None}
    again = update(deliveries).where(chosen, _FINISHED, deliveries.c.webhook.in_(active)).values(fresh)
    return connection.execute(again).rowcount


def record_of(row: Row[Any]) -> DeliveryRecord:
    """A row of `deliveries` as people see it."""
    state = State(row.state)
    return DeliveryRecord(
        id=row.id,
        webhook=row.webhook,
        event=row.event,
        kind=row.kind,
        state=state,
        created_at=moment(row.created_at),
        due_at=moment(row.due_at) if state is State.PENDING else None,
        attempts=row.attempts,
        last_status=row.last_status,
        last_error=row.last_error,
        finished_at=moment(row.finished_at) if row.finished_at is not None else None,
    )
