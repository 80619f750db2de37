"""A year of sign-ups replayed by day: when the guards see that a model has gone wrong, and what that saves.

`python -m benchmarks.learn.replay --data FOLDER` (or $WINNOW_DATA); reads ecommerce_signups.csv.

A lead is decided when it buys, with what is known then: seconds since sign-up, earlier purchases of the device, source,
browser, value, hour and weekday; never sex or age. The model is fitted on a part of 1 to 14 January, its threshold is
read off the rest, and it decides from 15 January on. The truth about a lead is known a
week later, and only about leads that were let through and one in twenty of those that would have been rejected, which
went to a person unseen. The guards look after each day; what they pause is paused from the next morning.
"""

import argparse
import csv
import os
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from winnow.adapters.trainer import EbmTrainer
from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.learning.fitting.points import scorecard_from
from winnow.core.learning.proof.certify import Certified, certify
from winnow.core.learning.study import Study
from winnow.core.monitor.finding import Finding
from winnow.core.monitor.rounds import PROMISE_BIN, SCORE_BIN, Counted, DayCount, Round
from winnow.core.outcome import Outcome
from winnow.core.scorecard import Scorecard, compiled
from winnow.core.signals.base import Value
from winnow.ports import FitSettings

_START, _HELD, _LIVE = date(2015, 1, 1), date(2015, 1, 12), date(2015, 1, 15)
_DELAY = timedelta(days=7)
_DAY = timedelta(days=1)
_BLIND = 0.05
_NAIVE_PRECISION = 0.995
_LEAST_FLAGGED = 20
#: The first days after the start are printed one by one.
_SINGLE_DAYS = 21

_COLUMNS: Mapping[str, Reading] = {
    "signup.seconds": Reading.NUMBER,
    "device.day": Reading.NUMBER,
    "device.week": Reading.NUMBER,
    "order.value": Reading.NUMBER,
    "channel.source": Reading.TEXT,
    "agent.browser": Reading.TEXT,
    "time.hour": Reading.NUMBER,
    "time.weekday": Reading.TEXT,
}


@dataclass(frozen=True, slots=True)
class Signup:
    """One lead as it is decided, and what it turned out to be."""

    id: str
    at: datetime
    source: str
    values: tuple[Value | None, ...]
    fraud: bool


