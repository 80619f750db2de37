"""Long looks at the whole database, which take as long as they take and hinder nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url, text

from winnow.adapters.db.connections import make_engine, reading, writing
from winnow.adapters.db.guards import drop_functions
from winnow.errors import InvalidInputError

_REVISIONS = "alembic_version"


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """The database as it is at one moment, for as long as the block lasts, while others go on writing.

    SQLite cannot shorten its write-ahead file, nor PostgreSQL clean up, until the block ends.
    """
    _must_exist(url)
    engine = make_engine(url)
    try:
        with reading(engine, patient=True) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
                _without_hurry(connection)
            yield connection
    finally:
        engine.dispose()


@contextmanager
def rebuilding(url: str) -> Iterator[Connection]:
    """One transaction that may write everything anew: all of it is there afterwards, or nothing."""
    engine = make_engine(url)
    try:
        with writing(engine, patient=True) as connection:
            if engine.dialect.name == "postgresql":
                _without_hurry(connection)
            yield connection
    finally:
        engine.dispose()


def revision(connection: Connection) -> str | None:
    """The revision of the schema, if the database keeps one."""
    if not inspect(connection).has_table(_REVISIONS):
        return None
    return connection.execute(text(f"SELECT version_num FROM {_REVISIONS}")).scalar_one_or_none()  # noqa: S608  # a name of our own


def forget_revision(connection: Connection) -> None:
    """Remove the note of the schema's revision, and what guarded it, along with a schema that was removed."""
    drop_functions(connection)
    connection.execute(text(f"DROP TABLE IF EXISTS {_REVISIONS}"))


def _without_hurry(connection: Connection) -> None:
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def _must_exist(url: str) -> None:
    """Looking at a SQLite file that is not there would make one."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise InvalidInputError("there is no database here", where=str(address.database), fix="check --data")
