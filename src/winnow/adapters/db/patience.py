"""Ends a conversation with a database that has fallen silent: a server that is frozen, or a proxy in front of one.

Neither a limit in the server nor TCP notices that: the other side's system goes on to acknowledge what is sent.
Closing the socket from another thread wakes whoever waits for an answer, with an error as from a lost connection.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Condition, Thread
from time import monotonic
from typing import Any


class Patience:
    """Watches over conversations, in a thread that is there while one is under way."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._watched: dict[int, tuple[float, Any]] = {}
        self._changed = Condition()
        self._thread: Thread | None = None
        self._number = 0

    @contextmanager
    def watching(self, connection: Any) -> Iterator[None]:  # noqa: ANN401  # psycopg's, which is an extra
        """Within the block the connection may be silent for so many seconds altogether."""
        with self._changed:
            self._number = number = self._number + 1
            self._watched[number] = monotonic() + self._seconds, connection
            if self._thread is None:
                self._thread = Thread(target=self._watch, name="winnow-patience", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._changed:
                self._watched.pop(number, None)

    def _watch(self) -> None:
        with self._changed:
            while True:
                # The first in is the first out: all may take equally long.
                until = next((deadline for deadline, _ in self._watched.values()), monotonic() + self._seconds)
                self._changed.wait(max(0.01, until - monotonic()))
                now = monotonic()
                for number, (deadline, connection) in list(self._watched.items()):
                    if deadline <= now:
                        del self._watched[number]
                        hang_up(connection)


def hang_up(connection: Any) -> None:  # noqa: ANN401  # as above
    """Close the socket under a connection of psycopg; whoever waits on it gets an error."""
    with suppress(Exception):  # it may have been closed just now
        duplicate = socket.socket(fileno=os.dup(connection.pgconn.socket))
        with duplicate:
            duplicate.shutdown(socket.SHUT_RDWR)
