"""How long is waited, and when it is given up: by a clock and a lot that the test holds."""

from contextlib import suppress

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.client.attempts import FIRST_PAUSE, LONGEST_PAUSE, Attempts, Patience, full_jitter, retry_after
from winnow.client.errors import WinnowUnavailableError

LOST = httpx2.ReadError("gone")


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def attempts(clock: Time, *, retries: int = 99, total: float = 1e9, timeout: float = 10, drawn=lambda most: most):
    return Attempts(Patience(timeout, retries, total), clock=clock, drawn=drawn)


def test_pauses_double_up_to_the_longest():
    tries = attempts(Time())
    pauses = [tries.after_error(LOST) for _ in range(9)]
    assert pauses == [min(LONGEST_PAUSE, FIRST_PAUSE * 2**count) for count in range(9)]
    assert pauses[-1] == LONGEST_PAUSE


@given(st.floats(0, 1000))
def test_a_pause_is_drawn_from_nothing_to_its_ceiling(ceiling):
    assert 0 <= full_jitter(ceiling) <= ceiling


def test_pauses_are_spread():
    drawn = [full_jitter(1.0) for _ in range(400)]
    assert min(drawn) < 0.1
    assert max(drawn) > 0.9


@given(
    st.lists(st.tuples(st.floats(0, 20), st.none() | st.integers(0, 60)), min_size=60, max_size=60),
    st.integers(0, 50),
    st.floats(0, 120),
)
def test_a_call_never_outlasts_its_patience(steps, retries, total):
    """Whatever each attempt takes within its time-out, and whatever the service asks to wait."""
    clock = Time()
    tries = attempts(clock, retries=retries, total=total)
    made = 0
    with suppress(WinnowUnavailableError):
        for took, asked in steps:
            made += 1
            clock.now += min(took, tries.timeout)
            headers = {} if asked is None else {"Retry-After": str(asked)}
            clock.now += tries.after_refusal(httpx2.Response(503, headers=headers))
    assert made <= retries + 1
    assert clock.now <= 100 + total + 0.01


def test_what_repeating_cannot_mend_is_not_repeated():
    with pytest.raises(WinnowUnavailableError):
        attempts(Time()).after_error(httpx2.UnsupportedProtocol("ftp"))


def test_an_error_without_words_is_told_by_its_name():
    with pytest.raises(WinnowUnavailableError, match="the service cannot be reached: ReadTimeout; check"):
        attempts(Time(), retries=0).after_error(httpx2.ReadTimeout(""))


SENT = "Sun, 01 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 0 "}, 0),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Sun, 01 Nov 2026 12:01:30 GMT", "Date": SENT}, 90),
        ({"Retry-After": "Sun, 01 Nov 2026 11:00:00 GMT", "Date": SENT}, 0),
        ({"Retry-After": "Sun, 01 Nov 2026 12:01:30 GMT"}, None),
        ({"Retry-After": "Sun, 01 Nov 2026 12:01:30", "Date": SENT}, None),
    ],
)
def test_how_long_the_service_asks_to_wait(headers, seconds):
    raw = [(name, value.encode()) for name, value in headers.items()]
    assert retry_after(httpx2.Response(503, headers=raw)) == seconds
