"""What is to be sent to other systems, in the tables `deliveries` and `webhooks`.

There is one row for each event and receiver, and it says what became of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
    union_all,
    update,
)

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.moments import micros
from winnow.adapters.db.program_tables import deliveries, webhooks
from winnow.adapters.db.rows import rows_of
from winnow.adapters.db.stop_rows import in_force
from winnow.adapters.db.tables import log_head
from winnow.core.deliveries import ACTS, Delivery, Event, EventType, Settled, State, subscribed, valid_secrets
from winnow.core.govern.stop import Stops
from winnow.core.govern.terms import Action

#: Opens what the master key sealed: the secrets of a webhook, and the id of the webhook they were sealed for.
Unseal = Callable[[bytes, str], str]

#: Written out in the statement: the indexes that hold only these rows are not used for a state given apart.
PENDING = deliveries.c.state == literal_column(f"'{State.PENDING}'")
DEAD = deliveries.c.state == literal_column(f"'{State.DEAD}'")

#: SQLite joins at most 500 selects.
_RECEIVERS_AT_ONCE = 200

_DISABLED = "the webhook is disabled"


@dataclass(frozen=True, slots=True)
class _Receiver:
    url: str
    secret: bytes
    disabled: bool


@dataclass(frozen=True, slots=True)
class _Due:
    """A delivery that may be claimed; `rank` is its place among those of its receiver."""

    rank: int
    due_at: int
    id: int
    webhook: str


def has_receivers(connection: Connection) -> bool:
    """Whether anything is to be sent to anybody; most installations never ask for it."""
    return bool(rows_of(connection, "SELECT 1 FROM webhooks WHERE disabled_at IS NULL LIMIT 1"))


def enqueue(connection: Connection, events: Iterable[Event], now: datetime, *, only: str | None = None) -> int:
    """Put events into the outbox, one row for each receiver that asked for them; returns how many rows.

    Part of the caller's transaction: an event is told if and only if what it tells is stored. `only` names the
    receiver of a test, which need not have asked for it.
    """
    active = select(webhooks.c.id, webhooks.c.events).where(webhooks.c.disabled_at.is_(None))
    receivers = connection.execute(active if only is None else active.where(webhooks.c.id == only)).all()
    rows = [
        _row(event, receiver.id, now)
        for event in events
        for receiver in receivers
        if only is not None or subscribed(receiver.events, event.kind)
    ]
    if rows:
        connection.execute(insert(deliveries), rows)
    return len(rows)


def receivers(connection: Connection, kind: EventType) -> int:
    """How many receivers have asked for events of a kind, and are not disabled."""
    active = select(webhooks.c.events).where(webhooks.c.disabled_at.is_(None))
    return sum(subscribed(each.events, kind) for each in connection.execute(active))


def _row(event: Event, webhook: str, now: datetime) -> dict[str, Any]:
    at = micros(now)
    return {
        "webhook": webhook,
        "event": event.id,
        "kind": event.kind.value,
        "body": event.body,
        "created_at": at,
        "due_at": at,
        "state": State.PENDING.value,
        "attempts": 0,
    }


class SqlOutbox:
    """The outbox port. `unseal` opens the secrets of webhooks. Every method may raise StoreAwayError."""

    def __init__(self, engine: Engine, unseal: Unseal) -> None:
        self._engine, self._unseal = engine, unseal

    def claim(
        self, now: datetime, until: datetime, *, limit: int, each: int, room: Mapping[str, int]
    ) -> Sequence[Delivery]:
        """Up to `limit` due deliveries, which nobody else gets before `until`; see ports.Outbox.

        Looking for them locks nothing; taking them is one statement, which takes only what is still free.
        """
        stopped = in_force(self._engine, now)
        with reading(self._engine) as connection:
            receivers = self._receivers(connection)
            quotas = {webhook: limit if it.disabled else room.get(webhook, each) for webhook, it in receivers.items()}
            due = _due(connection, quotas, micros(now), _let_go(stopped))
        gone = {each.webhook for each in due if receivers[each.webhook].disabled}
        wanted = [each.id for each in sorted(due, key=_turn) if each.webhook not in gone][:limit]
        if not gone and not wanted:
            return ()
        with writing(self._engine) as connection:
            give_up(connection, gone, _DISABLED, now)
            taken = connection.execute(_take(wanted, micros(now), micros(until))).all() if wanted else ()
        secrets = {row.webhook: self._secrets(row.webhook, receivers[row.webhook], now) for row in taken}
        order = {id_: place for place, id_ in enumerate(wanted)}
        ordered = sorted(taken, key=lambda row: order[row.id])
        return [
            _delivery(row, receivers[row.webhook].url, secrets[row.webhook], until, stopped.number) for row in ordered
        ]

    def may_go(self, delivery: Delivery) -> bool:
        """Whether the kill switch is as it was when an act was claimed; False when that cannot be read."""
        if delivery.under is None:
            return True
        try:
            with reading(self._engine) as connection:
                return bool(connection.execute(select(log_head.c.stops)).scalar_one() == delivery.under)
        except Exception:  # noqa: BLE001  # whatever it is: nobody knows what is stopped
            return False

    def release(self, withheld: Sequence[Delivery]) -> None:
        """Give claimed deliveries back that were not sent."""
        columns = deliveries.c
        free = (
            update(deliveries)
            .where(columns.id == bindparam("of"), columns.claimed_until == bindparam("claim"), PENDING)
            .values(claimed_until=None)
        )
        with writing(self._engine) as connection:
            connection.execute(free, [{"of": each.id, "claim": micros(each.claimed_until)} for each in withheld])

    @staticmethod
    def _receivers(connection: Connection) -> dict[str, _Receiver]:
        columns = webhooks.c
        rows = connection.execute(select(columns.id, columns.url, columns.secret, columns.disabled_at))
        return {row.id: _Receiver(row.url, row.secret, row.disabled_at is not None) for row in rows}

    def _secrets(self, webhook: str, receiver: _Receiver, now: datetime) -> tuple[str, ...]:
        try:
            return valid_secrets(self._unseal(receiver.secret, webhook), now)
        except Exception:  # noqa: BLE001  # however opening it fails: this one cannot be signed, the others can
            return ()

    def settle(self, made: Sequence[Settled], now: datetime) -> None:
        """Note what became of claimed deliveries, all or none; one that was claimed anew since is left alone."""
        columns = deliveries.c
        note = (
            update(deliveries)
            .where(
                columns.id == bindparam("of"),
                columns.claimed_until == bindparam("claim"),
                columns.attempts == bindparam("before"),
                PENDING,
            )
            .values(claimed_until=None)
        )
        with writing(self._engine) as connection:
            for settled in made:
                connection.execute(note.values(_noted(settled, now)), _claimed(settled))

    def disable(self, webhook: str, because: str, now: datetime) -> None:
        """Send a receiver nothing more; what is still pending for it is given up."""
        enabled = and_(webhooks.c.id == webhook, webhooks.c.disabled_at.is_(None))
        with writing(self._engine) as connection:
            connection.execute(
                update(webhooks).where(enabled).values(disabled_at=micros(now), disabled_because=because)
            )
            give_up(connection, {webhook}, _DISABLED, now)


def last_delivery(connection: Connection) -> int:
    """The number of the newest delivery; under the lock of the log's head those of all decisions by then have less."""
    return connection.execute(select(func.max(deliveries.c.id))).scalar_one() or 0


