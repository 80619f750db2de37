"""From a card's document to its charts."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from winnow.core.declared import WEEKDAY_UNIT
from winnow.core.learning.fitting.wording import days_text
from winnow.shells.cards.drawing import Drawing
from winnow.shells.cards.examined import (
    Kept,
    Span,
    Stretch,
    dots_chart,
    reliability_chart,
    stretches_chart,
)
from winnow.shells.cards.pairs import Grid, grid, pair_chart
from winnow.shells.cards.scale import around_zero
from winnow.shells.cards.shown import short_day
from winnow.shells.cards.svg import Poles, Worth, bars_chart, step_chart

Document = Mapping[str, Any]

#: As many values have a bar each; all of them stand in the table.
MOST_BARS = 12
_SHORT_DAY = 3
#: The common axis spans the points that so large a share of the leads have.
COMMON = 0.03


def feature_charts(card: Document) -> list[Drawing]:
    """One chart a feature, in the card's order, all on the same axis so that they can be compared."""
    limits = _limits(card["features"])
    poles = Poles(card["words"]["towards"], card["words"]["away"])
    return [_feature_chart(each, poles, limits) for each in card["features"]]


def pair_charts(card: Document) -> list[tuple[Grid, Drawing]]:
    """Every pair of signals, as a grid and its chart."""
    poles = Poles(card["words"]["towards"], card["words"]["away"])
    grids = [grid(each) for each in card["pairs"]]
    return [(each, pair_chart(each, poles)) for each in grids]


def _limits(features: Sequence[Document]) -> tuple[float, float]:
    """The span of the points that many leads have; a single rare value must not flatten everything else."""
    bins = [each for feature in features for each in feature["bins"]]
    return around_zero(
        [each["points"] for each in bins if each["share"] >= COMMON] or [each["points"] for each in bins]
    )


def _feature_chart(feature: Document, poles: Poles, limits: tuple[float, float]) -> Drawing:
    title = f"Points for {feature['label']}"
    worths = [Worth(each["words"], each["points"], each["share"], each["few"]) for each in feature["bins"]]
    if feature["kind"] == "category":
        return bars_chart(title, charted(worths), poles=poles, limits=limits)
    return step_chart(title, worths[:-1], _cuts(feature), unknown=worths[-1], poles=poles, limits=limits)


def _cuts(feature: Document) -> list[str]:
    """The limits between bins as short as they can be told; of days the one that begins there."""
    if feature["unit"] == WEEKDAY_UNIT:
        return [days_text(each, ceil(each) + 1)[:_SHORT_DAY] for each in feature["cuts"]]
    return [f"{each:,.4g}" if abs(each) < 10_000 else f"{each:,.0f}" for each in feature["cuts"]]  # noqa: PLR2004  # digits


def charted(worths: Sequence[Worth]) -> list[Worth]:
    """The values that have a bar: the most frequent ones, most points first; without those nobody had."""
    met = sorted((each for each in worths if each.share > 0), key=lambda each: -each.share)[:MOST_BARS]
    return sorted(met, key=lambda each: -each.points)


def found_charts(card: Document) -> Iterator[tuple[str, Drawing]]:
    """A hundred leads of either kind, those it points at filled; nothing without a figure."""
    if card["quality"] is not None:
        words, recall = card["words"], _span(card["quality"]["recall"])
        title = f"Of 100 {words['many']}, those it would find"
        yield f"100 {words['many']}", dots_chart(title, recall, "towards")
        title = f"Of 100 {words['others']}, those it would trouble"
        yield f"100 {words['others']}", dots_chart(title, Span(0.05), "away")


def reliability(card: Document) -> Drawing:
    """What the score said against what came true."""
    groups = [Kept(each["said"], _span(each["seen"]), each["leads"]) for each in card["reliability"]]
    return reliability_chart("What it says and what came true", groups)


def over_time(card: Document) -> Drawing:
    """How often it ranks two leads right, stretch by stretch."""
    stretches = [_stretch(each) for each in card["slices"]]
    known = [each.found for each in stretches if each.found is not None]
    least = min([0.5, *(each.value if each.low is None else each.low for each in known)])
    title = "Of 100 pairs of leads, ranked right"
    return stretches_chart(title, stretches, least=least, floor="no better than a coin" if least == 0.5 else "")  # noqa: PLR2004  # what a coin knows


def _stretch(slice_: Document) -> Stretch:
    found = None if slice_["quality"] is None else _span(slice_["quality"]["auc"])
    return Stretch(short_day(slice_["first"]), short_day(slice_["last"]), found, slice_["part"] == "fit")


def _span(estimate: Document) -> Span:
    return Span(estimate["value"], estimate["low"], estimate["high"])
