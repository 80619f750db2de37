"""Makes a model's probabilities mean what they say, where leads it has not seen prove that they do not yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from winnow.core.learning.figures.measures import log_loss, probability

#: Steps of Newton's method, and how small one is that ends it.
_STEPS = 50
_SMALL = 1e-9

#: 95 % point of chi-squared with two degrees of freedom: what twice the gain in log-likelihood must exceed.
_CHI_2 = 5.991464547107979

#: A model is not stretched or squeezed beyond this: leads that call for more call for another model.
_LEAST_SLOPE, _MOST_SLOPE = 0.2, 5.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a logit is multiplied with, and what is added then; as it stands it changes nothing."""

    slope: float = 1.0
    intercept: float = 0.0


NONE = Calibration()


def calibration(logits: Sequence[float], truth: Sequence[bool], weights: Sequence[float] | None = None) -> Calibration:
    """The slope and intercept that suit these leads best; `NONE` unless that is better than chance would make it.

    The leads must be others than those the model was fitted on. A straight line in logits leaves the order of leads
    and the form of every shape as they are. Source: Platt 1999 (without its smoothing of targets); the test is that
    of the likelihood ratio (Wilks 1938) at 95 %.
    """
    chosen = list(weights or [1.0] * len(truth))
    before = log_loss([probability(logit) for logit in logits], truth, chosen)
    if before is None or all(truth) or not any(truth):
        return NONE
    found = _best(logits, truth, chosen)
    if not _LEAST_SLOPE <= found.slope <= _MOST_SLOPE:
        return NONE
    after = log_loss([probability(found.slope * logit + found.intercept) for logit in logits], truth, chosen)
    return found if after is not None and 2 * (before - after) * sum(chosen) > _CHI_2 else NONE


def _best(logits: Sequence[float], truth: Sequence[bool], weights: Sequence[float]) -> Calibration:
    """Newton's method on the log-likelihood, which has one top; stopped where leads are told apart without error."""
    slope, intercept = NONE.slope, NONE.intercept
    for _ in range(_STEPS):
        step_slope, step_intercept = _step(slope, intercept, logits, truth, weights)
        far = max(1.0, abs(step_slope), abs(step_intercept))  # where the slope is flat, a whole step overshoots
        step_slope, step_intercept = step_slope / far, step_intercept / far
        slope, intercept = slope + step_slope, intercept + step_intercept
        if abs(step_slope) + abs(step_intercept) < _SMALL or abs(slope) > _MOST_SLOPE:
            break
    return Calibration(slope, intercept)


def _step(
    slope: float, intercept: float, logits: Sequence[float], truth: Sequence[bool], weights: Sequence[float]
) -> tuple[float, float]:
    """One step uphill; none where the ground is level."""
    up_slope = up_intercept = bend_slope = bend_intercept = bend_both = 0.0
    for logit, true, weight in zip(logits, truth, weights, strict=True):
        chance = probability(slope * logit + intercept)
        miss, bend = weight * (true - chance), weight * chance * (1 - chance)
        up_slope += miss * logit
        up_intercept += miss
        bend_slope += bend * logit * logit
        bend_intercept += bend
        bend_both += bend * logit
    area = bend_slope * bend_intercept - bend_both * bend_both
    if area < _SMALL:
        return 0.0, 0.0
    return (
        (bend_intercept * up_slope - bend_both * up_intercept) / area,
        (bend_slope * up_intercept - bend_both * up_slope) / area,
    )
