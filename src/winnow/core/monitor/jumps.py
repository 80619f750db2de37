"""Guards over shares that should not leap: rejected leads, decisions people reverse, junk of a source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from winnow.core.monitor.chance import normal_tail, rise, spread
from winnow.core.monitor.finding import Finding, Guard, Severity, TooFew, Verdict, percent, where

#: Chance of one or more false alarms within a year over all sources together, looked at once a day.
YEARLY_FALSE_ALARMS = 0.01
_LOOKS = 365


@dataclass(frozen=True, slots=True)
class Share:
    """What happened on one day: to `found` of `of`."""

    day: date
    found: int
    of: int


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on a guard speaks.

    recent, before: the least there must be on either side · times, points: how much greater the share must be,
    as a multiple and as a difference · what: the words for what is counted · pauses: whether rejecting stops
    """

    recent: int
    before: int
    times: float
    points: float
    what: str
    pauses: bool


LIMITS: Mapping[Guard, Limits] = {
    Guard.REJECT_RATE: Limits(50, 500, 1.5, 0.02, "rejected leads", pauses=True),
    Guard.OVERRIDES: Limits(30, 100, 1.5, 0.05, "judged leads that people saw otherwise than the machine", pauses=True),
    Guard.SOURCE_JUNK: Limits(30, 100, 1.5, 0.1, "judged leads that were junk", pauses=False),
}


def jumped(
    guard: Guard, source: str | None, before: Sequence[Share], recent: Sequence[Share], *, among: int = 1
) -> Verdict:
    """Whether a share has leapt up; `among` how many sources are looked at, which share the false alarms."""
    limits = LIMITS[guard]
    found, of = _sums(recent)
    found_before, of_before = _sums(before)
    if of < limits.recent:
        return TooFew(guard, source, of, limits.recent)
    if of_before < limits.before:
        return TooFew(guard, source, of_before, limits.before)
    share, usual = found / of, found_before / of_before
    varied = spread([(each.found, each.of) for each in before])
    by_chance = normal_tail(rise(found / varied, of / varied, found_before / varied, of_before / varied))
    if (
        share < usual * limits.times
        or share < usual + limits.points
        or by_chance > YEARLY_FALSE_ALARMS / _LOOKS / among
    ):
        return None
    figures = (
        f"{where(source)}: {limits.what}: {found:,} of {of:,} since {recent[0].day} ({percent(share)})",
        f"before, {found_before:,} of {of_before:,} ({percent(usual)})",
    )
    severity = Severity.ALARM if limits.pauses else Severity.NOTICE
    return Finding(guard, source, of, recent[0].day, figures, severity, limits.pauses)


def _sums(days: Sequence[Share]) -> tuple[int, int]:
    return sum(each.found for each in days), sum(each.of for each in days)
