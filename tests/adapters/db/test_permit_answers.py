"""Answers of the gate and what AI concluded, listed on both databases: the newest first, and nothing of the erased."""

from datetime import UTC, datetime, timedelta

import pytest

from winnow.adapters.db.ai_decisions import StoredAiDecisions
from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.log import Journal
from winnow.adapters.db.permit_answers import StoredAnswers
from winnow.adapters.db.permits import StoredPermits
from winnow.core.govern.ask import Ask, Check, Question
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.permit import Terms
from winnow.core.govern.terms import Action, Answer, Channel
from winnow.core.govern.told import Address
from winnow.ports.gate import AiDecision, GateAnswer

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
ANA = Address(AddressKind.EMAIL, "ana@bluebird.example")
NO = Check(Question.CONSENT, Answer.NO, "the person opted out")
CAP = Check(Question.FREQUENCY, Answer.NO, "three within a week is the most")


@pytest.fixture
def asked(store, vault):
    """Puts an answer on record: for each person asked about the checks that failed; its number."""
    stored = StoredPermits(store, vault, Journal(vault))

    def put(name, subjects, refused, system="mailer"):
        terms = Terms(name, system, Action.CONTACT, Channel.EMAIL, "marketing", "d76b", NOW, NOW + timedelta(minutes=9))
        ask = Ask(system, Action.CONTACT, "marketing", Channel.EMAIL, ("contact",))
        some = bytes(32) * len(subjects)
        answer = GateAnswer(terms, ask, "wk_1", "note", bytes(32), subjects, some, (), refused)
        return stored.record(answer, stored.position(), NOW)

    return put


def test_answers_are_listed_with_what_stood_in_the_way(store, vault, asked):
    first = asked("pm_1", [1], {})
    second = asked("pm_2", [2, 3, 4], {0: (NO,), 2: (NO, CAP)})
    third = asked("pm_3", [5, 6], {}, system="other")
    answers = StoredAnswers(store, vault)
    found = answers.page(None, 10)
    assert [each.number for each in found] == [third, second, first]
    assert [each.why for each in found] == [{}, {Question.CONSENT: 2, Question.FREQUENCY: 1}, {}]
    assert [(each.asked, each.granted) for each in found] == [(2, 2), (3, 1), (1, 1)]
    told = found[1]
    assert (told.answer, told.at, told.actor, told.system) == ("pm_2", NOW, "wk_1", "mailer")
    assert (told.action, told.channel, told.purpose) == (Action.CONTACT, Channel.EMAIL, "marketing")
    assert [each.number for each in answers.page(third, 1)] == [second]
    assert [each.number for each in answers.page(None, 10, "mailer")] == [second, first]
    assert answers.page(first, 10) == []


def test_why_somebody_was_refused_goes_with_them(store, vault, asked):
    consent = StoredConsent(store, vault, Journal(vault))
    asked("pm_1", [consent.subject(ANA)], {0: (NO,)})
    assert StoredAnswers(store, vault).page(None, 10)[0].why == {Question.CONSENT: 1}
    consent.erase([consent.subject(ANA)], "us_1", NOW)
    (found,) = StoredAnswers(store, vault).page(None, 10)
    assert found.why is None
    assert (found.asked, found.granted) == (1, 0)


def test_conclusions_are_listed_and_those_about_the_erased_are_empty(store, vault):
    stored, consent = StoredAiDecisions(store, vault), StoredConsent(store, vault, Journal(vault))
    said = AiDecision("mailer", "likely_buyer", "will buy", ("asked for prices twice",), ("contact",), "wk_1")
    first = stored.add(said, consent.subject(ANA), NOW)
    second = stored.add(said, 77, NOW)
    assert [(each.number, each.decision, each.at) for each in stored.page(None, 9)] == [
        (second, said, NOW),
        (first, said, NOW),
    ]
    consent.erase([consent.subject(ANA)], "us_1", NOW)
    assert [each.decision for each in stored.page(None, 9)] == [said, None]
    assert [each.number for each in stored.page(second, 9)] == [first]
    assert stored.page(None, 9, "other") == []
    assert [each.actor for each in stored.page(None, 1, "mailer")] == ["wk_1"]
