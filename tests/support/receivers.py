"""Real HTTP servers on loopback that take webhooks well, badly, or not at all."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

#: What a receiver does with a connection once it has read the request.
Behaviour = Callable[[socket.socket], object]


@dataclass(frozen=True)
class Request:
    line: str
    headers: Mapping[str, str]
    body: bytes


def answers(status: int, headers: Mapping[str, str] | None = None, body: bytes = b"ok") -> Behaviour:
    fields = {"Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return says(f"HTTP/1.1 {status} Word\r\n{head}\r\n".encode() + body)


def says(data: bytes) -> Behaviour:
    return lambda connection: connection.sendall(data)


def drips(first: bytes, seconds: float) -> Behaviour:
    """Sends `first`, and then a byte now and then for ever: no single read ever takes long."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(first)
        pause = threading.Event()
        while not pause.wait(seconds):
            connection.sendall(b"x")

    return behave


def floods(first: bytes, piece: bytes) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(piece)

    return behave


def hangs(connection: socket.socket) -> None:
    """Never answers; ends when the other side does."""
    connection.settimeout(30)
    while connection.recv(1024):
        pass


def resets(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@dataclass
class Receiver:
    """Listens until it is left; `behaviour` may be changed at any time.

    rude: what it does instead of reading a request
    accepted: how many connections there were · requests: what was asked, in order
    """

    behaviour: Behaviour = field(default_factory=lambda: answers(200))
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    rude: Behaviour | None = None
    accepted: int = 0
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listening = socket.create_server(
            (self.host, 0), family=socket.AF_INET6 if ":" in self.host else socket.AF_INET, backlog=64
        )
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    @property
    def url(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{self.host}:{self.port}/hook?from=winnow"

    def _accept(self) -> None:
        with suppress(OSError):  # no longer listening
            while True:
                connection, _ = self._listening.accept()
                self.accepted += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:  # the other side may go whenever it likes
            if self.rude:
                self.rude(connection)
            elif self.tls:
                with self.tls.wrap_socket(connection, server_side=True) as sealed:
                    self._answer(sealed)
            else:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as received:
            line = received.readline().decode().strip()
            headers = dict(_headers(received))
            body = received.read(int(headers.get("content-length", 0)))
        self.requests.append(Request(line, headers, body))
        self.behaviour(connection)


def _headers(received):
    while line := received.readline().decode().strip():
        name, _, value = line.partition(": ")
        yield name.lower(), value
