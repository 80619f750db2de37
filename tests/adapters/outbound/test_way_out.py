"""The whole way out in one piece, quickly: what the proofs show for every fault."""

from datetime import timedelta

import pytest

from tests.support.databases import new_database
from tests.support.outbound import Outbound
from tests.support.outbox import NOW, SECRET, cases_opened, put
from tests.support.receivers import Receiver, answers
from tests.support.webhook_verifier import verified
from winnow.core.deliveries import State, wait_before

pytestmark = pytest.mark.enable_socket


def test_ten_attempts_a_dead_letter_and_a_way_back(tmp_path):
    with Receiver(answers(500)) as receiver, Outbound(new_database("sqlite", tmp_path), {"one": receiver}) as outbound:
        (told,) = cases_opened(1)
        put(outbound.engine, [told])
        waits = [wait_before(attempt, 1) for attempt in range(1, 11)]
        assert outbound.walk() == [NOW + sum(waits[:number], timedelta()) for number in range(1, 11)]
        assert {request.headers["webhook-id"] for request in receiver.requests} == {told.id}
        (letter,) = outbound.records.page(state=State.DEAD).rows
        receiver.behaviour = answers(204, body=b"")
        outbound.records.requeue([letter.id], outbound.clock.time)
        assert outbound.send_all_due() == 1
        assert outbound.state() is State.DELIVERED
        assert receiver.accepted == 11
        last = receiver.requests[-1]
        assert verified(last.headers, last.body, SECRET, now=outbound.clock.time)
        assert last.body == told.body


def test_410_and_the_receiver_is_left_alone(tmp_path):
    with Receiver(answers(410)) as receiver, Outbound(new_database("sqlite", tmp_path), {"one": receiver}) as outbound:
        put(outbound.engine, cases_opened(1))
        assert outbound.send_all_due() == 1
        assert put(outbound.engine, cases_opened(2)) == 0
        assert outbound.records.counts() == {State.PENDING: 0, State.DEAD: 1}
        assert receiver.accepted == 1
