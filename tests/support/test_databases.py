"""Tests get the tables that a migration makes, however they get them, and nothing of what another test has left."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from tests.support.databases import lent_database, new_database, steps_of, tables_by_copy
from winnow.adapters.db import store
from winnow.adapters.db.connections import make_engine, reading, sqlite_url, writing
from winnow.adapters.db.schema import current, newest, upgrade
from winnow.adapters.db.tables import metadata


def migrated(path, how):
    """What is in a file after its tables were made."""
    engine = make_engine(sqlite_url(path))
    how(engine)
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        return list(connection.iterdump())


def test_tables_that_were_copied_are_those_that_were_migrated(tmp_path):
    with tables_by_copy():
        copied = migrated(tmp_path / "copied.db", vars(store)["upgrade"])
    assert vars(store)["upgrade"] is not upgrade  # in every other test, too
    assert copied == migrated(tmp_path / "migrated.db", upgrade) != []


def test_a_store_is_prepared_by_the_real_migration_too(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "upgrade", upgrade)
    engine = make_engine(new_database("sqlite", tmp_path))
    assert store.prepare(engine, lambda: "in_test") == store.installation(engine) == "in_test"
    assert current(engine) == newest()
    engine.dispose()


def test_what_sqlite_does_is_counted_for_as_long_as_it_is_asked(tmp_path):
    engine = make_engine(new_database("sqlite", tmp_path))
    counting = text(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < :end) SELECT max(x) FROM n"
    )
    taken = []
    for end in (1_000, 10_000):
        with steps_of(engine) as steps, reading(engine) as connection:
            connection.execute(counting, {"end": end})
        taken.append(sum(steps))
        with reading(engine) as connection:
            connection.execute(counting, {"end": end})
        assert sum(steps) == taken[-1]
    assert 9 < taken[1] / taken[0] < 11
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ("INSERT INTO meta (name, value) VALUES ('left', 'over')", True),
        ("CREATE TEMP TABLE passing (a int)", True),
        ("ANALYZE", True),
        ("ALTER TABLE stops RENAME TO lost", False),
        ("ALTER TABLE activations DISABLE TRIGGER activations_signed", False),
        ("DROP TABLE alembic_version", False),
        ("CREATE TABLE another (a int)", False),
    ],
)
def test_a_database_is_lent_again_without_rows_unless_more_was_changed(tmp_path, change, again):
    with lent_database("postgresql", tmp_path) as first:
        engine = make_engine(first)
        left_open = engine.connect()  # as by a test that failed
        with writing(engine) as connection:
            connection.execute(text(change))
    with lent_database("postgresql", tmp_path) as second:
        assert (second == first) is again
        other = make_engine(second)
        with reading(other) as connection:
            assert [each.name for each in metadata.sorted_tables if connection.execute(each.select()).first()] == []
        other.dispose()
    left_open.invalidate()
    left_open.close()
    engine.dispose()
