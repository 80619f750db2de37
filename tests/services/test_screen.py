"""Screening a batch is screening its leads one by one, and what is off limits is gone before anything is looked up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.cases import LEADS, NOW, certified, entry, facts, lead, starter
from winnow.adapters.facts.history import SlidingHistory
from winnow.adapters.facts.lookup import BatchFacts
from winnow.adapters.facts.reference import Reference
from winnow.core.decide import decide
from winnow.core.document import decision_document
from winnow.core.facts import Facts
from winnow.core.govern.stop import UNREADABLE, Stop, Stops, StopScope
from winnow.core.lead import Lead
from winnow.core.learning.shadow import Shadow
from winnow.core.outcome import Outcome
from winnow.core.policy import Policy
from winnow.core.ruleset import Ruleset
from winnow.errors import StopsChangedError, StoreAwayError
from winnow.ports import Arrival
from winnow.services.screen import InShadow, Intake, Screener

MOMENTS = st.none() | st.integers(0, 10).map(lambda hour: datetime(2026, 8, 1, tzinfo=UTC) + timedelta(hours=hour))


def in_time_order(stream: Sequence[Lead]) -> list[Lead]:
    return sorted(stream, key=lambda someone: someone.received_at or NOW)


def at(someone: Lead, moment: datetime | None) -> Lead:
    return replace(someone, received_at=moment)


STREAMS = st.lists(st.builds(at, LEADS, MOMENTS), max_size=8).map(in_time_order)
few = settings(max_examples=30)


@cache
def reference() -> Reference:
    return Reference()


def screener(ruleset: Ruleset | None = None) -> Screener:
    """Over real facts, with a history of its own."""
    used = ruleset or starter()
    history = SlidingHistory()
    return Screener(
        BatchFacts(reference(), history, now=lambda: NOW, index=lambda: used.index, customers=frozenset()), used
    )


@few
@given(STREAMS, st.lists(st.integers(0, 12), max_size=4))
def test_a_batch_is_decided_as_its_leads_one_by_one(stream, cuts):
    whole = screener().many(stream)
    single, pieces = screener(), screener()
    ends = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    assert [single.one(someone) for someone in stream] == whole
    assert [decision for start, end in pairwise(ends) for decision in pieces.many(stream[start:end])] == whole


@few
@given(STREAMS)
def test_screening_adds_nothing_to_decide(stream):
    pairs = screener().looked_up(stream)
    assert screener().many(stream) == [decide(someone, known, starter()) for someone, known in pairs]


def test_a_shadow_decision_says_so_and_is_the_same_otherwise():
    known = BatchFacts(reference(), SlidingHistory(), now=lambda: NOW)
    loud, quiet = (Screener(known, starter(), shadow=shadow).one(lead(emails=("a@b.de",))) for shadow in (False, True))
    assert not decision_document(loud)["shadow"]
    assert decision_document(quiet) == {**decision_document(loud), "shadow": True}


class _Nosy:
    """Facts that remember what they were asked about."""

    def __init__(self) -> None:
        self.asked: list[Lead] = []

    def facts_for(self, leads: Sequence[Lead]) -> Sequence[Facts]:
        self.asked += leads
        return [facts() for _ in leads]


def test_off_limits_fields_are_gone_before_anything_is_looked_up():
    off_limits = frozenset({"emails", "ip", "custom.religion", "utm"})
    someone = lead(
        emails=("needle@acme.de",),
        ip="192.0.2.77",
        custom={"religion": "needle", "size": "7"},
        utm={"term": "needle"},
        company="Acme",
    )
    nosy = _Nosy()
    ruleset = certified(policy=Policy(owner="Mia", off_limits=off_limits))
    (masked, _), *_ = Screener(nosy, ruleset).looked_up([someone])
    assert nosy.asked == [masked] == [lead(custom={"size": "7"}, company="Acme")]


@few
@given(STREAMS, st.sets(st.sampled_from(["emails", "ip", "message", "company", "phones", "received_at", "device_id"])))
def test_masking_is_absence(stream, names):
    listed = (entry(action="block", kind="cidr", value="192.0.2.0/24"),)
    ruleset = certified(policy=Policy(owner="Mia", off_limits=frozenset(names)), lists=listed)
    absent = [someone.masked(names) for someone in stream]
    assert screener(ruleset).many(stream) == screener(ruleset).many(absent)


# ── intake ───────────────────────────────────────────────────────────────────────────────────────


class Written:
    """A ledger that keeps what it is given."""

    def __init__(self):
        self.groups = []
        self.stops = 0

    def record(self, group, now, *, stops):
        if stops is not None and stops != self.stops:
            raise StopsChangedError("moved")
        self.groups.append((group, now))
        return [[each.decision for each in submitted.leads] for submitted in group]


class Source:
    """Facts that break on a lead, or are away."""

    def __init__(self, breaks_on=(), error=ZeroDivisionError):
        self.breaks_on = frozenset(breaks_on)
        self.error = error

    def facts_for(self, leads):
        if self.breaks_on & {each.id for each in leads}:
            raise self.error("broken")
        return [facts() for _ in leads]


class Clock:
    def now(self):
        return NOW


def intake(source=None, **more):
    ledger = Written()
    return Intake(source or Source(), ledger, starter, Clock(), **{"stops": no_stops, **more}), ledger


def no_stops(*, anew=False):
    assert not anew
    return Stops(0)


def test_what_arrives_is_decided_and_recorded_in_one_group_in_order():
    desk, ledger = intake()
    arrivals = [
        Arrival([lead(id="a"), lead(id="b")], [True, False], b"key", b"request"),
        Arrival([lead(id="c")], [False]),
    ]
    answers = desk.take(arrivals)
    assert [[decision.lead_id for decision in answer] for answer in answers] == [["a", "b"], ["c"]]
    ((group, at),) = ledger.groups
    assert at == NOW
    assert [[each.named for each in submitted.leads] for submitted in group] == [[True, False], [False]]
    assert [(submitted.key, submitted.request) for submitted in group] == [(b"key", b"request"), (None, b"")]


def test_a_look_up_that_breaks_sends_its_lead_to_a_person_and_no_other():
    desk, ledger = intake(Source({"b"}))
    desk.take([Arrival([lead(id="a"), lead(id="b")], [True, True]), Arrival([lead(id="c")], [True])])
    (group, _) = ledger.groups[0]
    outcomes = {each.lead.id: each.decision for submitted in group for each in submitted.leads}
    assert [outcomes[name].outcome for name in "abc"] == [Outcome.ACCEPT, Outcome.REVIEW, Outcome.ACCEPT]
    assert "system.not_assessed" in {reason.code for reason in outcomes["b"].reasons}


def test_a_store_that_is_away_is_for_the_caller_to_handle():
    desk, ledger = intake(Source({"a"}, StoreAwayError))
    with pytest.raises(StoreAwayError):
        desk.take([Arrival([lead(id="a")], [True])])
    assert ledger.groups == []


def test_in_shadow_nothing_is_acted_on():
    desk, ledger = intake(shadow=True)
    desk.take([Arrival([lead(id="a")], [True])])
    assert ledger.groups[0][0][0].leads[0].decision.shadow


def test_what_is_off_limits_is_not_recorded():
    rules = replace(starter(), policy=Policy(off_limits=frozenset({"message"})))
    ledger = Written()
    Intake(Source(), ledger, lambda: rules, Clock(), stops=no_stops).take(
        [Arrival([lead(id="a", message="secret")], [True])]
    )
    assert ledger.groups[0][0][0].leads[0].lead.message is None


# ── the kill switch ──────────────────────────────────────────────────────────────────────────────

STOPPED = Stops(1, (Stop("stop_1", StopScope.ALL, "", "us_1", NOW, "wrong leads"),))


def stops_of(*read):
    """Tells these one after the other; the last again and again."""
    left, asked = list(read), []

    def told(*, anew=False):
        asked.append(anew)
        assert anew is (len(asked) > 1), "only once something has changed"
        return left.pop(0) if len(left) > 1 else left[0]

    return told


def taken(ledger, desk):
    desk.take([Arrival([lead(id="a")], [True])])
    ((group, _),) = ledger.groups
    return group[0].leads[0]


def test_what_was_decided_before_a_stop_is_decided_anew_when_it_turns_out_at_the_writing():
    desk, ledger = intake(stops=stops_of(Stops(0), STOPPED))
    ledger.stops = 1
    found = taken(ledger, desk)
    assert (found.decision.outcome, found.decision.decided_by) == (Outcome.REVIEW, "system")
    assert found.facts.halts == STOPPED.halts("web")


def test_a_switch_that_moves_all_the_time_leaves_the_lead_to_a_person():
    desk, ledger = intake(stops=stops_of(Stops(0)))
    ledger.stops = 1
    assert taken(ledger, desk).facts.halts == UNREADABLE.halts("web")


def test_what_runs_in_shadow_is_not_stopped():
    beside = InShadow(Shadow(1, "hash", 1.0, NOW, "mia"), certified())
    desk, ledger = intake(stops=stops_of(replace(STOPPED, number=0)), in_shadow=lambda: (beside,))
    (seen,) = taken(ledger, desk).beside
    assert seen.outcome is not Outcome.REVIEW
