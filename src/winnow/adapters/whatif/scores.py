"""Scores of all rows at once: what a value is worth is worked out once a distinct value, then gathered and added.

The sums are those of whole numbers in any order, so they equal what `winnow.core.scorecard` adds up lead by lead.
"""

from collections.abc import Iterator, Mapping
from math import ceil

import numpy as np

from winnow.adapters.whatif.table import Column, Numbers, Table
from winnow.core.plan import Plan
from winnow.core.scorecard import Feature, NumericFeature, Scorecard, family_of
from winnow.errors import InvalidInputError

#: Rows that are added up together: few enough that the sums stay in the processor's cache.
_BLOCK = 1 << 16

_MOST_INT32 = 2**31
_MOST_INT64 = 2**63

#: By family, rows and points from outside the card.
Extra = Mapping[str, Numbers]

Kind = type[np.int32] | type[np.int64]


def column_of(table: Table, plan: Plan, name: str) -> Column | None:
    """A signal's column; None when the policy does not allow to measure it, so that it is unknown throughout.

    Raises InvalidInputError when the table was made without it, or with an edition of it that means something else.
    """
    return table.columns[name] if plan.allowed[plan.names.index(name)] else None


def bins_of(feature: Feature, column: Column) -> Numbers:
    """The bin code of each code of the column."""
    unknown = len(feature.all_bins) - 1
    bins = np.empty(column.size, np.uint8)
    bins[-1] = unknown
    if isinstance(feature, NumericFeature):
        bins[:-1] = _numeric_bins(feature, np.asarray(column.distinct))
    else:
        codes = {value: code for code, value in enumerate(feature.values)}
        bins[:-1] = [codes.get(value, unknown - 1) for value in column.values[:-1]]  # type: ignore[arg-type]  # known
    return bins


def _numeric_bins(feature: NumericFeature, ascending: Numbers) -> Numbers:
    """How many cuts each value has reached; a whole number reaches a cut when it reaches the next whole number."""
    bins = np.zeros(len(ascending), np.uint8)
    for cut in feature.cuts:
        if ascending.dtype.kind == "i":
            least = ceil(cut)
            start = (
                len(ascending) if least >= _MOST_INT64 else int(np.searchsorted(ascending, max(least, -_MOST_INT64)))
            )
        else:
            start = int(np.searchsorted(ascending, float(cut)))
        bins[start:] += 1
    return bins


class CardScores:
    """A scorecard ready to score the rows of a table."""

    def __init__(self, table: Table, plan: Plan, card: Scorecard) -> None:
        self._size = len(table)
        self._card = card
        self._most = _most(card)
        self._columns = {each.signal: column_of(table, plan, each.signal) for each in card.features}
        self._tables = [(family_of(each.signal), *self._worth(each)) for each in card.features]
        self._pairs = list(self._paired())

    def scores(self, extra: Extra) -> Numbers:
        """The score of every row, with points from rules added to the families before these are capped."""
        kind = self._kind(extra)
        scores = np.empty(self._size, kind)
        for start in range(0, self._size, _BLOCK):
            stop = min(start + _BLOCK, self._size)
            sums = self._sums(start, stop, kind)
            for family, points in extra.items():
                sums[family] += points[start:stop].astype(kind, copy=False)
            scores[start:stop] = self._card.base
            for family, each in sums.items():
                scores[start:stop] += np.minimum(each, min(self._card.caps[family], np.iinfo(kind).max))
        return scores

    def _sums(self, start: int, stop: int, kind: Kind) -> dict[str, Numbers]:
        """By family, the points of the card for some rows."""
        sums: dict[str, Numbers] = {family: np.zeros(stop - start, kind) for family in self._card.families}
        for family, points, column in self._tables:
            if column is None:
                sums[family] += points[-1]
            else:
                sums[family] += points.astype(kind, copy=False)[column.codes[start:stop]]
        for family, cells, first, second in self._pairs:
            sums[family] += cells.astype(kind, copy=False)[_part(first, start, stop), _part(second, start, stop)]
        return sums

    def _worth(self, feature: Feature) -> tuple[Numbers, Column | None]:
        """The points of each code of the feature's column; only those of the unknown when there is no column."""
        points = np.array([each.points for each in feature.all_bins], np.int64)
        column = self._columns[feature.signal]
        return (points[-1:] if column is None else points[bins_of(feature, column)]), column

    def _paired(self) -> Iterator[tuple[str, Numbers, Numbers | int, Numbers | int]]:
        for pair in self._card.pairs:
            rows, columns = (self._binned(name) for name in (pair.first, pair.second))
            yield self._card.pair_family(pair), np.array(pair.points, np.int64), rows, columns

    def _binned(self, signal: str) -> Numbers | int:
        """The bin codes of a signal by row; that of the unknown alone when there is no column."""
        feature, column = self._card.feature(signal), self._columns[signal]
        assert feature is not None  # noqa: S101  # a card refuses a pair of signals it does not use
        return len(feature.all_bins) - 1 if column is None else bins_of(feature, column)[column.codes]

    def _kind(self, extra: Extra) -> Kind:
        """Whole numbers wide enough for every sum on the way; halving them doubles the speed."""
        most = self._most + sum(int(np.abs(points).max(initial=0)) for points in extra.values())
        return np.int32 if most < _MOST_INT32 else np.int64


def _most(card: Scorecard) -> int:
    """No sum on the way to a score is greater; raises InvalidInputError when it would not fit into 64 bits."""
    most = abs(card.base) + sum(max(abs(each.points) for each in feature.all_bins) for feature in card.features)
    most += sum(max(abs(points) for row in pair.points for points in row) for pair in card.pairs)
    if most >= _MOST_INT64 // 2:
        raise InvalidInputError("the points of this scorecard are too many to add up", fix="give smaller points")
    return most


def _part(codes: Numbers | int, start: int, stop: int) -> Numbers | int:
    return codes if isinstance(codes, int) else codes[start:stop]
