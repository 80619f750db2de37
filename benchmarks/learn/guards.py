"""How soon the guard over conversion sees a fall, and how often it cries wolf: simulated years with a fixed seed.

`python -m benchmarks.learn.guards [--years 1000] [--seed 1]`

Beside it the best that any test can do: CUSUM (Page 1954) told the usual share and the size of the fall, with the
limit at which it gives a false alarm in 1 % of years (Moustakides 1986: no test with so few is sooner on
average, for the worst moment).
"""

import argparse
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import log, sqrt
from statistics import mean, median

import numpy as np

from winnow.core.monitor.conversion import YEARLY_FALSE_ALARMS, allowances
from winnow.core.monitor.drop import YEAR, Cohort, fall

_FIRST = date(2026, 1, 1)
_SHARE, _LEADS, _USUAL = 0.1, 500, 90
_WITHIN = 10
_NEVER = 10_000


def cohorts(good: Iterable[int], leads: int, start: int = 0) -> list[Cohort]:
    """Counts as days one after another."""
    return [Cohort(_FIRST + timedelta(days=start + index), leads, int(each)) for index, each in enumerate(good)]


class Years:
    """Simulated years of one stream of leads."""

    def __init__(self, draw: np.random.Generator, leads: int = _LEADS, usual_days: int = _USUAL) -> None:
        self._draw = draw
        self._leads = leads
        self._usual_days = usual_days

    def usual(self) -> list[Cohort]:
        """The days that the test knows the usual share from: drawn, too."""
        return cohorts(self._draw.binomial(self._leads, _SHARE, self._usual_days), self._leads)

    def watched(self, shares: np.ndarray) -> list[Cohort]:
        """The days after, each with its share."""
        return cohorts(self._draw.binomial(self._leads, shares), self._leads, self._usual_days)

    def false_alarms(self, years: int, allowed: float = YEARLY_FALSE_ALARMS) -> float:
        """The part of years in which nothing changes and the guard speaks."""
        quiet = np.full(YEAR, _SHARE)
        return mean(fall(self.usual(), self.watched(quiet), allowed=allowed) is not None for _ in range(years))

    def delays(self, runs: int, part: float, quiet_days: int, *, told: bool = False) -> list[int]:
        """Days from a fall, after so many quiet days, to the alarm; `told`: a new ruleset came with it."""
        shares = np.concatenate([np.full(quiet_days, _SHARE), np.full(90, _SHARE * (1 - part))])
        found = []
        for _ in range(runs):
            watched = self.watched(shares)
            begins = watched[quiet_days].day
            said = fall(self.usual(), watched, allowed=YEARLY_FALSE_ALARMS, changes={begins} if told else ())
            if said is None or said.seen >= begins:
                found.append(_NEVER if said is None else (said.seen - begins).days + 1)
        return found


class Oracle:
    """CUSUM that knows the usual share and the fall."""

    def __init__(self, draw: np.random.Generator, part: float) -> None:
        self._draw = draw
        self._part = part
        quiet = self._paths(np.full(YEAR, _SHARE), 20_000)
        self.limit = float(np.quantile(quiet.max(axis=1), 1 - YEARLY_FALSE_ALARMS))

    def delays(self, runs: int, quiet_days: int) -> list[int]:
        """Days from a fall, after so many quiet days, to its alarm."""
        shares = np.concatenate([np.full(quiet_days, _SHARE), np.full(90, _SHARE * (1 - self._part))])
        beyond = self._paths(shares, runs) >= self.limit
        fair = ~beyond[:, :quiet_days].any(axis=1)
        after = beyond[fair, quiet_days:]
        return [int(each) for each in np.where(after.any(axis=1), after.argmax(axis=1) + 1, _NEVER)]

    def _paths(self, shares: np.ndarray, runs: int) -> np.ndarray:
        good = self._draw.binomial(_LEADS, shares, (runs, len(shares)))
        less = _SHARE * (1 - self._part)
        steps = good * log(less / _SHARE) + (_LEADS - good) * log((1 - less) / (1 - _SHARE))
        height, path = np.zeros(runs), np.zeros(steps.shape)
        for day in range(steps.shape[1]):
            height = np.maximum(height, 0) + steps[:, day]
            path[:, day] = height
        return path


def told(delays: Sequence[int]) -> str:
    """Delays as a line."""
    within = [sum(each <= days for each in delays) / len(delays) for days in (_WITHIN, 14, 21)]
    seen = [each for each in delays if each < _NEVER]
    parts = " ".join(f"{each:6.0%}" for each in within)
    return f"{median(delays):6.0f} {mean(seen):6.1f} {parts}   ({len(delays)} runs)"


def several(draw: np.random.Generator, years: int) -> float:
    """The part of quiet years in which any of five sources, or all together, gives an alarm."""
    volumes = {"a": 250, "b": 120, "c": 80, "d": 30, "e": 20}
    shares = allowances(volumes)
    alarms = 0
    for _ in range(years):
        counts = {name: draw.binomial(leads, _SHARE, _USUAL + YEAR) for name, leads in volumes.items()}
        everything = np.sum(list(counts.values()), axis=0)
        streams: dict[str | None, tuple[Iterable[int], int]] = {None: (everything, sum(volumes.values()))}
        streams |= {name: (counts[name], leads) for name, leads in volumes.items()}
        days = {name: cohorts(good, leads) for name, (good, leads) in streams.items()}
        alarms += any(
            fall(days[name][:_USUAL], days[name][_USUAL:], allowed=allowed) is not None
            for name, allowed in shares.items()
        )
    return alarms / years


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--years", type=int, default=1_000, help="simulated years of each kind")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    draw = np.random.default_rng(given.seed)
    runs = max(100, given.years // 2)
    print(f"false alarms a year, {given.years} quiet years each, 10 % convert, promised: at most 1 %")
    for leads, usual in ((50, 90), (500, 28), (500, 90), (5_000, 90)):
        share = Years(draw, leads, usual).false_alarms(given.years)
        error = sqrt(share * (1 - share) / given.years)
        print(f"  {leads:5} leads a day, usual share from {usual} days: {share:6.2%} ± {error:.2%}", flush=True)
    print(f"  five sources with 500 leads a day in sum, any alarm:  {several(draw, given.years // 2):6.2%}", flush=True)
    print("days from a fall to the alarm, 500 leads a day     median   mean  in 10  in 14  in 21")
    years = Years(draw)
    for part in (0.15, 0.2, 0.3):
        print(f"  {part:.0%} fewer, from the first day watched on    {told(years.delays(runs, part, 0))}", flush=True)
        late = years.delays(runs, part, 100, told=True)
        print(f"  {part:.0%} fewer, with a new ruleset after 100 days {told(late)}", flush=True)
        print(f"  {part:.0%} fewer, at any time (after 100 days)     {told(years.delays(runs, part, 100))}", flush=True)
        print(f"  {part:.0%} fewer, the best there can be             {told(Oracle(draw, part).delays(4_000, 100))}")


if __name__ == "__main__":
    main()
