"""What nobody needs any more goes, a little at a time, and nothing else does."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.support.databases import KINDS, lent_database
from winnow.adapters.db import forgetting
from winnow.adapters.db.connections import make_engine, reading, writing
from winnow.adapters.db.forgetting import (
    forget_checkpoints,
    forget_deliveries,
    forget_requests,
    forget_sightings,
)
from winnow.adapters.db.history import BUCKET
from winnow.adapters.db.moments import micros
from winnow.adapters.db.program_tables import deliveries, idempotency
from winnow.adapters.db.schema import upgrade
from winnow.adapters.db.tables import checkpoints, sightings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(params=KINDS)
def engine(request, tmp_path, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 3)
    with lent_database(request.param, tmp_path) as url:
        found = make_engine(url)
        upgrade(found)
        yield found
        found.dispose()


def put(engine, table, rows):
    with writing(engine) as connection:
        connection.execute(table.insert(), rows)


def there(engine, column):
    with reading(engine) as connection:
        return list(connection.execute(select(column).order_by(column)).scalars())


def test_old_requests(engine):
    rows = [{"key": bytes([n]), "request": b"", "at": micros(NOW - n * DAY)} for n in range(10)]
    put(engine, idempotency, rows)
    assert [forget_requests(engine, NOW - 2 * DAY) for _ in range(4)] == [3, 3, 1, 0]
    assert there(engine, idempotency.c.key) == [b"\0", b"\1", b"\2"]


def test_old_sightings_by_whole_stretches_of_time(engine):
    bucket = micros(NOW) // BUCKET
    put(engine, sightings, [{"bucket": bucket - n, "key": 1, "at": n, "lead": n} for n in range(8)])
    assert [forget_sightings(engine, NOW - 3 * timedelta(days=30)) for _ in range(3)] == [3, 1, 0]
    assert there(engine, sightings.c.bucket) == [bucket - 3, bucket - 2, bucket - 1, bucket]


def test_of_old_checkpoints_the_last_of_each_hour_stays(engine):
    start = datetime(2026, 11, 20, 8, tzinfo=UTC)
    minutes = [0, 20, 59, 60, 61, 130, 2879, 2880]
    rows = [
        {"size": n, "signed_at": micros(start + timedelta(minutes=each)), "note": ""} for n, each in enumerate(minutes)
    ]
    put(engine, checkpoints, rows)
    assert [forget_checkpoints(engine, start + 2 * DAY - timedelta(minutes=5)) for _ in range(2)] == [3, 0]
    assert there(engine, checkpoints.c.size) == [2, 4, 5, 6, 7]


def delivery(age, state, finished=None):
    return {
        "webhook": "wh",
        "event": "e",
        "kind": "k",
        "body": b"",
        "created_at": micros(NOW - age * DAY),
        "due_at": 0,
        "state": state,
        "finished_at": None if finished is None else micros(NOW - finished * DAY),
    }


def test_deliveries_that_arrived_long_ago(engine):
    rows = [
        delivery(50, "delivered", 49),
        delivery(50, "pending"),
        delivery(49, "dead", 45),
        delivery(48, "delivered", 2),
        delivery(47, "delivered", 46),
        delivery(3, "delivered", 2),
    ]
    put(engine, deliveries, rows)
    assert forget_deliveries(engine, NOW - 30 * DAY) == 3
    assert forget_deliveries(engine, NOW - 30 * DAY, 3) is None
    assert there(engine, deliveries.c.id) == [2, 3, 4, 6]
