"""The interval of the recall is as wide as its two doubts together."""

from collections.abc import Sequence
from hashlib import sha256
from statistics import NormalDist

import pytest

from winnow.core.learning.figures.measures import recall_at, wilson
from winnow.core.learning.figures.recall import recall_interval


def drawn(seed: int, leads: int) -> tuple[list[float], list[bool]]:
    """Scores from two normal distributions 1.5 apart, every fourth lead positive."""
    chances = [int.from_bytes(sha256(f"{seed}:{i}".encode()).digest()[:6]) / 2**48 for i in range(leads)]
    truth = [i % 4 == 0 for i in range(leads)]
    normal = NormalDist()
    return [
        normal.inv_cdf(min(max(each, 1e-9), 1 - 1e-9)) + 1.5 * true for each, true in zip(chances, truth, strict=True)
    ], truth


def interval(scores: Sequence[float], truth: Sequence[bool], weights: Sequence[float] | None = None):
    found = recall_interval(scores, truth, weights)
    assert found is not None
    return found


def test_it_holds_the_true_recall_about_as_often_as_promised():
    true = 1 - NormalDist(1.5).cdf(NormalDist().inv_cdf(0.95))
    found = [interval(*drawn(seed, 400)) for seed in range(60)]
    held = sum(low <= true <= high for low, high in found)
    assert held >= 55
    alone = [wilson((recall_at(*drawn(seed, 400)) or 0) * 100, 100) for seed in range(60)]
    assert sum(low <= true <= high for low, high in alone) < held


def test_it_lies_around_the_figure_within_nothing_and_all():
    for seed in range(20):
        scores, truth = drawn(seed, 60)
        low, high = interval(scores, truth)
        assert 0 <= low <= (recall_at(scores, truth) or 0) <= high <= 1


def test_a_weight_of_two_for_all_tells_nothing_more_and_unequal_ones_tell_less():
    scores, truth = drawn(1, 400)
    low, high = interval(scores, truth)
    assert interval(scores, truth, [2.0] * 400) == pytest.approx((low, high))
    uneven = interval(scores, truth, [0.1, 1.9] * 200)
    assert uneven[1] - uneven[0] > high - low


@pytest.mark.parametrize("truth", [[], [True, True], [False]])
def test_of_leads_that_are_all_alike_there_is_none(truth):
    assert recall_interval([0.1] * len(truth), truth) is None
