"""How good a score is: telling apart, believing its own probabilities, and the doubt that remains in such figures.

Every measure takes scores or probabilities, the truth and, if labels count differently, their weights (equal
lengths, one a lead; a weight of 2 means the same as the lead twice). None stands for a figure that cannot be had,
such as the AUC of leads that are all alike.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, repeat
from math import exp, log, sqrt
from operator import itemgetter
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

#: Normal quantile of a two-sided 95 % interval.
Z_95 = 1.959963984540054

#: The false positive rate at which published comparisons report recall.
USUAL_RATE = 0.05

#: Probabilities are kept this far from 0 and 1, so that one wrong certainty does not make a log-loss infinite.
_SURE = 1e-15

#: Halvings of an interval after which a float cannot be told finer.
_HALVINGS = 60

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Leads of about the same probability: what was promised and what came.

    predicted: mean probability · observed: share that were what the score counts · low, high: Wilson interval of it
    leads: how many · weight: what they count together
    """

    predicted: float
    observed: float
    low: float
    high: float
    leads: int
    weight: float


@dataclass(frozen=True, slots=True)
class Performance:
    """All figures of one set of leads; `interval` is the 95 % interval of the AUC, `recall` at `USUAL_RATE`."""

    leads: int
    rate: float | None
    auc: float | None
    interval: Interval | None
    log_loss: float | None
    calibration_error: float | None
    recall: float | None


def probability(logit: float) -> float:
    """What a logit means, 0 to 1, without overflow."""
    if logit >= 0:
        return 1 / (1 + exp(-logit))
    odds = exp(logit)
    return odds / (1 + odds)


def auc(scores: Sequence[float], truth: Sequence[bool], weights: Sequence[float] | None = None) -> float | None:
    """Chance that a lead that is it scores above one that is not, ties counting half.

    Source: Mann & Whitney 1947; Hanley & McNeil 1982, section "The meaning of the area".
    """
    below = won = positive = 0.0
    for _, hits, misses in _steps(scores, truth, weights):
        won += hits * (below + misses / 2)
        positive += hits
        below += misses
    return won / (positive * below) if positive and below else None


def auc_interval(
    scores: Sequence[float], truth: Sequence[bool], weights: Sequence[float] | None = None, *, z: float = Z_95
) -> Interval | None:
    """Interval of the AUC that stays within 0 and 1 and does not shrink to nothing when the leads are told apart.

    It holds every area that lies within `z` of its own standard errors, by Hanley and McNeil's formula, of the one
    found. Unequal weights count as the number of equal ones that would be as informative (Kish 1965).
    Source: Newcombe 2006, Statistics in Medicine 25:559–573, part 2, method 5.
    """
    found = auc(scores, truth, weights)
    if found is None:
        return None
    chosen = weights or [1.0] * len(truth)
    positive = _worth([weight for weight, true in zip(chosen, truth, strict=True) if true])
    negative = _worth([weight for weight, true in zip(chosen, truth, strict=True) if not true])

    def agrees(area: float) -> bool:
        return abs(area - found) <= z * sqrt(_auc_variance(area, positive, negative))

    return _farthest(found, 0.0, agrees), _farthest(found, 1.0, agrees)


def log_loss(
    probabilities: Sequence[float], truth: Sequence[bool], weights: Sequence[float] | None = None
) -> float | None:
    """Mean surprise at the truth, in nats; ln 2 for a coin, smaller is better. Source: Good 1952, section 7."""
    lost = total = 0.0
    for chance, true, weight in zip(probabilities, truth, weights or repeat(1.0, len(truth)), strict=True):
        lost -= weight * log(max(chance if true else 1 - chance, _SURE))
        total += weight
    return lost / total if total else None


def calibration_table(
    probabilities: Sequence[float], truth: Sequence[bool], weights: Sequence[float] | None = None, *, bins: int = 10
) -> tuple[CalibrationBin, ...]:
    """Promise against outcome in at most `bins` groups of about equally many leads, the least probable first.

    Leads of equal probability are never parted, so the order they came in changes nothing.
    Source: Murphy & Winkler 1977 (reliability diagram), with the equal-count groups of Nguyen & O'Connor 2015.
    """
    rows = zip(probabilities, truth, weights or repeat(1.0, len(truth)), strict=True)
    order = sorted((row for row in rows if row[2] > 0), key=itemgetter(0))
    groups: list[list[tuple[float, bool, float]]] = []
    seen = 0
    for _, tied in groupby(order, key=itemgetter(0)):
        if seen * bins >= len(groups) * len(order):
            groups.append([])
        before = len(groups[-1])
        groups[-1] += tied
        seen += len(groups[-1]) - before
    return tuple(map(_calibration_bin, groups))


