"""Drift is told when it is both beyond chance and large enough to matter."""

from datetime import date
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.monitor.drift import LEAST_LEADS, Spread, drifted, shift
from winnow.core.monitor.finding import Finding, Guard, Severity, TooFew
from winnow.demo.dice import Dice

SINCE = date(2026, 11, 15)


def test_the_index_is_that_of_the_formula():
    found = shift([500, 300, 200], [40, 30, 30], chance=0.05)
    by_hand = (0.4 - 0.5) * log(0.4 / 0.5) + 0 + (0.3 - 0.2) * log(0.3 / 0.2)
    assert found.psi == pytest.approx(by_hand)
    assert found.limit == pytest.approx((1 / 1000 + 1 / 100) * 5.99146, rel=1e-4)
    assert found.bins == 3


def test_by_chance_alone_the_limit_is_exceeded_as_often_as_said():
    """The law of Yurdakul & Naranjo holds for our histograms."""
    dice, beyond, runs = Dice.named("psi"), 0, 400
    for _ in range(runs):
        sides = [[0] * 6, [0] * 6]
        for side, number in zip(sides, (900, 300), strict=True):
            for _ in range(number):
                side[min(5, int(6 * dice.random() ** 1.5))] += 1
        found = shift(*sides, chance=0.1)
        beyond += found.psi > found.limit
    assert 20 <= beyond <= 62  # 40 expected; both ends are more than 3 standard deviations away


@pytest.mark.parametrize(
    ("usual", "recent", "bins"),
    [
        ([500, 500, 2, 1, 1], [50, 50, 0, 0, 0], 2),  # what is rare goes with its neighbour
        ([1000], [100], 1),
        ([0, 1000, 0], [0, 100, 0], 1),
        ([], [], 0),
        ([0, 0], [0, 0], 0),
        ([500, 500], [0, 0], 0),
        ([1000, 0], [0, 100], 2),  # nothing in common: large, and finite
    ],
)
def test_rare_bins_are_pooled(usual, recent, bins):
    found = shift(usual, recent, chance=0.01)
    assert found.bins == bins
    assert 0 <= found.psi < 100
    assert (found.psi > 1) == (usual == [1000, 0])


HISTOGRAMS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=12)


@given(HISTOGRAMS)
def test_nothing_makes_it_fail_and_equal_histograms_are_not_apart(pairs):
    usual, recent = [before for before, _ in pairs], [after for _, after in pairs]
    assert shift(usual, recent, chance=0.01).psi >= 0
    assert shift(usual, usual, chance=0.01).psi == pytest.approx(0)


@pytest.mark.parametrize(
    ("recent", "severity"),
    [
        ([500, 500], None),
        ([450, 550], None),  # beyond chance, too small to matter
        ([350, 650], None),
        ([330, 670], Severity.NOTICE),
        ([200, 800], Severity.ALARM),
    ],
)
def test_size_decides_how_loud_it_is(recent, severity):
    found = drifted(Guard.SIGNAL_DRIFT, None, Spread("net.ip_class", [5000, 5000], recent, SINCE))
    if severity is None:
        assert found is None
    else:
        assert isinstance(found, Finding)
        assert (found.severity, found.pauses) == (severity, severity is Severity.ALARM)
        assert (found.about, found.since, found.size) == ("net.ip_class", SINCE, 1000)
        assert found.figures[0].startswith("all sources: signal net.ip_class is spread")


def test_a_few_leads_may_be_far_apart_by_chance():
    spread = Spread("", [50] * 20, [4, 20] * 10, SINCE)
    loose = drifted(Guard.SCORE_DRIFT, None, spread)
    assert isinstance(loose, Finding)
    assert loose.figures[0].startswith("all sources: the score is spread quite differently")
    mild = Spread("", [50] * 20, [8, 16] * 10, SINCE)
    assert shift(mild.usual, mild.recent, chance=0.01).psi > 0.1
    assert drifted(Guard.SCORE_DRIFT, None, mild) is None


def test_too_few_leads_say_nothing():
    spread = Spread("a.b", [500, 500], [100, LEAST_LEADS - 101], SINCE)
    assert drifted(Guard.SIGNAL_DRIFT, None, spread) == TooFew(Guard.SIGNAL_DRIFT, None, 199, 200, "a.b")
