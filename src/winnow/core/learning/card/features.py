"""The tables of a scorecard, worded for its model card: which values each bin holds, and how many leads."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from winnow.core.declared import WEEKDAY_UNIT
from winnow.core.learning.card.facts import BinFacts, FeatureFacts, PairFacts
from winnow.core.learning.figures.plain import grouped
from winnow.core.learning.fitting.wording import days_text
from winnow.core.scorecard import BinValue, CategoryFeature, Feature, NumericFeature, Scorecard
from winnow.core.signals.base import Signal

OTHER, UNKNOWN = "other", "unknown"


def feature_facts(
    card: Scorecard,
    signals: Mapping[str, Signal],
    counts: Mapping[str, Sequence[int]],
    directions: Mapping[str, str] | None = None,
) -> tuple[FeatureFacts, ...]:
    """The card's features in its order.

    signals, counts, directions: by signal name · counts: leads it was fitted on, one number a bin code
    """
    said = directions or {}
    return tuple(
        FeatureFacts(
            signal=feature.signal,
            label=signals[feature.signal].label,
            unit=signals[feature.signal].unit,
            kind="category" if isinstance(feature, CategoryFeature) else "numeric",
            bins=_bins(feature, counts[feature.signal], signals[feature.signal]),
            cuts=feature.cuts if isinstance(feature, NumericFeature) else (),
            direction=said.get(feature.signal, ""),
        )
        for feature in card.features
    )


def pair_facts(card: Scorecard, signals: Mapping[str, Signal]) -> tuple[PairFacts, ...]:
    """The card's tables of two signals, called by their labels, their bins in words."""
    words = {feature.signal: bin_words(feature, signals[feature.signal].unit) for feature in card.features}
    return tuple(
        PairFacts(
            first=signals[pair.first].label,
            second=signals[pair.second].label,
            rows=words[pair.first],
            columns=words[pair.second],
            points=pair.points,
        )
        for pair in card.pairs
    )


def bin_words(feature: Feature, unit: str = "") -> tuple[str, ...]:
    """Which values each bin holds, by bin code: `under 4`, `4 to under 10`, `10 or more`, `unknown`; days by name."""
    if isinstance(feature, CategoryFeature):
        return (*map(_worded, feature.values), "any other value", UNKNOWN)
    if unit == WEEKDAY_UNIT:
        limits = (None, *feature.cuts, None)
        return (*(days_text(low, high) for low, high in pairwise(limits)), UNKNOWN)
    cuts = [_number(cut) for cut in feature.cuts]
    if not cuts:
        return "any number", UNKNOWN
    between = [f"{low} to under {high}" for low, high in pairwise(cuts)]
    return f"under {cuts[0]}", *between, f"{cuts[-1]} or more", UNKNOWN


def _bins(feature: Feature, counts: Sequence[int], signal: Signal) -> tuple[BinFacts, ...]:
    bins = feature.all_bins
    last = [OTHER, UNKNOWN] if isinstance(feature, CategoryFeature) else [UNKNOWN]
    roles = ["value"] * (len(bins) - len(last)) + last
    rows = zip(bin_words(feature, signal.unit), bins, counts, roles, strict=True)
    return tuple(
        BinFacts(_spoken(each.text, signal.label, own), each.points, leads, role) for own, each, leads, role in rows
    )


def _spoken(text: str, label: str, own: str) -> str:
    """The bin as a rep reads it, without the label that stands above; its own words when it is told otherwise."""
    start = f"{label}: "
    return text[len(start) :] if text.lower().startswith(start.lower()) else own


def _worded(value: BinValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _number(cut: float) -> str:
    """A cut as short as it can be told: whole numbers with separators, others to six digits."""
    return grouped(int(cut)) if cut == int(cut) else f"{cut:,.6g}"
