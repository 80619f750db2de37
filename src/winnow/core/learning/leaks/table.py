"""Counts outcomes by bin and by period: all that is asked about a column is asked of this table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from math import sqrt
from operator import itemgetter

from winnow.core.learning.leaks.coding import EMPTY, UNKNOWN, Coding
from winnow.core.learning.study import Study

#: Leads by bin: how many were not what is counted, and how many were.
Counts = Sequence[tuple[int, int]]
#: Most periods of equal length before the hold-out, and in it; and the leads of each outcome that one needs.
_FIT_PERIODS, _LATER_PERIODS, _ENOUGH = 6, 2, 25
#: Leads of each outcome without which an area means nothing.
_LEAST = 10
#: A bin is rated as if so many further leads with the usual outcomes were in it.
_CAUTION = 4.0


@dataclass(frozen=True, slots=True)
class Area:
    """How well something ranks leads: the AUC, and how many leads of either outcome it was judged on."""

    auc: float
    misses: int
    hits: int

    @property
    def low(self) -> float:
        """Two standard errors below. Source: Hanley & McNeil 1982, formula 1."""
        one = self.auc / (2 - self.auc) - self.auc**2
        two = 2 * self.auc**2 / (1 + self.auc) - self.auc**2
        spread = self.auc * (1 - self.auc) + (self.hits - 1) * one + (self.misses - 1) * two
        return self.auc - 2 * sqrt(max(spread, 0.0) / (self.hits * self.misses))


@dataclass(frozen=True)
class Table:
    """One column counted: `cells[period][half][bin]`, leads in turn falling into one half or the other.

    fit_periods: how many of the periods lie before the hold-out
    """

    coding: Coding
    cells: Sequence[tuple[Counts, Counts]]
    fit_periods: int

    @cached_property
    def periods(self) -> list[Counts]:
        """The counts of each period, the oldest first."""
        return [added(halves) for halves in self.cells]

    @cached_property
    def whole(self) -> Counts:
        """The counts of all leads."""
        return added(self.periods)

    @cached_property
    def rate(self) -> float:
        """The share of all leads that are what is counted."""
        misses, hits = totals(self.whole)
        return hits / (misses + hits)

    @cached_property
    def earlier(self) -> Counts:
        """The counts of the leads before the hold-out."""
        return added(self.periods[: self.fit_periods])

    @cached_property
    def later(self) -> Area | None:
        """How well the bins rate the hold-out when rated on what came before it."""
        if self.fit_periods == len(self.periods):
            return None
        found = area(self.earlier, added(self.periods[self.fit_periods :]))
        return found if found and min(found.misses, found.hits) >= _ENOUGH else None

    @cached_property
    def powers(self) -> list[Area | None]:
        """The AUC within each period, rated on one half of its leads and judged on the other."""
        return [_power(halves) for halves in self.cells]

    @cached_property
    def typical(self) -> Area | None:
        """The AUC of the middle one of the periods, so that one odd period says nothing.

        Its doubt is that of all leads together.
        """
        return _middle(self.powers, self.whole)

    @cached_property
    def typical_known(self) -> Area | None:
        """The same among leads whose value is known."""
        powers = [_power([_known(half) for half in halves]) for halves in self.cells]
        return _middle(powers, _known(self.whole))

    @cached_property
    def overall(self) -> Area | None:
        """The AUC over all periods at once, rated on one half of the leads and judged on the other."""
        return _power([added(first for first, _ in self.cells), added(second for _, second in self.cells)])

    @cached_property
    def best(self) -> float:
        """The better of the AUC in the middle period and on the hold-out; 0.5 when neither can be had."""
        return max((each.auc for each in (self.typical, self.later) if each), default=0.5)

    def filled(self) -> list[float]:
        """The share of leads in each period that say something."""
        return [1 - _share(counts, self.coding.blank) for counts in self.periods]

    def known_shares(self) -> list[float]:
        """The share of leads in each period whose value is known at all."""
        return [1 - _share(counts, {UNKNOWN, EMPTY}) for counts in self.periods]


def period_ends(study: Study, fit: int) -> tuple[list[int], int]:
    """Where each period ends, and how many of them lie before the hold-out.

    Equal parts, as many as leave enough leads of both outcomes in each.
    """
    first = _parts(study.truth[:fit], _FIT_PERIODS)
    rest = _parts(study.truth[fit:], _LATER_PERIODS) if fit < len(study) else 0
    ends = [fit * (place + 1) // first for place in range(first)]
    return ends + [fit + (len(study) - fit) * (place + 1) // rest for place in range(rest)], first


def _parts(truth: Sequence[bool], most: int) -> int:
    hits = sum(truth)
    return max(1, min(most, hits // _ENOUGH, (len(truth) - hits) // _ENOUGH))


def places(truth: Sequence[bool], ends: Sequence[int]) -> list[int]:
    """For each lead the number of its cell without its bin: period, half and outcome in one."""
    found: list[int] = []
    for period, (start, stop) in enumerate(pairwise([0, *ends])):
        found += [period * 4 + (row & 1) * 2 + truth[row] for row in range(start, stop)]
    return found


def counted(codes: Iterable[int], spots: Iterable[int], coding: Coding, ends: Sequence[int], fit_periods: int) -> Table:
    """The table of a column whose leads fell into these bins."""
    width = len(ends) * 4
    cells = [0] * (len(coding.words) * width)
    for code, spot in zip(codes, spots, strict=True):
        cells[code * width + spot] += 1
    bins = range(0, len(cells), width)

    def half(spot: int) -> Counts:
        return [(cells[start + spot], cells[start + spot + 1]) for start in bins]

    periods = [(half(place), half(place + 2)) for place in range(0, width, 4)]
    return Table(coding, periods, fit_periods)


def added(many: Iterable[Counts]) -> Counts:
    """Counts of several parts together."""
    whole: list[tuple[int, int]] = []
    for counts in many:
        whole = [(a + c, b + d) for (a, b), (c, d) in zip(whole, counts, strict=True)] if whole else list(counts)
    return whole


def totals(counts: Counts) -> tuple[int, int]:
    """Leads of either outcome: those that were not what is counted, and those that were."""
    return sum(map(itemgetter(0), counts)), sum(map(itemgetter(1), counts))


def middle(numbers: Sequence[float]) -> float:
    """The middle one of some numbers; of an even count the mean of the two in the middle."""
    ordered, half = sorted(numbers), len(numbers) // 2
    return (ordered[half] + ordered[-half - 1]) / 2


def area(rated_on: Counts, judged_on: Counts) -> Area | None:
    """The AUC of bins rated on some leads and judged on others; None when there are too few of these."""
    misses, hits = totals(judged_on)
    if min(misses, hits) < _LEAST:
        return None
    rated = sorted(zip(_rates(rated_on), judged_on, strict=True))
    won = below = 0.0
    for _, bins in groupby(rated, key=itemgetter(0)):
        miss, hit = totals([counts for _, counts in bins])
        won += hit * (below + miss / 2)
        below += miss
    return Area(won / (misses * hits), misses, hits)


def _rates(counts: Counts) -> list[float]:
    misses, hits = totals(counts)
    usual = hits / (misses + hits) if hits else 0.0
    return [(hit + _CAUTION * usual) / (miss + hit + _CAUTION) for miss, hit in counts]


def _power(halves: Sequence[Counts]) -> Area | None:
    first, second = halves
    found = [each.auc for each in (area(first, second), area(second, first)) if each]
    return Area(sum(found) / len(found), *totals(added(halves))) if found else None


def _middle(powers: Iterable[Area | None], judged_on: Counts) -> Area | None:
    found = [power.auc for power in powers if power]
    return Area(middle(found), *totals(judged_on)) if found else None


def _known(counts: Counts) -> Counts:
    return [(0, 0) if code in {UNKNOWN, EMPTY} else cell for code, cell in enumerate(counts)]


def _share(counts: Counts, codes: Iterable[int]) -> float:
    among = sum(sum(counts[code]) for code in codes)
    return among / max(1, sum(map(sum, counts)))
