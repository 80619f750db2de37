"""Whatever a receiver does: the exact schedule, one id, a valid signature each time, a dead letter, and a way back."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from tests.support.databases import KINDS, new_database
from tests.support.outbound import Outbound
from tests.support.outbox import NOW, SECRET, cases_opened, put
from tests.support.receivers import Receiver, answers, drips, hangs, resets, says
from tests.support.webhook_verifier import verified
from winnow.adapters.db.connections import writing
from winnow.adapters.db.program_tables import webhooks
from winnow.core.deliveries import State, rotated, wait_before, webhook_secret

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]

# "Deliverability and reliability" of the specification, in seconds since the start.
PUBLISHED = (0, 5, 305, 2105, 9305, 27305, 63305, 113705, 185705, 272105)

FAILING = {
    "500": answers(500),
    "404": answers(404),
    "no answer": hangs,
    "reset": resets,
    "slow drip in the headers": drips(b"HTTP/1.1 200 OK\r\nX: ", 0.02),
    "slow drip in the body": drips(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", 0.02),
    "redirect": answers(302, {"Location": "https://elsewhere.example/"}),
    "not HTTP": says(b"220 smtp.example ESMTP\r\n"),
    "ended early": says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfive!"),
}


def walked(outbound):
    """The seconds since the start of each attempt."""
    return [(at - NOW).total_seconds() for at in outbound.walk()]


def expected_times(id_):
    """What the schedule says with the delivery's own jitter, which is the published one give or take a tenth."""
    waits = [wait_before(attempt, id_).total_seconds() for attempt in range(1, 11)]
    published = [0, *(later - earlier for earlier, later in pairwise(PUBLISHED))]
    assert all(abs(wait - plain) <= plain / 10 for wait, plain in zip(waits, published, strict=True))
    return [pytest.approx(sum(waits[:number]), abs=1e-6) for number in range(1, 11)]


@pytest.mark.parametrize("fault", FAILING)
@pytest.mark.parametrize("kind", KINDS)
def test_a_receiver_that_never_takes_it(kind, fault, tmp_path):
    with (
        Receiver(FAILING[fault]) as receiver,
        Outbound(new_database(kind, tmp_path), {"one": receiver}) as outbound,
    ):
        (told,) = cases_opened(1)
        put(outbound.engine, [told])
        times = walked(outbound)
        assert times == expected_times(1)
        assert len(receiver.requests) == receiver.accepted == 10
        assert {(request.headers["webhook-id"], request.body) for request in receiver.requests} == {
            (told.id, told.body)
        }
        moments = [NOW + timedelta(seconds=seconds) for seconds in times]
        for request, moment in zip(receiver.requests, moments, strict=True):
            assert request.headers["webhook-timestamp"] == str(int(moment.timestamp())), "of the attempt, not the event"
            assert verified(request.headers, request.body, SECRET, now=moment)

        (letter,) = outbound.records.page(state=State.DEAD).rows
        assert (letter.attempts, letter.event) == (10, told.id)
        assert letter.last_error
        assert outbound.records.counts() == {State.PENDING: 0, State.DEAD: 1}
        outbound.clock.time += timedelta(days=30)
        assert outbound.send_all_due() == 0, "dead is dead"

        receiver.behaviour = answers(200)
        assert outbound.records.requeue([letter.id], outbound.clock.time) == 1
        assert outbound.send_all_due() == 1
        assert outbound.state() is State.DELIVERED
        assert receiver.requests[-1].headers["webhook-id"] == told.id
        assert verified(receiver.requests[-1].headers, told.body, SECRET, now=outbound.clock.time)
        hours = times[-1] / 3600
        print(f"{kind}, {fault}: 10 attempts in {hours:.2f} h, one id, dead letter `{letter.last_error}`, sent again")


