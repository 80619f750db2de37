"""Reads a fitted model of the library into the shapes that the core knows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from math import inf
from typing import Any

import numpy as np

from winnow.adapters.trainer.columns import Column, Floats, bin_codes, round_cuts
from winnow.core.learning.fitting.additive import known_mean
from winnow.core.learning.study import Fitted, PairShape, Shape

_LIBRARY = "interpret-core"

#: In the library's tables the unknown stands first, and last what it never saw.
_UNKNOWN, _NEVER_SEEN = 0, -1

_TWO = 2


def fitted_from(model: Any, columns: Sequence[Column]) -> Fitted:  # noqa: ANN401  # the library has no types
    """All terms of the model, with as many leads in the bins as the columns have."""
    terms = list(zip(map(tuple, model.term_features_), model.term_scores_, strict=True))
    paired = {place for features, _ in terms if len(features) == _TWO for place in features}
    grids = [_grid(model.bins_[place], column, in_pair=place in paired) for place, column in enumerate(columns)]
    alone = {features[0]: scores for features, scores in terms if len(features) == 1}
    return Fitted(
        intercept=float(model.intercept_[0]),
        shapes=tuple(
            _shape(column, grid, alone[place]) for place, (column, grid) in enumerate(zip(columns, grids, strict=True))
        ),
        pairs=tuple(
            _pair(
                columns[features[0]], columns[features[1]], scores[np.ix_(*(grids[each].paired for each in features))]
            )
            for features, scores in terms
            if len(features) == _TWO
        ),
        library=f"{_LIBRARY} {version(_LIBRARY)}",
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where each of our bins, in the order of their codes, stands in the library's tables.

    cuts: of a numeric signal · alone: in its own table · paired: in tables of two
    """

    cuts: tuple[float, ...] | None
    alone: list[int]
    paired: list[int]


def _grid(bins: Sequence[Any], column: Column, *, in_pair: bool) -> _Grid:
    """The library bins numbers more coarsely in pairs; ours have the cuts of both."""
    if column.is_text:
        names = [str(place) for place in range(len(column.values or ()) + 1)]
        places = [*(bins[0].get(name, _NEVER_SEEN) for name in names), _UNKNOWN]
        return _Grid(None, places, places)
    if column.values is not None:
        places = [1, 2, _NEVER_SEEN, _UNKNOWN]
        return _Grid(None, places, places)
    own, coarse = bins[0], bins[-1]
    cuts = sorted({*own.tolist(), *(coarse.tolist() if in_pair else ())})
    alone, paired = ((np.searchsorted(each, [-inf, *cuts], side="right") + 1).tolist() for each in (own, coarse))
    return _Grid(tuple(cuts), [*alone, _UNKNOWN], [*paired, _UNKNOWN])


def _shape(column: Column, grid: _Grid, scores: Floats) -> Shape:
    values = column.values if grid.cuts is None else None
    bins = len(grid.alone)
    counts = tuple(np.bincount(bin_codes(column, grid.cuts, bins), minlength=bins).tolist())
    shape = Shape(column.signal.name, grid.cuts, values, tuple(scores[grid.alone].tolist()), counts)
    # A bin without a lead teaches nothing; who falls into it later is taken for the average lead.
    mean = known_mean(shape)
    filled = tuple(each if count else mean for each, count in zip(shape.logits, counts, strict=True))
    return replace(shape, logits=filled, cuts=None if grid.cuts is None else round_cuts(column, grid.cuts))


def _pair(first: Column, second: Column, scores: Floats) -> PairShape:
    return PairShape(first.signal.name, second.signal.name, tuple(map(tuple, scores.tolist())))