def signups(path: Path) -> list[Signup]:
    """The leads in the order in which they buy."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows.sort(key=lambda row: (_moment(row["purchase_time"]), row["user_id"]))
    earlier: dict[str, deque[datetime]] = defaultdict(deque)
    return [_signup(row, earlier[row["device_id"]]) for row in rows]


def _signup(row: Mapping[str, str], seen: deque[datetime]) -> Signup:
    at = _moment(row["purchase_time"])
    while seen and at - seen[0] > 7 * _DAY:
        seen.popleft()
    values: tuple[Value, ...] = (
        (at - _moment(row["signup_time"])).total_seconds(),
        float(sum(at - each <= _DAY for each in seen)),
        float(len(seen)),
        float(row["purchase_value"]),
        row["source"].lower(),
        row["browser"].lower(),
        float(at.hour),
        f"{at:%A}".lower(),
    )
    seen.append(at)
    return Signup(row["user_id"], at, row["source"], values, row["class"] == "1")


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%y %H:%M")  # noqa: DTZ007  # the set does not say which zone


def study_of(leads: Sequence[Signup]) -> Study:
    """Leads as a study of junk."""
    declared = [DeclaredSignal(name, f"custom.{name.replace('.', '_')}", how, name) for name, how in _COLUMNS.items()]
    columns = {name: [lead.values[place] for lead in leads] for place, name in enumerate(_COLUMNS)}
    return Study(
        "junk",
        tuple(each.signal for each in declared),
        columns,
        [lead.fraud for lead in leads],
        [1.0] * len(leads),
        [(lead.at - datetime(1970, 1, 1)).total_seconds() for lead in leads],  # noqa: DTZ001  # see _moment
        [lead.id for lead in leads],
        [lead.source for lead in leads],
    )


def naive_threshold(scored: Sequence[tuple[int, bool]]) -> int:
    """The lowest score from which on the hold-out looks right often enough, without a bound on chance."""
    right = flagged = 0
    best = 1_000_000
    for place, (score, fraud) in enumerate(ranked := sorted(scored, reverse=True)):
        flagged, right = flagged + 1, right + fraud
        last = place + 1 == len(ranked) or ranked[place + 1][0] != score
        if last and flagged >= _LEAST_FLAGGED and right >= _NAIVE_PRECISION * flagged:
            best = score
    return best


@dataclass(slots=True)
class Day:
    """What one day brought; `spared` would have been rejected and were not, because of a pause."""

    day: date
    leads: int = 0
    rejected: int = 0
    good_rejected: int = 0
    spared: int = 0
    good_spared: int = 0


class Replay:
    """Decides day by day, counts as the store does, and lets the guards look after each day."""

    def __init__(self, card: Scorecard, threshold: int, review: int) -> None:
        places = {name: place for place, name in enumerate(_COLUMNS)}
        self._score = compiled(card, places)
        self._signals = [feature.signal for feature in card.features]
        self._threshold, self._review = threshold, review
        self._counts: Counter[tuple[Counted, date, str, str, int]] = Counter()
        self.paused_since: date | None = None
        self.findings: list[tuple[date, Finding]] = []
        self._open: set[tuple[str, str | None, str]] = set()

    def observe(self, lead: Signup) -> None:
        """Count how a lead scores that the model did not decide yet, as in shadow."""
        self._scored(lead)

    def decide(self, lead: Signup, day: Day) -> None:
        """Decide a lead, and count what will be known about it."""
        score = self._scored(lead)
        would = score >= self._threshold
        blind = would and int(sha256(lead.id.encode()).hexdigest()[:8], 16) < _BLIND * 2**32
        stopped = would and self.paused_since is not None and lead.at.date() >= self.paused_since
        rejected = would and not blind and not stopped
        outcome = Outcome.REJECT if rejected else Outcome.REVIEW if score >= self._review else Outcome.ACCEPT
        day.leads += 1
        day.rejected += rejected
        day.good_rejected += rejected and not lead.fraud
        day.spared += stopped and not blind
        day.good_spared += stopped and not blind and not lead.fraud
        self._count(Counted.DECIDED, lead.at.date(), lead.source, "", int(outcome))
        if not rejected:
            self._judged(lead, score, outcome)

    def _scored(self, lead: Signup) -> int:
        found = self._score(lead.values, {})
        day = lead.at.date()
        self._count(Counted.SCORES, day, "", "card", found.score // SCORE_BIN)
        for signal, code in zip(self._signals, found.codes, strict=True):
            self._count(Counted.CODES, day, "", f"card {signal}", code)
        return found.score

    def _judged(self, lead: Signup, score: int, outcome: Outcome) -> None:
        known = lead.at.date() + _DELAY
        self._count(Counted.JUNK, known, lead.source, "", int(lead.fraud))
        self._count(Counted.PROMISED, known, "", "card", score // PROMISE_BIN)
        self._count(Counted.HELD, known, "", "card", score // PROMISE_BIN, int(lead.fraud))
        if outcome is Outcome.ACCEPT:
            self._count(Counted.REVERSED, known, lead.source, "", int(lead.fraud))
            self._count(Counted.VERDICTS, lead.at.date(), lead.source, "", 0)
            self._count(Counted.GENUINE, lead.at.date(), lead.source, "", 0, int(not lead.fraud))

    def _count(self, kind: Counted, day: date, source: str, about: str, bin_: int, number: int = 1) -> None:
        self._counts[kind, day, source, about, bin_] += number

    def look(self, day: date) -> None:
        """The guards' round in the night after a day."""
        known: dict[Counted, list[DayCount]] = defaultdict(list)
        for (kind, when, source, about, bin_), number in self._counts.items():
            ripe = when + _DELAY if kind in {Counted.VERDICTS, Counted.GENUINE} else when
            if ripe <= day:
                known[kind].append(DayCount(when, source, about, bin_, number))
        for verdict in Round(known, day + _DAY).verdicts():
            if isinstance(verdict, Finding):
                self._opened(verdict, day)

    def _opened(self, finding: Finding, day: date) -> None:
        about = (finding.guard.value, finding.source, finding.about)
        if about in self._open:
            return
        self._open.add(about)
        self.findings.append((day, finding))
        if finding.pauses and finding.source is None and self.paused_since is None:
            self.paused_since = day + _DAY


def by_day(leads: Sequence[Signup]) -> Iterator[tuple[date, list[Signup]]]:
    """Days in order, also those without leads."""
    days: dict[date, list[Signup]] = defaultdict(list)
    for lead in leads:
        days[lead.at.date()].append(lead)
    day, last = min(days), max(days)
    while day <= last:
        yield day, days[day]
        day += _DAY