def claimed_acts(connection: Connection, now: datetime) -> int:
    """Deliveries of automatic acts that somebody may be sending at the moment."""
    claimed = deliveries.c.claimed_until > micros(now)
    return int(
        connection.execute(select(func.count()).select_from(deliveries).where(_IS_ACT, PENDING, claimed)).scalar_one()
    )


def _let_go(stopped: Stops) -> ColumnElement[bool]:
    """What the kill switch does not hold back.

    Acts wait while everything, or sharing with other systems, is stopped; while rejecting is, those from before: what
    was decided since rejects nobody.
    """
    if stopped.covers(action=Action.SHARE) is not None:
        return ~_IS_ACT
    rejecting = [stop.outbox for stop in stopped.standing if Stops(0, (stop,)).covers(action=Action.REJECT)]
    return or_(~_IS_ACT, deliveries.c.id > max(rejecting)) if rejecting else true()


_IS_ACT = deliveries.c.kind.in_([kind.value for kind in sorted(ACTS)])


def _due(connection: Connection, quotas: Mapping[str, int], now: int, let_go: ColumnElement[bool]) -> list[_Due]:
    """The first deliveries that are due for each receiver, as many as its quota; a long queue costs no more."""
    wanted = [(webhook, quota) for webhook, quota in quotas.items() if quota > 0]
    ranks: dict[str, count[int]] = {webhook: count() for webhook, _ in wanted}
    rows: list[Row[Any]] = []
    for start in range(0, len(wanted), _RECEIVERS_AT_ONCE):
        parts = [_first(webhook, quota, now, let_go) for webhook, quota in wanted[start : start + _RECEIVERS_AT_ONCE]]
        rows += connection.execute(union_all(*parts)).all()
    rows.sort(key=lambda row: (row.due_at, row.id))
    return [_Due(next(ranks[row.webhook]), row.due_at, row.id, row.webhook) for row in rows]


