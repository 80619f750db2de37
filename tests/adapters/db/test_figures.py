"""The days are counted as they come, on both databases, and come to what reading every row would."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.support.cases import certified, scored
from tests.support.reviewing import Room
from winnow.adapters.db import figures as module
from winnow.adapters.db.blind_sample import Draw, StoredSample
from winnow.adapters.db.connections import reading
from winnow.adapters.db.figures import StoredFigures
from winnow.adapters.db.labels import Labels
from winnow.adapters.db.learning_tables import labels, withdrawn_labels
from winnow.adapters.db.log import Journal
from winnow.adapters.db.moments import moment
from winnow.adapters.db.review_tables import dispositions
from winnow.adapters.db.tables import decisions, leads
from winnow.core.decide import decide
from winnow.core.learning.feedback.unlearn import Withdrawal
from winnow.core.learning.proof.blind import LEAST_LABELLED, false_reject_rate, released
from winnow.core.outcome import Outcome
from winnow.core.thresholds import drawn
from winnow.core.today.figures import by_source, overall, waits, wrongly_before
from winnow.core.today.measures import Measure
from winnow.core.today.window import Window, window_of
from winnow.demo.dice import Dice
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Assessed, Label, Submitted

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

LAWS = certified()
SHARE = LAWS.thresholds.sampled_share
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOURCES = ("web", "fair", "")
DAY = timedelta(days=1)
#: Ids of leads the lot falls on, of which a history needs more than chance would give.
_NAMES = [f"lead-{number}" for number in range(6_000)]
SPARED = [name for name in _NAMES if drawn(name, LAWS.scorecard_hash, SHARE)]
OTHERS = [name for name in _NAMES if name not in SPARED]


class Firm:
    """Leads come, people decide and report, take back and withdraw, all by a seed; and somebody looks in between."""

    def __init__(self, store, vault, seed=0):
        self.room = Room(store, vault)
        self.room.clock.time = NOW - 20 * DAY
        self.labels = Labels(store, Journal(vault))
        self.store, self.draw = store, Dice(seed)
        self.sample = StoredSample(store, vault, lambda _: Draw(LAWS.scorecard_hash, SHARE))
        self.figures = StoredFigures(store, self.sample)
        self.numbers, self.spared, self.others = [], iter(SPARED), iter(OTHERS)

    @property
    def now(self):
        return self.room.clock.now()

    def comes(self, band=None, *, source=None, spared=False, shadow=False):
        """The number of a new lead."""
        someone, facts = scored(self.draw.pick(list(Outcome)) if band is None else band)
        name = next(self.spared if spared else self.others)
        source = self.draw.pick(SOURCES) if source is None else source
        lead = replace(someone, id=name, source=source, emails=(f"{name}@acme.example",), received_at=self.now)
        decision = decide(lead, facts, LAWS, shadow=shadow)
        submitted = Submitted([Assessed(lead, facts, decision, named=True)])
        (group,) = self.room.desk.ledger.record([submitted], self.now, stops=0)
        assert not isinstance(group, ConflictError)
        (recorded,) = group
        self.numbers.append(recorded.id)
        return recorded.id

    def decides(self, number, outcome=Outcome.ACCEPT, reason=None, **more):
        self.room.close(number, outcome=outcome, reason=reason, **more)

    def tells(self, number, verdict, author="rep"):
        self.labels.add(Label(number, verdict, author, "api"), self.now)

    def step(self):
        """Whatever happens next."""
        number = self.draw.pick(self.numbers) if self.numbers else self.comes()
        outcome, reason = self.draw.pick(
            [(Outcome.ACCEPT, None), (Outcome.TAG, None), (Outcome.REJECT, "spam"), (Outcome.REJECT, "duplicate")]
        )
        verdict, author = self.draw.pick(["junk", "genuine", "converted", "lost"]), self.draw.pick("abcdefgh")
        actions = [
            self.comes,
            self.comes,
            lambda: self.comes(Outcome.REJECT, spared=True),
            lambda: self.comes(shadow=True),
            lambda: self.decides(number, outcome, reason),
            lambda: self.decides(number, outcome, reason, second_share=1.0),
            lambda: self.decides(number, releasing=True),
            lambda: self.decides(number, releasing=True),
            lambda: self.room.store.undo(number, "ana", "wk_1", self.now),
            lambda: self.tells(number, verdict, author),
            lambda: self.labels.withdraw(Withdrawal(author=author), "mia", self.now),
            lambda: self.room.clock.forward(hours=self.draw.random() * 20),
            self.figures.catch_up,
        ]
        with suppress(ConflictError, NotFoundError):
            self.draw.pick(actions)()

    def counted(self, days=7):
        while self.figures.catch_up():
            pass
        window = window_of(days, self.now.date())
        return self.figures.counted(window), window


def rows(store, table):
    with reading(store) as connection:
        return connection.execute(select(table).order_by(*table.primary_key)).all()


class Recount:
    """The numbers of some days, and of a source or of all, by reading every row there is."""

    def __init__(self, store, window: Window, source=None):
        self.window, self.source = window, source
        self.of_lead = {row.id: row.source for row in rows(store, leads)}
        self.of_decision = {row.id: row for row in rows(store, decisions)}
        self.labels, self.dispositions = rows(store, labels), rows(store, dispositions)
        self.taken_back = {row.label for row in rows(store, withdrawn_labels)}

    def numbers(self):
        found: Counter[Measure] = Counter()
        for each in (*self.came(), *self.closed(), *self.told()):
            found.update({measure: 1 for measure, holds in each.items() if holds})
        return found

    def counts(self, at, number):
        return moment(at).date() in self.window.days and self.source in {None, self.of_lead[number]}

    def came(self):
        named = (Measure.ACCEPTED, Measure.TAGGED, Measure.REVIEWED, Measure.REJECTED)
        for row in self.of_decision.values():
            if self.counts(row.decided_at, row.lead):
                rejected, acted = row.outcome == Outcome.REJECT, not row.shadow
                by_machine = row.decided_by.split(":")[0] in {"score", "rule"}
                yield {
                    Measure.IN_SHADOW: row.shadow,
                    Measure.LEADS: acted,
                    named[row.outcome]: acted,
                }
                yield {Measure.STOPPED: acted and rejected, Measure.BY_MACHINE: acted and rejected and by_machine}

    def closed(self):
        verdict_of = {row.id: row.verdict for row in self.labels}
        for row in self.dispositions:
            if row.undone_at is None and row.look == 1 and self.counts(row.at, row.case):
                sent = self.of_decision[row.case].outcome == Outcome.REVIEW
                junk = sent and row.outcome == Outcome.REJECT and verdict_of.get(row.label) == "junk"
                yield {
                    Measure.RELEASED: not sent,
                    Measure.DECIDED: sent,
                    Measure.OTHERWISE: sent and not row.followed,
                    Measure.JUNKED: junk,
                    Measure.STOPPED: junk,
                }

    def told(self):
        for row in self.labels:
            if row.origin != "queue" and self.counts(row.at, row.lead):
                decision, junk, stands = (
                    self.of_decision[row.lead],
                    row.verdict == "junk",
                    row.id not in self.taken_back,
                )
                stopped = decision.outcome == Outcome.REJECT and not decision.shadow
                through = decision.shadow or decision.outcome <= Outcome.TAG
                yield {
                    Measure.WITHDRAWN: not stands,
                    Measure.TOLD: stands,
                    Measure.TOLD_JUNK: stands and junk,
                    Measure.MISSED: stands and junk and through,
                    Measure.GOOD: stands and stopped and not junk,
                }


def recounted(store, window: Window, source=None):
    return plain(Recount(store, window, source).numbers())


def estimated(sample, store, window: Window):
    """What the blind sample says of a window, by searching all decisions for it."""
    decided_at = {row.lead: row.decided_at for row in rows(store, decisions)}
    at = {row.lead_id: moment(decided_at[row.id]) for row in rows(store, leads)}
    found = [
        released(each.decision, each.verdict, SHARE)
        for each in sample.all(None)
        if each.decision is not None and at[each.decision.lead_id].date() in window.days
    ]
    return false_reject_rate([each for each in found if each is not None])


def plain(measures):
    return {measure: number for measure, number in measures.items() if number}


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_reading_every_row(store, vault, seed, monkeypatch):
    monkeypatch.setattr(module, "_PAGE", (7, 40, 20_000)[seed])
    firm = Firm(store, vault, seed)
    for _ in range(240):
        firm.step()
    counted, window = firm.counted(7)
    for figures, source in [(overall(counted, window), None), *((f, s) for s, f in by_source(counted, window).items())]:
        assert plain(figures.now) == recounted(store, window, source)
        assert plain(figures.before) == recounted(store, window.before, source)
        assert sum(each.leads for each in figures.days) == figures.now[Measure.LEADS]
        assert sum(each.junk for each in figures.days) == figures.now[Measure.STOPPED]
        assert sum(each.decided for each in figures.days) == figures.now[Measure.DECIDED]
    assert overall(counted, window).now[Measure.STOPPED] > 0
    both = overall(counted, window)
    for part, wrongly in ((window, both.wrongly), (window.before, wrongly_before(counted))):
        known = estimated(firm.sample, store, part)
        assert (wrongly.labelled, wrongly.unlabelled) == (known.labelled, known.unlabelled)


def test_the_estimate_is_that_of_the_blind_sample(store, vault):
    firm = Firm(store, vault)
    for number in range(LEAST_LABELLED + 4):
        firm.comes(Outcome.REJECT, source="web")
        lead = firm.comes(Outcome.REJECT, source="web" if number % 2 else "fair", spared=True)
        if number >= 4:
            firm.decides(lead, Outcome.REJECT if number % 3 else Outcome.ACCEPT, "spam" if number % 3 else None)
        firm.counted(7)  # so that verdicts come after leads that were counted
    counted, window = firm.counted(7)
    wrongly, known = overall(counted, window).wrongly, estimated(firm.sample, store, window)
    assert (wrongly.missing, wrongly.labelled, wrongly.unlabelled) == (0, LEAST_LABELLED, 4)
    assert wrongly.found == known
    assert wrongly.stopped == LEAST_LABELLED + 4
    assert wrongly.leads == tuple(rate * wrongly.stopped for rate in (known.rate, known.low, known.high))
    assert by_source(counted, window)["fair"].wrongly.missing > 0
    firm.labels.withdraw(Withdrawal(author="ana"), "mia", firm.now)
    wrongly = overall(*firm.counted(7)).wrongly
    assert (wrongly.missing, wrongly.found, wrongly.leads) == (LEAST_LABELLED, None, None)


def test_how_long_people_take_is_the_median_of_what_they_decided(store, vault):
    firm = Firm(store, vault)
    assert waits(firm.counted()[0]).now is None

    def decided_after(hours):
        number = firm.comes(Outcome.REVIEW)
        firm.room.clock.forward(hours=hours)
        firm.decides(number)
        return number

    decided_after(1)
    decided_after(3)
    last = decided_after(9)
    assert waits(firm.counted()[0]).now == pytest.approx(3 * 3600, rel=0.05)
    firm.decides(firm.comes(Outcome.REJECT), releasing=True)  # at once, and nobody was waiting for it
    assert waits(firm.counted()[0]).now == pytest.approx(3 * 3600, rel=0.05)
    firm.room.store.undo(last, "ana", "wk_1", firm.now)
    assert waits(firm.counted()[0]).now == pytest.approx(3600, rel=0.05)
    assert overall(*firm.counted()).now[Measure.DECIDED] == 2


def test_what_was_taken_back_counts_on_no_day(store, vault):
    """Counted on a day that is long over, and taken back after others came."""
    firm = Firm(store, vault)
    number = firm.comes(Outcome.REVIEW)
    firm.decides(number, Outcome.REJECT, "spam")
    firm.tells(number, "genuine")
    before = overall(*firm.counted()).now
    assert (before[Measure.JUNKED], before[Measure.TOLD]) == (1, 1)
    firm.room.clock.forward(days=3)
    firm.room.store.undo(number, "ana", "wk_1", firm.now)
    firm.labels.withdraw(Withdrawal(author="rep"), "mia", firm.now)
    after = overall(*firm.counted()).now
    assert (after[Measure.JUNKED], after[Measure.DECIDED], after[Measure.TOLD], after[Measure.WITHDRAWN]) == (
        0,
        0,
        0,
        1,
    )


def test_one_page_is_counted_at_a_time_and_by_one_process(store, vault, monkeypatch):
    monkeypatch.setattr(module, "_PAGE", 4)
    firm = Firm(store, vault)
    for _ in range(10):
        firm.comes(Outcome.ACCEPT)
    assert [firm.figures.catch_up() for _ in range(4)] == [6, 2, 0, 0]
    firm.comes(Outcome.ACCEPT)
    among = firm.sample.among

    def meanwhile(first, last):
        monkeypatch.setattr(firm.sample, "among", among)
        assert StoredFigures(store, firm.sample).catch_up() == 0  # another process is faster
        return among(first, last)

    monkeypatch.setattr(firm.sample, "among", meanwhile)
    assert firm.figures.catch_up() == 0
    assert overall(*firm.counted()).now[Measure.LEADS] == 11


def test_an_empty_store_has_empty_days(store, vault):
    counted, window = Firm(store, vault).counted(30)
    figures = overall(counted, window)
    assert (plain(figures.now), plain(figures.before), by_source(counted, window)) == ({}, {}, {})
    assert [each.day for each in figures.days] == window.days
    assert figures.wrongly.leads == (0, 0, 0)


def test_days_outside_the_windows_do_not_count(store, vault):
    firm = Firm(store, vault)
    for day in range(20):
        firm.comes(Outcome.ACCEPT, source="web")
        firm.comes(Outcome.REJECT, source="web", spared=True)
        firm.room.clock.forward(days=1 if day < 19 else 0)
    counted, window = firm.counted(7)
    figures = overall(counted, window)
    assert (figures.now[Measure.LEADS], figures.before[Measure.LEADS]) == (14, 14)
    assert (figures.wrongly.unlabelled, wrongly_before(counted).unlabelled) == (7, 7)
    assert {(each.leads, each.junk) for each in figures.days} == {(2, 0)}
