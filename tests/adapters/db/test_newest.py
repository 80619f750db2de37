"""The newest leads and answers of the gate: which, how many at most, and nothing of the erased."""

from datetime import UTC, datetime, timedelta

import pytest

from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.log import Journal
from winnow.adapters.db.newest import StoredNewestSends
from winnow.adapters.db.permits import StoredPermits
from winnow.core.govern.ask import Ask, Check, Question
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.permit import Terms
from winnow.core.govern.terms import Action, Answer, Channel
from winnow.core.govern.told import Address
from winnow.ports.gate import GateAnswer

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NO = Check(Question.CONSENT, Answer.NO, "opted out")
CAP = Check(Question.FREQUENCY, Answer.NO, "too often")
MAIL = frozenset({(Channel.EMAIL, "marketing")})
ANA = Address(AddressKind.EMAIL, "ana@bluebird.example")


@pytest.fixture
def asked(store, vault):
    """Puts an answer on record: persons, where they are, whom it refused and why."""
    stored = StoredPermits(store, vault, Journal(vault))

    def put(name, subjects, places=(), refused=None, *, at=NOW, action=Action.CONTACT, purpose="marketing"):
        channel = Channel.EMAIL if action is Action.CONTACT else None
        terms = Terms(name, "mailer", action, channel, purpose, "d76b", at, at + timedelta(minutes=9))
        ask = Ask("mailer", action, purpose, channel, ("contact",))
        some = bytes(32) * len(subjects)
        answer = GateAnswer(
            terms, ask, "wk_1", "note", bytes(32), tuple(subjects), some, (), refused or {}, tuple(places)
        )
        stored.record(answer, stored.position(), at)
        assert stored.answered(name).places == (tuple(places) or ())
        return name

    return put


def sends(store, vault, ways=MAIL, since=LONG_AGO, most=100):
    return StoredNewestSends(store, vault)(ways, since, most)


def test_permits_and_refusals_for_want_of_consent_alone_with_their_places(store, vault, asked):
    asked("pm_1", [1, 2, 3, 4], ["DE", None, "US-CA", "DE"], {1: (NO,), 2: (NO, CAP), 3: (CAP,)})
    asked("pm_2", [5, 6], ["FR", "FR"])
    asked("pm_3", [7])
    found = sends(store, vault)
    assert [(each.permit, each.subject, each.place, each.granted) for each in found.items] == [
        ("pm_3-0", 7, None, True),
        ("pm_2-0", 5, "FR", True),
        ("pm_2-1", 6, "FR", True),
        ("pm_1-0", 1, "DE", True),
        ("pm_1-1", 2, None, False),
    ]
    assert (found.read, found.more) == (7, False)
    assert (found.items[0].system, found.items[0].channel, found.items[0].at) == ("mailer", Channel.EMAIL, NOW)


def test_only_so_many_and_only_of_late(store, vault, asked):
    asked("pm_1", [1], at=NOW - timedelta(days=9))
    asked("pm_2", [2, 3])
    asked("pm_3", [4])
    assert [each.subject for each in sends(store, vault, since=NOW).items] == [4, 2, 3]
    for most, subjects in ((1, [4]), (2, [4, 2]), (3, [4, 2, 3])):
        found = sends(store, vault, most=most)
        assert ([each.subject for each in found.items], found.read, found.more) == (subjects, most, True)


def test_only_what_goes_through_a_channel_that_is_asked_about(store, vault, asked):
    asked("pm_1", [1], purpose="service")
    asked("pm_2", [2], action=Action.SHARE)
    asked("pm_3", [3], action=Action.SCORE)
    assert sends(store, vault).items == []
    ads = sends(store, vault, frozenset({(Channel.ADS, "marketing")}))
    assert [(each.subject, each.channel) for each in ads.items] == [(2, Channel.ADS)]
    assert sends(store, vault, most=1).more  # two that were not looked at


def test_nothing_of_the_erased(store, vault, asked):
    consent = StoredConsent(store, vault, Journal(vault))
    asked("pm_1", [consent.subject(ANA)], ["DE"])
    assert [each.place for each in sends(store, vault).items] == ["DE"]
    consent.erase([consent.subject(ANA)], "us_1", NOW)
    assert sends(store, vault).items == []
