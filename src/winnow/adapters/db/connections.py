"""Connections to the database, with the settings without which nothing is promised."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from winnow.adapters.db.away import reached
from winnow.adapters.db.patience import Patience
from winnow.errors import InvalidInputError, MissingExtraError, WinnowError

#: Milliseconds a writer waits for another process to finish before it gives up.
_BUSY_MS = 5_000
#: Seconds to wait for a connection to PostgreSQL: longer means it is away.
_CONNECT_SECONDS = 3
_STATEMENT_MS = 10_000
#: Seconds a whole transaction may take, unless it asks for more; then the server must have fallen silent.
SILENT_SECONDS = 12.0
#: Seconds that anybody in a hurry waits at least: a database that is well answers in fewer. And how much later than a
#: server, which should have given up by then, is given up itself.
_LEAST_SECONDS, _GRACE_SECONDS = 0.25, 0.25
#: Steps of SQLite's between two looks at the time: a millisecond or so.
_STEPS = 20_000
#: KiB of pages SQLite keeps in memory, a connection.
_CACHE_KIB = 32_768
_OLDEST_POSTGRES = 15


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return str(URL.create("sqlite", database=str(path)))


def make_engine(url: str) -> Engine:
    """Connections to a SQLite file or a PostgreSQL server; raises InvalidInputError for anything else."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite(address)
        if address.get_backend_name() == "postgresql":
            return _postgres(address)
    except (ArgumentError, NoSuchModuleError):
        pass
    raise InvalidInputError(
        "the address names neither a SQLite file nor a PostgreSQL server",
        where="store.url",
        fix="write postgresql://user@host/database, or leave it empty for SQLite in the data folder",
    )


def _sqlite(address: URL) -> Engine:
    engine = create_engine(
        address,
        connect_args={"timeout": _BUSY_MS / 1000, "check_same_thread": False, "isolation_level": None},
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=12,
    )

    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        # With NORMAL a power loss takes back what was acknowledged: see docs/operations.md
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        # the keeper of the store writes the log back (see `upkeep`), not whoever happens to commit
        connection.execute("PRAGMA wal_autocheckpoint=0")

    return engine


def _postgres(address: URL) -> Engine:
    options = f"-c statement_timeout={_STATEMENT_MS} -c idle_in_transaction_session_timeout={_STATEMENT_MS}"
    try:
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            connect_args={
                "connect_timeout": _CONNECT_SECONDS,
                "options": options,
                "prepare_threshold": None,  # poolers in between do not know prepared statements
                # a connection into nowhere is noticed as fast as one that is refused
                "tcp_user_timeout": _CONNECT_SECONDS * 1000,
                "keepalives_idle": _CONNECT_SECONDS,
            },
            pool_size=4,
            max_overflow=12,
            pool_pre_ping=False,
        )
    except ImportError:
        raise MissingExtraError(
            "PostgreSQL needs the driver psycopg", fix="install it: pip install 'winnow-crm[postgres]'"
        ) from None


@contextmanager
def writing(engine: Engine, *, patient: bool = False) -> Iterator[Connection]:
    """A transaction that writes: committed when the block ends, undone when it raises.

    patient: it may take as long as it takes
    """
    with reached(), _in_time(engine, patient=patient, writes=True) as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # a lock taken later could not be waited for
        yield connection
        last_of_all = _before_commit.get()
        if last_of_all is not None:
            last_of_all(connection)


#: What every transaction begun in this context does last.
_before_commit: ContextVar[Callable[[Connection], None] | None] = ContextVar("before_commit", default=None)


@contextmanager
def before_commit(action: Callable[[Connection], None]) -> Iterator[None]:
    """Have each transaction that writes within the block, also in threads begun from it, do this last."""
    token = _before_commit.set(action)
    try:
        yield
    finally:
        _before_commit.reset(token)


