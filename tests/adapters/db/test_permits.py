"""Answers of the gate, contacts, uses and conclusions in both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from winnow.adapters.db import log
from winnow.adapters.db.ai_decisions import StoredAiDecisions
from winnow.adapters.db.connections import writing
from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.permit_answers import StoredAnswers
from winnow.adapters.db.permits import PERIOD, StoredPermits
from winnow.adapters.db.permitted import StoredPermitted
from winnow.adapters.db.standings import StoredStandings
from winnow.core.govern.ask import Ask, Check, Question
from winnow.core.govern.consent import EXPRESS, Act, Capture, State
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.limits import Because, Cap
from winnow.core.govern.permit import Terms
from winnow.core.govern.permit_tree import commitments_of
from winnow.core.govern.terms import Action, Answer, Channel
from winnow.core.govern.told import Address, Told
from winnow.errors import ConflictError, NotFoundError
from winnow.ports.gate import AiDecision, GateAnswer, Moved, Wanted

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
ASK = Ask("mailer", Action.CONTACT, "marketing", Channel.EMAIL, ("contact",), ("likely buyer",), "she asked for it")
TERMS = Terms("pm_1", "mailer", Action.CONTACT, Channel.EMAIL, "marketing", "ab" * 32, NOW, NOW + timedelta(minutes=10))
NO = Check(Question.CONSENT, Answer.NO, "opted out", (Because("eu.x", "Art. 1", "No."),), "us_o", "ask them")
LISTED = Check(Question.LISTS, Answer.NO, "listed")
PERIOD_OF_TIME = timedelta(microseconds=PERIOD)


@pytest.fixture
def permits(store, vault):
    return StoredPermits(store, vault, Journal(vault))


@pytest.fixture
def ledger(store, vault):
    return StoredConsent(store, vault, Journal(vault))


def answer(subjects, refused=None, name="pm_1", **changed):
    seed = b"s" * 32
    commitments = commitments_of(seed, [f"email:{each}@example.com" for each in subjects])
    terms = replace(TERMS, answer=name, **changed)
    return GateAnswer(terms, ASK, "wk_test", "the note", seed, tuple(subjects), commitments, (NO,), refused or {})


def given(permits, made, at=NOW):
    number = permits.record(made, permits.position(), at)
    assert isinstance(number, int)
    return number


@pytest.mark.parametrize("refused", [{}, {1: (NO,), 2: (NO, LISTED), 3: (NO,)}])
def test_an_answer_is_kept_as_it_was_given(permits, store, vault, refused):
    made = answer([2**63 - 1, 5, 6, 7, 0], refused)
    number = given(permits, made)
    assert permits.answered("pm_1") == made
    (shown,) = StoredAnswers(store, vault).page(None, 10)
    assert (shown.number, shown.asked, shown.granted) == (number, 5, 5 - len(refused))
    assert shown.why == ({Question.CONSENT: 3, Question.LISTS: 1} if refused else {})
    with pytest.raises(NotFoundError):
        permits.answered("pm_2")


def test_contacts_are_counted_as_caps_say_over_periods(permits, store):
    last = NOW - PERIOD_OF_TIME
    given(permits, answer([1, 2, 2, 3], {3: (NO,)}), last)
    given(permits, answer([1], name="pm_2", purpose="service"))
    given(permits, answer([1], name="pm_3", action=Action.SCORE, channel=None))
    long, short = Cap("long", 9, 90), Cap("short", 9, 1, purposes=frozenset({"marketing"}))
    wanted = [Wanted(cap, NOW - timedelta(days=cap.days)) for cap in (long, short)]
    assert permits.contacts([1, 2, 3], wanted) == ({"long": {1: 2, 2: 2}, "short": {}}, {})
    assert permits.contacts([], wanted) == ({"long": {}, "short": {}}, {})
    assert permits.contacts([1], []) == ({}, {})
    found = StoredPermitted(store).permitted([1, 2, 3], last - timedelta(days=1), NOW)
    assert {subject: sorted(each.id for each in its) for subject, its in found.items()} == {
        1: ["pm_1-0", "pm_2-0"],
        2: ["pm_1-1", "pm_1-2"],
    }


def test_who_was_contacted_too_long_ago_is_counted_with_nobody(permits):
    given(permits, answer([1]), NOW - 9 * PERIOD_OF_TIME)
    assert permits.contacts([1, 2], [Wanted(Cap("short", 9, 1), NOW - timedelta(days=1))]) == ({"short": {}}, {})


def test_a_contact_at_the_same_moment_counts_from_the_next_period_too(permits):
    begins = datetime.fromtimestamp((NOW.timestamp() * 10**6 // PERIOD) * PERIOD / 10**6, UTC)
    since = permits.position()
    given(permits, answer([1]), begins)
    made = answer([1], name="pm_2", issued_at=begins - timedelta(seconds=1))
    assert permits.record(made, since, begins) == Moved(subjects=frozenset({1}))


@pytest.mark.parametrize("others", [0, 40, 100])
def test_contacts_by_another_address_of_a_person_count(permits, ledger, others):
    """However many are asked for and however many are linked, which are looked up in different ways."""
    people = [Address(AddressKind.EMAIL, f"{name}@example.com") for name in "abcdef"]
    a, b, c, d, e, f = map(ledger.subject, people)
    for one, other in ((0, 1), (2, 1), (3, 4)):
        ledger.merge((people[one], people[other]), "one account", "test", NOW)
    given(permits, answer([a, a, c, f]))
    wanted = [Wanted(Cap("often", 9, 90), NOW - timedelta(days=90))]
    asked = [b, c, d, f, *range(1, others + 1)]
    counts, persons = permits.contacts(asked, wanted)
    assert {each: count for each, count in counts["often"].items() if count and each in asked} == {b: 3, c: 3, f: 1}
    assert persons == {b: min(a, b, c), c: min(a, b, c), d: min(d, e)}
    since = permits.position()
    given(permits, answer([a, d], name="pm_2"))
    assert permits.record(answer([*asked, c], name="pm_3"), since, NOW) == Moved(subjects=frozenset({b, c, d}))


def test_what_changed_meanwhile_is_told_and_nothing_recorded(permits, ledger):
    people = [Address(AddressKind.EMAIL, f"{name}@example.com") for name in ("ana", "bo", "cy")]
    ana, bo, cy = (ledger.subject(each) for each in people)
    since = permits.position()
    ledger.record([Told(people[0], Act.OPT_OUT, Capture.LINK)], "test", NOW)
    assert permits.record(answer([ana, bo]), since, NOW) == Moved(subjects=frozenset({ana}))
    assert isinstance(permits.record(answer([bo]), since, NOW), int)
    assert permits.record(answer([bo, cy], name="pm_2"), since, NOW) == Moved(subjects=frozenset({bo}))
    since = permits.position()
    ledger.merge((people[0], people[2]), "one account", "test", NOW)
    assert permits.record(answer([cy, bo], name="pm_2"), since, NOW) == Moved(subjects=frozenset({cy}))
    since = permits.position()
    assert permits.record(answer([bo], name="pm_2"), since._replace(stops=since.stops + 1), NOW) == Moved(
        everything=True
    )
    with pytest.raises(NotFoundError):
        permits.answered("pm_2")


@pytest.mark.parametrize(
    ("kind", "everything"), [("person.disabled", True), ("person.roles", True), ("person.joined", False)]
)
def test_somebody_who_may_answer_for_a_system_leaves_meanwhile(permits, store, vault, kind, everything):
    since = permits.position()
    with writing(store) as connection:
        Journal(vault).note(connection, Change(kind, "us_a", "us_o", None), NOW)
    outcome = permits.record(answer([1]), since, NOW)
    assert outcome == Moved(everything=True) if everything else isinstance(outcome, int)


def test_a_permit_for_one_use_is_used_once(permits):
    given(permits, answer([1, 2], once=True))
    assert not permits.used("pm_1-1")
    since = permits.position()
    assert not permits.redeem("pm_1-1", 2, since._replace(stops=since.stops + 1), "wk_test", NOW)
    assert permits.redeem("pm_1-1", 2, since, "wk_test", NOW)
    assert (permits.used("pm_1-1"), permits.used("pm_1-0")) == (True, False)
    with pytest.raises(ConflictError, match="2026-11-22T08:30:00"):
        permits.redeem("pm_1-1", 2, since, "wk_test", NOW)
    with pytest.raises(NotFoundError):
        permits.redeem("pm_2-0", 1, since, "wk_test", NOW)


def test_what_is_about_one_person_goes_with_their_key(permits, ledger, store, vault):
    ana = Address(AddressKind.EMAIL, "ana@example.com")
    subject, concluded = ledger.subject(ana), StoredAiDecisions(store, vault)
    given(permits, answer([subject], {0: (NO,)}))
    decision = AiDecision("mailer", "likely_buyer", "yes", ("asked twice",), ("contact",), "wk_test", "pm_1-0", "4")
    number = concluded.add(decision, subject, NOW)
    assert concluded.one(number) == (decision, NOW)
    assert [(each.number, each.decision) for each in concluded.page(None, 5, "mailer")] == [(number, decision)]
    assert concluded.page(number, 5) == concluded.page(None, 5, "other") == []
    ledger.record([Told(ana, Act.OPT_OUT, Capture.LINK)], "test", NOW)
    ledger.erase([subject], "test", NOW)
    for read in (lambda: permits.answered("pm_1"), lambda: concluded.one(number)):
        with pytest.raises(NotFoundError, match="erased"):
            read()
    assert StoredAnswers(store, vault).page(None, 5)[0].why is None
    assert concluded.page(None, 5)[0].decision is None


def test_an_answer_is_a_leaf_of_the_log(permits, store):
    with writing(store) as connection:
        before = log.locked_head(connection).size
    assert given(permits, answer([1, 2])) == before
    assert permits.position().size == before + 1


def test_standings_of_many_are_the_same_in_both_databases(ledger, store):
    people = [Address(AddressKind.EMAIL, f"p{number}@example.com") for number in range(4)]
    yes = [
        Told(each, Act.GRANT, Capture.FORM, Channel.EMAIL, "marketing", EXPRESS, "w@1", occurred_at=NOW)
        for each in people[:3]
    ]
    ledger.record([*yes, Told(people[1], Act.OPT_OUT, Capture.LINK, occurred_at=NOW)], "test", NOW)
    ledger.record([replace(yes[2], channel=Channel.PHONE)], "test", NOW)
    subjects = [ledger.subject(each) for each in people]
    found = StoredStandings(store)(subjects, Channel.EMAIL, "marketing", NOW)
    assert [found[each].state for each in subjects[:3]] == [State.GRANTED, State.OPTED_OUT, State.GRANTED]
    assert subjects[3] not in found
