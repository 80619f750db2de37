"""What a commit promises holds on both databases, and what the database says is told apart from what we did wrong."""

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from tests.support.databases import new_database
from winnow.adapters.db.connections import assert_durable, make_engine, reading, sqlite_url, writing
from winnow.adapters.db.rows import insert_missing, insert_rows, rows_of
from winnow.adapters.db.tables import meta
from winnow.errors import InvalidInputError, StoreAwayError, WinnowError


def names(store) -> list[str]:
    with reading(store) as connection:
        return [name for (name,) in rows_of(connection, "SELECT name FROM meta WHERE name LIKE 't%' ORDER BY name")]


def test_a_commit_survives_a_power_loss(store):
    assert_durable(store)


@pytest.mark.parametrize(
    ("pragma", "told"),
    [("synchronous=NORMAL", "synchronous=1"), ("journal_mode=DELETE", "journal_mode=delete")],
)
def test_sqlite_with_weaker_settings_is_refused(tmp_path, pragma, told):
    engine = make_engine(sqlite_url(tmp_path / "weak.db"))
    event.listen(engine, "connect", lambda connection, _: connection.execute(f"PRAGMA {pragma}"))
    with pytest.raises(WinnowError, match=told):
        assert_durable(engine)
    engine.dispose()


def test_postgresql_without_fsync_is_refused(tmp_path):
    url = new_database("postgresql", tmp_path)
    engine = make_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    engine.dispose()
    with pytest.raises(WinnowError, match="synchronous_commit=off"):
        assert_durable(engine)
    engine.dispose()


def write_and_break(store):
    with writing(store) as connection:
        insert_rows(connection, meta, [("t1", "x")])
        _ = 1 / 0


def test_a_block_that_raises_leaves_nothing(store):
    with pytest.raises(ZeroDivisionError):
        write_and_break(store)
    assert names(store) == []


def test_rows_go_in_many_at_once_and_only_once(store):
    with writing(store) as connection:
        insert_rows(connection, meta, [("t1", "é\u2028"), ("t2", "")])
        insert_missing(connection, meta, [("t2", "other"), ("t3", "x")])
        insert_rows(connection, meta, [])
        insert_missing(connection, meta, [])
    assert names(store) == ["t1", "t2", "t3"]
    with reading(store) as connection:
        assert rows_of(connection, "SELECT value FROM meta WHERE name = 't1'") == [("é\u2028",)]


@pytest.mark.parametrize("url", ["", "mysql://host/db", "not a url", "postgres"])
def test_other_databases_are_refused(url):
    with pytest.raises(InvalidInputError, match="neither"):
        make_engine(url)


def test_a_database_that_is_not_there_is_away(tmp_path):
    folder = tmp_path / "gone"
    engine = make_engine(sqlite_url(folder / "store.db"))
    with pytest.raises(StoreAwayError, match="unable to open"), writing(engine):
        pass
    postgres = make_engine(f"postgresql://nobody@/none?host={tmp_path}")
    with pytest.raises(StoreAwayError), reading(postgres):
        pass


def test_a_lock_that_is_not_released_is_away(tmp_path, monkeypatch):
    monkeypatch.setattr("winnow.adapters.db.connections._BUSY_MS", 50)
    one, other = (make_engine(sqlite_url(tmp_path / "store.db")) for _ in range(2))
    with writing(one), pytest.raises(StoreAwayError, match="locked"), writing(other):
        pass
    one.dispose()
    other.dispose()


def ask_after_the_cut(engine):
    with writing(engine) as connection:
        with engine.connect() as other:
            number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            other.execute(text(f"SELECT pg_terminate_backend({number})"))
            other.commit()
        rows_of(connection, "SELECT 1")


def test_a_connection_that_was_cut_is_away(tmp_path):
    engine = make_engine(new_database("postgresql", tmp_path))
    with pytest.raises(StoreAwayError):
        ask_after_the_cut(engine)
    with reading(engine) as connection:  # the pool has noticed
        assert rows_of(connection, "SELECT 1") == [(1,)]
    engine.dispose()


def test_our_own_mistakes_are_not_called_away(store):
    with pytest.raises((ProgrammingError, OperationalError)), reading(store) as connection:
        connection.execute(text("SELECT nonsense FROM meta"))
    with pytest.raises(IntegrityError), writing(store) as connection:
        connection.execute(meta.insert(), [{"name": "t", "value": "1"}, {"name": "t", "value": "1"}])
