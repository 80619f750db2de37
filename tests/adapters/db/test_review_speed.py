"""What a look at the queue costs with 200,000 cases stored: as much as with a few hundred."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.support.databases import steps_of
from tests.support.reviewing import Room
from tests.support.screening import NOW
from winnow.adapters.db.connections import make_engine, reading, sqlite_url, writing
from winnow.adapters.db.moments import micros
from winnow.adapters.db.review_tables import cases, dispositions
from winnow.adapters.db.rows import insert_rows
from winnow.adapters.db.store import prepare
from winnow.adapters.db.tables import decisions, leads
from winnow.adapters.db.vault import Vault
from winnow.core.outcome import Outcome
from winnow.core.review.case import pattern_of
from winnow.ports.review import Shelf, Wanted

DECIDED, WAITING = 180_000, 20_000
#: Of SQLite's: some thousandths of a second, on whatever machine.
MOST_STEPS = 300_000
FIRST = 10_000_000


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Cases as they are after years: most decided, many waiting."""
    engine = make_engine(sqlite_url(tmp_path_factory.mktemp("speed") / "winnow.db"))
    prepare(engine, lambda: "in_test")
    room = Room(engine, Vault(b"w" * 32, b"o" * 32, b"p" * 32))
    fill(engine)
    yield room
    engine.dispose()


def fill(engine):
    now, numbers = micros(NOW), range(FIRST, FIRST + DECIDED + WAITING)
    codes = [("form.fill_seconds", f"text.kind{kind}") for kind in range(300)]
    rows: dict[Any, list[Any]] = {table: [] for table in (leads, decisions, dispositions, cases)}
    for number in numbers:
        place, done = number - FIRST, number < FIRST + DECIDED
        mine, at, source = codes[place % 300], now - number, f"source-{place % 7}"
        rows[leads].append((number, f"lead-{number}", source, number, at, b""))
        rows[decisions].append((number, number, at, 2, 1400, "score", "hash", False, b"", b""))
        closed = (at, at - place % 9_999, f" {' '.join(mine)} ", pattern_of(mine), None, number)
        opened = (None, at - place % 9_999, f" {' '.join(mine)} ", pattern_of(mine), None, None)
        state = "decided" if done else "open"
        rows[cases].append((number, number, source, at, state, now, None, None, *(closed if done else opened)))
        if done:
            more = (None, True, "ana", at, None, None, None, None)
            rows[dispositions].append((number, number, 1, place % 2, "genuine", *more))
    with writing(engine, patient=True) as connection:
        for table, values in rows.items():
            insert_rows(connection, table, values)
        connection.execute(text("ANALYZE"))


LOOKS = {
    "first page": lambda room: room.review.page(Wanted(), "ana", None, 50),
    "of a source": lambda room: room.review.page(Wanted(source="source-3"), "ana", None, 50),
    "of a reason": lambda room: room.review.page(Wanted(reason="kind17"), "ana", None, 50),
    "put off": lambda room: room.review.page(Wanted(Shelf.SNOOZED), "ana", None, 50),
    "decided": lambda room: room.review.page(Wanted(Shelf.DECIDED), "ana", None, 50),
    "rejected": lambda room: room.review.page(
        Wanted(Shelf.DECIDED, outcomes=frozenset({Outcome.TAG})), "ana", None, 50
    ),
    "next": lambda room: room.review.next("ana"),
    "alike": lambda room: room.review.alike(room.review.case(FIRST + DECIDED, "ana")),
    "how much waits": lambda room: room.review.waiting(),
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_costs_the_same_however_much_is_stored(room, look):
    with steps_of(room.store._engine) as steps:
        LOOKS[look](room)
    assert 0 < sum(steps) < MOST_STEPS


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("SELECT id FROM cases WHERE state <> 'decided' ORDER BY urgent_at, id LIMIT 50", "ix_cases_waiting"),
        (
            "SELECT id FROM cases WHERE state <> 'decided' AND source = 'x' ORDER BY urgent_at, id LIMIT 50",
            "ix_cases_of_source",
        ),
        ("SELECT id FROM cases WHERE state = 'decided' ORDER BY closed_at DESC, id DESC LIMIT 50", "ix_cases_decided"),
        (
            "SELECT id FROM cases WHERE state = 'decided' AND pattern = 5 ORDER BY closed_at DESC LIMIT 200",
            "ix_cases_alike",
        ),
    ],
)
def test_the_order_is_that_of_an_index_and_nothing_is_sorted(room, question, index):
    with reading(room.store._engine) as connection:
        plan = " ".join(row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {question}")))
    assert index in plan
    assert "TEMP B-TREE" not in plan
