"""Mail with the gate killed again and again, and the database away: nobody is written to after their no."""

import socket
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import pytest

from tests.support.command import start
from tests.support.database_proxy import DatabaseProxy
from tests.support.databases import KINDS, new_database
from tests.support.enrolled import enrol
from tests.support.gatekeeping import MAILER, agree, opt_out, recipient
from tests.support.mail import MailHost
from tests.support.mail_gate import Client
from tests.support.serving import free_port
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.demo.dice import Dice
from winnow.errors import UnavailableError

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]

PEOPLE, NOES, KILLS, CLIENTS, AWAY_SECONDS, PATIENCE = 120, 60, 8, 3, 6.0, 90.0
STRANGER = "stranger@elsewhere.example"


@dataclass
class Sent:
    """A message, tried until its fate is known.

    named: when each recipient was named that was accepted last · ended: when its last line was sent, in every try
    """

    id: str
    to: list[str]
    named: dict[str, float] = field(default_factory=dict)
    ended: list[float] = field(default_factory=list)
    acknowledged: bool = False


class Sink(MailHost):
    """Remembers what arrived for whom: message, address, when."""

    def __init__(self):
        super().__init__()
        self.arrived: list[tuple[str, str, float]] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        (address,) = envelope.rcpt_tos
        self.arrived.append((self.letters[-1]["Message-ID"], address, time.monotonic()))
        return answer


class Gate:
    """The command in a process of its own, killed without a warning and started anew."""

    def __init__(self, service, store, sink, key, log):
        self.port = free_port()
        settings = {
            "SMTP_GATE__PORT": self.port,
            "SMTP_GATE__LOGINS": f"{key.key.id}=mailer:marketing",
            "SMTP_GATE__SERVER": "127.0.0.1",
            "SMTP_GATE__SERVER_PORT": sink.port,
            "SMTP_GATE__SERVER_SECURITY": "none",
            "MAIL__ADDRESS_OF_PAGES": "https://winnow.example",
        }
        self._environment = {f"WINNOW_{name}": str(value) for name, value in settings.items()}
        self._arguments = ("smtp-gate", "--data", service.folder, "--store", store)
        self._log = log.open("ab")
        self.begin()

    def begin(self):
        self._process = start(*self._arguments, env=self._environment, stderr=self._log, stdout=self._log)
        until = time.monotonic() + PATIENCE
        while True:
            with closing(socket.socket()) as tried:
                if tried.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self._process.poll() is None, "the gate did not begin"
            assert time.monotonic() < until
            time.sleep(0.05)

    def kill(self):
        self._process.kill()
        self._process.wait(20)

    def close(self):
        self.kill()
        self._log.close()


@dataclass
class Senders:
    """Programs that send to a few people at once, and try again until they are told for good."""

    gate: Gate
    token: str
    people: list[str]
    messages: list[Sent] = field(default_factory=list)
    accepted: list[tuple[str, float]] = field(default_factory=list)
    busy: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def send_all(self, seed):
        lots = Dice.named("mail", seed)
        number = 0
        while not self.over.is_set():
            number += 1
            to = lots.sample(self.people, lots.randint(1, 3))
            message = Sent(f"<{seed}.{number}@bluebird.example>", to)
            self.messages.append(message)
            self.busy[:] = to
            until = time.monotonic() + PATIENCE
            while not self.tried(message):
                if time.monotonic() > until:
                    self.faults.append(f"{message.id} was never answered")
                    return
                time.sleep(0.05)

    def tried(self, message):
        """Whether the fate of a message is known after one more try."""
        try:
            with Client(self.gate.port) as client:
                return self._tried(client, message)
        except OSError:
            self.answers["the connection was lost"] += 1
            return False

    def _tried(self, client, message):
        if not client.log_in("mailer:marketing", self.token).startswith("235"):
            return False
        if not client.say("MAIL FROM:<ai@bluebird.example>").startswith("250"):
            return False
        waits = False
        for address in message.to:
            at = time.monotonic()
            answer = client.say(f"RCPT TO:<{address}>")
            self.answers[f"RCPT {answer[:3]}"] += 1
            if answer.startswith("250"):
                message.named[address] = at
                self.accepted.append((address, at))
            elif not answer.startswith("550"):
                waits = True
            else:
                message.named.pop(address, None)
        if not message.named or waits:
            return not waits
        if not client.say("DATA").startswith("354"):
            return False
        at = time.monotonic()
        client.send(f"From: ai@bluebird.example\r\nMessage-ID: {message.id}\r\n\r\nhello\r\n.\r\n".encode())
        message.ended.append(at)
        answer = client.answer()
        self.answers[f"DATA {answer[:3]}"] += 1
        message.acknowledged = answer.startswith("250")
        return answer[:1] in {"2", "5"}

    def probe(self):
        """Whoever has no key, and whoever was never permitted, gets nothing through."""
        while not self.over.is_set():
            try:
                with Client(self.gate.port) as client:
                    client.say("EHLO thief.example")
                    self._need("53", client.say("MAIL FROM:<thief@x.example>"), client.greeting)
                    self._need("5", client.say(f"RCPT TO:<{STRANGER}>"), client.greeting)
                    self._need("5", client.log_in("mailer:marketing", "wk_x_0123456789012345678901"), "")
                with Client(self.gate.port) as client:
                    if client.log_in("mailer:marketing", self.token).startswith("235"):
                        client.say("MAIL FROM:<ai@bluebird.example>")
                        answer = client.say(f"RCPT TO:<{STRANGER}>")
                        if answer.startswith("2"):
                            self.faults.append(f"open: {answer}")
            except OSError:
                pass
            time.sleep(0.3)

    def _need(self, begins, answer, greeting):
        self.answers["probes"] += 1
        if answer and not answer.startswith((begins, "4")):
            self.faults.append(f"{greeting}: {answer}")