def test_410_disables_at_once(tmp_path):
    with (
        Receiver(answers(410)) as gone,
        Receiver() as other,
        Outbound(new_database("sqlite", tmp_path), {"gone": gone, "other": other}) as outbound,
    ):
        put(outbound.engine, cases_opened(1, 20))
        outbound.send_all_due()
        outbound.clock.time += timedelta(days=9)
        put(outbound.engine, cases_opened(50, 5), outbound.clock.time)
        outbound.send_all_due()
        assert gone.accepted <= 4, "no more than were on their way at the time"
        assert len(other.requests) == 25
        letters = outbound.records.page(state=State.DEAD).rows
        assert len(letters) == 20
        assert {letter.webhook for letter in letters} == {"gone"}
        print(f"410: {gone.accepted} attempts for 25 events, 20 dead letters, the other receiver got 25")


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_that_asks_for_time(status, tmp_path):
    with (
        Receiver(answers(status, {"Retry-After": "7200"})) as receiver,
        Outbound(new_database("sqlite", tmp_path), {"one": receiver}) as outbound,
    ):
        put(outbound.engine, cases_opened(1))
        times = walked(outbound)
        waits = [later - earlier for earlier, later in pairwise(times)]
        scheduled = [wait_before(attempt, 1).total_seconds() for attempt in range(2, 11)]
        assert waits == [pytest.approx(max(7200, wait)) for wait in scheduled]
        assert waits[0] == pytest.approx(7200)
        print(f"{status} with Retry-After 7200: waits {[round(wait) for wait in waits]} s")


def test_rotation_of_the_secret_between_two_attempts(tmp_path):
    """Signed with both until the old one's time is over, then with the new one alone."""
    fresh = webhook_secret(bytes(24))
    with (
        Receiver(answers(500)) as receiver,
        Outbound(new_database("sqlite", tmp_path), {"one": receiver}) as outbound,
    ):
        put(outbound.engine, cases_opened(1))
        outbound.send_all_due()
        secret = rotated(SECRET, fresh, NOW + timedelta(hours=1)).encode()
        with writing(outbound.engine) as connection:
            connection.execute(update(webhooks).values(secret=secret))
        times = [0.0, *walked(outbound)]
        old = [verified(request.headers, request.body, SECRET, now=_at(request)) for request in receiver.requests]
        new = [verified(request.headers, request.body, fresh, now=_at(request)) for request in receiver.requests]
        assert old == [seconds < 3600 for seconds in times]
        assert new == [seconds > 0 for seconds in times]
        assert 2 <= sum(old) < 10
        print(f"rotation: old secret verifies {sum(old)} attempts, new one {sum(new)}, of 10")


def _at(request):
    return NOW.fromtimestamp(int(request.headers["webhook-timestamp"]), NOW.tzinfo)


def killed(_):
    raise ConnectionError("killed")


def test_a_crash_between_sending_and_noting_repeats_the_same_id(tmp_path, monkeypatch):
    """At least once: the claim lapses, and the receiver can tell the repetition by its id."""
    url = new_database("sqlite", tmp_path)
    with Receiver() as receiver, Outbound(url, {"one": receiver}) as outbound:
        put(outbound.engine, cases_opened(1))
        monkeypatch.setattr(outbound.deliverer, "_note", killed)
        with pytest.raises(ConnectionError):
            outbound.send_all_due()
        outbound.deliverer._unsettled = []  # the process is gone, and what it knew
        monkeypatch.undo()
        assert outbound.send_all_due() == 0, "claimed"
        outbound.clock.time += timedelta(minutes=5)
        assert outbound.send_all_due() == 1
        assert outbound.state() is State.DELIVERED
        assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
        assert len(receiver.requests) == 2


def test_two_hundred_events_past_two_dead_receivers(tmp_path):
    """While one hangs and one resets, all that is meant for the third arrives in the time it takes alone."""
    with (
        Receiver(hangs) as silent,
        Receiver(resets) as rude,
        Receiver() as fine,
        Outbound(
            new_database("sqlite", tmp_path), {"fine": fine, "rude": rude, "silent": silent}, timeout=2
        ) as outbound,
    ):
        put(outbound.engine, cases_opened(1, 200))
        calls = 0
        while len(fine.requests) < 200 and calls < 500:
            outbound.deliverer.run_once()
            calls += 1
        assert len({request.headers["webhook-id"] for request in fine.requests}) == 200
        assert len(fine.requests) == 200
        assert silent.accepted <= 8
        print(f"200 of 200 delivered while one receiver hung ({silent.accepted} attempts) and one reset")
