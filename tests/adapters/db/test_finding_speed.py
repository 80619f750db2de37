"""What looking for decisions costs with 300,000 of them stored: as much as with a few hundred."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.support.databases import steps_of
from winnow.adapters.db.connections import make_engine, reading, sqlite_url, writing
from winnow.adapters.db.filing import BUCKET, hashed
from winnow.adapters.db.finding import StoredSearch
from winnow.adapters.db.finding_tables import found_by, unfiled
from winnow.adapters.db.moments import moment
from winnow.adapters.db.review_tables import dispositions
from winnow.adapters.db.rows import insert_rows
from winnow.adapters.db.store import prepare
from winnow.adapters.db.tables import decisions, leads, subject_keys
from winnow.adapters.db.vault import Vault
from winnow.core.outcome import Outcome
from winnow.core.review.findable import Kind
from winnow.ports.search import Sought

STORED, WAITING = 296_000, 4_000
#: Of SQLite's: a few hundredths of a second, on whatever machine.
MOST_STEPS = 2_000_000
A_DAY = 86_400_000_000 // 400
VAULT = Vault(b"w" * 32, b"o" * 32, b"p" * 32)


def keys_of(number):
    """A person of three leads, one of 2,000 companies, one of 40 reasons; half of all use one big provider."""
    domain = "big.example" if number % 2 else f"d{number % 30_000}.example"
    return (
        (Kind.EMAIL, f"p{number % 100_000}@{domain}"),
        (Kind.DOMAIN, domain),
        (Kind.COMPANY, f"company {number % 2_000}"),
        (Kind.REASON, f"text.kind{number % 40}"),
    )


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    engine = make_engine(sqlite_url(tmp_path_factory.mktemp("speed") / "winnow.db"))
    prepare(engine, lambda: "in_test")
    fill(engine)
    yield StoredSearch(engine, VAULT)
    engine.dispose()


def fill(engine):
    rows: dict[Any, list[Any]] = {
        table: [] for table in (leads, decisions, dispositions, subject_keys, found_by, unfiled)
    }
    known: dict[Any, int] = {}
    for number in range(STORED + WAITING):
        hashes = [known.get(key) or known.setdefault(key, hashed(VAULT, key)) for key in keys_of(number)]
        at, outcome = number * A_DAY, 3 if number % 5_000 == 0 else number % 3
        rows[leads].append((number, f"lead-{number}", f"source-{number % 7}", number, at, b""))
        rows[decisions].append((number, number, at, outcome, 1400, "score", "hash", False, b"", b""))
        rows[subject_keys].append((number, b""))
        if number % 50 == 0:
            more = ("genuine", None, number % 100 == 0, "ana", at, None, None, None, None)
            rows[dispositions].append((number, number, 1, 0, *more))
        if number < STORED:
            rows[found_by] += [(number // BUCKET, key, number) for key in hashes]
        else:
            rows[unfiled].append((number, b"".join(key.to_bytes(8, "big") for key in hashes)))
    rows[found_by].sort()
    with writing(engine, patient=True) as connection:
        for table, values in rows.items():
            insert_rows(connection, table, values)
        connection.execute(text("ANALYZE"))


def sought(*keys, **more):
    return Sought(keys, **more)


DAYS = {"since": moment(1_000 * A_DAY), "until": moment(1_400 * A_DAY)}
LOOKS = {
    "newest": (sought(), 51),
    "e-mail": (sought((Kind.EMAIL, "p8@d8.example")), 1),
    "nobody": (sought((Kind.EMAIL, "nobody@d8.example")), 0),
    "domain": (sought((Kind.DOMAIN, "d8.example")), 10),
    "big domain": (sought((Kind.DOMAIN, "big.example")), 51),
    "big domain and company": (sought((Kind.DOMAIN, "big.example"), (Kind.COMPANY, "company 7")), 51),
    "domain, rejected": (sought((Kind.DOMAIN, "big.example"), outcome=Outcome.REJECT), 0),
    "reason": (sought((Kind.REASON, "text.kind3")), 51),
    "reason of a source": (sought((Kind.REASON, "text.kind3"), source="source-3"), 51),
    "source": (sought(source="source-3"), 51),
    "source, rejected": (sought(source="source-3", outcome=Outcome.REJECT), 8),
    "outcome": (sought(outcome=Outcome.REVIEW), 51),
    "rare outcome": (sought(outcome=Outcome.REJECT), 51),
    "reason, rare outcome": (sought((Kind.REASON, "text.kind0"), outcome=Outcome.REJECT), 51),
    "a day long ago": (sought(**DAYS), 51),
    "a day long ago, rejected": (sought(**DAYS, outcome=Outcome.REJECT), 0),
    "changed": (sought(changed=True), 51),
    "released": (sought(released=True), 51),
    "released of a person": (sought((Kind.COMPANY, "company 50"), released=True), 51),
    "lead id": (sought(lead_id="lead-77"), 1),
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_page_costs_the_same_however_much_is_stored(search, look):
    wanted, expected = LOOKS[look]
    with steps_of(search._engine) as steps:
        found = search.page(wanted, None, 50)
    assert 0 < sum(steps) < MOST_STEPS
    assert len(found.items) == min(expected, 50)
    assert (found.next is not None) is (expected > 50)


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("SELECT id FROM decisions WHERE outcome = 3 AND id < 9 ORDER BY id DESC LIMIT 5", "ix_decisions_outcome_id"),
        ("SELECT id FROM leads WHERE source = 'x' AND id < 9 ORDER BY id DESC LIMIT 5", "ix_leads_source_id"),
        (
            'SELECT "case" FROM dispositions WHERE look = 1 AND undone_at IS NULL AND NOT followed AND "case" < 9 '
            'ORDER BY "case" DESC LIMIT 5',
            "ix_dispositions_otherwise",
        ),
        (
            'SELECT "case" FROM dispositions WHERE look = 1 AND undone_at IS NULL AND outcome < 2 AND "case" < 9 '
            'ORDER BY "case" DESC LIMIT 5',
            "ix_dispositions_released",
        ),
    ],
)
def test_the_order_is_that_of_an_index_and_nothing_is_sorted(search, question, index):
    with reading(search._engine) as connection:
        plan = " ".join(row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {question}")))
    assert index in plan
    assert "TEMP B-TREE" not in plan