@contextmanager
def away(kind, folder, proxy):
    """The database is there and gives nobody what they need."""
    if kind == "sqlite":
        with closing(sqlite3.connect(folder / "winnow.sqlite", timeout=30, isolation_level=None)) as locking:
            locking.execute("BEGIN EXCLUSIVE")
            yield
            locking.execute("ROLLBACK")
    else:
        proxy.swallow()
        yield
        proxy.recover()


def say_no(service, senders, noes):
    """One after the other says no, those first who are being written to; `noes`: when that was acknowledged."""
    lots = Dice.named("noes", 7)
    while len(noes) < NOES and not senders.over.is_set():
        left = [each for each in senders.people if each not in noes]
        address = lots.choice([each for each in senders.busy if each not in noes] or left)
        try:
            opt_out(service, [recipient(address)])
        except UnavailableError:
            continue  # nobody was told that it was heard
        noes[address] = time.monotonic()
        time.sleep(lots.uniform(0.1, 0.8))


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_written_to_after_their_no_whatever_dies(tmp_path, kind):
    folder = tmp_path / "data"
    straight = new_database(kind, tmp_path) if kind != "sqlite" else ""
    proxy = DatabaseProxy(straight) if straight else None
    service = open_service(load(flags={"data.folder": str(folder), "store.url": straight}))
    enrol(service, MAILER)
    key = service.key_desk.create("mailer", ["permits:write"], created_by="tests")
    people = [f"p{number:03}@north.example" for number in range(PEOPLE)]
    agree(service, [recipient(each) for each in people])
    noes: dict[str, float] = {}
    with Sink() as sink:
        gate = Gate(service, proxy.url if proxy else f"sqlite:///{folder}/winnow.sqlite", sink, key, tmp_path / "log")
        senders = Senders(gate, key.token, people)

        threads = [threading.Thread(target=senders.send_all, args=(seed,)) for seed in range(CLIENTS)]
        threads += [
            threading.Thread(target=senders.probe),
            threading.Thread(target=say_no, args=(service, senders, noes)),
        ]
        for each in threads:
            each.start()
        lots = Dice.named("kills", 3)
        for kill in range(KILLS):
            time.sleep(lots.uniform(0.2, 2.5))
            if kill == KILLS // 2:
                time.sleep(1.0)
                with away(kind, folder, proxy):
                    time.sleep(AWAY_SECONDS / 2)
                    gate.kill()
                    time.sleep(AWAY_SECONDS / 2)
            else:
                gate.kill()
            gate.begin()
        time.sleep(3.0)
        senders.over.set()
        for each in threads:
            each.join(PATIENCE)
        gate.close()
        arrived = list(sink.arrived)
    service.close()
    if proxy:
        proxy.close()
    judged(kind, senders, noes, arrived)


def judged(kind, senders, noes, arrived):
    sent = {message.id: message for message in senders.messages}
    known = {(message, address) for message, address, _ in arrived}
    accepted_late = [address for address, at in senders.accepted if at > noes.get(address, float("inf"))]
    too_late = [
        (message, address)
        for message, address, at in arrived
        if address in noes and at > noes[address] < max(each for each in sent[message].ended if each < at)
    ]
    acknowledged = [
        (message.id, address) for message in senders.messages if message.acknowledged for address in message.named
    ]
    lost = [each for each in acknowledged if each not in known]
    print(
        f"\n{kind}: {KILLS} kills and {AWAY_SECONDS:.0f} s without the database; {len(sent)} messages,"
        f" {len(acknowledged)} acknowledged recipients, {len(arrived)} arrived, {len(arrived) - len(known)} twice;"
        f" {len(noes)} opted out meanwhile: {len(accepted_late)} accepted after that, {len(too_late)} sent after that;"
        f" {len(lost)} acknowledged and lost; {dict(senders.answers)}"
    )
    assert senders.faults == []
    assert accepted_late == []
    assert too_late == []
    assert lost == []
    assert STRANGER not in {address for _, address in known}
    assert min(len(noes), len(arrived)) > KILLS
    assert senders.answers["the connection was lost"] > KILLS
    assert senders.answers["RCPT 550"] > 0
