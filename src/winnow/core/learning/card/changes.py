"""Where two scorecards give different points, value by value, however each of them cuts its bins."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from winnow.core.scorecard import BinValue, CategoryFeature, Feature, NumericFeature, Scorecard

UNKNOWN, OTHER = "unknown", "any other"


@dataclass(frozen=True, slots=True)
class PointChange:
    """Values of a signal that are worth other points now; a signal a scorecard does not use is worth 0."""

    signal: str
    values: str
    before: int
    after: int


def point_changes(before: Scorecard, after: Scorecard) -> tuple[PointChange, ...]:
    """Every range of values with other points, in the order of the scorecards; pairs are not looked at."""
    signals = dict.fromkeys(feature.signal for card in (before, after) for feature in card.features)
    return tuple(change for signal in signals for change in _of_signal(signal, before, after))


def _of_signal(signal: str, before: Scorecard, after: Scorecard) -> Iterator[PointChange]:
    old, new = before.feature(signal), after.feature(signal)
    either = old or new
    probes = _numeric(old, new) if isinstance(either, NumericFeature) else _listed(old, new)
    for words, value in [*probes, (UNKNOWN, None)]:
        points = _points(old, value), _points(new, value)
        if points[0] != points[1]:
            yield PointChange(signal, words, *points)


def _numeric(old: Feature | None, new: Feature | None) -> list[tuple[str, BinValue]]:
    """Ranges in which neither feature changes, each with its least value."""
    cuts = sorted({cut for each in (old, new) if isinstance(each, NumericFeature) for cut in each.cuts})
    if not cuts:
        return [("any", 0.0)]
    inner = [(f"{low:g} to {high:g}", low) for low, high in pairwise(cuts)]
    return [(f"below {cuts[0]:g}", float("-inf")), *inner, (f"from {cuts[-1]:g}", cuts[-1])]


def _listed(old: Feature | None, new: Feature | None) -> list[tuple[str, BinValue]]:
    values = dict.fromkeys(value for each in (old, new) if isinstance(each, CategoryFeature) for value in each.values)
    return [*((_said(value), value) for value in values), (OTHER, _NO_VALUE)]


#: Stands for any value no feature lists: texts are trimmed, so none is a blank.
_NO_VALUE = " "


def _said(value: BinValue) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _points(feature: Feature | None, value: BinValue | None) -> int:
    if feature is None:
        return 0
    if value is None:
        return feature.unknown.points
    if isinstance(feature, NumericFeature):
        return feature.bins[bisect_right(feature.cuts, float(value))].points
    return feature.bins[feature.values.index(value)].points if value in feature.values else feature.other.points
