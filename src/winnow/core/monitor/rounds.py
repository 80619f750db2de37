"""One round of all guards: from what was counted day by day to what each of them says."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from winnow.core.decide import probability
from winnow.core.monitor.conversion import allowances, falling
from winnow.core.monitor.drift import Spread, drifted
from winnow.core.monitor.drop import Cohort
from winnow.core.monitor.finding import Guard, TooFew, Verdict
from winnow.core.monitor.incident import Incident
from winnow.core.monitor.jumps import Share, jumped
from winnow.core.monitor.promise import Promised, kept
from winnow.core.outcome import Outcome


class Counted(StrEnum):
    """What is counted of a day, by source; `about` and `bin` say more.

    DECIDED: leads, bin = outcome · REVERSED, JUNK: leads judged that day, bin = 1 when people saw it otherwise than
    the machine, or called it junk · ACCEPTED, CONVERTED, VERDICTS, GENUINE: accepted leads of the day, and what they
    had come to when their time was up · SCORES: about = scorecard, bin = score · CODES: about = scorecard and
    signal, bin = bin code · PROMISED, HELD: judged leads, and the junk among them; about = scorecard, bin = score
    """

    DECIDED = "decided"
    REVERSED = "reversed"
    JUNK = "junk"
    ACCEPTED = "accepted"
    CONVERTED = "converted"
    VERDICTS = "verdicts"
    GENUINE = "genuine"
    SCORES = "scores"
    CODES = "codes"
    PROMISED = "promised"
    HELD = "held"


class DayCount(NamedTuple):
    """How many there were of something on a day."""

    day: date
    source: str
    about: str
    bin: int
    number: int


Counts = Mapping[Counted, Sequence[DayCount]]

#: Scores fall into bins of so many points, for drift and for what they promise.
SCORE_BIN, PROMISE_BIN = 500, 100

#: Days that are recent, and days before them that are compared with.
RECENT, BEFORE = 7, 28

#: Days before which a histogram has nothing to be compared with: two weeks, so that no day of the week is missing.
LEAST_BEFORE = 14

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round looks at.

    today: the day that is not over yet · closed: incidents that people have dealt with
    changes: days on which the live ruleset changed
    """

    counts: Counts
    today: date
    closed: Sequence[Incident] = ()
    changes: Collection[date] = ()

    def verdicts(self) -> Iterator[Verdict]:
        """What every guard says that looks at what was counted, of all sources it looks at."""
        yield from self._falls(Guard.CONVERSION, Counted.ACCEPTED, Counted.CONVERTED)
        yield from self._falls(Guard.GENUINE, Counted.VERDICTS, Counted.GENUINE)
        yield from self._jumps(Guard.REJECT_RATE, Counted.DECIDED, int(Outcome.REJECT), 1)
        yield from self._jumps(Guard.OVERRIDES, Counted.REVERSED, 1, RECENT)
        yield from self._jumps(Guard.SOURCE_JUNK, Counted.JUNK, 1, RECENT)
        yield from self._drifts(Guard.SCORE_DRIFT, Counted.SCORES)
        yield from self._drifts(Guard.SIGNAL_DRIFT, Counted.CODES)
        yield from self._promises()

    def _falls(self, guard: Guard, leads: Counted, good: Counted) -> Iterator[Verdict]:
        of, found = _by_source(self._of(leads)), _by_source(self._of(good))
        totals = {source: sum(days.values()) for source, days in of.items()}
        for source, allowed in allowances(totals).items():
            days, reached = (_all(of), _all(found)) if source is None else (of[source], found.get(source, {}))
            kept_days = self._counting(guard, source, days)
            cohorts = [Cohort(day, days[day], reached.get(day, 0)) for day in kept_days]
            yield falling(guard, source, cohorts, allowed=allowed, changes=self.changes)

    def _jumps(self, guard: Guard, kind: Counted, found_bin: int, recent: int) -> Iterator[Verdict]:
        of = _by_source(self._of(kind))
        found = _by_source(each for each in self._of(kind) if each.bin == found_bin)
        first = self.today - recent * _DAY
        for source, days in of.items():
            shares = [
                Share(day, found.get(source, {}).get(day, 0), days[day])
                for day in self._counting(guard, source, days)
                if day >= first - BEFORE * _DAY
            ]
            before = [each for each in shares if each.day < first]
            now = [each for each in shares if each.day >= first]
            yield jumped(guard, source, before, now, among=len(of))

    def _drifts(self, guard: Guard, kind: Counted) -> Iterator[Verdict]:
        by_about: dict[str, list[DayCount]] = defaultdict(list)
        for each in self._of(kind):
            if each.day < self.today:
                by_about[each.about].append(each)
        first = self.today - RECENT * _DAY
        live = {about: each for about, each in by_about.items() if any(count.day >= first for count in each)}
        for about, counted in live.items():
            counting = frozenset(self._counting(guard, None, {each.day for each in counted}, about))
            usual_days = frozenset(sorted(day for day in counting if day < first)[:BEFORE])
            if len(usual_days) < LEAST_BEFORE:
                yield TooFew(guard, None, len(usual_days), LEAST_BEFORE, _signal(about))
                continue
            bins = range(min(each.bin for each in counted), max(each.bin for each in counted) + 1)
            usual = _histogram(bins, (each for each in counted if each.day in usual_days))
            recent = _histogram(bins, (each for each in counted if each.day in counting and each.day >= first))
            yield drifted(guard, None, Spread(_signal(about), usual, recent, first), among=len(live))

    def _promises(self) -> Iterator[Verdict]:
        first = self.today - BEFORE * _DAY
        judged, junk = (_by_bin(self._of(kind), first) for kind in (Counted.PROMISED, Counted.HELD))
        for about, bins in judged.items():
            groups = [
                Promised(probability(PROMISE_BIN * place + PROMISE_BIN // 2), leads, junk.get(about, {}).get(place, 0))
                for place, leads in sorted(bins.items())
            ]
            yield kept(None, groups, first, among=len(judged))

    def _of(self, kind: Counted) -> Sequence[DayCount]:
        return self.counts.get(kind, ())

    def _counting(self, guard: Guard, source: str | None, days: Iterable[date], about: str = "") -> list[date]:
        """Those days, in order, that no incident which people have dealt with takes out."""
        told = [
            each
            for each in self.closed
            if (each.guard, each.source, each.about) == (guard, source, _signal(about)) and each.closed_at is not None
        ]
        return sorted(day for day in days if not any(_taken_out(day, each) for each in told))


def _taken_out(day: date, incident: Incident) -> bool:
    """An incident's days are neither usual nor new; when it renewed what is usual, the days before it are over."""
    if incident.renewed:
        return day < incident.since
    return incident.closed_at is not None and incident.since <= day <= incident.closed_at.date()


def _signal(about: str) -> str:
    """The signal that is named after a scorecard, if one is."""
    return about.partition(" ")[2]


def _by_source(counts: Iterable[DayCount]) -> dict[str, dict[date, int]]:
    found: dict[str, dict[date, int]] = {}
    for each in counts:
        days = found.setdefault(each.source, {})
        days[each.day] = days.get(each.day, 0) + each.number
    return found


def _all(by_source: Mapping[str, Mapping[date, int]]) -> dict[date, int]:
    days: dict[date, int] = defaultdict(int)
    for each in by_source.values():
        for day, number in each.items():
            days[day] += number
    return days


def _by_bin(counts: Iterable[DayCount], first: date) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for each in counts:
        if each.day >= first:
            bins = found.setdefault(each.about, {})
            bins[each.bin] = bins.get(each.bin, 0) + each.number
    return found


def _histogram(bins: range, counts: Iterable[DayCount]) -> list[int]:
    found = [0] * len(bins)
    for each in counts:
        found[each.bin - bins.start] += each.number
    return found
