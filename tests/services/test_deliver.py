"""Deliveries side by side: a receiver that fails or hangs delays nobody but itself, and nothing is lost."""

import threading
from collections import Counter
from datetime import timedelta

import pytest

from tests.support.outbox import NOW, FakeClock, soon
from winnow.core.deliveries import Answer, Delivery, State
from winnow.services.deliver import Deliverer, Limits

LIMITS = Limits(threads=4, each=2, timeout=5, patience=0.05)


class ListOutbox:
    """The port on a list, for one worker."""

    def __init__(self, *webhooks):
        self.waiting = [
            Delivery(number, webhook, f"https://{webhook}.example/", f"msg_{number}", b"{}", 0, NOW, ("whsec_x",))
            for number, webhook in enumerate(webhooks)
        ]
        self.settled, self.disabled, self.leases, self.broken = [], [], set(), False
        self.stopped: set[str] = set()
        self.released: list[int] = []

    def claim(self, now, until, *, limit, each, room):
        self.leases.add(until - now)
        taken: list[Delivery] = []
        counts: Counter[str] = Counter()
        for delivery in list(self.waiting):
            if len(taken) < limit and counts[delivery.webhook] < room.get(delivery.webhook, each):
                counts[delivery.webhook] += 1
                taken.append(delivery)
                self.waiting.remove(delivery)
        return taken

    def may_go(self, delivery):
        return delivery.webhook not in self.stopped

    def release(self, withheld):
        if self.broken:
            raise ConnectionError("the database is away")
        self.released += [each.id for each in withheld]

    def settle(self, made, now):
        if self.broken:
            raise ConnectionError("the database is away")
        self.settled += [(each.delivery.id, each.verdict.state, each.answer.problem, now) for each in made]

    def disable(self, webhook, because, now):
        self.disabled.append((webhook, because, now))


class Network:
    """Answers by host: a status, an exception, or nothing until it is released."""

    def __init__(self, **hosts):
        self.hosts, self.sent = hosts, []
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.released, self.lock = threading.Event(), threading.Lock()

    def post(self, url, headers, _body, _timeout):
        host = url.removeprefix("https://").removesuffix(".example/")
        with self.lock:
            self.sent.append((host, headers["webhook-id"]))
            self.now[host] += 1
            self.most[host] = max(self.most[host], self.now[host])
            self.most["all"] = max(self.most["all"], sum(self.now.values()))
        try:
            return self.answer(self.hosts.get(host, 200))
        finally:
            with self.lock:
                self.now[host] -= 1

    def answer(self, what):
        if what == "hangs":
            self.released.wait(10)
            return Answer(error="no whole answer within 5 s")
        if isinstance(what, Exception):
            raise what
        return Answer(what)


def sign(secrets, event, at, _body):
    if not secrets:
        raise ValueError("no secret of the webhook can be read")
    return {"webhook-id": event, "webhook-timestamp": str(at.timestamp())}


@pytest.fixture
def started():
    """Makes deliverers, and ends their threads."""
    made = []

    def start(outbox, network, limits=LIMITS, clock=None):
        made.append((Deliverer(outbox, network.post, sign, clock or FakeClock(), limits), network))
        return made[-1][0]

    yield start
    for deliverer, network in made:
        network.released.set()
        deliverer.close()


def drained(deliverer, calls=200):
    for _ in range(calls):
        if not deliverer.run_once() and not deliverer.in_flight:
            return
    pytest.fail("still in flight")


def test_what_is_due_is_sent_and_noted(started):
    outbox, network = ListOutbox("a", "b", "a"), Network(b=500)
    drained(started(outbox, network))
    assert sorted(outbox.settled) == [
        (0, State.DELIVERED, None, NOW),
        (1, State.PENDING, "answered 500", NOW),
        (2, State.DELIVERED, None, NOW),
    ]
    assert sorted(network.sent) == [("a", "msg_0"), ("a", "msg_2"), ("b", "msg_1")]
    assert outbox.disabled == []


def test_nothing_to_do_takes_no_time(started):
    deliverer = started(ListOutbox(), Network(), Limits(patience=30))
    assert deliverer.run_once() == 0
    assert deliverer.in_flight == 0


def test_a_claim_outlives_every_attempt(started):
    outbox = ListOutbox("a")
    drained(started(outbox, Network()))
    (lease,) = outbox.leases
    assert lease >= 2 * timedelta(seconds=LIMITS.timeout)


def test_410_disables_the_receiver(started):
    outbox = ListOutbox("a", "gone")
    clock = FakeClock(soon(hours=1))
    drained(started(outbox, Network(gone=410), clock=clock))
    assert (1, State.DEAD, "answered 410", soon(hours=1)) in outbox.settled
    assert [(webhook, at) for webhook, _, at in outbox.disabled] == [("gone", soon(hours=1))]
    assert "410" in outbox.disabled[0][1]


