"""An outbox with receivers in it, for tests of what goes out."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.moments import micros
from winnow.adapters.db.outbox import enqueue
from winnow.adapters.db.program_tables import deliveries, webhooks
from winnow.adapters.db.stop_tables import stops
from winnow.adapters.db.tables import log_head, metadata
from winnow.core.deliveries import EVERYTHING, EventType, event, webhook_secret

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
SECRET = webhook_secret(bytes(range(32)))


class FakeClock:
    """Stands still until it is told otherwise."""

    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time


def make_tables(engine):
    """What an outbox needs, in a database that is empty: receivers, deliveries, and that nothing is stopped."""
    metadata.create_all(engine, [webhooks, deliveries, stops, log_head])
    with writing(engine) as connection:
        connection.execute(insert(log_head), {"id": 1, "size": 0, "frontier": b"", "swept": 0, "stops": 0})


def unseal(sealed: bytes, webhook: str) -> str:  # noqa: ARG001  # these are sealed for nobody
    """What sealing leaves out of these tests: the text itself, unless its key is lost."""
    if sealed == b"lost":
        raise OSError("the key is lost")
    return sealed.decode()


def add_webhook(engine, id_, url="https://crm.example/", *, events=EVERYTHING, secret=SECRET, disabled_at=None):
    row = {"id": id_, "url": url, "events": events, "secret": secret.encode(), "disabled_at": disabled_at}
    with writing(engine) as connection:
        connection.execute(insert(webhooks).values(row | {"created_at": micros(NOW), "created_by": "Ana"}))


def cases_opened(first, count=1, at=NOW):
    return [
        event(EventType.CASE_OPENED, at, {"case": number, "lead": number}, installation="test")
        for number in range(first, first + count)
    ]


def put(engine, events, now=NOW, only=None):
    with writing(engine) as connection:
        return enqueue(connection, events, now, only=only)


def rows(engine):
    """Every delivery as the table has it, by id."""
    with reading(engine) as connection:
        return connection.execute(select(deliveries).order_by(deliveries.c.id)).all()


def soon(**parts):
    return NOW + timedelta(**parts)
