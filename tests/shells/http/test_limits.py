"""A limit grants what its rate says, refuses the rest, and never needs more memory than it may."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from winnow.shells.http.limits import Limit, Rate, origin_of


def refused_for(taken):
    granted, wait = taken
    assert not granted
    return wait


def test_a_burst_then_a_steady_rate():
    limit = Limit(Rate(per_second=2, burst=3))
    assert [limit.take("a", 100.0)[0] for _ in range(4)] == [True, True, True, False]
    assert refused_for(limit.take("a", 100.0)) == pytest.approx(0.5)
    assert limit.take("a", 100.5) == (True, 0.0)
    assert refused_for(limit.take("a", 100.5)) == pytest.approx(0.5)
    assert [limit.take("a", 200.0)[0] for _ in range(4)] == [True, True, True, False]


def test_names_do_not_share():
    limit = Limit(Rate(per_second=1, burst=1))
    assert limit.take("a", 0.0)[0]
    assert limit.take("b", 0.0)[0]
    assert not limit.take("a", 0.0)[0]


def test_a_batch_takes_as_many_tokens_as_it_has_leads():
    limit = Limit(Rate(per_second=10, burst=100))
    assert limit.take("a", 0.0, 100) == (True, 0.0)
    assert refused_for(limit.take("a", 0.0, 50)) == pytest.approx(5.0)
    assert limit.take("a", 5.0, 50)[0]
    assert limit.take("a", 1e6, 101) == (False, float("inf"))


def test_waiting_takes_nothing():
    limit = Limit(Rate(per_second=1, burst=1))
    assert limit.wait("a", 0.0) == 0.0
    limit.take("a", 0.0)
    assert limit.wait("a", 0.25) == pytest.approx(0.75)
    assert limit.wait("a", 0.25) == pytest.approx(0.75)
    assert limit.wait("a", 1.0) == 0.0


@given(
    st.floats(0.1, 1000),
    st.integers(1, 50),
    st.lists(st.tuples(st.floats(0, 5), st.integers(1, 5)), min_size=1, max_size=60),
)
def test_grants_and_refuses_as_a_bucket_of_tokens(per_second, burst, steps):
    """The plain bucket keeps a number of tokens; the limit must agree wherever rounding leaves no doubt."""
    limit, tokens, now = Limit(Rate(per_second, burst)), float(burst), 50.0
    for pause, amount in steps:
        now += pause
        tokens = min(burst, tokens + pause * per_second)
        granted, wait = limit.take("a", now, amount)
        if abs(tokens - amount) > 1e-6:
            assert granted == (tokens >= amount)
        if granted:
            tokens -= amount
        elif amount <= burst:
            assert wait == pytest.approx((amount - tokens) / per_second, abs=1e-6)


def test_a_flood_of_addresses_needs_no_more_memory_than_the_limit_allows():
    limit = Limit(Rate(per_second=0.1, burst=10), most_names=1000)
    most = 0
    for number in range(50_000):
        limit.take(number, 0.0)
        most = max(most, len(limit))
    assert most == 2000


def test_who_is_refused_stays_refused_while_fewer_others_come_than_are_remembered():
    limit = Limit(Rate(per_second=0.1, burst=1), most_names=100)
    assert limit.take("guesser", 0.0)[0]
    for number in range(199):
        assert limit.take(number, 0.0)[0]
    assert not limit.take("guesser", 0.0)[0]
    limit.take(199, 0.0)
    assert limit.take("guesser", 0.0)[0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("2001:DB8:1:2::1", "2001:db8:1:2::1", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.10", False),
        (":nonsense", ":other", True),
        ("", "", True),
    ],
)
def test_what_counts_as_one_origin(one, other, same):
    assert (origin_of(one) == origin_of(other)) is same
