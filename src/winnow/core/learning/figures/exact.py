"""Exact answers to "could that be chance?" for small counts, where the usual approximations are wrong.

Exact in what is summed; the sums are of floating point numbers, good to about ten digits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, fsum, lgamma, sqrt
from typing import TypeVar

T = TypeVar("T")

#: Chances below this are left out of a distribution: together they are too few to be seen in ten digits.
_NEGLIGIBLE = 1e-25


@dataclass(frozen=True, slots=True)
class Split:
    """Leads of one kind, judged by somebody and by all others: how many each judged and called junk."""

    own: int
    own_junk: int
    others: int
    others_junk: int

    @property
    def expected(self) -> float:
        """How many of the own would be junk at the rate of the others; 0 when nobody else judged any."""
        return self.own * self.others_junk / self.others if self.others else 0.0


def tails(splits: Sequence[Split]) -> tuple[float, float]:
    """How likely so few, and so many, junk verdicts are for somebody who judges as the others do.

    Within each split the totals are held fixed and the verdicts dealt out blindly, which makes the count
    hypergeometric; counts of splits are independent. This is Fisher's exact test, for several tables that of
    Gart (1970). Both include the count found.
    """
    start, chances = 0, [1.0]
    for split in splits:
        low, more = dealt(split.own, split.own_junk + split.others_junk, split.own + split.others)
        low, more = _trimmed(low, more)
        trimmed, chances = _trimmed(low, _added(chances, more))
        start += trimmed
    found = sum(split.own_junk for split in splits)
    few = fsum(chance for place, chance in enumerate(chances, start) if place <= found)
    many = fsum(chance for place, chance in enumerate(chances, start) if place >= found)
    return min(1.0, few), min(1.0, many)


def deviations(splits: Sequence[Split]) -> float:
    """By how many standard deviations the count is off what is dealt blindly, whichever way.

    It tells apart what stands out so much that `tails` have no digits left for it.
    """
    off, variance = 0.0, 0.0
    for split in splits:
        of, marked = max(1, split.own + split.others), split.own_junk + split.others_junk
        off += split.own_junk - split.own * marked / of
        variance += split.own * split.others * marked * (of - marked) / (of * of * max(1, of - 1))
    return abs(off) / sqrt(variance) if variance else 0.0


def dealt(drawn: int, marked: int, of: int) -> tuple[int, list[float]]:
    """The hypergeometric distribution: marked ones among `drawn` of `of`, `marked` of which are.

    Returns the smallest count that is possible, and the chance of it and of each count above it.
    """
    low, high = max(0, drawn + marked - of), min(drawn, marked)
    whole = _ways(of, drawn)
    return low, [exp(_ways(marked, k) + _ways(of - marked, drawn - k) - whole) for k in range(low, high + 1)]


def _ways(of: int, chosen: int) -> float:
    """The logarithm of how many choices there are."""
    return lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)


def _added(first: Sequence[float], second: Sequence[float]) -> list[float]:
    """The distribution of the sum of two independent counts."""
    total = [0.0] * (len(first) + len(second) - 1)
    for place, chance in enumerate(first):
        for further, other in enumerate(second, place):
            total[further] += chance * other
    return total


def _trimmed(start: int, chances: list[float]) -> tuple[int, list[float]]:
    """Without the ends nobody will ever see; they make sums over thousands of leads slow."""
    first = next(place for place, chance in enumerate(chances) if chance > _NEGLIGIBLE)
    last = next(place for place, chance in enumerate(reversed(chances)) if chance > _NEGLIGIBLE)
    return start + first, chances[first : len(chances) - last]


def holm(chances: Iterable[tuple[T, float]], alarm: float) -> list[tuple[T, float]]:
    """What stands out among many looked at, most striking first, each with its corrected chance.

    alarm: the chance that anything is named when nothing is amiss (Holm 1979: the k-th smallest chance is
    multiplied by how many are left, and naming stops at the first that is not below `alarm`)
    """
    ordered = sorted(chances, key=lambda each: each[1])
    found: list[tuple[T, float]] = []
    worst = 0.0
    for place, (what, chance) in enumerate(ordered):
        worst = max(worst, min(1.0, chance * (len(ordered) - place)))
        if worst > alarm:
            break
        found.append((what, worst))
    return found
