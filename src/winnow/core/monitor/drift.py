"""Guards over what comes in: are scores and signals still spread as they were when the scorecard was examined?

The population stability index says how far two histograms are apart, but a few hundred leads are always some way
apart by chance. While both come from the same leads, PSI / (1/n + 1/m) follows a chi-square law with one degree of
freedom fewer than bins (Yurdakul & Naranjo 2020, "Statistical properties of the population stability index",
section 3). So a shift is told when it is both beyond chance and large enough to matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log

from winnow.core.monitor.chance import chi_square_limit
from winnow.core.monitor.finding import Finding, Guard, Severity, TooFew, Verdict, where

#: The customary marks (Siddiqi 2006, chapter 10): from 0.1 somewhat shifted, from 0.25 another population.
SHIFTED, ANOTHER = 0.1, 0.25

#: Leads below which no histogram is compared.
LEAST_LEADS = 200

#: Chance of one or more false alarms within a year over all histograms together, looked at once a day.
YEARLY_FALSE_ALARMS = 0.01
_LOOKS = 365

#: Bins with fewer leads than this go together with their neighbours: below it the chi-square law does not hold.
_LEAST_IN_BIN = 5


@dataclass(frozen=True, slots=True)
class Shift:
    """How far two histograms are apart.

    psi: population stability index · limit: what chance alone stays below · bins: that were compared
    """

    psi: float
    limit: float
    bins: int


def shift(usual: Sequence[int], recent: Sequence[int], *, chance: float) -> Shift:
    """The distance of two histograms over the same bins in the same order, and what it may be by chance alone."""
    pairs = _pooled(usual, recent) if sum(usual) and sum(recent) else []
    if len(pairs) < 2:  # noqa: PLR2004  # one bin cannot shift
        return Shift(0.0, 0.0, len(pairs))
    n, m = sum(each for each, _ in pairs), sum(each for _, each in pairs)
    psi = sum((after / m - before / n) * log((after / m) / (before / n)) for before, after in pairs)
    return Shift(psi, (1 / n + 1 / m) * chi_square_limit(chance, len(pairs) - 1), len(pairs))


def _pooled(usual: Sequence[int], recent: Sequence[int]) -> list[tuple[float, float]]:
    """Neighbouring bins together until both sides would have enough in each if they were spread alike.

    A bin that one side has not at all counts half a lead there: how far apart they are is finite.
    """
    n, m = sum(usual), sum(recent)
    least = _LEAST_IN_BIN * (n + m) / min(n, m)
    pairs: list[list[float]] = []
    for before, after in zip(usual, recent, strict=True):
        if not pairs or sum(pairs[-1]) >= least:
            pairs.append([0.0, 0.0])
        pairs[-1][0] += before
        pairs[-1][1] += after
    if len(pairs) > 1 and sum(pairs[-1]) < least:
        rest = pairs.pop()
        pairs[-1] = [pairs[-1][0] + rest[0], pairs[-1][1] + rest[1]]
    return [(before or 0.5, after or 0.5) for before, after in pairs]


@dataclass(frozen=True, slots=True)
class Spread:
    """One thing counted in bins, before and now.

    name: of the signal; empty for the score · since: the first recent day
    """

    name: str
    usual: Sequence[int]
    recent: Sequence[int]
    since: date


def drifted(guard: Guard, source: str | None, spread: Spread, *, among: int = 1) -> Verdict:
    """Whether a histogram has shifted.

    among: how many histograms are looked at, which share the chance of a false alarm
    """
    least = min(sum(spread.usual), sum(spread.recent))
    if least < LEAST_LEADS:
        return TooFew(guard, source, least, LEAST_LEADS, spread.name)
    found = shift(spread.usual, spread.recent, chance=YEARLY_FALSE_ALARMS / _LOOKS / among)
    if found.psi < SHIFTED or found.psi <= found.limit:
        return None
    other = found.psi >= ANOTHER
    what = f"signal {spread.name}" if spread.name else "the score"
    degree = "is spread quite differently" if other else "is spread somewhat differently"
    figures = (
        f"{where(source)}: {what} {degree} since {spread.since} than before",
        f"stability index {found.psi:.2f} over {found.bins} bins; chance stays below {found.limit:.2f}",
        f"{sum(spread.recent):,} recent leads against {sum(spread.usual):,} before",
    )
    severity = Severity.ALARM if other else Severity.NOTICE
    return Finding(guard, source, sum(spread.recent), spread.since, figures, severity, pauses=other, about=spread.name)
