"""What happened, counted day by day on both databases, as counting every row by hand would."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.cases import starter
from tests.support.screening import Desk, a_lead
from tests.support.signing import live_on
from winnow.adapters.db import day_counts
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.day_counts import CardOf, StoredDayCounts
from winnow.adapters.db.labels import Labels
from winnow.adapters.db.log import Journal
from winnow.adapters.db.moments import micros
from winnow.adapters.db.rows import change, rows_of
from winnow.core.monitor.rounds import Counted
from winnow.core.outcome import Outcome
from winnow.ports import Label

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

DAY = timedelta(days=1)
FIRST = datetime(2026, 11, 1, 12, tzinfo=UTC)
HORIZON = 3 * DAY


@pytest.fixture
def desk(store, vault):
    return Desk(store, vault)


@pytest.fixture
def counts(store):
    def card_of(_digest):
        return CardOf("card", ("a.b", "c.d"))

    return StoredDayCounts(store, card_of)


def decide(store, desk, number, at, outcome=Outcome.ACCEPT, *, score=0, source="web", codes=b"\0\1"):
    """A decision on record, made to be as a test needs it."""
    ((recorded,),) = desk.ledger.record([desk.submitted(a_lead(number, source=source))], at, stops=0)
    with writing(store) as connection:
        statement = "UPDATE decisions SET outcome = ?, score = ?, codes = ? WHERE id = ?"
        change(connection, statement, int(outcome), score, codes, recorded.id)
    return recorded.id


def label(store, vault, lead, verdict, at):
    Labels(store, Journal(vault)).add(Label(lead, verdict, "mia", "api"), at)


def told(counts, kind, *, about=False):
    found = {}
    for day, source, of, bin_, number in counts.counts().get(kind, ()):
        found[(day.day, of, bin_) if about else (day.day, source, bin_)] = number
    return {key: number for key, number in found.items() if number}


@pytest.fixture
def history(store, desk, vault):
    """Four days with leads; on the fifth, verdicts."""
    leads = [
        decide(store, desk, 1, FIRST, score=-10),
        decide(store, desk, 2, FIRST, Outcome.TAG, score=620, codes=b"\1\1"),
        decide(store, desk, 3, FIRST, Outcome.REJECT, score=1_234, source="fair"),
        decide(store, desk, 4, FIRST + DAY, Outcome.REVIEW, score=620),
        decide(store, desk, 5, FIRST + 3 * DAY, source="fair"),
    ]
    label(store, vault, leads[0], "converted", FIRST + DAY)
    label(store, vault, leads[1], "genuine", FIRST + DAY)
    label(store, vault, leads[1], "junk", FIRST + DAY)  # on second thoughts
    label(store, vault, leads[2], "genuine", FIRST + 2 * DAY)
    label(store, vault, leads[3], "junk", FIRST + 2 * DAY)
    label(store, vault, leads[4], "converted", FIRST + 8 * DAY)  # too late
    return leads


@pytest.mark.usefixtures("history")
def test_everything_is_counted_once(counts):
    for now in (FIRST + 3 * DAY, FIRST + 3 * DAY, FIRST + 10 * DAY, FIRST + 10 * DAY):
        counts.refresh(now, HORIZON)
    assert told(counts, Counted.DECIDED) == {
        (1, "web", Outcome.ACCEPT): 1,
        (1, "web", Outcome.TAG): 1,
        (1, "fair", Outcome.REJECT): 1,
        (2, "web", Outcome.REVIEW): 1,
        (4, "fair", Outcome.ACCEPT): 1,
    }
    assert told(counts, Counted.SCORES, about=True) == {
        (1, "card", -1): 1,
        (1, "card", 1): 1,
        (1, "card", 2): 1,
        (2, "card", 1): 1,
        (4, "card", 0): 1,
    }
    assert told(counts, Counted.CODES, about=True)[1, "card a.b", 0] == 2
    assert told(counts, Counted.CODES, about=True)[1, "card a.b", 1] == 1
    assert told(counts, Counted.CODES, about=True)[1, "card c.d", 1] == 3


@pytest.mark.usefixtures("history")
def test_verdicts_are_held_against_decisions(counts):
    counts.refresh(FIRST + 10 * DAY, HORIZON)
    assert told(counts, Counted.JUNK) == {
        (2, "web", 0): 1,
        (2, "web", 1): 1,
        (3, "fair", 0): 1,
        (3, "web", 1): 1,
        (9, "fair", 0): 1,
    }
    assert told(counts, Counted.REVERSED) == {  # the lead left to a person is not among them
        (2, "web", 0): 1,
        (2, "web", 1): 1,
        (3, "fair", 1): 1,
        (9, "fair", 0): 1,
    }
    assert told(counts, Counted.PROMISED, about=True)[3, "card", 12] == 1
    assert told(counts, Counted.HELD, about=True) == {(2, "card", 6): 1, (3, "card", 6): 1}


@pytest.mark.usefixtures("history")
def test_what_became_of_leads_counts_when_their_time_is_up(counts):
    counts.refresh(FIRST + 3 * DAY, HORIZON)
    assert told(counts, Counted.ACCEPTED) == {}  # the first day's leads have their time until its end
    counts.refresh(FIRST + 4 * DAY, HORIZON)
    assert told(counts, Counted.ACCEPTED) == {(1, "web", 0): 2}
    counts.refresh(FIRST + 10 * DAY, HORIZON)
    assert told(counts, Counted.ACCEPTED) == {(1, "web", 0): 2, (4, "fair", 0): 1}
    assert told(counts, Counted.CONVERTED) == {(1, "web", 0): 1}
    assert told(counts, Counted.VERDICTS) == {(1, "web", 0): 2}
    assert told(counts, Counted.GENUINE) == {(1, "web", 0): 1}


def test_a_day_that_is_not_over_is_counted_anew(store, desk, counts):
    for number in range(1, 4):
        decide(store, desk, number, FIRST)
        counts.refresh(FIRST + timedelta(minutes=number), HORIZON)
        assert told(counts, Counted.DECIDED) == {(1, "web", 0): number}
    counts.refresh(FIRST + DAY, HORIZON)
    assert told(counts, Counted.DECIDED) == {(1, "web", 0): 3}


def test_days_are_read_page_by_page(store, desk, counts, monkeypatch):
    monkeypatch.setattr(day_counts, "_PAGE", 3)
    for number in range(10):
        decide(store, desk, number, FIRST, score=700 * number)
    counts.refresh(FIRST + DAY, HORIZON)
    assert sum(told(counts, Counted.SCORES, about=True).values()) == 10
    assert told(counts, Counted.CODES, about=True) == {(1, "card a.b", 0): 10, (1, "card c.d", 1): 10}


def test_the_first_row_of_a_moment_is_found_by_halving(store, desk):
    hours = [0, 0, 1, 5, 5, 5, 30, 31, 80]
    numbers = [decide(store, desk, index, FIRST + timedelta(hours=hour)) for index, hour in enumerate(hours)]
    with reading(store) as connection:
        rows = dict(rows_of(connection, "SELECT id, decided_at FROM decisions"))
        for hour in range(-2, 90):
            at = micros(FIRST + timedelta(hours=hour))
            expected = min((number for number in numbers if rows[number] >= at), default=numbers[-1] + 1)
            assert expected - 1 <= day_counts.first_at(connection, "decisions", "decided_at", at) <= expected
        assert day_counts.first_at(connection, "labels", "at", 5) == 0


@pytest.mark.usefixtures("history")
def test_it_is_known_when_it_was_counted_last(counts):
    assert counts.looked_at() is None
    for now in (FIRST + 3 * DAY, FIRST + 3 * DAY + timedelta(hours=1), FIRST + 10 * DAY):
        counts.refresh(now, HORIZON)
        assert counts.looked_at() == now


def test_an_empty_store_has_nothing_to_count(counts):
    counts.refresh(FIRST, HORIZON)
    assert counts.counts() == {}
    assert counts.changes() == frozenset()
    assert counts.backlog(FIRST) == (0, 0, None)


def test_the_backlog_and_changes(store, vault, counts):
    due = micros(FIRST + DAY)
    with writing(store) as connection:
        for number, state in enumerate(("open", "open", "closed"), 1):
            columns = "id, lead, source, opened_at, state, due_at, urgent_at, reasons, pattern"
            statement = f"INSERT INTO cases ({columns}) VALUES (?, ?, ?, ?, ?, ?, 0, '', 0)"
            change(connection, statement, number, number, "web", 0, state, due + (number - 1) * 10**12)
    assert counts.backlog(FIRST) == (2, 0, FIRST + DAY)
    assert counts.backlog(FIRST + DAY + timedelta(hours=1)) == (2, 1, FIRST + DAY)
    live_on(store, vault)(starter(), "mia", FIRST)
    assert counts.changes() == {date(2026, 11, 1)}


def test_nothing_is_lost_between_the_days(store, desk, counts):
    times = [FIRST.replace(hour=0) + timedelta(minutes=173 * number) for number in range(30)]
    for number, at in enumerate(times):
        decide(store, desk, number, at)
    counts.refresh(FIRST + 10 * DAY, HORIZON)
    expected = Counter(at.day for at in times)
    assert {day: number for (day, _, _), number in told(counts, Counted.DECIDED).items()} == expected
    assert {day: number for (day, _, _), number in told(counts, Counted.ACCEPTED).items()} == expected
