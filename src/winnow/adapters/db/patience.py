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

#: Seconds until the next look while nothing is watched; what comes meanwhile and may take less wakes who looks.
_CALM = 10.0


class Patience:
    """Watches over conversations, in a thread that is there while one is under way."""

    def __init__(self) -> None:
        self._watched: dict[int, tuple[float, Any]] = {}
        self._changed = Condition()
        self._thread: Thread | None = None
        self._number = 0
        self._looks_at = float("inf")

    @contextmanager
    def watching(self, connection: Any, seconds: float) -> Iterator[None]:  # noqa: ANN401  # psycopg's, which is an extra
        """Within the block the connection may be silent for so many seconds altogether."""
        deadline = monotonic() + seconds
        with self._changed:
            self._number = number = self._number + 1
            self._watched[number] = deadline, connection
            if deadline < self._looks_at:
                self._changed.notify()
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
                self._looks_at = min((deadline for deadline, _ in self._watched.values()), default=monotonic() + _CALM)
                self._changed.wait(max(0.01, self._looks_at - monotonic()))
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
