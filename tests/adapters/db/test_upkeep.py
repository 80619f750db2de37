"""The write-ahead log is written back by its keeper, does not grow for ever, and nobody waits for that."""

import sqlite3

import pytest

from tests.support.databases import new_database
from winnow.adapters.db import upkeep
from winnow.adapters.db.connections import make_engine, sqlite_url, writing
from winnow.adapters.db.upkeep import WriteBack


@pytest.fixture
def engine(tmp_path):
    found = make_engine(sqlite_url(tmp_path / "x.sqlite"))
    with writing(found) as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, content BLOB)")
    yield found
    found.dispose()


def write(engine, megabytes=1):
    with writing(engine) as connection:
        for _ in range(megabytes):
            connection.exec_driver_sql("INSERT INTO t (content) VALUES (randomblob(1000000))")


def rows_in_file_alone(path, folder):
    """What somebody finds who gets the file without its log."""
    copy = folder / "copy.sqlite"
    copy.write_bytes(path.read_bytes())
    with sqlite3.connect(copy) as connection:
        found = connection.execute("SELECT count(*) FROM t").fetchone()[0]
    connection.close()
    return found


def test_what_was_committed_gets_into_the_file(engine, tmp_path):
    keeper = WriteBack(engine)
    write(engine, 3)
    assert keeper.step() == upkeep._BUSY_SECONDS
    assert rows_in_file_alone(tmp_path / "x.sqlite", tmp_path) == 3
    assert keeper.step() == upkeep._CALM_SECONDS  # nothing new
    keeper.close()


def test_the_log_stops_growing(engine):
    keeper = WriteBack(engine)
    sizes = []
    for _ in range(30):
        write(engine, 2)
        keeper.step()
        sizes.append(keeper.log_bytes)
    assert max(sizes) < upkeep.RESTART_BYTES + 3_000_000
    assert sizes[-1] == sizes[10]
    keeper.close()


def test_a_reader_of_an_old_state_lets_it_grow_until_it_has_read(engine):
    keeper = WriteBack(engine)
    with engine.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT count(*) FROM t").all()
        for _ in range(6):
            write(engine, 2)
            keeper.step()
        assert keeper.log_bytes > 11_000_000
    keeper._not_before = 0.0
    longest = keeper.log_bytes
    for _ in range(4):
        write(engine, 2)
        keeper.step()
    assert keeper.log_bytes <= longest + 2_100_000
    keeper.close()


def test_it_ends_with_an_empty_log(engine, tmp_path):
    keeper = WriteBack(engine)
    write(engine, 2)
    keeper.close()
    assert keeper.log_bytes == 0
    assert rows_in_file_alone(tmp_path / "x.sqlite", tmp_path) == 2


def test_nothing_is_to_be_done_for_postgresql(tmp_path):
    engine = make_engine(new_database("postgresql", tmp_path))
    assert not WriteBack(engine).needed
    WriteBack(engine).close()
    engine.dispose()


def test_commits_do_not_write_back_by_themselves(engine, tmp_path):
    write(engine, 8)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        rows_in_file_alone(tmp_path / "x.sqlite", tmp_path)
