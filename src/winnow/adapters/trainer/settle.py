"""Lets a model settle after unknown bins were forbidden to speak for the target, so that little else is lost.

When a column's missing values were telling, the other signals were fitted beside them. Taking the points of the
unknown bin away leaves those others where they no longer fit; moving all bins a little, and never the unknown ones
above what the average known lead gets, finds most of the lost accuracy again.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from winnow.adapters.trainer.columns import Codes, Column, Floats, bin_codes
from winnow.core.learning.study import Fitted, Shape

#: How strongly a bin is held where it was, in units of p·(1-p): as if so much more evidence had said the same.
_HOLD = 20.0

#: Rounds over all shapes, and the greatest movement of a bin, in logits, that ends them before.
_ROUNDS = 40
_STILL = 0.001


def settled(fitted: Fitted, columns: Sequence[Column], truth: npt.NDArray[np.bool_], weights: Floats | None) -> Fitted:
    """The model of greatest likelihood near this one whose unknown bins stay innocent; pairs stay as they are.

    Newton's method bin by bin, as in local scoring (Hastie & Tibshirani 1986, section 4), with a ridge towards the
    given shapes instead of a smoother.
    """
    codes = [
        bin_codes(column, shape.cuts, len(shape.logits)) for column, shape in zip(columns, fitted.shapes, strict=True)
    ]
    scores = [np.array(shape.logits) for shape in fitted.shapes]
    state = _State(fitted, codes, truth, weights)
    for _ in range(_ROUNDS):
        moved = state.move_intercept()
        for shape, own, score in zip(fitted.shapes, codes, scores, strict=True):
            moved = max(moved, state.move(shape, own, score))
        if moved < _STILL:
            break
    shapes = zip(fitted.shapes, scores, strict=True)
    return replace(
        fitted,
        intercept=state.intercept,
        shapes=tuple(replace(shape, logits=tuple(score.tolist())) for shape, score in shapes),
    )


class _State:
    """The logits of all leads while bins move."""

    def __init__(
        self, fitted: Fitted, codes: Sequence[Codes], truth: npt.NDArray[np.bool_], weights: Floats | None
    ) -> None:
        self.intercept = fitted.intercept
        self._truth = truth
        self._weights = weights
        place = {shape.signal: at for at, shape in enumerate(fitted.shapes)}
        self._logits = np.full(len(truth), fitted.intercept)
        for shape, own in zip(fitted.shapes, codes, strict=True):
            self._logits += np.array(shape.logits)[own]
        for pair in fitted.pairs:
            self._logits += np.array(pair.logits)[codes[place[pair.first]], codes[place[pair.second]]]

    def move_intercept(self) -> float:
        """One step for all leads; how far it went."""
        pull, bend = self._slopes()
        step = float(pull.sum() / bend.sum())
        self.intercept += step
        self._logits += step
        return abs(step)

    def move(self, shape: Shape, codes: Codes, score: Floats) -> float:
        """One step of each bin of a shape, in place; how far the one that went farthest did."""
        pull, bend = self._slopes()
        bins = len(score)
        held = _HOLD * (np.array(shape.logits) - score)
        found = score + (np.bincount(codes, pull, bins) + held) / (np.bincount(codes, bend, bins) + _HOLD)
        counts = np.array(shape.counts[:-1])
        if counts.any():
            found[-1] = min(found[-1], float(np.average(found[:-1], weights=counts)))
        step = found - score
        self._logits += step[codes]
        score[:] = found
        return float(np.abs(step).max())

    def _slopes(self) -> tuple[Floats, Floats]:
        """First and second derivative of the log-likelihood by each lead's logit, the second without its sign."""
        chance = 1 / (1 + np.exp(-self._logits))
        pull, bend = self._truth - chance, chance * (1 - chance)
        return (pull, bend) if self._weights is None else (pull * self._weights, bend * self._weights)
