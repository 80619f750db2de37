"""The gate where mail leaves: a judge who says what they are told, and a client that says what it likes."""

import asyncio
import base64
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from winnow.adapters.mail.relay import SmtpCarrier
from winnow.adapters.mail.server import MailServer, Security
from winnow.core.apikeys import ApiKey, Scope
from winnow.errors import NotAuthenticatedError, StoreAwayError
from winnow.ports.outgoing import Relayed, Ruling, Sender
from winnow.services.mail_gate import MailGate, Use
from winnow.shells.smtp.gate import Gate, Limits
from winnow.shells.smtp.server import Server

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY, TOKEN = "wk_AB12", "wk_AB12_0123456789abcdefghijkl"
OUTREACH, BILLS = Use("outreach", "marketing"), Use("billing", "service")


class Keys:
    """Knows one token until it is revoked."""

    def __init__(self):
        self.revoked = self.away = False

    def authenticate(self, token, scope, _ip):
        assert scope is Scope.PERMITS_WRITE
        if self.away:
            raise StoreAwayError("the store is away")
        if token is None or str(token) != TOKEN or self.revoked:
            raise NotAuthenticatedError("no valid key was sent")
        return ApiKey(KEY, b"", "a tool", frozenset({scope}), NOW, "us_1")


@dataclass
class FakeJudge:
    """Refuses whoever is in `refused`, breaks for whoever is in `breaks`, and remembers what it was asked."""

    refused: set[str] = field(default_factory=set)
    breaks: set[str] = field(default_factory=set)
    tokens: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    on_still: Callable[[str], None] = lambda _: None

    def ask(self, sender: Sender, address: str, message: str = "") -> Ruling:
        self.asked.append((sender.system, sender.purpose, address))
        self.reasons.append(message)
        return self._ruling(address, f"pm_1-{len(self.asked)}")

    def still(self, _sender: Sender, address: str) -> Ruling:
        self.looked.append(address)
        self.on_still(address)
        return self._ruling(address, "")

    def presented(self, _sender: Sender, address: str, token: str, *, use: bool = False) -> Ruling:
        self.used += [token] if use else []
        return Ruling("pm_9-0") if self.tokens.get(token) == address else Ruling("", "the permit does not hold")

    def _ruling(self, address: str, answer: str) -> Ruling:
        if address in self.breaks:
            raise StoreAwayError("the store is away")
        if address in self.refused:
            return Ruling(answer, "the person opted out", "ask us_7, who answers for the policy")
        return Ruling(answer)


@dataclass
class FakeRelays:
    """Remembers in memory what left."""

    kept: list[Relayed] = field(default_factory=list)
    away: bool = False

    def left(self, address, message, since):
        return any(each.address == address and each.message == message and each.at >= since for each in self.kept)

    def add(self, relayed):
        if self.away:
            raise StoreAwayError("the store is away")
        self.kept.append(relayed)


@dataclass
class Served:
    """A gate that serves; `stop` ends it in order, as a signal would."""

    port: int
    judge: FakeJudge
    relays: FakeRelays
    keys: Keys
    server: Server
    loop: asyncio.AbstractEventLoop

    def stop(self) -> Any:
        return asyncio.run_coroutine_threadsafe(self.server.stop(), self.loop)

    def client(self) -> "Client":
        return Client(self.port)


@contextmanager
def serving(next_port: int, *, host: str = "127.0.0.1", **more: Any):
    """A gate before the server at a port. `more` goes to Gate, Limits by their names, `tls_to` to the next server."""
    judge, relays, keys = FakeJudge(), FakeRelays(), Keys()
    security = Security.STARTTLS if "tls_to" in more else Security.NONE
    to = MailServer(host, next_port, security, "", seconds=20.0)
    if "tls_to" in more:
        to = replace(to, tls=more.pop("tls_to"))
    limits = replace(Limits(), **{name: more.pop(name) for name in list(more) if name in Limits.__slots__})
    desk = more.pop("desk", None) or MailGate(keys, [(KEY, OUTREACH), (KEY, BILLS)], judge, relays, _Clock())
    loop = asyncio.new_event_loop()
    with socket.socket() as listener, ThreadPoolExecutor(4) as threads:
        listener.bind(("127.0.0.1", 0))
        settings: dict[str, Any] = {
            "link": lambda address, purpose: f"https://winnow.example/u/{quote(address.partition('@')[0])}.{purpose}",
            "carrier": lambda: SmtpCarrier(to, "gate.example"),
            "name": "gate.example",
            "now": lambda: NOW,
            "threads": threads,
        } | more
        gate = Gate(desk, limits=limits, **settings)
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        server = Server(gate)
        asyncio.run_coroutine_threadsafe(server.start(listener), loop).result(20)
        served = Served(listener.getsockname()[1], judge, relays, keys, server, loop)
        try:
            yield served
        finally:
            served.stop().result(40)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(20)
            loop.close()


class _Clock:
    def now(self):
        return NOW


class Client:
    """Speaks SMTP byte by byte, so that it can do what no library would."""

    def __init__(self, port: int):
        self._socket = socket.create_connection(("127.0.0.1", port), 20)
        self._lines = self._socket.makefile("rb")
        try:
            self.greeting = self.answer()
        except OSError:
            self.close()
            raise

    def send(self, raw: bytes) -> None:
        self._socket.sendall(raw)

    def answer(self) -> str:
        """The lines of an answer, without their ends, joined with a blank; empty when the connection has ended."""
        found = []
        while line := self._lines.readline():
            found.append(line.decode().rstrip("\r\n"))
            if line[3:4] != b"-":
                break
        return " ".join(found)

    def say(self, line: str) -> str:
        self.send(line.encode() + b"\r\n")
        return self.answer()

    def log_in(self, user: str = str(OUTREACH), secret: str = TOKEN) -> str:
        self.say("EHLO tool.example")
        plain = base64.b64encode(f"\0{user}\0{secret}".encode()).decode()
        return self.say(f"AUTH PLAIN {plain}")

    def starttls(self, context: ssl.SSLContext) -> None:
        assert self.say("STARTTLS").startswith("220")
        self._socket = context.wrap_socket(self._socket, server_hostname="127.0.0.1")
        self._lines = self._socket.makefile("rb")

    def begin(self, *to: str, sender: str = "ai@bluebird.example", more: str = "") -> list[str]:
        """Name the sender and recipients; what each of those was answered."""
        assert self.say(f"MAIL FROM:<{sender}>{more}").startswith("250")
        return [self.say(f"RCPT TO:<{address}>") for address in to]

    def data(self, raw: bytes) -> str:
        assert self.say("DATA").startswith("354")
        self.send(raw + b".\r\n")
        return self.answer()

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
