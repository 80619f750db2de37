"""Double opt-in: who is asked, what the letter says, and what its link does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from winnow.adapters.db.connections import make_engine, sqlite_url
from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.log import Journal
from winnow.adapters.db.store import prepare
from winnow.adapters.db.vault import Vault
from winnow.adapters.mail.words import WrittenLetters
from winnow.core.govern.consent import EXPRESS, Act, Capture, State, fold
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.limits import Limits, Wording
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address, Told
from winnow.core.people.attempts import Allowance
from winnow.errors import ConflictError, NotFoundError, TooManyAttemptsError
from winnow.services.consent.links import ConsentLinks, Mailing

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANA = Address(AddressKind.EMAIL, "ana@bluebird.example")
LIMITS = Limits(
    wordings=(
        Wording("news", frozenset({Channel.EMAIL, Channel.SMS}), "marketing", "May we <write> to you?"),
        Wording("calls", frozenset({Channel.PHONE}), "marketing", "May we call you?"),
    )
)


class Clock:
    def __init__(self):
        self.at = NOW

    def now(self):
        return self.at


class Letters:
    """Keeps what was put, and counts attempts."""

    def __init__(self):
        self.put_in, self.taken, self.wait = [], [], 0.0

    def put(self, kind, content, now):
        self.put_in.append((kind, content, now))

    def take(self, topic, _name, allowance, _now):
        self.taken.append((topic, allowance))
        return self.wait


@pytest.fixture
def office(tmp_path):
    engine, vault = make_engine(sqlite_url(tmp_path / "w.db")), Vault(b"w" * 32, b"o" * 32, b"p" * 32)
    prepare(engine, lambda: "in_test")
    yield Office(StoredConsent(engine, vault, Journal(vault)))
    engine.dispose()


class Office:
    def __init__(self, ledger):
        self.ledger, self.clock, self.letters = ledger, Clock(), Letters()
        writer = WrittenLetters("https://winnow.example", ZoneInfo("UTC"))
        mailing = Mailing(self.letters, self.letters, writer)  # type: ignore[arg-type]  # as far as links use them
        self.links = ConsentLinks(ledger, lambda: LIMITS, self.clock, b"k" * 32, "https://winnow.example", mailing)

    def state(self, channel=Channel.EMAIL):
        subject = self.ledger.subject(ANA)
        return fold(self.ledger.events_of([subject]).get(subject, ()), channel, "marketing", self.clock.at).state

    def asked(self):
        """The token of a letter that was asked for."""
        self.links.ask(ANA, "news")
        return self.letters.put_in[-1][1]["token"]

    def types_into_a_form(self, *, minutes):
        """Somebody types Ana's address into a form, some time later; who it is nobody knows."""
        self.clock.at += timedelta(minutes=minutes)
        yes = Told(ANA, Act.GRANT, Capture.FORM, Channel.EMAIL, "marketing", EXPRESS, "news@1")
        told = replace(yes, occurred_at=self.clock.at)
        self.ledger.record([told], "leads", self.clock.at)

    def says_no(self):
        self.ledger.record([Told(ANA, Act.OPT_OUT, Capture.LINK, occurred_at=self.clock.at)], "link", self.clock.at)


def test_whoever_reads_the_mail_and_confirms_has_agreed(office):
    until = office.links.ask(ANA, "news")
    _, content, _ = office.letters.put_in[-1]
    letter = office.links.letter(content)
    assert until == NOW + timedelta(days=7)
    assert letter.to == ANA.text
    assert f"https://winnow.example/c/{content['token']}" in letter.text
    assert ("May we <write> to you?" in letter.text, "May we &lt;write&gt; to you?" in letter.html) == (True, True)
    assert office.links.wording(office.links.joining(content["token"])) == "May we <write> to you?"
    assert office.state() is State.UNKNOWN

    office.clock.at += timedelta(hours=1)
    office.links.confirm(content["token"])

    assert (office.state(), office.state(Channel.SMS)) == (State.GRANTED, State.UNKNOWN)
    (event,) = office.ledger.history(office.ledger.subject(ANA))
    assert (event.how, event.evidence) == (
        Capture.DOUBLE_OPT_IN,
        "confirmed the mail that was asked for at 2026-11-22T12:00:00+00:00",
    )


