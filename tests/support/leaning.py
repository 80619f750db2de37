"""Several clients lean on a service that keeps dying, and remember what they were promised."""

import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import text

from tests.support.serving import Client
from winnow.adapters.db.connections import make_engine, reading
from winnow.adapters.db.log import LogReader
from winnow.core.tlog import Frontier, checkpoint_from, parse_note, verify_entries

#: Statuses that say: not now, send it again. Everything else that is no success is a fault.
NOT_NOW = {429, 503}
DECIDED, KEPT = 200, 202


@dataclass
class Request:
    """One request, which is sent until it is answered, and answered the same however often it is sent."""

    body: dict[str, Any]
    headers: dict[str, str]
    status: int = 0
    answer: bytes = b""
    tries: int = 0

    @property
    def leads(self) -> int:
        return len(self.body.get("leads", "1"))


def request(number: int, client: str) -> Request:
    """By turns: a lead with its sender's id, one with an Idempotency-Key instead, a batch with both."""
    name = f"{client}-{number}"
    lead = {"email": f"person-{name}@bluebird.example", "ip": f"198.51.100.{number % 250}", "source": "web"}
    match number % 3:
        case 0:
            return Request({**lead, "id": name}, {})
        case 1:
            return Request(lead, {"Idempotency_Key": name})
        case _:
            leads = [{**lead, "id": f"{name}-{each}", "message": f"hello {number}"} for each in range(4)]
            return Request({"leads": leads}, {"Idempotency_Key": name})


@dataclass
class Crowd:
    """Clients with a thread each, who pause between two requests.

    What was answered is in `answered`, and what should not have been answered so in `faults`.
    """

    key: str
    size: int = 4
    name: str = "crowd"
    pause: float = 0.0
    answered: list[Request] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0

    def __post_init__(self) -> None:
        self._numbers = count()
        self._open: dict[int, Request] = {}
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def lean_on(self, port: int) -> None:
        """Begin to send, each client what it had no answer to first."""
        self._stop.clear()
        self._threads = [threading.Thread(target=self._run, args=(port, client)) for client in range(self.size)]
        for thread in self._threads:
            thread.start()

    def let_go(self) -> None:
        """Stop after the requests under way."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def waiting(self) -> int:
        """How many requests have no answer yet."""
        return len(self._open)

    def finish(self, port: int) -> None:
        """Send what was not answered yet until it is."""
        client = Client(port, self.key)
        for mine in list(self._open):
            while mine in self._open:
                self._once(client, mine)
        client.close()

    def _run(self, port: int, mine: int) -> None:
        client = Client(port, self.key)
        while not self._stop.is_set():
            if mine not in self._open:
                self._open[mine] = request(next(self._numbers), f"{self.name}-{mine}")
            answered = self._once(client, mine)
            self._stop.wait(self.pause if answered else 0.005)
        client.close()

    def _once(self, client: Client, mine: int) -> bool:
        """Whether the open request of a client was answered."""
        sent = self._open[mine]
        sent.tries += 1
        with suppress(OSError):
            began = monotonic()
            answer = client.send("POST", "/v1/leads", sent.body, **sent.headers)
            self.slowest = max(self.slowest, monotonic() - began)
            self.statuses[answer.status] += 1
            if answer.status in NOT_NOW:
                return False
            sent.status, sent.answer = answer.status, answer.body
            if sent.status not in {DECIDED, KEPT}:
                self.faults.append(f"{sent.status}: {sent.answer[:200]!r}")
            self.answered.append(sent)
            del self._open[mine]
            return True
        return False

    def ask_again(self, port: int, requests: list[Request]) -> list[str]:
        """Send answered requests once more; what is answered otherwise than the first time."""
        different: list[str] = []
        shares = [requests[start :: self.size] for start in range(self.size)]

        def ask(share: list[Request]) -> None:
            client = Client(port, self.key)
            different.extend(said for sent in share if (said := _otherwise(client, sent)))
            client.close()

        threads = [threading.Thread(target=ask, args=(share,)) for share in shares]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return different


def _otherwise(client: Client, sent: Request) -> str:
    """What is said of a request that is sent again, if not the same; what was kept may meanwhile be decided."""
    while (answer := client.send("POST", "/v1/leads", sent.body, **sent.headers)).status in NOT_NOW:
        pass
    if sent.status == DECIDED:
        same = (answer.status, answer.body) == (sent.status, sent.answer)
    else:
        same = answer.status in {DECIDED, KEPT}
    return "" if same else f"{sent.status} {sent.answer[:90]!r}, then {answer.status} {answer.body[:90]!r}"


class Record:
    """The database behind a service, looked at from outside; what was verified is not read again."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._verified = Frontier()

    def verify(self) -> int:
        """Hold the log against its head and every checkpoint; how many entries there are."""
        heads = [checkpoint_from(parse_note(note).text).head for note in self._notes()]
        log = LogReader(self.engine)
        now = log.frontier()
        ahead = [head for head in heads if head.size >= self._verified.size]
        entries = log.entries(self._verified.size, now.size)
        self._verified = verify_entries(entries, ahead, self._verified)
        assert self._verified.head == now.head
        return now.size

    def _notes(self) -> list[str]:
        with reading(self.engine) as connection:
            return list(connection.execute(text("SELECT note FROM checkpoints")).scalars())

    def number(self, query: str) -> int:
        with reading(self.engine) as connection:
            return int(connection.execute(text(query)).scalar_one())

    def leads(self) -> int:
        """How many there are; nobody's is there twice, and each has its decision and its entry."""
        doubled = "SELECT count(*) FROM (SELECT lead_id FROM leads GROUP BY lead_id, source HAVING count(*) > 1) d"
        assert self.number(doubled) == 0
        found = self.number("SELECT count(*) FROM leads")
        assert found == self.number("SELECT count(*) FROM decisions d JOIN leads l ON l.id = d.lead")
        assert found == self.number("SELECT count(*) FROM leaves WHERE kind = 'decision'")
        return found

    def close(self) -> None:
        self.engine.dispose()


def sqlite_of(data: Path) -> str:
    return f"sqlite:///{data / 'winnow.sqlite'}"