def _first(webhook: str, quota: int, now: int, let_go: ColumnElement[bool]) -> Select[Any]:
    columns = deliveries.c
    first = (
        select(columns.id, columns.webhook, columns.due_at)
        .where(columns.webhook == webhook, PENDING, columns.due_at <= now, _free(now), let_go)
        .order_by(columns.due_at, columns.id)
        .limit(quota)
    )
    return select(first.subquery())


def _free(now: int) -> ColumnElement[bool]:
    return or_(deliveries.c.claimed_until.is_(None), deliveries.c.claimed_until <= now)


def _turn(due: _Due) -> tuple[int, int, int]:
    """Every receiver's first before any one's second."""
    return due.rank, due.due_at, due.id


def _take(ids: Sequence[int], now: int, until: int) -> Any:  # noqa: ANN401  # SQLAlchemy has no plain name for its type
    free = select(deliveries.c.id).where(deliveries.c.id.in_(ids), PENDING, _free(now))
    columns = deliveries.c
    return (
        update(deliveries)
        .where(columns.id.in_(free.with_for_update(skip_locked=True)))  # SQLite has one writer, and leaves it out
        .values(claimed_until=until)
        .returning(columns.id, columns.webhook, columns.event, columns.body, columns.attempts, columns.kind)
    )


def give_up(connection: Connection, webhook_ids: Iterable[str], because: str, now: datetime) -> None:
    """Send nothing more of what is pending for some receivers, as part of the caller's transaction."""
    for webhook in sorted(webhook_ids):
        given_up = {"state": State.DEAD, "last_error": because, "finished_at": micros(now), "claimed_until": None}
        connection.execute(update(deliveries).where(deliveries.c.webhook == webhook, PENDING).values(given_up))


def _delivery(row: Row[Any], url: str, secrets: tuple[str, ...], until: datetime, stops: int | None) -> Delivery:
    under = stops if row.kind in ACTS else None
    return Delivery(row.id, row.webhook, url, row.event, row.body, row.attempts, until, secrets, under)


def _claimed(settled: Settled) -> dict[str, Any]:
    delivery = settled.delivery
    return {"of": delivery.id, "claim": micros(delivery.claimed_until), "before": delivery.attempts}


def _noted(settled: Settled, now: datetime) -> dict[str, Any]:
    verdict, answer = settled.verdict, settled.answer
    pending = verdict.state is State.PENDING
    return {
        "state": verdict.state.value,
        "due_at": micros(now + verdict.wait),
        "attempts": settled.delivery.attempts + 1,
        "last_status": answer.status,
        "last_error": answer.problem,
        "finished_at": None if pending else micros(now),
    }
