"""Delivers what waits in the outbox, so that a receiver that fails or hangs delays nobody but itself."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from winnow.core.deliveries import Answer, Delivery, Settled, after
from winnow.ports import Clock, Outbox

#: (URL, headers, body, seconds it may take) → the answer; every failure of the network is one.
Post = Callable[[str, Mapping[str, str], bytes, float], Answer]
#: (secrets, event id, time of the attempt, body) → the headers.
Sign = Callable[[Sequence[str], str, datetime, bytes], Mapping[str, str]]

_GONE = "answered 410: it wants nothing any more"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is done at a time.

    threads: deliveries on their way · each: of these, to one receiver
    timeout: seconds for one attempt · patience: seconds that run_once waits for the next answer
    """

    threads: int = 16
    each: int = 4
    timeout: float = 20.0
    patience: float = 0.2

    @property
    def lease(self) -> timedelta:
        """How long a claim holds: longer than any attempt, so that no delivery is on its way twice."""
        return timedelta(seconds=3 * self.timeout + 30)


class Deliverer:
    """Claims due deliveries, sends them side by side and notes what became of them. Used from one thread.

    Sending goes on between two calls of run_once. A receiver whose last attempt failed is a suspect: it gets one
    attempt at a time, and all suspects together half of the threads, until an attempt succeeds.
    """

    def __init__(self, outbox: Outbox, post: Post, sign: Sign, clock: Clock, limits: Limits | None = None) -> None:
        self._outbox, self._post, self._sign, self._clock = outbox, post, sign, clock
        self._limits = limits or Limits()
        self._pool = ThreadPoolExecutor(self._limits.threads, thread_name_prefix="deliver")
        self._on_their_way: dict[Future[Answer | None], Delivery] = {}
        self._unsettled: list[Settled] = []
        self._withheld: list[Delivery] = []
        self._suspects: set[str] = set()

    @property
    def in_flight(self) -> int:
        """How many deliveries are on their way or not yet noted."""
        return len(self._on_their_way) + len(self._unsettled) + len(self._withheld)

    def run_once(self, limit: int = 100) -> int:
        """Start up to `limit` due deliveries and note those that were answered; returns how many these are.

        Waits `patience` seconds at most, and not at all when nothing is on its way. Only the outbox can make it
        raise; then nothing is lost: answers are noted by the next call, claims lapse.
        """
        self._start(limit)
        return self._settled(self._limits.patience)

    def close(self) -> int:
        """Wait for what is on its way, which takes one time-out at most, and note it; returns how many these are."""
        self._pool.shutdown(wait=True)
        return self._settled(self._limits.timeout)

    def _start(self, limit: int) -> None:
        busy = Counter(delivery.webhook for delivery in self._on_their_way.values())
        suspects = sum(busy[webhook] for webhook in self._suspects)
        free = min(limit, self._limits.threads - len(self._on_their_way))
        room = {webhook: self._limits.each - count for webhook, count in busy.items()}
        free -= self._send(free, self._limits.each, room | dict.fromkeys(self._suspects, 0))
        room = {webhook: 1 - busy[webhook] for webhook in self._suspects}
        self._send(min(free, max(self._limits.threads // 2, 1) - suspects), 0, room)

    def _send(self, limit: int, each: int, room: Mapping[str, int]) -> int:
        """Start up to `limit` deliveries; returns how many."""
        if limit <= 0 or not (each or any(count > 0 for count in room.values())):
            return 0
        now = self._clock.now()
        claimed = self._outbox.claim(now, now + self._limits.lease, limit=limit, each=each, room=room)
        for delivery in claimed:
            self._on_their_way[self._pool.submit(self._attempt, delivery)] = delivery
        return len(claimed)

    def _attempt(self, delivery: Delivery) -> Answer | None:
        """The answer; None: it was not sent, because the kill switch was moved since it was claimed."""
        if not self._outbox.may_go(delivery):
            return None
        headers = self._sign(delivery.secrets, delivery.event, self._clock.now(), delivery.body)
        return self._post(delivery.url, headers, delivery.body, self._limits.timeout)

    def _settled(self, patience: float) -> int:
        for future in wait(self._on_their_way, timeout=patience, return_when=FIRST_COMPLETED).done:
            delivery, answer = self._on_their_way.pop(future), _answer(future)
            if answer is None:
                self._withheld.append(delivery)
                continue
            (self._suspects.discard if answer.accepted else self._suspects.add)(delivery.webhook)
            self._unsettled.append(Settled(delivery, answer, after(delivery, answer)))
        if self._withheld:
            self._outbox.release(self._withheld)
            self._withheld = []
        made = self._unsettled
        if made:
            self._note(made)
            self._unsettled = []
        return len(made)

    def _note(self, made: Sequence[Settled]) -> None:
        now = self._clock.now()
        self._outbox.settle(made, now)
        for webhook in {each.delivery.webhook for each in made if each.verdict.gone}:
            self._outbox.disable(webhook, _GONE, now)


def _answer(future: Future[Answer | None]) -> Answer | None:
    """The answer of an attempt, None when none was made; a fault in making it is one, which stays with its receiver."""
    fault = future.exception()
    return future.result() if fault is None else Answer(error=f"not sent: {fault}")