@contextmanager
def reading(engine: Engine, *, patient: bool = False) -> Iterator[Connection]:
    """A view of the database as it is at one moment; `patient`: for as long as it takes."""
    with reached(), _in_time(engine, patient=patient) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        yield connection


def driver_of(connection: Connection) -> Any:  # noqa: ANN401  # of sqlite3 or psycopg; the calls used are the same
    """The driver's own connection."""
    return connection.connection.driver_connection


@contextmanager
def answered_by(until: float) -> Iterator[None]:
    """Have transactions begun within the block give up at a moment, a value of `time.monotonic`, with StoreAwayError.

    One that writes gives up waiting for others; what it does itself may take as long as ever.
    """
    token = _until.set(until)
    try:
        yield
    finally:
        _until.reset(token)


_until: ContextVar[float | None] = ContextVar("until", default=None)


def _left() -> float | None:
    """Seconds left of the time in `answered_by`; None outside of it."""
    until = _until.get()
    return None if until is None else max(_LEAST_SECONDS, until - monotonic())


@contextmanager
def _hurried(connection: Connection, *, writes: bool) -> Iterator[None]:
    """Bound what the transaction may wait for, or take, by what is left of the time in `answered_by`."""
    left = _left()
    if left is None:
        yield
    elif connection.dialect.name == "sqlite":
        with _sqlite_hurried(driver_of(connection), left, writes=writes):
            yield
    else:
        bounded = "lock_timeout" if writes else "statement_timeout"
        driver_of(connection).execute(f"SET LOCAL {bounded} = {min(int(left * 1000) + 1, _STATEMENT_MS)}")
        yield


@contextmanager
def _sqlite_hurried(driver: sqlite3.Connection, left: float, *, writes: bool) -> Iterator[None]:
    over = monotonic() + left
    driver.execute(f"PRAGMA busy_timeout = {min(int(left * 1000) + 1, _BUSY_MS)}")
    if not writes:
        driver.set_progress_handler(lambda: monotonic() > over, _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, _STEPS)
        driver.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")


@contextmanager
def _in_time(engine: Engine, *, patient: bool, writes: bool = False) -> Iterator[Connection]:
    left = None if writes else _left()
    seconds = None if patient else SILENT_SECONDS
    if left is not None:
        seconds = min(seconds or left + _GRACE_SECONDS, left + _GRACE_SECONDS)
    with engine.connect() as connection, watched(connection, seconds), _hurried(connection, writes=writes):
        yield connection


@contextmanager
def watched(connection: Connection, seconds: float | None) -> Iterator[None]:
    """Within the block the connection is given up when PostgreSQL says nothing for so long; None: it may."""
    if seconds is None or connection.dialect.name == "sqlite":
        yield
    else:
        with _PATIENCE.watching(driver_of(connection), seconds):
            yield


_PATIENCE = Patience()


def assert_durable(engine: Engine) -> None:
    """Raise WinnowError unless a commit survives a power loss with the settings the database really runs with."""
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
            synchronous = connection.execute(text("PRAGMA synchronous")).scalar_one()
            if (mode, synchronous) != ("wal", 2):
                what = f"SQLite runs with journal_mode={mode}, synchronous={synchronous} instead of wal, 2"
                raise WinnowError(what, fix="keep the data folder on a local disk that allows memory-mapped files")
        else:
            _assert_durable_postgres(connection)


def _assert_durable_postgres(connection: Connection) -> None:
    major = connection.execute(text("SHOW server_version_num")).scalar_one()
    if int(major) // 10_000 < _OLDEST_POSTGRES:
        raise WinnowError(f"PostgreSQL {int(major) // 10_000} is too old", fix=f"use {_OLDEST_POSTGRES} or newer")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        value = connection.execute(text(f"SHOW {setting}")).scalar_one()
        if value == "off":
            what = f"PostgreSQL runs with {setting}=off: a power loss would take back what was acknowledged"
            raise WinnowError(what, fix=f"set {setting}=on")
