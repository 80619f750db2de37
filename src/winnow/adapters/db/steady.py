"""One connection for whoever records leads without pause, and the queue in which processes do so by turns."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, event

from winnow.adapters.db.away import reached, said_away
from winnow.adapters.db.connections import SILENT_SECONDS, driver_of, watched


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
        raise said_away(error) from error
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
                with watched(self._kept, SILENT_SECONDS):
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
            raise said_away(error) from error
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
