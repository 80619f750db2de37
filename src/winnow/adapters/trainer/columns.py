"""The columns of a study as arrays of numbers, and the bins they fall into."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, nan
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from winnow.core.learning.fitting.bins import frequent, round_between
from winnow.core.learning.study import Study
from winnow.core.signals.base import Signal, Value

Floats: TypeAlias = npt.NDArray[np.float64]
Codes: TypeAlias = npt.NDArray[np.int64]

#: A text that fewer leads have is among the others; so are the rarest beyond so many (a bin code is one byte).
_LEAST_LEADS = 20
_MOST_VALUES = 200


@dataclass(frozen=True, slots=True)
class Column:
    """One signal, lead by lead.

    numbers: NaN is unknown; yes is 1; of a text the place of its value in `values`, one more for the others
    values: of a yes/no or text signal; None of a numeric one
    """

    signal: Signal
    numbers: Floats
    values: tuple[Value, ...] | None

    @property
    def is_text(self) -> bool:
        """Whether the numbers are names and have no order."""
        return self.signal.kind is str


def columns_of(study: Study) -> tuple[Column, ...]:
    """The columns in the order of the study's signals."""
    return tuple(_column(signal, study.columns[signal.name]) for signal in study.signals)


def bin_codes(column: Column, cuts: Sequence[float] | None, bins: int) -> Codes:
    """The code of each lead's bin, as in a Shape: `bins` counts the unknown, which is the last."""
    codes = column.numbers if cuts is None else np.searchsorted(cuts, column.numbers, side="right")
    return np.where(np.isnan(column.numbers), bins - 1, codes).astype(np.int64)


def round_cuts(column: Column, cuts: Sequence[float]) -> tuple[float, ...]:
    """The cuts as round as they can be while they part the same leads; whole ones between whole numbers."""
    present = np.unique(column.numbers[~np.isnan(column.numbers)])
    whole = bool((present == np.floor(present)).all())
    above = np.searchsorted(present, cuts, side="left")
    found = [round_between(float(present[place - 1]), float(present[place])) for place in above]
    return tuple(float(ceil(each)) if whole else each for each in found)


def redrawn(column: Column, truth: npt.NDArray[np.bool_], chance: np.random.Generator) -> Column:
    """The column with each unknown replaced by what another lead of the same truth has.

    So being unknown says nothing any more, while what is known says as much as before.
    """
    numbers = column.numbers.copy()
    known = ~np.isnan(numbers)
    if not known.any():
        return column
    for kind in (True, False):
        donors = numbers[known & (truth == kind)]
        gaps = ~known & (truth == kind)
        numbers[gaps] = chance.choice(donors if donors.size else numbers[known], int(gaps.sum()))
    return Column(column.signal, numbers, column.values)


def _column(signal: Signal, column: Sequence[Value | None]) -> Column:
    if signal.kind is not str:
        return Column(signal, np.array(column, dtype=np.float64), (False, True) if signal.kind is bool else None)
    values = frequent(column, _LEAST_LEADS, _MOST_VALUES)
    places: dict[Value | None, float] = {value: float(place) for place, value in enumerate(values)}
    places[None] = nan
    return Column(signal, np.array([places.get(value, len(values)) for value in column]), values)
