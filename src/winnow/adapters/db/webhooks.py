"""Receivers of events in the database, and what people do about deliveries; each change is a leaf of the log."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.delivery_records import DeliveryRecords, record_of, send_again
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.outbox import DEAD, enqueue, give_up
from winnow.adapters.db.program_tables import deliveries, webhooks
from winnow.adapters.db.vault import Vault
from winnow.core.deliveries import DeliveryRecord, EventType, State, Webhook, event, rotated
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Page

_REMOVED, _PAUSED = "the webhook was removed", "the webhook is paused"
_ENABLED = {"disabled_at": None, "disabled_because": None}


def unsealing(vault: Vault) -> Callable[[bytes, str], str]:
    """What opens the secrets of webhooks, for the outbox."""
    return lambda sealed, webhook: vault.open_own(sealed, _about(webhook)).decode()


def _about(webhook: str) -> str:
    return f"webhook {webhook}"


class StoredWebhooks:
    """The receivers behind an engine; see the port WebhookStore. Each call is a transaction of its own."""

    def __init__(self, engine: Engine, journal: Journal, vault: Vault, installation: str) -> None:
        """`installation` is the id of this one, for the ids of events."""
        self._engine = engine
        self._journal = journal
        self._vault = vault
        self._installation = installation
        self._records = DeliveryRecords(engine)

    def add(self, webhook: Webhook, secret: str, now: datetime) -> None:
        """Keep a new receiver and what is sent to it is signed with."""
        row = {
            "id": webhook.id,
            "url": webhook.url,
            "events": webhook.events,
            "secret": self._sealed(webhook.id, secret),
            "created_at": micros(webhook.created_at),
            "created_by": webhook.created_by,
        }
        said = {"url": webhook.url, "events": webhook.events}
        with writing(self._engine) as connection:
            connection.execute(insert(webhooks), row)
            self._journal.note(connection, Change("webhook.added", webhook.created_by, webhook.id, said), now)

    def webhook(self, webhook_id: str) -> Webhook:
        """One receiver; raises NotFoundError."""
        with reading(self._engine) as connection:
            return _webhook(_row(connection, webhook_id))

    def page(self, after: str | None, limit: int) -> Page[Webhook]:
        """Receivers, in the order of their ids."""
        query = select(webhooks).order_by(webhooks.c.id).limit(limit + 1)
        if after is not None:
            query = query.where(webhooks.c.id > after)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        found = tuple(map(_webhook, rows[:limit]))
        return Page(found, found[-1].id if len(rows) > limit else None)

    def remove(self, webhook_id: str, actor: str, now: datetime) -> None:
        """Forget a receiver and its secret, and give up what is pending for it; raises NotFoundError."""
        with writing(self._engine) as connection:
            # The log first: its lock keeps the recorder from putting something into the outbox for this receiver
            # after what is there was given up.
            self._journal.note(connection, Change("webhook.removed", actor, webhook_id, None), now)
            if not connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id)).rowcount:
                raise _missing(webhook_id)
            give_up(connection, {webhook_id}, _REMOVED, now)

    def rotate(self, webhook_id: str, secret: str, until: datetime, actor: str, now: datetime) -> None:
        """Sign with a new secret, and until a moment with the one before as well; raises NotFoundError."""
        with writing(self._engine) as connection:
            row = _row(connection, webhook_id, lock=True)
            before = self._vault.open_own(row.secret, _about(webhook_id)).decode()
            sealed = self._sealed(webhook_id, rotated(before, secret, until))
            connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(secret=sealed))
            said = {"old_until": until.isoformat()}
            self._journal.note(connection, Change("webhook.rotated", actor, webhook_id, said), now)

    def set_paused(self, webhook_id: str, paused: bool, actor: str, now: datetime) -> None:  # noqa: FBT001  # the value
        """Send a receiver nothing more, or tell it again what happens from now on; raises NotFoundError."""
        kind = "webhook.paused" if paused else "webhook.resumed"
        since = {"disabled_at": micros(now), "disabled_because": _PAUSED} if paused else _ENABLED
        with writing(self._engine) as connection:
            # The log first, as in `remove`.
            self._journal.note(connection, Change(kind, actor, webhook_id, None), now)
            chosen = update(webhooks).where(webhooks.c.id == webhook_id)
            if not connection.execute(chosen.values(since)).rowcount:
                raise _missing(webhook_id)
            if paused:
                give_up(connection, {webhook_id}, _PAUSED, now)

    def test(self, webhook_id: str, actor: str, now: datetime) -> DeliveryRecord:
        """Put a test into the outbox; raises NotFoundError, and ConflictError when the receiver is disabled."""
        with writing(self._engine) as connection:
            _row(connection, webhook_id)
            test = event(EventType.WEBHOOK_TEST, now, {"webhook": webhook_id}, installation=self._installation)
            if not enqueue(connection, [test], now, only=webhook_id):
                raise ConflictError("the webhook is disabled", fix="resume it, or make a new one")
            self._journal.note(connection, Change("webhook.tested", actor, webhook_id, {"event": test.id}), now)
            chosen = select(deliveries).where(deliveries.c.webhook == webhook_id, deliveries.c.event == test.id)
            return record_of(connection.execute(chosen.order_by(deliveries.c.id.desc()).limit(1)).one())

    def replay(self, delivery: int, actor: str, now: datetime) -> DeliveryRecord:
        """Send a finished delivery again; raises NotFoundError, and ConflictError when it cannot be sent."""
        this = select(deliveries).where(deliveries.c.id == delivery)
        with writing(self._engine) as connection:
            row = connection.execute(this).one_or_none()
            if row is None:
                raise NotFoundError(f"there is no delivery `{delivery}`", fix="see the ids with GET /v1/deliveries")
            if not send_again(connection, deliveries.c.id == delivery, now):
                pending = row.state == State.PENDING
                what = "it is still being tried" if pending else "its webhook was removed or disabled"
                raise ConflictError(what, fix="wait for the next attempt" if pending else "make a new webhook")
            said = {"webhook": row.webhook, "event": row.event}
            self._journal.note(connection, Change("delivery.replayed", actor, str(delivery), said), now)
            return record_of(connection.execute(this).one())

    def replay_dead(self, actor: str, most: int, now: datetime) -> int:
        """Send those again that were given up, the newest first; how many, `most` at most."""
        active = select(webhooks.c.id).where(webhooks.c.disabled_at.is_(None))
        chosen = select(deliveries.c.id).where(DEAD, deliveries.c.webhook.in_(active))
        with writing(self._engine) as connection:
            ids = connection.execute(chosen.order_by(deliveries.c.id.desc()).limit(most)).scalars().all()
            sent = send_again(connection, deliveries.c.id.in_(ids), now) if ids else 0
            if sent:
                said = {"deliveries": sent, "first": min(ids), "last": max(ids)}
                self._journal.note(connection, Change("delivery.all-replayed", actor, "dead", said), now)
        return sent

    def deliveries(
        self, before: int | None, limit: int, *, webhook: str | None, state: State | None
    ) -> Page[DeliveryRecord]:
        """Deliveries, the newest first."""
        found = self._records.page(before=before, limit=limit, webhook=webhook, state=state)
        return Page(found.rows, None if found.before is None else str(found.before))

    def _sealed(self, webhook_id: str, secret: str) -> bytes:
        return self._vault.seal_own(secret.encode(), _about(webhook_id))


def _row(connection: Connection, webhook_id: str, *, lock: bool = False) -> Row[tuple[object, ...]]:
    query = select(webhooks).where(webhooks.c.id == webhook_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise _missing(webhook_id)
    return row


def _missing(webhook_id: str) -> NotFoundError:
    return NotFoundError(f"there is no webhook `{webhook_id}`", fix="see the ids with GET /v1/webhooks")


def _webhook(row: Row[tuple[object, ...]]) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        events=row.events,
        created_at=moment(row.created_at),
        created_by=row.created_by,
        disabled_at=None if row.disabled_at is None else moment(row.disabled_at),
        disabled_because=row.disabled_because,
    )
