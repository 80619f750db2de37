"""The guard over the score's promise: of leads said to be junk with 80 %, are four of five junk?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from winnow.core.monitor.chance import normal_tail
from winnow.core.monitor.finding import Finding, Guard, Severity, TooFew, Verdict, percent, where

#: Judged leads below which nothing is said, and the difference that matters.
LEAST_LABELS, LEAST_GAP = 200, 0.05

#: Chance of one or more false alarms within a year, looked at once a day.
YEARLY_FALSE_ALARMS = 0.01
_LOOKS = 365


@dataclass(frozen=True, slots=True)
class Promised:
    """Judged leads of about the same score.

    probability: of being junk, as the score said · leads: how many were judged · junk: how many of them were junk
    """

    probability: float
    leads: int
    junk: int


def kept(source: str | None, groups: Sequence[Promised], since: date, *, among: int = 1) -> Verdict:
    """Whether as many judged leads were junk as their scores promised.

    Only as good as the choice of leads that people judge. Pauses when there was less junk than promised: then
    good leads are taken for junk. Source: Spiegelhalter 1986, section 3.
    """
    leads = sum(each.leads for each in groups)
    if leads < LEAST_LABELS:
        return TooFew(Guard.CALIBRATION, source, leads, LEAST_LABELS)
    expected = sum(each.leads * each.probability for each in groups)
    variance = sum(each.leads * each.probability * (1 - each.probability) for each in groups)
    junk = sum(each.junk for each in groups)
    by_chance = 2 * normal_tail(abs(junk - expected) / sqrt(variance)) if variance else 1.0
    if abs(junk - expected) < LEAST_GAP * leads or by_chance > YEARLY_FALSE_ALARMS / _LOOKS / among:
        return None
    fewer = junk < expected
    figures = (
        f"{where(source)}: of {leads:,} judged leads since {since}, {junk:,} were junk ({percent(junk / leads)})",
        f"their scores promised {expected:,.0f} ({percent(expected / leads)})",
        "good leads are taken for junk" if fewer else "junk is taken for good leads",
    )
    severity = Severity.ALARM if fewer else Severity.NOTICE
    return Finding(Guard.CALIBRATION, source, leads, since, figures, severity, pauses=fewer)