def test_a_fault_in_sending_stays_with_its_receiver(started):
    outbox = ListOutbox("a", "faulty", "b")
    drained(started(outbox, Network(faulty=RuntimeError("bug"))))
    assert {(id_, state, problem) for id_, state, problem, _ in outbox.settled} == {
        (0, State.DELIVERED, None),
        (1, State.PENDING, "not sent: bug"),
        (2, State.DELIVERED, None),
    }


def test_what_cannot_be_signed_is_not_sent(started):
    outbox, network = ListOutbox("a"), Network()
    (delivery,) = outbox.waiting
    outbox.waiting = [Delivery(0, "a", delivery.url, "msg_0", b"{}", 0, NOW, ())]
    drained(started(outbox, network))
    assert outbox.settled[0][1:3] == (State.PENDING, "not sent: no secret of the webhook can be read")
    assert network.sent == []


def test_a_receiver_that_hangs_delays_nobody_else(started):
    outbox, network = ListOutbox(*["slow"] * 10, *["quick"] * 30), Network(slow="hangs")
    deliverer = started(outbox, network)
    for _ in range(60):
        deliverer.run_once()
    assert Counter(host for host, _ in network.sent) == {"slow": LIMITS.each, "quick": 30}
    assert len(outbox.settled) == 30
    assert deliverer.in_flight == LIMITS.each
    assert network.most["slow"] == LIMITS.each
    assert network.most["all"] <= LIMITS.threads


def test_receivers_that_failed_share_half_of_the_threads_one_each(started):
    """With more dead receivers than threads the living still have room, and a dead one gets one attempt at a time."""
    dead = [f"dead{number}" for number in range(10)]
    outbox, network = ListOutbox(*dead), Network(**dict.fromkeys(dead, 503))
    deliverer = started(outbox, network)
    drained(deliverer)
    assert len(outbox.settled) == 10
    network.hosts.update(dict.fromkeys(dead, "hangs"))
    outbox.waiting = [*ListOutbox(*dead, *dead).waiting, *ListOutbox(*["quick"] * 20).waiting]
    network.most.clear()
    for _ in range(60):
        deliverer.run_once()
    assert len(outbox.settled) == 30, "all of the quick ones"
    assert deliverer.in_flight == LIMITS.threads // 2
    assert max(network.most[host] for host in dead) == 1


def test_one_success_ends_the_suspicion(started):
    outbox, network = ListOutbox("a"), Network(a=503)
    deliverer = started(outbox, network)
    drained(deliverer)
    network.hosts["a"] = 200
    outbox.waiting = ListOutbox("a").waiting
    drained(deliverer)
    network.hosts["a"] = "hangs"
    outbox.waiting = ListOutbox("a", "a", "a").waiting
    deliverer.run_once()
    assert deliverer.in_flight == LIMITS.each


def test_no_more_is_started_than_asked_for(started):
    outbox, network = ListOutbox(*"abcdefgh"), Network(**dict.fromkeys("abcdefgh", "hangs"))
    deliverer = started(outbox, network)
    deliverer.run_once(limit=3)
    assert deliverer.in_flight == 3
    deliverer.run_once(limit=3)
    assert deliverer.in_flight == LIMITS.threads
    deliverer.run_once(limit=0)
    assert len(network.sent) == LIMITS.threads


def test_answers_are_kept_while_the_database_is_away(started):
    outbox, network = ListOutbox("a", "b"), Network()
    deliverer = started(outbox, network)
    outbox.broken = True
    with pytest.raises(ConnectionError):
        drained(deliverer)
    outbox.broken = False
    drained(deliverer)
    assert sorted(id_ for id_, *_ in outbox.settled) == [0, 1]
    assert len(network.sent) == 2, "sent once, noted later"


def test_what_was_stopped_after_it_was_claimed_is_given_back_and_not_sent(started):
    outbox, network = ListOutbox("crm", "b"), Network()
    outbox.stopped, outbox.broken = {"crm"}, True
    deliverer = started(outbox, network)
    with pytest.raises(ConnectionError):
        drained(deliverer)
    outbox.broken = False
    drained(deliverer)
    assert (outbox.released, [host for host, _ in network.sent]) == ([0], ["b"])
    assert [id_ for id_, *_ in outbox.settled] == [1]


def test_closing_waits_for_what_is_on_its_way(started):
    outbox, network = ListOutbox("slow", "slow"), Network(slow="hangs")
    deliverer = started(outbox, network)
    deliverer.run_once()
    threading.Timer(0.1, network.released.set).start()
    assert deliverer.close() == 2
    assert deliverer.in_flight == 0
    assert len(outbox.settled) == 2
