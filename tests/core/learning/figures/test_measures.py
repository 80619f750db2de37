"""Figures about scores, against tables worked out by hand and laws that hold for any scores."""

from collections.abc import Sequence
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.learning.figures.measures import (
    CalibrationBin,
    Interval,
    auc,
    auc_interval,
    by_slice,
    calibration_error,
    calibration_table,
    log_loss,
    performance,
    probability,
    recall_at,
    wilson,
)

T, F = True, False


def interval(scores: Sequence[float], truth: Sequence[bool], weights: Sequence[float] | None = None) -> Interval:
    found = auc_interval(scores, truth, weights)
    assert found is not None
    return found


leads = st.lists(st.tuples(st.integers(-5, 5), st.booleans(), st.integers(1, 3)), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("scores", "truth", "weights", "expected"),
    [
        ([1, 2, 3, 4], [F, F, T, T], None, 1.0),
        ([4, 3, 2, 1], [F, F, T, T], None, 0.0),
        ([1, 1, 1, 1], [F, T, F, T], None, 0.5),
        ([1, 2, 2, 3], [F, F, T, T], None, 3.5 / 4),
        ([1, 2, 3], [F, T, F], None, 0.5),
        ([1, 2, 3], [F, T, F], [3, 1, 1], 0.75),
        ([1, 2], [T, T], None, None),
        ([1, 2], [F, F], None, None),
        ([], [], None, None),
        ([1, 2], [F, T], [0.0, 1.0], None),
    ],
)
def test_auc_of_tables(scores, truth, weights, expected):
    assert auc(scores, truth, weights) == expected


@given(leads)
def test_turning_scores_round_turns_the_auc_round(rows):
    scores, truth, weights = zip(*rows, strict=True)
    found, turned = auc(scores, truth, weights), auc([-score for score in scores], truth, weights)
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert found == pytest.approx(1 - turned)


@given(leads)
def test_a_weight_is_that_many_leads(rows):
    scores, truth, weights = zip(*rows, strict=True)
    many = [(score, true) for score, true, weight in rows for _ in range(weight)]
    each, true = zip(*many, strict=True)
    assert auc(scores, truth, weights) == pytest.approx(auc(each, true))
    chances = list(map(probability, scores))
    assert log_loss(chances, truth, weights) == pytest.approx(log_loss(list(map(probability, each)), true))
    assert recall_at(scores, truth, weights, false_positive_rate=0.2) == pytest.approx(
        recall_at(each, true, false_positive_rate=0.2)
    )


@given(leads)
def test_the_order_of_leads_changes_nothing(rows):
    scores, truth, weights = zip(*rows, strict=True)
    backwards = [list(reversed(each)) for each in (list(map(probability, scores)), truth, weights)]
    assert auc(*backwards) == pytest.approx(auc(scores, truth, weights))
    assert calibration_error(*backwards) == pytest.approx(
        calibration_error(list(map(probability, scores)), truth, weights)
    )


def test_the_interval_of_an_auc_is_that_of_newcombe():
    # Each end lies 1.96 of its own standard errors from the area found.
    scores, truth = [1, 2, 2, 3, 5, 0, 4, 4], [F, F, T, T, T, F, T, F]
    low, high = interval(scores, truth)
    found = auc(scores, truth)
    assert found is not None
    for end in (low, high):
        spread = 1 + 3 * ((1 - end) / (2 - end) + end / (1 + end))
        error = (end * (1 - end) * spread / 16) ** 0.5
        assert abs(end - found) == pytest.approx(1.959964 * error, rel=1e-4)
    assert 0 < low < found < high < 1


def test_the_interval_does_not_vanish_where_leads_are_told_apart():
    low, high = interval([1, 2, 3, 4], [F, F, T, T])
    assert (low < 0.75, high) == (True, 1.0)
    assert auc_interval([1, 2], [T, T]) is None


def test_unequal_weights_widen_the_interval():
    scores, truth = [1, 3, 2, 4] * 20, [F, F, T, T] * 20
    even = interval(scores, truth, [1.0] * 80)
    uneven = interval(scores, truth, [*[1.0] * 40, *[0.01] * 40])
    assert even == auc_interval(scores, truth, [7.0] * 80)
    assert uneven[1] - uneven[0] > even[1] - even[0]


