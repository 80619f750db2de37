"""Work on a fitted additive model in logits: reading it, and keeping it from holding missing answers against people."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from winnow.core.learning.study import Fitted, PairShape, Shape, Study
from winnow.core.signals.base import Value

#: Sums of floats in another order differ by less than this.
_NOISE = 1e-9


def innocent(fitted: Fitted) -> Fitted:
    """The model in which not knowing a signal never adds more than the average lead that is known gets from it.

    Without this a scorecard could call a lead junk for what it does not say, however that is rounded or centred.
    """
    shapes = tuple(
        replace(shape, logits=(*shape.logits[:-1], min(shape.logits[-1], known_mean(shape)))) for shape in fitted.shapes
    )
    return replace(fitted, shapes=shapes, pairs=tuple(map(_innocent_pair, fitted.pairs)))


def guilty(fitted: Fitted) -> tuple[str, ...]:
    """The signals that `innocent` would change: those whose absence speaks for the target, alone or in a pair."""
    found = {shape.signal for shape in fitted.shapes if shape.logits[-1] > known_mean(shape) + _NOISE}
    found |= {pair.first for pair in fitted.pairs if max(pair.logits[-1]) > _NOISE}
    found |= {pair.second for pair in fitted.pairs if max(row[-1] for row in pair.logits) > _NOISE}
    return tuple(shape.signal for shape in fitted.shapes if shape.signal in found)


def known_mean(shape: Shape) -> float:
    """What the average lead that is known gets from this signal, in logits; 0 when nobody was."""
    known = sum(shape.counts[:-1])
    return sum(logit * count for logit, count in zip(shape.logits[:-1], shape.counts, strict=False)) / (known or 1)


def scaled(fitted: Fitted, slope: float, intercept: float) -> Fitted:
    """The model whose logits are `slope` times its own, plus `intercept`."""
    return replace(
        fitted,
        intercept=slope * fitted.intercept + intercept,
        shapes=tuple(replace(shape, logits=tuple(slope * each for each in shape.logits)) for shape in fitted.shapes),
        pairs=tuple(
            replace(pair, logits=tuple(tuple(slope * each for each in row) for row in pair.logits))
            for pair in fitted.pairs
        ),
    )


def from_unknown(fitted: Fitted) -> Fitted:
    """The same model written so that an unknown signal adds 0: the intercept is a lead nothing is known about.

    What a pair says when one of its two is unknown becomes part of the other's shape; no lead's logit changes.
    """
    logits = {shape.signal: list(shape.logits) for shape in fitted.shapes}
    start = fitted.intercept
    for pair in fitted.pairs:
        corner = pair.logits[-1][-1]
        start += corner
        logits[pair.first] = [
            each + row[-1] - corner for each, row in zip(logits[pair.first], pair.logits, strict=True)
        ]
        last = zip(logits[pair.second], pair.logits[-1], strict=True)
        logits[pair.second] = [each + cell - corner for each, cell in last]
    start += sum(each[-1] for each in logits.values())
    shapes = tuple(
        replace(shape, logits=tuple(each - logits[shape.signal][-1] for each in logits[shape.signal]))
        for shape in fitted.shapes
    )
    return replace(fitted, intercept=start, shapes=shapes, pairs=tuple(map(_pair_from_unknown, fitted.pairs)))


def logits(fitted: Fitted, study: Study) -> list[float]:
    """The score of each lead in logits, as the model says before it is rounded."""
    codes = {shape.signal: bin_codes(shape, study.columns[shape.signal]) for shape in fitted.shapes}
    found = [fitted.intercept] * len(study)
    for shape in fitted.shapes:
        found = [total + shape.logits[code] for total, code in zip(found, codes[shape.signal], strict=True)]
    for pair in fitted.pairs:
        both = zip(found, codes[pair.first], codes[pair.second], strict=True)
        found = [total + pair.logits[first][second] for total, first, second in both]
    return found


def bin_codes(shape: Shape, column: Sequence[Value | None]) -> list[int]:
    """The place in `shape.logits` of each value."""
    return list(map(_coder(shape), column))


def _coder(shape: Shape) -> Callable[[Value | None], int]:
    unknown = len(shape.logits) - 1
    if shape.cuts is None:
        codes: dict[Value | None, int] = {value: code for code, value in enumerate(shape.values or ())}
        codes[None] = unknown
        return lambda value: codes.get(value, unknown - 1)
    cuts = shape.cuts
    return lambda value: unknown if value is None else bisect_right(cuts, value)


def _innocent_pair(pair: PairShape) -> PairShape:
    """Nothing towards the target from two signals of which one is unknown."""
    rows = [(*row[:-1], min(row[-1], 0.0)) for row in pair.logits[:-1]]
    return replace(pair, logits=(*rows, tuple(min(each, 0.0) for each in pair.logits[-1])))


def _pair_from_unknown(pair: PairShape) -> PairShape:
    last, corner = pair.logits[-1], pair.logits[-1][-1]
    cells = tuple(
        tuple(each - row[-1] - below + corner for each, below in zip(row, last, strict=True)) for row in pair.logits
    )
    return replace(pair, logits=cells)