def replayed(card: Scorecard, threshold: int, review: int, before: Sequence[Signup], after: Sequence[Signup]) -> None:
    """Replay with guards and print what happened; without them, what was spared would have been rejected, too."""
    replay = Replay(card, threshold, review)
    for lead in before:
        replay.observe(lead)
    days = []
    for day, leads in by_day(after):
        days.append(Day(day))
        for lead in leads:
            replay.decide(lead, days[-1])
        if replay.paused_since is None or day <= replay.paused_since + timedelta(days=60):
            replay.look(day)
    _print_findings(replay)
    _print_days(days)


def _print_findings(replay: Replay) -> None:
    for day, finding in replay.findings:
        what = f"{finding.guard} {finding.about}".strip()
        where = finding.source or "all"
        effect = "pauses" if finding.pauses else "notice"
        print(f"  {day}  {effect:7} {what} ({where}): {finding.figures[1]}")
    print(f"  rejecting paused from: {replay.paused_since or 'never'}")


def _print_days(days: Sequence[Day]) -> None:
    print(f"  {'':23} {'leads':>7} {'with guards':>20} {'without guards':>20}")
    print(f"  {'':23} {'':>7} {'rejected':>10} {'good':>9} {'rejected':>10} {'good':>9}")
    single, rest = days[:_SINGLE_DAYS], days[_SINGLE_DAYS:]
    for group in [*([day] for day in single), *(rest[place : place + 28] for place in range(0, len(rest), 28))]:
        until = f" … {group[-1].day:%m-%d}" if len(group) > 1 else ""
        _print_sums(f"{group[0].day}{until}", group)
    _print_sums("all", days)


def _print_sums(name: str, days: Sequence[Day]) -> None:
    leads, rejected, good = (sum(getattr(day, what) for day in days) for what in ("leads", "rejected", "good_rejected"))
    spared, good_spared = (sum(getattr(day, what) for day in days) for what in ("spared", "good_spared"))
    print(f"  {name:23} {leads:7,} {rejected:10,} {good:9,} {rejected + spared:10,} {good + good_spared:9,}")


def main() -> None:
    """Fit, choose thresholds, replay."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=os.environ.get("WINNOW_DATA"), help="folder of the sets")
    given = options.parse_args()
    if given.data is None:
        options.error("say where the sets are: --data FOLDER or $WINNOW_DATA")
    leads = signups(given.data / "ecommerce_signups.csv")
    before = [lead for lead in leads if _START <= lead.at.date() < _LIVE]
    after = [lead for lead in leads if lead.at.date() >= _LIVE]
    print(f"{len(before):,} leads of 1–14 January, {sum(lead.fraud for lead in before):,} of them fraud")
    lots = [int(sha256(f"split {lead.id}".encode()).hexdigest()[:8], 16) % 5 == 0 for lead in before]
    by_lot = [[lead for lead, held in zip(before, lots, strict=True) if held is part] for part in (False, True)]
    first = sum(lead.at.date() < _HELD for lead in before)
    print("\n== a fifth held out by lot ==")
    tried(by_lot[0], by_lot[1], before, after)
    print("\n== 12 to 14 January held out ==")
    tried(before[:first], before[first:], before, after)


def tried(fit: Sequence[Signup], held: Sequence[Signup], before: Sequence[Signup], after: Sequence[Signup]) -> None:
    """Fit, choose a threshold as somebody in a hurry would, replay; then the same with a certified one, if any."""
    fitted = EbmTrainer().fit(study_of(fit), FitSettings(), lambda _done: None)
    card = scorecard_from(fitted, study_of(fit), card_id="january", owner="benchmark")
    score = compiled(card, {name: place for place, name in enumerate(_COLUMNS)})
    scored = [(score(lead.values, {}).score, lead.fraud) for lead in held]
    naive = naive_threshold(scored)
    flagged = [fraud for each, fraud in scored if each >= naive]
    print(
        f"threshold {naive} read off {len(held):,} leads: {sum(flagged):,} of the {len(flagged):,} above it are fraud"
    )
    replayed(card, naive, min(naive, 0), before, after)
    answer = certify(card, study_of(held))
    if isinstance(answer, Certified):
        print(f"certified threshold {answer.threshold}: {answer.precision:.4f} on {answer.labels} labels")
        replayed(card, answer.threshold, 0, before, after)
    else:
        print(f"  {answer.reason}: nothing is ever rejected without a person, with or without guards")


if __name__ == "__main__":
    main()
