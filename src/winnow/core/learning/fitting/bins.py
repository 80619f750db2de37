"""Few bins with round cuts: what makes a fitted shape short enough to read and sign."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from winnow.core.learning.study import Shape
from winnow.core.signals.base import Value

#: Digits after which a float cannot be told finer.
_MOST_DIGITS = 17

#: Of a yes/no or text shape, the bins behind its values: the others and the unknown.
_NOT_KNOWN = 2

#: The weight of an empty bin, which follows its neighbours.
_NEXT_TO_NOTHING = 1e-9


def frequent(column: Sequence[Value | None], least: int, most: int) -> tuple[Value, ...]:
    """The values that occur at least so often, the commonest first, at most so many; others are too rare to learn."""
    counts = Counter(value for value in column if value is not None)
    order = sorted(counts.items(), key=lambda found: (-found[1], str(found[0])))
    return tuple(value for value, count in order[:most] if count >= least)


def round_between(low: float, high: float) -> float:
    """A number of few digits above `low` and not above `high`, so that a cut there parts the same values."""
    if low < 0 <= high:
        return 0.0
    middle = low + (high - low) / 2
    candidates = (float(f"{each:.{digits}e}") for digits in range(_MOST_DIGITS) for each in (middle, high))
    return next((found for found in candidates if low < found <= high), high)


def smoothed(shape: Shape, tolerance: float) -> Shape:
    """The shape with neighbouring numeric bins made one where their logits lie within `tolerance` of each other.

    A run of bins gets the mean of its leads; its bins are never farther apart than `tolerance`, so neither is any
    lead from where it was, and a shape that only rises still does.
    """
    if shape.cuts is None:
        return shape
    runs: list[list[int]] = []
    for code in range(len(shape.cuts) + 1):
        inside = [shape.logits[each] for each in (*runs[-1], code)] if runs else []
        if inside and max(inside) - min(inside) <= tolerance:
            runs[-1].append(code)
        else:
            runs.append([code])
    return replace(
        shape,
        cuts=tuple(shape.cuts[run[0] - 1] for run in runs[1:]),
        logits=(*(_mean(shape, run) for run in runs), shape.logits[-1]),
        counts=(*(sum(shape.counts[code] for code in run) for run in runs), shape.counts[-1]),
    )


def bent(shape: Shape, *, rising: bool) -> Shape:
    """The numeric or yes/no shape nearest to this one that never falls, or never rises; the others stay as they are.

    Nearest by squares over the leads, so the average known lead gets what it got. Runs of bins that go the wrong way
    get their mean (pool adjacent violators: Ayer et al. 1955).
    """
    known = len(shape.logits) - (1 if shape.cuts is not None else _NOT_KNOWN)
    sign = 1 if rising else -1
    pools: list[tuple[float, float, int]] = []
    for logit, count in zip(shape.logits[:known], shape.counts[:known], strict=True):
        mean, weight, bins = sign * logit, float(count) or _NEXT_TO_NOTHING, 1
        while pools and pools[-1][0] > mean:
            before, heavy, more = pools.pop()
            mean = (before * heavy + mean * weight) / (heavy + weight)
            weight, bins = weight + heavy, bins + more
        pools.append((mean, weight, bins))
    logits = [sign * mean for mean, _, bins in pools for _ in range(bins)]
    return replace(shape, logits=(*logits, *shape.logits[known:]))


def _mean(shape: Shape, run: Sequence[int]) -> float:
    """What the leads of these bins get on average; the middle of the bins when there are none."""
    leads = sum(shape.counts[code] for code in run)
    if not leads:
        return sum(shape.logits[code] for code in run) / len(run)
    return sum(shape.logits[code] * shape.counts[code] for code in run) / leads