def calibration_error(
    probabilities: Sequence[float], truth: Sequence[bool], weights: Sequence[float] | None = None, *, bins: int = 10
) -> float | None:
    """Mean distance between promise and outcome over groups of equally many leads (ECE), 0 to 1, smaller is better.

    Source: Naeini, Cooper & Hauskrecht 2015, section "Calibration measures", with equal-count groups.
    """
    table = calibration_table(probabilities, truth, weights, bins=bins)
    total = sum(each.weight for each in table)
    return sum(each.weight * abs(each.predicted - each.observed) for each in table) / total if total else None


def recall_at(
    scores: Sequence[float],
    truth: Sequence[bool],
    weights: Sequence[float] | None = None,
    *,
    false_positive_rate: float = USUAL_RATE,
) -> float | None:
    """Greatest share found by a threshold that takes no more than this share of the others along.

    Only thresholds that exist count: leads of equal score are taken together or not at all, and nothing is drawn
    between two points of the curve. Source: Provost & Fawcett 2001, section 3 (ROC).
    """
    steps = list(_steps(scores, truth, weights))
    positive, negative = sum(hits for _, hits, _ in steps), sum(misses for _, _, misses in steps)
    if not positive or not negative:
        return None
    found = taken = 0.0
    for _, hits, misses in reversed(steps):
        taken += misses
        if taken > false_positive_rate * negative:
            break
        found += hits
    return found / positive


def wilson(found: float, trials: float, *, z: float = Z_95) -> Interval:
    """Interval of a share that was `found` times in so many `trials`; 0 to 1 when there were none.

    Source: Wilson 1927, Journal of the American Statistical Association 22:209–212.
    """
    if not trials:
        return 0.0, 1.0
    share, square = found / trials, z * z / trials
    middle = share + square / 2
    reach = z * sqrt((share * (1 - share) + square / 4) / trials)
    return max(0.0, (middle - reach) / (1 + square)), min(1.0, (middle + reach) / (1 + square))


def performance(
    probabilities: Sequence[float], truth: Sequence[bool], weights: Sequence[float] | None = None
) -> Performance:
    """All measures of these leads at once."""
    chosen = weights or [1.0] * len(truth)
    total = sum(chosen)
    return Performance(
        leads=len(truth),
        rate=sum(weight for weight, true in zip(chosen, truth, strict=True) if true) / total if total else None,
        auc=auc(probabilities, truth, weights),
        interval=auc_interval(probabilities, truth, weights),
        log_loss=log_loss(probabilities, truth, weights),
        calibration_error=calibration_error(probabilities, truth, weights),
        recall=recall_at(probabilities, truth, weights),
    )


def by_slice(
    probabilities: Sequence[float],
    truth: Sequence[bool],
    slices: Sequence[Key],
    weights: Sequence[float] | None = None,
) -> dict[Key, Performance]:
    """The performance in each slice, such as a month or a source, in the order the slices first occur."""
    places: dict[Key, list[int]] = {}
    for place, key in enumerate(slices):
        places.setdefault(key, []).append(place)
    return {
        key: performance(
            [probabilities[place] for place in chosen],
            [truth[place] for place in chosen],
            [weights[place] for place in chosen] if weights else None,
        )
        for key, chosen in places.items()
    }


def _steps(
    scores: Sequence[float], truth: Sequence[bool], weights: Sequence[float] | None
) -> Iterator[tuple[float, float, float]]:
    """Each score that occurs, the smallest first, with the weight of those that are it and of those that are not."""
    order = sorted(zip(scores, truth, weights or repeat(1.0, len(truth)), strict=True), key=itemgetter(0))
    for score, tied in groupby(order, key=itemgetter(0)):
        hits = misses = 0.0
        for _, true, weight in tied:
            if true:
                hits += weight
            else:
                misses += weight
        yield score, hits, misses


def _worth(weights: Sequence[float]) -> float:
    """How many leads of equal weight would tell as much (Kish 1965, section 11.7)."""
    return sum(weights) ** 2 / sum(weight * weight for weight in weights)


def _auc_variance(area: float, positive: float, negative: float) -> float:
    """Hanley & McNeil 1982, formula 1, with the mean of both counts for each as in Newcombe 2006."""
    extra = (positive + negative) / 2 - 1
    spread = 1 + extra * ((1 - area) / (2 - area) + area / (1 + area))
    return area * (1 - area) * spread / (positive * negative)


def _farthest(inside: float, towards: float, holds: Callable[[float], bool]) -> float:
    """The last number between `inside` and `towards` for which it holds, by halving; it holds `inside`."""
    outside = towards
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if holds(middle) else (inside, middle)
    return inside


def _calibration_bin(group: Sequence[tuple[float, bool, float]]) -> CalibrationBin:
    weight = sum(each for _, _, each in group)
    observed = sum(each for _, true, each in group if true) / weight
    low, high = wilson(observed * _worth([each for _, _, each in group]), _worth([each for _, _, each in group]))
    predicted = sum(chance * each for chance, _, each in group) / weight
    return CalibrationBin(predicted, observed, low, high, len(group), weight)
