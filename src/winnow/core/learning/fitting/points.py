"""From a fitted model in logits to a scorecard in integer points, and what the rounding costs.

The way there: `innocent` (for junk, not knowing never speaks against a lead), `calibrated` (if the probabilities were
off on leads the fit did not see), `scorecard_from` (points, texts, caps), `rounding_loss` (what that cost).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from winnow.core.learning.figures.measures import auc, log_loss, probability
from winnow.core.learning.fitting.additive import from_unknown, innocent, logits, scaled
from winnow.core.learning.fitting.calibration import Calibration
from winnow.core.learning.fitting.wording import other_text, range_text, together_text, unknown_text, value_text
from winnow.core.learning.study import Fitted, PairShape, Shape, Study
from winnow.core.scorecard import (
    JUNK,
    PAIR_FAMILY,
    Bin,
    CategoryFeature,
    Feature,
    NumericFeature,
    PairTable,
    Scorecard,
    compiled,
    family_of,
)
from winnow.core.signals.base import Signal

#: So many points are one logit.
POINTS = 1000

#: The kind of a scorecard that was fitted, as stored with it.
LEARNED = "learned"


@dataclass(frozen=True, slots=True)
class RoundingLoss:
    """What the points lose against the logits they were rounded from, on some leads; below 0 they gained.

    None where the measure cannot be had, as when all leads are alike.
    """

    auc: float | None
    log_loss: float | None


@dataclass(frozen=True, slots=True)
class _Table:
    """The points of two signals together, by their bin codes."""

    first: str
    second: str
    points: tuple[tuple[int, ...], ...]

    def line(self, signal: str, code: int) -> tuple[int, ...]:
        """All cells of one bin of one of the two signals; empty for any other signal."""
        if signal == self.first:
            return self.points[code]
        return tuple(row[code] for row in self.points) if signal == self.second else ()


def calibrated(fitted: Fitted, calibration: Calibration) -> Fitted:
    """The model with its logits set right; see `winnow.core.learning.fitting.calibration`."""
    return scaled(fitted, calibration.slope, calibration.intercept)


def scorecard_from(
    fitted: Fitted,
    study: Study,
    *,
    card_id: str,
    owner: str,
    note: str = "",
    other_caps: Mapping[str, int] | None = None,
) -> Scorecard:
    """The model as a scorecard: 1,000 points a logit, `base` the score of a lead nothing is known about.

    Signals that never add or take a point are left out, and so are cuts between bins of equal points. The cap of a
    family is what it can add at most, so it takes nothing back; `other_caps` are those of families the model does
    not use (for rules). For the target junk the model is made `innocent` first; see `additive`.
    """
    model = from_unknown(innocent(fitted) if study.target == JUNK else fitted)
    tables = tuple(table for table in map(_table, model.pairs) if any(map(any, table.points)))
    paired = {name for table in tables for name in (table.first, table.second)}
    signals = {signal.name: signal for signal in study.signals}
    starts = {
        shape.signal: _starts(shape, tables)
        for shape in model.shapes
        if shape.signal in paired or any(map(_points, shape.logits))
    }
    features = tuple(
        _feature(shape, starts[shape.signal], signals[shape.signal]) for shape in model.shapes if shape.signal in starts
    )
    pairs = tuple(_pair(table, starts, signals) for table in tables)
    return Scorecard(
        id=card_id,
        base=_points(model.intercept),
        features=features,
        caps={**(other_caps or {}), **_greatest(features, pairs)},
        owner=owner,
        kind=LEARNED,
        target=study.target,
        pairs=pairs,
        note=note,
    )


def scores(card: Scorecard, study: Study) -> list[int]:
    """The score of each lead in points, by the function that decides."""
    score = compiled(card, {signal.name: place for place, signal in enumerate(study.signals)})
    return [score(row, {}).score for row in study.rows()]


def rounding_loss(fitted: Fitted, card: Scorecard, study: Study) -> RoundingLoss:
    """How much worse AUC and log-loss on these leads are by rounding; `fitted` as the card was made from."""
    exact = logits(innocent(fitted) if card.target == JUNK else fitted, study)
    rounded = [points / POINTS for points in scores(card, study)]
    before, after = (auc(each, study.truth, study.weights) for each in (exact, rounded))
    less, more = (log_loss(list(map(probability, each)), study.truth, study.weights) for each in (exact, rounded))
    return RoundingLoss(
        None if before is None or after is None else before - after,
        None if less is None or more is None else more - less,
    )


def _points(logit: float) -> int:
    return round(logit * POINTS)


def _table(pair: PairShape) -> _Table:
    return _Table(pair.first, pair.second, tuple(tuple(map(_points, row)) for row in pair.logits))


def _starts(shape: Shape, tables: Sequence[_Table]) -> tuple[int, ...]:
    """The bin codes to keep: of numeric bins side by side that are worth the same, the first."""
    codes = range(len(shape.logits))
    if shape.cuts is None:
        return tuple(codes)
    worth = [(_points(shape.logits[code]), *(table.line(shape.signal, code) for table in tables)) for code in codes]
    unknown = len(shape.cuts) + 1
    return tuple(code for code in codes if code in {0, unknown} or worth[code] != worth[code - 1])


def _feature(shape: Shape, starts: Sequence[int], signal: Signal) -> Feature:
    points = [_points(shape.logits[code]) for code in starts]
    unknown = Bin(points[-1], unknown_text(signal), _why(shape.counts[-1]))
    if shape.cuts is None:
        values = shape.values or ()
        bins = tuple(
            Bin(each, value_text(signal, value), _why(count))
            for each, value, count in zip(points, values, shape.counts, strict=False)
        )
        return CategoryFeature(
            shape.signal, values, bins, Bin(points[-2], other_text(signal), _why(shape.counts[-2])), unknown
        )
    cuts = tuple(shape.cuts[code - 1] for code in starts[1:-1])
    ends = [None, *cuts, None]
    counts = [sum(shape.counts[start:stop]) for start, stop in pairwise(starts)]
    numbered = zip(points, pairwise(ends), counts, strict=False)
    bins = tuple(Bin(each, range_text(signal, low, high), _why(count)) for each, (low, high), count in numbered)
    return NumericFeature(shape.signal, cuts, bins, unknown)


def _why(count: int) -> str:
    return f"leads it was learned from: {count:,}"


def _pair(table: _Table, starts: Mapping[str, Sequence[int]], signals: Mapping[str, Signal]) -> PairTable:
    points = tuple(tuple(table.points[row][column] for column in starts[table.second]) for row in starts[table.first])
    return PairTable(table.first, table.second, points, together_text(signals[table.first], signals[table.second]))


def _greatest(features: Sequence[Feature], pairs: Sequence[PairTable]) -> dict[str, int]:
    """The most points each family can add; an unknown signal adds none, so it is never below 0."""
    caps: dict[str, int] = {}
    for feature in features:
        family = family_of(feature.signal)
        caps[family] = caps.get(family, 0) + max(each.points for each in feature.all_bins)
    for pair in pairs:
        first, second = family_of(pair.first), family_of(pair.second)
        family = first if first == second else PAIR_FAMILY
        caps[family] = caps.get(family, 0) + max(map(max, pair.points))
    return caps