@pytest.mark.parametrize(
    ("chances", "truth", "weights", "expected"),
    [
        ([0.5, 0.5], [T, F], None, log(2)),
        ([0.8, 0.4], [T, F], None, -(log(0.8) + log(0.6)) / 2),
        ([0.8, 0.4], [T, F], [3, 1], -(3 * log(0.8) + log(0.6)) / 4),
        ([0.0], [T], None, -log(1e-15)),
        ([], [], None, None),
    ],
)
def test_log_loss_of_tables(chances, truth, weights, expected):
    assert log_loss(chances, truth, weights) == pytest.approx(expected)


def test_a_calibration_table_by_hand():
    table = calibration_table([0.1, 0.2, 0.6, 0.9], [F, T, F, T], bins=2)
    assert table == (
        CalibrationBin((0.1 + 0.2) / 2, 0.5, *wilson(1, 2), 2, 2.0),
        CalibrationBin(0.75, 0.5, *wilson(1, 2), 2, 2.0),
    )
    assert calibration_error([0.1, 0.2, 0.6, 0.9], [F, T, F, T], bins=2) == pytest.approx((0.35 + 0.25) / 2)


def test_equal_probabilities_are_never_parted():
    table = calibration_table([0.2] * 7 + [0.9], [T, F, F, F, F, F, F, T], bins=4)
    assert [(each.leads, each.observed) for each in table] == [(7, pytest.approx(1 / 7)), (1, 1.0)]


def test_weights_count_in_a_calibration_table():
    (only,) = calibration_table([0.2, 0.6], [F, T], [3.0, 1.0], bins=1)
    assert only.predicted == pytest.approx(0.3)
    assert (only.observed, only.weight) == (0.25, 4.0)
    assert calibration_table([0.2, 0.6], [F, T], [0.0, 1.0])[0].leads == 1
    assert calibration_error([], []) is None
    assert calibration_table([], []) == ()


@given(leads, st.integers(1, 6))
def test_a_calibration_table_holds_every_lead_once(rows, bins):
    scores, truth, weights = zip(*rows, strict=True)
    table = calibration_table(list(map(probability, scores)), truth, weights, bins=bins)
    assert sum(each.leads for each in table) == len(rows)
    assert len(table) <= bins
    assert [each.predicted for each in table] == sorted(each.predicted for each in table)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [(0.0, 0.25), (0.24, 0.25), (0.25, 0.5), (0.5, 0.5), (0.75, 1.0), (1.0, 1.0)],
)
def test_recall_at_a_false_positive_rate(rate, expected):
    # From the top: hit, miss, hit, {miss and miss and two hits of equal score}, miss.
    scores = [9, 8, 7, 5, 5, 5, 5, 1]
    assert recall_at(scores, [T, F, T, F, F, T, T, F], false_positive_rate=rate) == expected


def test_recall_needs_leads_of_both_kinds():
    assert recall_at([1, 2], [T, T]) is None
    assert recall_at([1, 2], [F, F]) is None


@pytest.mark.parametrize(
    ("found", "trials", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3, to four places
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_against_published_values(found, trials, low, high):
    assert wilson(found, trials) == pytest.approx((low, high), abs=5e-5)


def test_no_trials_tell_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("logit", "expected"), [(0, 0.5), (log(3), 0.75), (-log(3), 0.25), (1e4, 1.0), (-1e4, 0.0)])
def test_probability_of_a_logit(logit, expected):
    assert probability(logit) == pytest.approx(expected)


def test_performance_gathers_all():
    chances, truth = [0.1, 0.2, 0.6, 0.9], [F, T, F, T]
    found = performance(chances, truth, [1.0, 1.0, 1.0, 3.0])
    assert (found.leads, found.rate) == (4, 4 / 6)
    assert found.auc == auc(chances, truth, [1, 1, 1, 3])
    assert found.recall == 0.75
    nobody = performance([], [])
    assert (nobody.rate, nobody.auc, nobody.interval, nobody.log_loss, nobody.recall) == (None,) * 5


def test_slices_are_measured_apart():
    found = by_slice([0.1, 0.9, 0.8, 0.2], [F, T, F, T], ["web", None, "web", None])
    assert list(found) == ["web", None]
    assert found["web"] == performance([0.1, 0.8], [F, F])
    weighted = by_slice([0.1, 0.9], [F, T], ["a", "a"], [1.0, 3.0])
    assert weighted["a"].rate == 0.75
