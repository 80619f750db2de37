"""How far the share found at a set false positive rate is to be trusted: the rate itself is only estimated."""

from collections.abc import Sequence
from itertools import repeat
from math import hypot, sqrt

from winnow.core.learning.figures.measures import USUAL_RATE, Z_95, Interval, recall_at, wilson


def recall_interval(
    scores: Sequence[float],
    truth: Sequence[bool],
    weights: Sequence[float] | None = None,
    *,
    false_positive_rate: float = USUAL_RATE,
) -> Interval | None:
    """95 % interval of `recall_at` for the same arguments; None when the leads are all alike.

    In doubt twice: which share of the positives lies above the threshold (Wilson's interval), and where the
    threshold lies, that so many of the others exceed it. The two are independent and add up as squares.
    Unequal weights count as the number of equal ones that would be as informative (Kish 1965).
    Source: Hsieh & Turnbull 1996, theorem 2.2, with differences along the curve itself instead of its slope.
    """

    def at(rate: float) -> float | None:
        return recall_at(scores, truth, weights, false_positive_rate=rate)

    found = at(false_positive_rate)
    if found is None:
        return None
    chosen = list(zip(weights or repeat(1.0, len(truth)), truth, strict=True))
    positives = _informative([weight for weight, true in chosen if true])
    others = _informative([weight for weight, true in chosen if not true])
    off = Z_95 * sqrt(false_positive_rate * (1 - false_positive_rate) / others)
    low, high = wilson(found * positives, positives)
    stricter, looser = at(max(0.0, false_positive_rate - off)) or 0.0, at(false_positive_rate + off) or 0.0
    least = found - hypot(found - low, found - stricter)
    most = found + hypot(high - found, looser - found)
    return max(0.0, least), min(1.0, most)


def _informative(weights: Sequence[float]) -> float:
    """How many leads of equal weight tell as much."""
    return sum(weights) ** 2 / sum(weight * weight for weight in weights)
