"""The order of the queue: the cost of waiting, and that it is that of one moment."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import NOW, certified, facts, lead, ruleset, scored
from winnow.core.decide import decide, probability
from winnow.core.outcome import Outcome
from winnow.core.review.waiting import (
    DOUBLES_IN,
    LEAST_DOUBT,
    LONGEST_BEHIND,
    MOST_VALUE,
    Worth,
    doubt,
    head_start,
)
from winnow.core.thresholds import Bands

VALUES = st.floats(1 / MOST_VALUE, MOST_VALUE)
DOUBTS = st.floats(LEAST_DOUBT, 1)


def cost(value, doubted, age):
    return value * doubted * 2 ** (age / DOUBLES_IN)


@given(VALUES, DOUBTS, VALUES, DOUBTS, st.integers(0, 72), st.integers(0, 240))
def test_what_costs_more_comes_first_at_every_moment(value, doubted, other, other_doubted, hours, later):
    """The earlier case came `hours` before the other; looked at `later` hours after that."""
    first = NOW - timedelta(hours=hours) - head_start(value, doubted)
    second = NOW - head_start(other, other_doubted)
    at = timedelta(hours=later)
    one, two = cost(value, doubted, at + timedelta(hours=hours)), cost(other, other_doubted, at)
    if abs(one / two - 1) > 1e-6:
        assert (first < second) is (one > two)


@given(VALUES, DOUBTS, VALUES, DOUBTS)
def test_nothing_waits_for_ever(value, doubted, other, other_doubted):
    behind = head_start(other, other_doubted) - head_start(value, doubted)
    assert behind <= LONGEST_BEHIND + timedelta(seconds=1)


def test_a_factor_of_two_counts_as_much_as_a_day():
    assert head_start(2, 1) == timedelta(days=1)
    assert head_start(1, 0.5) == timedelta(days=-1)
    assert head_start(2, 0.5) == timedelta()
    assert timedelta(days=16) == LONGEST_BEHIND


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"custom": {"budget": "8000"}}, 8.0),
        ({"custom": {"budget": "8000"}, "source": "fair"}, 8.0),
        ({"source": "fair"}, 5.0),
        ({"source": None}, 1.0),
        ({"custom": {"budget": "much"}}, 1.0),
        ({"custom": {"budget": "-1"}, "source": "fair"}, 5.0),
        ({"custom": {"budget": "nan"}}, 1.0),
        ({"custom": {"budget": "inf"}}, 1.0),
        ({"custom": {"budget": "1e300"}}, MOST_VALUE),
        ({"custom": {"budget": "1"}}, 1 / MOST_VALUE),
    ],
)
def test_a_lead_is_worth_what_it_says_or_what_its_source_is(fields, value):
    assert Worth("custom.budget", {"fair": 5000.0}, 1000.0).of(lead(**fields)) == value


def test_without_settings_all_leads_are_worth_the_same():
    assert Worth().of(lead(custom={"budget": "8000"}, source="fair")) == 1


@pytest.mark.parametrize(("review", "expected"), [(1000, 1.0), (-3000, None), (6000, None)])
def test_doubt_is_greatest_at_the_threshold(review, expected):
    someone, known = scored(Outcome.REVIEW)
    decision = decide(someone, known, ruleset())
    assert decision.score == 1000
    found = doubt(decision, known, Bands(-9000, review, 9000))
    threshold = probability(review)
    if expected is None:
        expected = 1 - abs(decision.probability - threshold) / max(threshold, 1 - threshold)
    assert found == expected
    assert LEAST_DOUBT <= found <= 1


def test_where_the_score_did_not_ask_it_does_not_answer():
    someone, known = scored(Outcome.ACCEPT, failed=("history",))
    decision = decide(someone, known, certified())
    assert decision.outcome is Outcome.REVIEW
    assert doubt(decision, known, Bands(0, 1000, 3000)) == 1
    asked = decide(lead(), facts(), ruleset())
    far = Bands(-9000, 9000, 9000)
    assert doubt(asked, facts(), far) < 1
