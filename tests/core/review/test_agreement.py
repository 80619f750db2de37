"""Cohen's kappa against published figures, and its silence where there is too little."""

import pytest

from winnow.core.review.agreement import ENOUGH, agreement, kappa


def test_kappa_and_its_interval_are_those_of_a_published_example():
    """The example of `ci.kappa` in the R package statpsych (Bonett): 0.6756757, SE 0.07344761."""
    found = agreement([[31, 12], [4, 58]])
    assert found.pairs == 105
    assert found.kappa == pytest.approx(0.6756757, abs=1e-7)
    assert found.low == pytest.approx(0.5317210, abs=1e-7)
    assert found.high == pytest.approx(0.8196303, abs=1e-7)
    worked_out = kappa(found.table)
    assert worked_out is not None
    assert worked_out[1] == pytest.approx(0.07344761, abs=1e-8)


def test_kappa_of_three_verdicts():
    """Worked by hand: of 100 pairs 89 the same, 66 of which chance would bring."""
    assert agreement([[75, 1, 4], [5, 4, 1], [0, 0, 10]]).kappa == pytest.approx(0.23 / 0.34)


@pytest.mark.parametrize(
    ("table", "expected"), [([[20, 0], [0, 20]], 1), ([[10, 10], [10, 10]], 0), ([[0, 20], [20, 0]], -1)]
)
def test_the_ends_of_the_scale(table, expected):
    found = agreement(table)
    assert found.kappa == pytest.approx(expected)
    assert found.low is not None
    assert found.high is not None
    assert -1 <= found.low <= found.high <= 1


@pytest.mark.parametrize(
    ("table", "same"), [([[0, 0], [0, 0]], None), ([[ENOUGH - 2, 1], [0, 0]], (ENOUGH - 2) / (ENOUGH - 1))]
)
def test_too_few_to_say(table, same):
    found = agreement(table)
    assert (found.same, found.kappa, found.low, found.high) == (same, None, None, None)


def test_where_all_say_the_same_chance_explains_it():
    found = agreement([[40, 0], [0, 0]])
    assert (found.same, found.kappa) == (1, None)
