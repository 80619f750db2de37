"""What the last days came to, put together from what was counted of each: all sources together, and one by one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeVar

from winnow.core.learning.proof.blind import LEAST_LABELLED, FalseRejects, Released, false_reject_rate
from winnow.core.today.measures import Measure, with_sums
from winnow.core.today.tally import median_wait
from winnow.core.today.window import Window


class DayLine(NamedTuple):
    """One day of one source: leads that came, junk that was stopped, cases that people decided."""

    day: date
    source: str
    leads: int
    junk: int
    decided: int


class Spared(NamedTuple):
    """Leads that a lot gave to people in place of a rejection.

    share: the share it was drawn with · genuine: what they turned out to be, None while nobody knows
    """

    source: str
    share: float
    genuine: bool | None
    number: int


Part = TypeVar("Part", DayLine, Spared)


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything counted of a window, and of as many days before it.

    now, before: numbers by source · waits: how many times waited fell into each bin (see `wait_bin`)
    """

    now: Mapping[str, Mapping[Measure, int]]
    before: Mapping[str, Mapping[Measure, int]]
    days: Sequence[DayLine]
    waits: Mapping[int, int]
    waits_before: Mapping[int, int]
    spared: Sequence[Spared]
    spared_before: Sequence[Spared]


@dataclass(frozen=True, slots=True)
class Wrongly:
    """Good leads that were wrongly stopped, by score or rule and so without a person.

    stopped: all that were stopped so
    labelled, unlabelled: leads of the blind sample whose truth is known, and the others
    missing: labels that are missing before anything is said
    found: the share of the stopped that is genuine, with its 95 % interval; None while labels are missing
    """

    stopped: int
    labelled: int
    unlabelled: int
    missing: int
    found: FalseRejects | None

    @property
    def leads(self) -> tuple[float, float, float] | None:
        """About how many leads that is, and the ends of the interval; 0 for certain when nothing was stopped."""
        if not self.stopped:
            return 0.0, 0.0, 0.0
        if self.found is None or self.found.rate is None:
            return None
        return self.found.rate * self.stopped, self.found.low * self.stopped, self.found.high * self.stopped


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a window and of the days before it, of one source or of all.

    days: a line for each day of the window, in order
    """

    now: Mapping[Measure, int]
    before: Mapping[Measure, int]
    wrongly: Wrongly
    days: Sequence[DayLine]


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from when a lead came to what a person decided about it, at the median; None: nothing was decided."""

    now: float | None
    before: float | None


def overall(counted: Counted, window: Window) -> Figures:
    """All sources together."""
    now, before = _sum(counted.now.values()), _sum(counted.before.values())
    return Figures(now, before, wrongly(now, counted.spared), _day_by_day(counted.days, window, ""))


def by_source(counted: Counted, window: Window) -> dict[str, Figures]:
    """Each source of which something was counted in either window, the one with most leads first."""
    days, spared = _grouped(counted.days), _grouped(counted.spared)
    found: dict[str, Figures] = {}
    for source in counted.now.keys() | counted.before.keys():
        now, before = (with_sums(of.get(source, {})) for of in (counted.now, counted.before))
        lines = _day_by_day(days.get(source, ()), window, source)
        found[source] = Figures(now, before, wrongly(now, spared.get(source, ())), lines)
    return dict(sorted(found.items(), key=lambda each: (-each[1].now[Measure.LEADS], each[0])))


def wrongly_before(counted: Counted) -> Wrongly:
    """Good leads that were wrongly stopped in the days before."""
    return wrongly(_sum(counted.before.values()), counted.spared_before)


def waits(counted: Counted) -> Waits:
    """How long people took, now and before."""
    return Waits(median_wait(counted.waits), median_wait(counted.waits_before))


def wrongly(numbers: Mapping[Measure, int], spared: Sequence[Spared]) -> Wrongly:
    """What the blind sample says of what score and rules rejected.

    No bounds are worked out that would not be said: that takes longer than all else.
    """
    counts: Counter[tuple[float, bool | None]] = Counter()
    for each in spared:
        counts[each.share, each.genuine] += each.number
    labelled = sum(number for (_, genuine), number in counts.items() if genuine is not None)
    found = _rate(frozenset(counts.items())) if labelled >= LEAST_LABELLED else None
    missing = max(0, LEAST_LABELLED - labelled)
    return Wrongly(numbers.get(Measure.BY_MACHINE, 0), labelled, counts.total() - labelled, missing, found)


@lru_cache(maxsize=1_000)
def _rate(counts: frozenset[tuple[tuple[float, bool | None], int]]) -> FalseRejects:
    """The estimate, remembered: it changes with every label only, and is asked for with every look."""
    drawn = [Released(share, genuine) for (share, genuine), number in counts for _ in range(number)]
    return false_reject_rate(drawn)


def _sum(each: Iterable[Mapping[Measure, int]]) -> Counter[Measure]:
    total: Counter[Measure] = Counter()
    for numbers in each:
        total.update(numbers)
    return with_sums(total)


def _grouped(parts: Iterable[Part]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = defaultdict(list)
    for each in parts:
        found[each.source].append(each)
    return found


def _day_by_day(lines: Iterable[DayLine], window: Window, source: str) -> list[DayLine]:
    """A line a day, also of days without anything."""
    sums: dict[date, list[int]] = {day: [0, 0, 0] for day in window.days}
    for each in lines:
        of_day = sums[each.day]
        of_day[0] += each.leads
        of_day[1] += each.junk
        of_day[2] += each.decided
    return [DayLine(day, source, *numbers) for day, numbers in sums.items()]
