"""What the gate answered and what goes with it is forgotten when its time is over; the log says so."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from winnow.adapters.db import forgetting, forgetting_permits
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.forgetting_permits import forget_answers, forget_conclusions, forget_contacts
from winnow.adapters.db.log import Journal, LogReader
from winnow.adapters.db.moments import micros
from winnow.adapters.db.permit_tables import ai_decisions, contacts, permit_answers, redeemed
from winnow.adapters.db.permits import PERIOD
from winnow.adapters.db.tables import events

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 3)
    monkeypatch.setattr(forgetting_permits, "MOST_PEOPLE", 100)


def put(store, table, rows):
    with writing(store) as connection:
        connection.execute(table.insert(), rows)


def there(store, column):
    with reading(store) as connection:
        return list(connection.execute(select(column).order_by(column)).scalars())


def answer(number, age, asked=1):
    at = NOW - age
    terms = {"system": "mailer", "action": "contact", "purpose": "marketing", "policy": "", "once": True}
    times = {"at": micros(at), "expires_at": micros(at + timedelta(minutes=10))}
    return {
        "id": number,
        "answer": f"pm_{number}",
        "actor": "wk",
        "asked": asked,
        "granted": 1,
        "record": b"",
        **terms,
    } | times


def test_answers_go_with_their_uses_and_the_log_says_how_many(store, vault):
    put(store, permit_answers, [answer(n, (20 - n) * DAY, asked=60 if n < 3 else 1) for n in range(1, 15)])
    put(store, redeemed, [{"answer": n, "place": 0, "at": 1, "actor": "wk"} for n in (1, 2, 14)])
    journal, size = Journal(vault), LogReader(store).frontier().size
    before = NOW - 10 * DAY
    went = [forget_answers(store, journal, before, NOW) for _ in range(6)]
    assert went == [1, 3, 3, 2, 0, 0]  # by the people they are about, then by their number
    assert there(store, permit_answers.c.id) == [10, 11, 12, 13, 14]  # the permits of 10 expired after that moment
    assert there(store, redeemed.c.answer) == [14]
    assert there(store, events.c.kind) == ["permits.forgotten"] * 4
    assert LogReader(store).frontier().size == size + 4


def test_what_holds_until_just_before_is_not_old(store, vault):
    put(store, permit_answers, [answer(1, DAY)])
    expired = NOW - DAY + timedelta(minutes=10)
    assert forget_answers(store, Journal(vault), expired, NOW) == 0
    assert forget_answers(store, Journal(vault), expired + timedelta(microseconds=1), NOW) == 1


def test_conclusions(store, vault):
    rows = [{"id": n, "at": micros(NOW - (9 - n) * DAY), "actor": "wk", "system": "s", "subject": 1} for n in range(8)]
    put(store, ai_decisions, [{**row, "record": b""} for row in rows])
    assert [forget_conclusions(store, Journal(vault), NOW - 4 * DAY, NOW) for _ in range(3)] == [3, 2, 0]
    assert there(store, ai_decisions.c.id) == [5, 6, 7]
    assert there(store, events.c.kind) == ["ai-decisions.forgotten"] * 2


def test_contacts_by_whole_stretches_of_time(store):
    period = micros(NOW) // PERIOD
    row = {"subject": 1, "answer": 1, "at": 1, "channel": "email", "purpose": "marketing"}
    put(store, contacts, [{**row, "period": period - n, "place": place} for n in range(3) for place in range(2)])
    assert [forget_contacts(store, NOW) for _ in range(3)] == [3, 1, 0]
    assert there(store, contacts.c.period) == [period, period]
