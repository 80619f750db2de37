"""What a count of right and wrong proves about a rate: exact bounds, and a search over thresholds that keeps them.

A bound is that of Clopper and Pearson (Biometrika 26, 1934): the rate at which so good a count would be just as
unlikely as the accepted risk. It holds for any number of labels, however few and however seldom wrong.

Looking at many thresholds and keeping the best would break it: some threshold looks good by luck. `proven` therefore
tests them in an order fixed before any label is seen, from each of a few starting points towards the more lenient
ones, and stops at the first that fails (fixed-sequence testing, chapter 4 of Angelopoulos, Bates, Candès, Jordan and
Lei, "Learn then Test", 2021). Within one walk nothing is paid for the search, since the first threshold that does
not deserve to pass has to pass by luck before any after it is looked at; the risk is shared out evenly among the
walks (Bonferroni). Against the other valid ways: one walk from the strictest threshold costs nothing but mostly ends
at once, for at the top there are too few leads to prove anything; Bonferroni over all thresholds pays for every one
of them; a band around the whole curve (Dvoretzky–Kiefer–Wolfowitz) is as wide where one in two is wrong as where one
in a thousand is, which is far too wide here. Starting points that double in size need few walks and miss little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, inf, lgamma, log, log1p

#: One-sided risk of a bound unless something else is asked for.
RISK = 0.05

_TERMS = 10_000
_TINY = 1e-300
_EXACT = 1e-15
_HALVINGS = 100


def beta_share(x: float, a: float, b: float) -> float:
    """The share of a beta distribution below `x`: the regularised incomplete beta function, good to ~12 digits.

    The continued fraction is that of DLMF 8.17.22, evaluated by the modified method of Lentz.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # there the fraction of the other side converges faster
        return 1 - beta_share(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return min(1.0, front / _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    """1 + d1/(1 + d2/(1 + …)) with the coefficients d of DLMF 8.17.23."""
    value, c, d = 1.0, 1.0, 0.0
    change, term = inf, 0
    while abs(change - 1) >= _EXACT and term < _TERMS:
        term += 1
        m, odd = divmod(term, 2)
        if odd:
            coefficient = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            coefficient = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / ((1 + coefficient * d) or _TINY)
        c = (1 + coefficient / c) or _TINY
        change = c * d
        value *= change
    return value


def _beta_point(share: float, a: float, b: float) -> float:
    """The point with the given share of a beta distribution below it."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if beta_share(middle, a, b) < share else (low, middle)
    return (low + high) / 2


def lower_bound(right: float, total: float, risk: float = RISK) -> float:
    """The least rate that `right` of `total` leave possible; true but for a chance of at most `risk`.

    Counts need not be whole: for weighted labels give the effective ones, see `effective`.
    """
    return _beta_point(risk, right, total - right + 1) if right > 0 else 0.0


def upper_bound(right: float, total: float, risk: float = RISK) -> float:
    """The greatest rate that `right` of `total` leave possible; true but for a chance of at most `risk`."""
    return 1 - lower_bound(total - right, total, risk)


def chance_of(right: float, total: float, rate: float) -> float:
    """How likely at least `right` of `total` are, if the rate is `rate`: the p-value against "it is no better"."""
    return beta_share(rate, right, total - right + 1) if right > 0 else 1.0


def proves(right: float, total: float, least: float, risk: float = RISK) -> bool:
    """Whether the lower bound is at least `least`."""
    return total > 0 and chance_of(right, total, least) <= risk


def labels_needed(precision: float, least: float, risk: float = RISK) -> float:
    """How many labels prove `least` when this share of them is right; inf when it is not above `least`.

    With 1.0: 299 for 0.99 and 598 for 0.995, at a risk of 5 %.
    """
    if precision <= least:
        return inf
    high = 1
    while not proves(precision * high, high, least, risk):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if proves(precision * middle, middle, least, risk) else (middle, high)
    return high


def effective(weights: Sequence[float]) -> float:
    """How many labels of weight one tell as much as these: (Σw)² / Σw² (Kish, Survey Sampling, 1965)."""
    squares = fsum(weight * weight for weight in weights)
    return fsum(weights) ** 2 / squares if squares else 0.0


@dataclass(frozen=True, slots=True)
class Count:
    """Labels from a threshold up: how many (effective), and how many of them right."""

    total: float
    right: float

    @property
    def wrong(self) -> float:
        """Those that are not right."""
        return self.total - self.right

    @property
    def precision(self) -> float:
        """The share that is right; 0 when there is none."""
        return self.right / self.total if self.total else 0.0


def counted(truth: Sequence[bool], weights: Sequence[float]) -> Count:
    """The effective count of weighted labels.

    The share that is right is the weighted one; it counts as that share of the effective number of labels, as Korn and
    Graubard do for surveys (Survey Methodology 24, 1998).
    """
    total, whole = effective(weights), fsum(weights)
    right = fsum(weight for weight, each in zip(weights, truth, strict=True) if each)
    return Count(total, total * right / whole if whole else 0.0)


def starts(sizes: Sequence[float], least: float, risk: float = RISK, *, fewest: int = 1) -> tuple[int, ...]:
    """Where the walks begin: the first size that could prove `least` with no error at all, and each that doubles it.

    sizes: labels from each threshold up, the strictest first; truth must have no part in choosing them
    fewest: labels below which nothing counts as proven
    """
    chosen: tuple[int, ...] = ()
    while True:  # one walk more leaves less risk to each, so that each needs more labels: as many as still find room
        walks = len(chosen) + 1
        size = max(labels_needed(1.0, least, risk / walks), float(fewest))
        found = []
        for place, each in enumerate(sizes):
            if each >= size:
                found.append(place)
                size = 2 * each
        if len(found) < walks:
            return chosen
        chosen = tuple(found[:walks])


def proven(counts: Sequence[Count], least: float, risk: float = RISK, *, fewest: int = 1) -> frozenset[int]:
    """The places of thresholds whose precision is shown to be at least `least`, on at least `fewest` labels.

    counts: of each threshold, the strictest first; the chance that any that is returned is worse is at most `risk`
    """
    begins = starts([each.total for each in counts], least, risk, fewest=fewest)
    passed: set[int] = set()
    for begin in begins:
        for place in range(begin, len(counts)):
            count = counts[place]
            if count.total < fewest or not proves(count.right, count.total, least, risk / len(begins)):
                break
            passed.add(place)
    return frozenset(passed)


def next_risk(counts: Sequence[Count], least: float, risk: float = RISK, *, fewest: int = 1) -> float:
    """The risk that would be left to each walk of `proven` if there was room for one more."""
    return risk / (1 + len(starts([each.total for each in counts], least, risk, fewest=fewest)))


def rungs(sizes: Sequence[float], growth: float) -> tuple[int, ...]:
    """The places where a rising sequence has grown by a share since the place before; the last is always there."""
    kept = [0] if sizes else []
    for place in range(1, len(sizes)):
        if sizes[place] >= sizes[kept[-1]] * (1 + growth) or place == len(sizes) - 1:
            kept.append(place)
    return tuple(kept)


def falling(wrong: Sequence[int], totals: Sequence[int], risk: float = RISK) -> bool:
    """Whether more of the errors lie in the newer half than chance explains; slices are the oldest first.

    Given how many errors there are, those of the newer half are binomial if precision stayed the same.
    """
    half = len(totals) // 2
    share = sum(totals[half:]) / max(1, sum(totals))
    return sum(wrong) > 0 and chance_of(sum(wrong[half:]), sum(wrong), share) <= risk
