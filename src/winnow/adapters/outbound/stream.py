"""A connection on which everything together has one deadline, however slowly the other side sends or reads."""

import io
import socket
import time
from collections.abc import Callable
from typing import Any

#: Seconds that are left; raises TimeoutError when there are none.
Left = Callable[[], float]

_PIECE = 1 << 16


def deadline(seconds: float) -> Left:
    """A clock that runs down, untouched by changes of the time of day."""
    end = time.monotonic() + seconds

    def left() -> float:
        remaining = end - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        return remaining

    return left


class AnswerTooLongError(OSError):
    """The receiver sent more than is read."""


class Stream:
    """What http.client takes for a socket."""

    def __init__(self, connection: socket.socket, left: Left, *, most: int) -> None:
        """`most`: bytes that are read before AnswerTooLongError is raised."""
        self._connection, self._left, self._most = connection, left, most

    def sendall(self, data: bytes) -> None:
        """Send all of it in the time that is left."""
        rest = memoryview(data)
        while rest:
            self._connection.settimeout(self._left())
            rest = rest[self._connection.send(rest[:_PIECE]) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What is received, as a file."""
        return io.BufferedReader(_Received(self._connection, self._left, self._most))

    def close(self) -> None:
        """Do nothing: http.client closes before the answer is read; whoever opened the connection closes it."""


class _Received(io.RawIOBase):
    """Reads with the time that is left, which a time-out for each read would not bound."""

    def __init__(self, connection: socket.socket, left: Left, most: int) -> None:
        self._connection, self._left, self._most = connection, left, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # any buffer; the type for it comes with Python 3.12
        room = memoryview(buffer).cast("B")[: self._most]
        if not room:
            raise AnswerTooLongError("the answer is too long")
        self._connection.settimeout(self._left())
        received = self._connection.recv_into(room)
        self._most -= received
        return received
