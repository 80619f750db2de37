"""Guards over what becomes of accepted leads: do as many of them still convert, and are as many of them genuine?

A lead counts once it has had its time, so that a day's leads are compared with what earlier days' leads had come to
after the same time. What the test itself is and what it promises: see `drop`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from winnow.core.monitor.drop import YEAR, Cohort, Fall, fall
from winnow.core.monitor.finding import Finding, Guard, Severity, TooFew, Verdict, percent, where

#: The chance of one or more false alarms within a year, over all sources together.
YEARLY_FALSE_ALARMS = 0.01

#: Before there is a usual share to compare with, so many days and so many good leads must have been seen: with a
#: hundred, the share is known to a tenth of itself.
USUAL_DAYS, USUAL_GOOD = 28, 100

#: After a year of watching, the share of its last days becomes the usual one.
RENEWED_DAYS = 90

_WORDS = {
    Guard.CONVERSION: ("accepted leads", "converted"),
    Guard.GENUINE: ("accepted leads with a verdict", "were genuine"),
}


@dataclass(frozen=True, slots=True)
class Course:
    """The days of one source, in order, that count: see `watched_course`."""

    usual: Sequence[Cohort]
    watched: Sequence[Cohort]


def course(days: Sequence[Cohort]) -> Course | None:
    """What is usual and what is watched; None while there is too little to say what is usual."""
    good = 0
    for index, day in enumerate(days, 1):
        good += day.good
        if index >= USUAL_DAYS and good >= USUAL_GOOD:
            return _renewed(Course(days[:index], days[index:]))
    return None


def _renewed(found: Course) -> Course:
    """After each year the watch begins anew, unless nothing was good for so long that there is nothing to watch."""
    while len(found.watched) > YEAR:
        last = found.watched[YEAR - RENEWED_DAYS : YEAR]
        if not any(each.good for each in last):
            return Course(found.usual, found.watched[-YEAR:])
        found = Course(last, found.watched[YEAR:])
    return found


def allowances(leads: Mapping[str, int], *, yearly: float = YEARLY_FALSE_ALARMS) -> dict[str | None, float]:
    """How likely each source (None: all together) may give a false alarm within a year, `yearly` in sum.

    Half goes to all sources together and half to the single ones by their leads; a source that is the only one
    is the same as all together.
    """
    total = sum(leads.values())
    if len(leads) < 2 or not total:  # noqa: PLR2004  # one source is all together
        return {None: yearly}
    return {None: yearly / 2, **{name: yearly / 2 * count / total for name, count in leads.items() if count}}


def falling(
    guard: Guard,
    source: str | None,
    days: Sequence[Cohort],
    *,
    allowed: float = YEARLY_FALSE_ALARMS,
    changes: Collection[date] = (),
) -> Verdict:
    """Whether the share of good leads of a source has fallen.

    days: all days whose leads have had their time, in order · allowed: chance of a false alarm within a year
    changes: days on which the ruleset changed, when a fall is likelier
    """
    found = course(days)
    if found is None:
        return TooFew(guard, source, sum(each.good for each in days), USUAL_GOOD)
    fell = fall(found.usual, found.watched, allowed=allowed, changes=changes)
    return None if fell is None else _finding(guard, source, found, fell)


def _finding(guard: Guard, source: str | None, found: Course, fell: Fall) -> Finding:
    since = [each for each in found.watched if fell.since <= each.day]
    leads, good = sum(each.leads for each in since), sum(each.good for each in since)
    before = [*found.usual, *(each for each in found.watched if each.day < fell.since)]
    before_leads, before_good = sum(each.leads for each in before), sum(each.good for each in before)
    who, what = _WORDS[guard]
    figures = (
        f"{where(source)}: of {leads:,} {who} since {fell.since}, {good:,} {what} ({percent(good / leads)})",
        f"before, {before_good:,} of {before_leads:,} did ({percent(before_good / before_leads)})",
        f"a fall explains this {fell.odds:,.0f} times better than chance; first clear with the leads of {fell.seen}",
    )
    return Finding(guard, source, leads, fell.since, figures, Severity.ALARM, pauses=True)
