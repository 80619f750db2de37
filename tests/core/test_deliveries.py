"""Which answer leads to what, when an attempt is due, and what an event may say."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.deliveries import (
    DATA,
    LONGEST_WAIT,
    SCHEDULE,
    Answer,
    Delivery,
    EventType,
    State,
    after,
    event,
    rotated,
    subscribed,
    subscription,
    valid_secrets,
    wait_before,
    webhook_secret,
)
from winnow.errors import InvalidInputError

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)

# The table of the specification: "Deliverability and reliability", time since start.
PUBLISHED = "00:00:00 00:00:05 00:05:05 00:35:05 02:35:05 07:35:05 17:35:05 31:35:05 51:35:05 75:35:05".split()


def delivery(attempts=0, id_=7):
    return Delivery(id_, "wh_1", "https://a.example/", "msg_1", b"{}", attempts, NOW, ("whsec_x",))


def test_the_schedule_is_the_published_one():
    passed, shown = timedelta(), []
    for wait in SCHEDULE:
        passed += wait
        seconds = int(passed.total_seconds())
        shown.append(f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}")
    assert shown == PUBLISHED


@given(st.integers(1, len(SCHEDULE)), st.integers(0, 2**63 - 1))
def test_a_wait_is_that_of_the_schedule_give_or_take_a_tenth_and_always_the_same(attempt, id_):
    wait = wait_before(attempt, id_)
    assert SCHEDULE[attempt - 1] * 9 / 10 <= wait <= SCHEDULE[attempt - 1] * 11 / 10
    assert wait == wait_before(attempt, id_)


def test_what_failed_together_does_not_come_back_together():
    waits = {wait_before(7, id_) for id_ in range(1000)}
    assert len(waits) > 190
    mean = sum((wait_before(7, id_) for id_ in range(1000)), timedelta()) / 1000
    assert abs(mean / SCHEDULE[6] - 1) < 0.01, "on average the published schedule holds"


RETRY = (State.PENDING, False)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        *((Answer(status), (State.DELIVERED, False)) for status in (200, 201, 202, 204, 299)),
        *((Answer(status), RETRY) for status in (101, 199, 300, 301, 302, 304, 307, 308, 400, 401, 404, 409, 422)),
        *((Answer(status), RETRY) for status in (429, 499, 500, 502, 503, 504, 599)),
        (Answer(410), (State.DEAD, True)),
        (Answer(error="no whole answer within 20 s"), RETRY),
        (Answer(200, error="the answer ended early"), RETRY),
        (Answer(), RETRY),
    ],
)
def test_what_an_answer_means(answer, expected):
    verdict = after(delivery(), answer)
    assert (verdict.state, verdict.gone) == expected
    assert verdict.wait == (wait_before(2, 7) if verdict.state is State.PENDING else timedelta())
    assert (answer.problem is None) == (verdict.state is State.DELIVERED) == answer.accepted


def test_the_tenth_failure_is_the_last():
    verdicts = [after(delivery(made), Answer(500)) for made in range(10)]
    assert [verdict.state for verdict in verdicts] == [State.PENDING] * 9 + [State.DEAD]
    assert [verdict.wait for verdict in verdicts[:9]] == [wait_before(number, 7) for number in range(2, 11)]
    assert not verdicts[-1].gone
    assert after(delivery(9), Answer(204)).state is State.DELIVERED


@pytest.mark.parametrize(
    ("status", "made", "asked", "waits"),
    [
        (429, 0, 60, timedelta(seconds=60)),
        (503, 0, 60, timedelta(seconds=60)),
        (503, 0, 0, wait_before(2, 7)),
        (503, 0, -5, wait_before(2, 7)),
        (503, 5, 60, wait_before(7, 7)),  # never earlier than the schedule
        (429, 0, 10**9, LONGEST_WAIT),
        (429, 0, None, wait_before(2, 7)),
        (500, 0, 60, wait_before(2, 7)),
        (302, 0, 60, wait_before(2, 7)),
    ],
)
def test_a_receiver_may_ask_for_a_later_attempt(status, made, asked, waits):
    assert after(delivery(made), Answer(status, retry_after=asked)).wait == waits


def test_what_a_problem_is_called():
    assert Answer(500).problem == "answered 500"
    assert Answer(200, error="the answer ended early").problem == "the answer ended early"
    assert Answer(204).problem is None


EXAMPLES: dict[EventType, dict[str, int | str]] = {
    EventType.DECISION_MADE: {"decision": 17, "lead": 12},
    EventType.CASE_OPENED: {"case": 17, "lead": 12},
    EventType.CASE_DECIDED: {"case": 17, "lead": 12, "disposition": 21},
    EventType.CASE_REOPENED: {"case": 17, "lead": 12, "disposition": 21},
    EventType.DECISION_RETRACTED: {"decision": 17, "lead": 12, "rollback": 40},
    EventType.CHECKPOINT_SIGNED: {"size": 18},
    EventType.WEBHOOK_TEST: {"webhook": "wh_1"},
}


@pytest.mark.parametrize("kind", EventType)
def test_an_event_says_what_when_and_which_and_nothing_else(kind):
    made = event(kind, NOW, EXAMPLES[kind], installation="a")
    expected = {"type": kind.value, "timestamp": "2026-11-22T08:30:00.000000Z", "data": EXAMPLES[kind]}
    assert json.loads(made.body) == expected
    assert made.kind is kind
    assert set(DATA[kind]) == set(EXAMPLES[kind])


def test_an_event_has_one_id_however_often_it_is_told():
    def told(at=NOW, lead=12, installation="a"):
        return event(EventType.DECISION_MADE, at, {"decision": 17, "lead": lead}, installation=installation)

    first = told()
    assert first == told()
    assert first.id.startswith("msg_")
    assert "." not in first.id, "a full stop ends the id in what is signed"
    others = {told(lead=13).id, told(installation="b").id, told(at=NOW + timedelta(microseconds=1)).id}
    assert len({first.id, *others}) == 4


@pytest.mark.parametrize(
    "data",
    [
        {"decision": 17},
        {"decision": 17, "lead": 12, "email": 5},
        {"decision": 17, "lead": "ana@bluebird.example"},
        {"decision": 17, "lead": "Ana K"},
        {"decision": 17, "lead": ""},
        {"decision": 17, "lead": "x" * 65},
    ],
)
def test_an_event_holds_ids_only(data):
    with pytest.raises(ValueError, match=r"names decision, lead|ids only"):
        event(EventType.DECISION_MADE, NOW, data, installation="a")


def test_subscriptions():
    chosen = subscription(["case.opened", "decision.made"])
    assert [kind.value for kind in EventType if subscribed(chosen, kind)] == ["decision.made", "case.opened"]
    assert all(subscribed(subscription(["*", "case.opened"]), kind) for kind in EventType)
    assert not subscribed("", EventType.CASE_OPENED)
    for kinds, told in ((["case.closed"], "`case.closed` is not an event"), ([], "no event is named")):
        with pytest.raises(InvalidInputError, match=told):
            subscription(kinds)


def test_a_secret_is_known_by_its_prefix_and_has_its_length():
    assert base64.b64decode(webhook_secret(bytes(range(24))).removeprefix("whsec_")) == bytes(range(24))
    assert webhook_secret(bytes(64)).startswith("whsec_")
    for length in (0, 23, 65):
        with pytest.raises(ValueError, match="24 to 64"):
            webhook_secret(bytes(length))


def test_the_secret_before_is_used_until_its_time_is_over():
    one, two, three = (webhook_secret(bytes([number]) * 24) for number in (1, 2, 3))
    assert valid_secrets(one, NOW) == (one,)
    stored = rotated(one, two, NOW + DAY)
    assert valid_secrets(stored, NOW + DAY - timedelta(microseconds=1)) == (two, one)
    assert valid_secrets(stored, NOW + DAY) == (two,)
    again = rotated(stored, three, NOW + DAY)
    assert valid_secrets(again, NOW) == (three, two), "rotated twice, the first of all is out"
    for broken in ("", "secret", f"{one}\n", f"{one} tomorrow"):
        with pytest.raises(ValueError, match=r"whsec_|isoformat"):
            valid_secrets(broken, NOW)
