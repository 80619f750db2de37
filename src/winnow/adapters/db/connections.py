"""Connections to the database, with the settings without which nothing is promised."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from winnow.adapters.db.patience import Patience
from winnow.errors import InvalidInputError, MissingExtraError, StoreAwayError, WinnowError

#: Milliseconds a writer waits for another process to finish before it gives up.
_BUSY_MS = 5_000
#: Seconds to wait for a connection to PostgreSQL: longer means it is away.
_CONNECT_SECONDS = 3
_STATEMENT_MS = 10_000
#: Seconds a whole transaction may take, unless it asks for more; then the server must have fallen silent.
_SILENT_SECONDS = 12.0
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
    with reached(), _in_time(engine, patient=patient) as connection, connection.begin():
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


@contextmanager
def in_turn(engine: Engine) -> Iterator[None]:
    """Wait in the queue of those that record leads; for what must not wait behind a crowd of them."""
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database:
        yield
        return
    try:
        queue = os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _away(error) from error
    try:
        fcntl.flock(queue, fcntl.LOCK_EX)
        yield
    finally:
        os.close(queue)  # which also gives up the lock


class Steady:
    """One connection that is kept, for a thread that needs it for every group of leads; given up at any trouble.

    Transactions are begun and ended in SQL, since SQLAlchemy's way takes ten times as long.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._kept: Connection | None = None
        self._queue: int | None = None
        event.listen(engine, "engine_disposed", lambda _: self._give_up())

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """As the function `writing`."""
        with self._connected() as connection, self._turn():
            driver = driver_of(connection)
            driver.execute("BEGIN IMMEDIATE" if self._is_sqlite else "BEGIN")
            yield connection
            driver.execute("COMMIT")
            _forget_transaction(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Questions that need not be answered as of one moment, each a transaction of its own."""
        with self._connected() as connection:
            yield connection
            _forget_transaction(connection)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            with reached():
                if self._kept is None:
                    self._kept = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                with _watched(self._kept):
                    yield self._kept
        except BaseException:
            self._give_up()
            raise

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for other processes that record, in a queue: SQLite would sleep and try again, longer each time."""
        database = self._engine.url.database
        if not self._is_sqlite or not database:
            yield
            return
        try:
            if self._queue is None:
                self._queue = os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._queue, fcntl.LOCK_EX)
        except OSError as error:
            raise _away(error) from error
        try:
            yield
        finally:
            fcntl.flock(self._queue, fcntl.LOCK_UN)

    def _give_up(self) -> None:
        """Close the connection for good: nobody knows what state it is in."""
        kept, self._kept = self._kept, None
        if self._queue is not None:
            os.close(self._queue)
            self._queue = None
        if kept is not None:
            with suppress(Exception):
                kept.invalidate()
            with suppress(Exception):
                kept.close()


def _forget_transaction(connection: Connection) -> None:
    """SQLAlchemy thinks there is a transaction once it was asked something; it is over."""
    if connection.in_transaction():
        connection.rollback()


def driver_of(connection: Connection) -> Any:  # noqa: ANN401  # of sqlite3 or psycopg; the calls used are the same
    """The driver's own connection."""
    return connection.connection.driver_connection


@contextmanager
def _in_time(engine: Engine, *, patient: bool) -> Iterator[Connection]:
    with engine.connect() as connection:
        if patient:
            yield connection
        else:
            with _watched(connection):
                yield connection


@contextmanager
def _watched(connection: Connection) -> Iterator[None]:
    """Within the block the connection is given up when PostgreSQL says nothing for longer than a statement may take."""
    if connection.dialect.name == "sqlite":
        yield
    else:
        with _PATIENCE.watching(driver_of(connection)):
            yield


_PATIENCE = Patience(_SILENT_SECONDS)


@contextmanager
def reached() -> Iterator[None]:
    """Turn a driver's complaint that the database is away, full or locked into StoreAwayError."""
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated or (error.orig is not None and _means_away(error.orig)):
            raise _away(error.orig or error) from error
        raise
    except Exception as error:
        if _is_drivers(error) and _means_away(error):
            raise _away(error) from error
        raise


#: What SQLite says when the disk, or another process, is in the way.
_SQLITE_AWAY = (
    "locked",
    "disk i/o",
    "is full",
    "unable to open",
    "readonly",
    "read-only",
    "no such table",
    "malformed",
    "not a database",
)


#: Errors of psycopg that come from the database and not from what was asked of it; its class for "cannot connect"
#: and "connection lost" is OperationalError, as in every driver.
_POSTGRES_AWAY = frozenset({"OperationalError", "InterfaceError", "InternalError"})


def _is_drivers(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in {"sqlite3", "psycopg"}


def _means_away(error: BaseException) -> bool:
    """Whether the database, and not what was asked of it, is the trouble."""
    if type(error).__module__ == "sqlite3":
        return isinstance(error, sqlite3.DatabaseError) and any(sign in str(error).lower() for sign in _SQLITE_AWAY)
    return any(each.__name__ in _POSTGRES_AWAY for each in type(error).__mro__)


def _away(error: BaseException) -> StoreAwayError:
    said = (str(error).splitlines() or [type(error).__name__])[0]
    return StoreAwayError(f"the database does not answer: {said}", fix="see docs/operations.md")


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
