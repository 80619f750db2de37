"""Clients who ask for permits, use them up, and say no for the same few people, and remember what they were told."""

import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from tests.support.serving import Client
from winnow.demo.dice import Dice

#: Statuses that say: not now. Everything else that is no success is a fault.
NOT_NOW = {429, 503}
ASK: dict[str, Any] = {
    "system": "mailer",
    "action": "contact",
    "channel": "email",
    "purpose": "marketing",
    "data_used": ["contact"],
    "explanation": "the newsletter they asked for",
    "tokens": True,
}
_BATCH = 12


@dataclass(frozen=True)
class Person:
    """Somebody, and the link in their mails that ends them."""

    address: str
    link: str


@dataclass
class Told:
    """What the clients were told, of which nothing may get lost.

    outs: address → when its opt-out was acknowledged, the first time · answers: id → granted, in the order asked
    used: permits for one use whose use was acknowledged · faults: what should not have been answered so
    """

    outs: dict[str, float] = field(default_factory=dict)
    answers: dict[str, list[bool]] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    tokens: list[tuple[str, str]] = field(default_factory=list)

    def since(self, address: str, began: float) -> bool:
        """Whether the opt-out of an address was acknowledged before a moment."""
        return self.outs.get(address, began) < began


class PermitCrowd:
    """Clients with a thread each; `told` is what they were told."""

    def __init__(self, key: str, size: int = 6) -> None:
        self.told = Told()
        self._key = key
        self._size = size
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def lean_on(self, port: int, people: Sequence[Person], seed: int) -> None:
        """Begin to ask about some people."""
        self._stop.clear()
        self._threads = [
            threading.Thread(target=self._run, args=(port, people, Dice.named("permits", seed, client)))
            for client in range(self._size)
        ]
        for thread in self._threads:
            thread.start()

    def let_go(self) -> None:
        """Stop after the requests under way."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, port: int, people: Sequence[Person], lots: Dice) -> None:
        client = Client(port, self._key, timeout=60.0)
        acts = [self._opt_out, self._click, *[self._ask] * 5, *[self._ask_many] * 3, *[self._ask_once] * 4]
        acts += [self._use] * 8
        while not self._stop.is_set():
            with suppress(OSError):  # the service was killed, or its worker
                lots.pick(acts)(client, people, lots)
                continue
            self._stop.wait(0.01)
        client.close()

    def _sent(self, what: str, client: Client, path: str, body: Any = None) -> Any:
        """What was answered, or None if not now."""
        answer = client.send("POST", path, body)
        if answer.status in NOT_NOW:
            self.told.done["not now"] += 1
            return None
        if answer.status >= 300:
            self.told.faults.append(f"{path[:30]} {answer.status}: {answer.body[:200]!r}")
            return None
        self.told.done[what] += 1
        return answer

    def _opt_out(self, client: Client, people: Sequence[Person], lots: Dice) -> None:
        one = lots.pick(people)
        event = {"act": "opt-out", "email": one.address, "channel": "email"}
        if self._sent("opt-outs", client, "/v1/consent-events", {"events": [event]}):
            self.told.outs.setdefault(one.address, monotonic())

    def _click(self, client: Client, people: Sequence[Person], lots: Dice) -> None:
        one = lots.pick(people)
        if self._sent("clicks", client, f"/u/{one.link}", b"List-Unsubscribe=One-Click"):
            self.told.outs.setdefault(one.address, monotonic())

    def _ask(self, client: Client, people: Sequence[Person], lots: Dice) -> None:
        self._asked("single asks", client, [lots.pick(people).address])

    def _ask_many(self, client: Client, people: Sequence[Person], lots: Dice) -> None:
        self._asked("batches", client, [lots.pick(people).address for _ in range(_BATCH)])

    def _ask_once(self, client: Client, people: Sequence[Person], lots: Dice) -> None:
        address = lots.pick(people).address
        for result in self._asked("asks for one use", client, [address], once=True):
            if "token" in result:
                self.told.tokens.append((address, result["token"]))

    def _asked(self, what: str, client: Client, addresses: Sequence[str], **more: Any) -> list[dict[str, Any]]:
        began = monotonic()
        who = [{"email": address, "place": "DE"} for address in addresses]
        answer = self._sent(what, client, "/v1/permits", {**ASK, "recipients": who, **more})
        if answer is None:
            return []
        results: list[dict[str, Any]] = answer.json["results"]
        granted = ["refused" not in each for each in results]
        self.told.answers[answer.json["terms"]["answer"]] = granted
        for address, permitted in zip(addresses, granted, strict=True):
            if permitted and self.told.since(address, began):
                self.told.faults.append(f"{what}: permitted after an acknowledged opt-out")
        return results

    def _use(self, client: Client, people: Sequence[Person], lots: Dice) -> None:  # noqa: ARG002  # as the other acts
        if not self.told.tokens:
            return
        address, token = lots.pick(self.told.tokens[-12:])  # several clients take the same
        began = monotonic()
        answer = self._sent("uses", client, "/v1/permits/verify", {"token": token, "redeem": True})
        if answer is None or not answer.json["valid"]:
            return
        self.told.used[answer.json["id"]] += 1
        if self.told.since(address, began):
            self.told.faults.append("a permit was good after an acknowledged opt-out")