def test_a_link_is_good_once_and_takes_no_later_no_back(office):
    token = office.asked()
    office.links.confirm(token)
    office.clock.at += timedelta(hours=1)
    office.says_no()
    office.clock.at += timedelta(hours=1)
    office.links.confirm(token)
    assert office.state() is State.OPTED_OUT


def test_a_link_of_before_an_erasure_leads_nowhere(office):
    token = office.asked()
    office.links.confirm(token)
    office.clock.at += timedelta(hours=1)
    office.says_no()
    office.ledger.erase([office.ledger.subject(ANA)], "test", office.clock.at)
    office.clock.at += timedelta(hours=1)
    with pytest.raises(NotFoundError):
        office.links.confirm(token)
    assert office.state() is State.OPTED_OUT


def test_a_link_lapses(office):
    token = office.asked()
    content = office.letters.put_in[-1][1]
    office.clock.at += timedelta(days=7)
    with pytest.raises(NotFoundError):
        office.links.confirm(token)
    assert office.links.letter(content) is None
    assert office.state() is State.UNKNOWN


def test_who_said_no_is_not_asked_and_gets_no_letter_that_waits(office):
    content = (office.asked(), office.letters.put_in[-1][1])[1]
    office.says_no()
    assert office.links.letter(content) is None
    with pytest.raises(ConflictError, match="said no"):
        office.links.ask(ANA, "news")


def test_a_form_after_a_no_is_asked_about_once_and_counts_once_confirmed(office):
    office.says_no()
    office.types_into_a_form(minutes=5)
    assert office.state() is State.OPTED_OUT

    token, content = office.asked(), office.letters.put_in[-1][1]
    assert office.letters.taken[-1] == ("consent letters to whom said no", Allowance(1, timedelta(days=30)))
    assert office.links.letter(content) is not None
    office.clock.at += timedelta(hours=1)
    office.links.confirm(token)
    assert office.state() is State.GRANTED
    assert office.state(Channel.SMS) is State.OPTED_OUT


def test_a_no_after_the_form_ends_the_asking(office):
    office.says_no()
    office.types_into_a_form(minutes=5)
    content = (office.asked(), office.letters.put_in[-1][1])[1]
    office.clock.at += timedelta(minutes=5)
    office.says_no()
    assert office.links.letter(content) is None
    with pytest.raises(ConflictError, match="said no"):
        office.links.ask(ANA, "news")


def test_an_old_link_to_unsubscribe_is_heeded_under_the_new_name_of_its_purpose(office):
    office.links.unsubscribe(office.links.unsubscribe_link(ANA, None, "old-news").url.rpartition("/")[2])
    subject = office.ledger.subject(ANA)
    events = office.ledger.events_of([subject])[subject]
    now = [fold(events, Channel.EMAIL, each, NOW, LIMITS.others(each)).state for each in ("marketing", "service")]
    assert now == [State.OPTED_OUT, State.UNKNOWN]


def test_whom_a_mail_cannot_be_sent_to(office):
    with pytest.raises(ConflictError, match="cannot confirm"):
        office.links.ask(ANA, "calls")
    with pytest.raises(ConflictError, match="cannot confirm"):
        office.links.ask(Address(AddressKind.PHONE, "+493012345678"), "news")
    with pytest.raises(NotFoundError):
        office.links.ask(ANA, "none")
    office.letters.wait = 9.0
    with pytest.raises(TooManyAttemptsError):
        office.links.ask(ANA, "news")


def test_links_need_an_address_that_people_reach(office):
    nowhere = ConsentLinks(office.ledger, lambda: LIMITS, office.clock, b"k" * 32, "")
    with pytest.raises(ConflictError, match="nowhere"):
        nowhere.unsubscribe_link(ANA, Channel.EMAIL, "marketing")
    link = office.links.unsubscribe_link(office.ledger.subject(ANA), None, None)
    assert link.url == office.links.unsubscribe_link(ANA, None, None).url
