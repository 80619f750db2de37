"""Probabilities set right, where leads that were not fitted on call for it."""

from math import log

import pytest

from winnow.core.learning.figures.measures import log_loss, probability
from winnow.core.learning.fitting import calibration as module
from winnow.core.learning.fitting.calibration import NONE, Calibration, calibration


def leads(*groups: tuple[float, int, int]) -> tuple[list[float], list[bool]]:
    """Groups of leads of one logit, so many of which are it and so many not."""
    scores = [logit for logit, hits, misses in groups for _ in range(hits + misses)]
    return scores, [number < hits for _, hits, misses in groups for number in range(hits + misses)]


def test_the_line_through_two_groups_is_exact():
    # Two logits and two shares: 1 of 5 stood at -3, 4 of 5 at 2.
    found = calibration(*leads((-3.0, 100, 400), (2.0, 400, 100)))
    assert probability(found.slope * -3 + found.intercept) == pytest.approx(0.2)
    assert probability(found.slope * 2 + found.intercept) == pytest.approx(0.8)


def test_a_shifted_base_rate_moves_the_intercept_alone():
    found = calibration(*leads((-log(4), 300, 700), (0.0, 632, 368)))
    assert (found.slope, found.intercept) == pytest.approx((1.0, 0.54), abs=0.01)


def test_a_weight_is_that_many_leads():
    scores, truth = leads((-3.0, 1, 4), (2.0, 4, 1))
    once, often = calibration(scores, truth, [100.0] * 10), calibration(*leads((-3.0, 100, 400), (2.0, 400, 100)))
    assert (once.slope, once.intercept) == pytest.approx((often.slope, often.intercept))


@pytest.mark.parametrize(
    "groups",
    [
        [(-log(4), 200, 800), (log(4), 800, 200)],  # already right
        [(-3.0, 1, 4), (2.0, 4, 1)],  # too few leads to say
        [(-1.0, 800, 200), (1.0, 200, 800)],  # the wrong way round: no line makes that a good model
        [(-1.0, 0, 500), (1.0, 500, 0)],  # told apart without error: no finite line is best
        [(-1.0, 0, 500)],
        [(-1.0, 500, 0)],
        [(-1.0, 400, 100)],  # one score alone gives no line
        [],
    ],
)
def test_nothing_changes_without_good_reason(groups):
    assert calibration(*leads(*groups)) == NONE == Calibration(1.0, 0.0)


@pytest.mark.parametrize("shift", [-6.0, -2.0, 2.0, 6.0])
def test_a_model_that_is_far_off_is_set_right_as_well(shift):
    scores, truth = leads((-7.0, 50, 3000), (-3.0, 100, 400), (1.5, 800, 50))
    found = calibration([score + shift for score in scores], truth)
    exact = calibration([2 * score for score in scores], truth)
    assert found.slope == pytest.approx(2 * exact.slope)
    assert found.slope * shift + found.intercept == pytest.approx(exact.intercept)


def test_steps_that_run_out_leave_a_better_line_or_none(monkeypatch):
    monkeypatch.setattr(module, "_STEPS", 2)
    scores, truth = leads((-6.0, 300, 700), (-5.0, 632, 368))
    found = calibration(scores, truth)
    before, after = (
        log_loss([probability(line.slope * score + line.intercept) for score in scores], truth)
        for line in (NONE, found)
    )
    assert before is not None
    assert after is not None
    assert after < before
