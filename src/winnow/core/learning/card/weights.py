"""How much each feature of a scorecard moves scores, so that a card can begin with what matters."""

from collections.abc import Sequence
from dataclasses import dataclass

from winnow.core.learning.card.facts import FEWEST, BinFacts, FeatureFacts


@dataclass(frozen=True, slots=True)
class Weight:
    """How much one feature moves scores.

    points: mean distance of a lead's points from the feature's average, over the leads it was fitted on
    share: of the sum over all features, 0 to 1
    """

    feature: FeatureFacts
    points: float
    share: float


def weights(features: Sequence[FeatureFacts]) -> tuple[Weight, ...]:
    """Every feature with its weight, the largest first; equal ones by name."""
    found = [(feature, _moves(feature.bins)) for feature in features]
    total = sum(points for _, points in found) or 1.0
    ordered = sorted(found, key=lambda each: (-each[1], each[0].signal))
    return tuple(Weight(feature, points, points / total) for feature, points in ordered)


def few(found: BinFacts) -> bool:
    """Whether a bin's points rest on fewer leads than a figure needs."""
    return found.leads < FEWEST


def _moves(bins: Sequence[BinFacts]) -> float:
    leads = sum(each.leads for each in bins)
    if not leads:
        return 0.0
    average = sum(each.points * each.leads for each in bins) / leads
    return sum(abs(each.points - average) * each.leads for each in bins) / leads
