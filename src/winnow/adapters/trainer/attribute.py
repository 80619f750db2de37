"""How well columns tell an attribute, on leads that were not learned from, and how well by chance.

A logistic regression over binned columns, after one Newton step from the base rate: its direction is that of a
penalised linear discriminant, so one matrix a fold serves the attribute and all its deals, and both are treated alike.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from winnow.core.learning.figures.measures import auc_interval
from winnow.core.learning.proof.attribute import Trial, deals_needed

Floats: TypeAlias = npt.NDArray[np.float64]

_FOLDS, _BINS, _MOST_VALUES, _RIDGE = 5, 8, 30, 5.0
_FEWEST_OF_A_VALUE, _NEARLY_ALL, _NAMING = 5, 0.95, 0.5
_TELLERS = 5


def useless(cells: Sequence[str]) -> str | None:
    """Why a column is not looked at; None when it is."""
    known = [cell for cell in cells if cell]
    if len(set(known)) <= 1:
        return "it says nothing, or the same of all"
    if _numbers(cells) is None and len(set(known)) > _NAMING * len(known):
        return "nearly every lead has its own text"
    return None


def trials(
    columns: Mapping[str, Sequence[str]],
    attribute: Sequence[str],
    values: Sequence[str],
    deals: int,
    seed: int,
    progress: Callable[[str, float], None],
) -> tuple[Trial, ...]:
    """A trial for each value of the attribute.

    columns: cells by name, blank where nothing was said; each as long as `attribute`, in which nothing is blank
    deals: how often the attribute is dealt anew, more if that many could find nothing · seed: of deals and folds
    """
    chance = np.random.default_rng(seed)
    folds = chance.permutation(len(attribute)) % _FOLDS
    blocks = {name: _block(cells) for name, cells in columns.items()}
    alone = {name: _hats(block, folds) for name, block in blocks.items()}
    together = _hats(np.hstack([*blocks.values()]), folds)
    cells, found = np.array(attribute), []
    for place, value in enumerate(values):
        progress("dealing the attribute anew", place / len(values))
        truth = (cells == value).astype(np.float64)
        dealt = [chance.permutation(truth) for _ in range(max(deals, deals_needed(len(values))))]
        scores = _scored(together, folds, np.column_stack([truth, *dealt]))
        areas = [_auc(scores[:, at], each) for at, each in enumerate([truth, *dealt])]
        own = {name: _auc(_scored(hats, folds, truth[:, None])[:, 0], truth) for name, hats in alone.items()}
        told = sorted(own.items(), key=lambda each: (-each[1], each[0]))[:_TELLERS]
        interval = auc_interval(scores[:, 0].tolist(), (truth > 0).tolist()) or (0.0, 1.0)
        found.append(Trial(value, int(truth.sum()), areas[0], interval, areas[1:], tuple(told)))
    return tuple(found)


def sampled(rows: int, most: int, seed: int) -> list[int]:
    """The places of at most so many rows, drawn by lot, in order."""
    if rows <= most:
        return list(range(rows))
    return sorted(np.random.default_rng(seed).choice(rows, most, replace=False).tolist())


def _numbers(cells: Sequence[str]) -> Floats | None:
    """The cells as numbers, NaN where nothing was said; None for a column that is not of numbers."""
    found = np.full(len(cells), np.nan)
    wrong = known = 0
    for place, cell in enumerate(cells):
        if not cell:
            continue
        known += 1
        try:
            found[place] = float(cell)
        except ValueError:
            wrong += 1
    found[~np.isfinite(found)] = np.nan
    return found if known and wrong <= (1 - _NEARLY_ALL) * known else None


def _block(cells: Sequence[str]) -> Floats:
    """One column of noughts and ones for each bin or frequent value; what was not said is one of them."""
    numbers = _numbers(cells)
    if numbers is None:
        counts = Counter(cells).most_common(_MOST_VALUES)
        places = {cell: place for place, (cell, count) in enumerate(counts) if count >= _FEWEST_OF_A_VALUE}
        codes = np.array([places.get(cell, len(places)) for cell in cells])
    else:
        cuts = np.unique(np.nanquantile(numbers, np.linspace(0, 1, _BINS + 1)[1:-1]))
        codes = np.where(np.isnan(numbers), len(cuts) + 1, np.searchsorted(cuts, numbers, side="right"))
    found: Floats = np.eye(int(codes.max()) + 1)[codes]
    return found


def _hats(block: Floats, folds: npt.NDArray[Any]) -> list[Floats]:
    """For each fold what turns the attribute of the other leads into scores of its own."""
    hats = []
    for fold in range(_FOLDS):
        learned, asked = block[folds != fold], block[folds == fold]
        middle = learned.mean(axis=0)
        centred = learned - middle
        weights = np.linalg.solve(centred.T @ centred + _RIDGE * np.eye(block.shape[1]), centred.T)
        hats.append((asked - middle) @ weights)
    return hats


def _scored(hats: Sequence[Floats], folds: npt.NDArray[Any], truths: Floats) -> Floats:
    """The scores of all leads, each by what was learned from the other folds; a column for each truth."""
    scores = np.empty_like(truths)
    for fold, hat in enumerate(hats):
        learned = truths[folds != fold]
        rate = learned.mean(axis=0)
        # against the base rate of its fold's teachers, so that folds can be ranked together
        scores[folds == fold] = hat @ (learned - rate)
    return scores


def _auc(scores: Floats, truth: Floats) -> float:
    """Chance that a lead that is it scores above one that is not, ties counting half (Mann & Whitney 1947)."""
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    positive = truth.sum()
    won = middle[places][truth > 0].sum() - positive * (positive + 1) / 2
    return float(won / (positive * (len(truth) - positive)))
