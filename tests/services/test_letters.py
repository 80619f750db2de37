"""Letters are sent once, again when that may help, and never told about to who only asks."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.databases import new_database
from tests.support.people import HOME, NOW, World
from winnow.adapters.db.connections import make_engine
from winnow.adapters.db.letters import StoredLetters
from winnow.adapters.db.store import prepare
from winnow.adapters.db.vault import Vault
from winnow.adapters.mail.words import WrittenLetters
from winnow.core.people.attempts import OF_ADDRESS, OF_MAILBOX
from winnow.core.review.digest import QueueOfDay
from winnow.errors import ConflictError, NotFoundError, TooManyAttemptsError, UnavailableError
from winnow.ports.mail import Kind, Sending
from winnow.services.digest import DigestDesk, Hour
from winnow.services.letters import LONGEST, PAUSES, MailRoom, link_letter

ZAGREB = ZoneInfo("Europe/Zagreb")
AGAIN, NEVER = Sending("busy", again=True), Sending("no such mailbox")
UNKNOWN = Sending("no answer", again=True, unknown=True)


class Office(World):
    """People, a queue, letters, and a mail server that answers as it is told."""

    def __init__(self, engine, vault):
        super().__init__(engine, vault)
        self.letters, self.writer = StoredLetters(engine, vault), WrittenLetters("https://w.example", ZAGREB)
        self.waiting, self.sent, self.answers = QueueOfDay(3, 1, NOW, (("web", 3),)), [], []
        self.digest = self.desk_at(7)
        writes = {Kind.RESET: self.reset, Kind.INVITATION: lambda _: None, Kind.DIGEST: self.digest.letter}
        self.room = MailRoom(self.letters, self.attempts, self, writes, self.clock)

    def desk_at(self, hour):
        address = "https://w.example/off/{}".format
        stores = self.people, self.letters, self
        return DigestDesk(stores, self.writer, Hour(hour, ZAGREB), self.clock, (b"d" * 32, address))

    def queue(self, _now):
        return self.waiting

    def reset(self, content):
        link = self.desk.reset_asked(content["email"], "mail")
        return link and link_letter(self.writer, link.person, link.token, link.until, self.clock.now())

    def send(self, letter):
        answer = self.answers.pop(0) if self.answers else Sending()
        if answer.error is None:
            self.sent.append(letter)
        return answer

    def send_all(self):
        while self.room.send_one():
            pass
        return [letter.to for letter in self.sent]


@pytest.fixture
def office(tmp_path):
    engine = make_engine(new_database("sqlite", tmp_path))
    prepare(engine, lambda: "in_test")
    yield Office(engine, Vault(b"w" * 32, b"o" * 32, b"p" * 32))
    engine.dispose()


# ── another password ─────────────────────────────────────────────────────────────────────────────


def test_who_forgot_a_password_gets_a_link_that_changes_it(office):
    office.person("ana")
    office.room.reset_wanted("  ANA@x.example ", HOME)
    assert office.send_all() == ["ana@x.example"]
    token = office.sent[0].text.partition("/join/")[2].split()[0]
    office.desk.join(token, "nine loud trombones")
    assert office.sign_in("ana", "nine loud trombones").token


def test_nothing_is_sent_to_nobody_and_nobody_disabled(office):
    gone = office.person("gone", "rep")
    office.desk.disable(gone.id, "tests")
    for name in ("nobody@x.example", "gone@x.example", "no address", ""):
        office.room.reset_wanted(name, HOME)
    assert office.send_all() == []
    assert office.letters.take(NOW + timedelta(days=1)) is None


def test_who_was_invited_gets_the_invitation_again(office):
    office.desk.invite("bo@x.example", "Bo", ["rep"], "tests")
    office.room.reset_wanted("bo@x.example", HOME)
    office.send_all()
    assert office.sent[0].subject == "You are invited to Winnow"


@pytest.mark.parametrize("known", [True, False])
def test_asking_too_often_is_refused_alike_whether_or_not_there_is_an_account(office, known):
    if known:
        office.person("ana")
    for _ in range(OF_MAILBOX.burst):
        office.room.reset_wanted("ana@x.example", HOME)
    with pytest.raises(TooManyAttemptsError) as caught:
        office.room.reset_wanted("ANA@x.example", "198.51.100.1")
    assert caught.value.retry_after == OF_MAILBOX.every.total_seconds()
    assert len(office.send_all()) == (OF_MAILBOX.burst if known else 0)


def test_one_address_does_not_ask_for_ever(office):
    for number in range(OF_ADDRESS.burst):
        office.room.reset_wanted(f"p{number}@x.example", HOME)
    with pytest.raises(TooManyAttemptsError):
        office.room.reset_wanted("other@x.example", HOME)


def test_asking_does_the_same_whether_or_not_there_is_an_account(office, monkeypatch):
    """No account is looked up before the answer: there is nothing that could take longer."""
    office.person("ana")
    monkeypatch.setattr(office.people, "account_of", None)
    monkeypatch.setattr(office.people, "account", None)
    for name in ("ana@x.example", "nobody@x.example"):
        office.room.reset_wanted(name, HOME)


# ── trying again ─────────────────────────────────────────────────────────────────────────────────


def test_a_server_that_is_busy_is_tried_again_later_each_time(office):
    office.person("ana")
    office.room.reset_wanted("ana@x.example", HOME)
    office.answers = [AGAIN, UNKNOWN, AGAIN]
    for pause in PAUSES[:3]:
        assert office.send_all() == []
        office.clock.moment += pause
    assert office.send_all() == ["ana@x.example"]


@pytest.mark.parametrize("answers", [[NEVER], [AGAIN] * 100])
def test_what_will_never_arrive_is_given_up_and_told(office, answers, caplog):
    office.person("ana")
    office.room.reset_wanted("ana@x.example", HOME)
    office.answers = list(answers)
    for _ in range(60):
        office.send_all()
        office.clock.forward(minutes=30)
    assert office.sent == []
    assert office.letters.take(office.clock.now() + LONGEST) is None
    assert "is not sent" in caplog.text
    assert "ana@" not in caplog.text


def test_one_that_nobody_could_take_for_a_day_is_too_late(office, caplog):
    office.person("ana")
    office.room.reset_wanted("ana@x.example", HOME)
    office.clock.forward(hours=25)
    assert office.send_all() == []
    assert "too late" in caplog.text


@pytest.mark.parametrize(("problem", "sent"), [(UnavailableError("away"), 1), (ConflictError("no"), 0)])
def test_one_that_cannot_be_written_now_or_ever(office, problem, sent):
    office.person("ana")
    office.room.reset_wanted("ana@x.example", HOME)
    writes = dict(office.room._writes)

    def fails(_):
        raise problem

    office.room._writes = {Kind.RESET: fails}
    assert office.send_all() == []
    office.room._writes = writes
    office.clock.forward(minutes=1)
    assert len(office.send_all()) == sent


# ── the digest ───────────────────────────────────────────────────────────────────────────────────


def test_reviewers_get_it_once_a_day_from_its_hour_on(office):
    for name, role in (("ana", "admin"), ("rea", "reviewer"), ("rex", "reviewer"), ("rob", "rep"), ("off", "reviewer")):
        office.person(name, role)
    office.desk.disable(office.desk.called("off@x.example").id, "tests")
    office.clock.moment = NOW.replace(hour=5, minute=59)
    assert office.digest.put_due() == 0  # it is 6:59 in Zagreb
    office.clock.forward(minutes=1)
    assert office.digest.put_due() == 2
    assert office.digest.put_due() == office.desk_at(7).put_due() == 0
    assert sorted(office.send_all()) == ["rea@x.example", "rex@x.example"]
    office.clock.forward(hours=24)
    assert office.digest.put_due() == 2


def test_without_an_hour_it_is_sent_only_when_somebody_asks(office):
    office.person("rea", "reviewer")
    assert office.desk_at(None).put_due() == 0
    assert office.desk_at(None).put_due(early=True) == 1


def test_a_clear_queue_sends_nothing(office):
    office.person("rea", "reviewer")
    office.waiting = QueueOfDay(0)
    assert office.digest.put_due() == 1
    assert office.send_all() == []
    office.waiting = QueueOfDay(3)
    assert (office.digest.put_due(), office.send_all()) == (0, [])


@pytest.mark.parametrize("answer", [UNKNOWN, NEVER])
def test_it_is_never_sent_twice_even_if_nobody_knows_whether_it_was(office, answer):
    office.person("rea", "reviewer")
    office.digest.put_due()
    office.answers = [answer]
    office.send_all()
    office.clock.forward(minutes=30)
    assert office.send_all() == []


def test_a_process_that_ended_while_sending_it_has_maybe_sent_it(office, caplog):
    office.person("rea", "reviewer")
    office.digest.put_due()
    office.letters.take(NOW)  # and it never comes back
    office.clock.forward(minutes=10)
    assert office.send_all() == []
    assert "nobody knows" in caplog.text


def test_a_busy_server_gets_it_later_the_same_day_only(office):
    office.person("rea", "reviewer")
    office.digest.put_due()
    office.answers = [AGAIN]
    office.send_all()
    office.clock.forward(minutes=1)
    assert office.send_all() == ["rea@x.example"]
    office.clock.forward(days=1)
    office.digest.put_due()
    office.answers = [AGAIN]
    office.send_all()
    office.clock.forward(hours=12)  # it is another day in Zagreb
    assert len(office.send_all()) == 1


def test_who_wants_it_no_more_says_so_with_what_the_letter_holds(office):
    person = office.person("rea", "reviewer")
    office.digest.put_due()
    office.send_all()
    address = office.sent[0].unsubscribe
    assert address.startswith("https://w.example/off/")
    token = address.rpartition("/")[2]
    for wrong in (token[:-1], token + "0", f"us_9.{token.partition('.')[2]}", "", ".", "ä\ud800", person.id):
        with pytest.raises(NotFoundError):
            office.digest.unsubscribe(wrong)
    assert office.digest.readers()
    office.digest.unsubscribe(token)
    office.digest.unsubscribe(token)
    assert office.digest.readers() == []


def test_it_may_be_turned_on_for_whoever_sees_the_queue(office):
    rep, ana = office.person("rob", "rep"), office.person("ana", "admin")
    assert office.digest.set_wanted(rep.id, wanted=True).gets_digest
    assert [person.id for person in office.digest.readers()] == [rep.id]
    office.digest.set_wanted(rep.id, wanted=False)
    assert office.digest.readers() == []
    with pytest.raises(ConflictError):
        office.digest.set_wanted(ana.id, wanted=True)
    with pytest.raises(NotFoundError):
        office.digest.set_wanted("us_none", wanted=True)


def test_who_turned_it_off_meanwhile_does_not_get_what_waits(office):
    person = office.person("rea", "reviewer")
    office.digest.put_due()
    office.digest.set_wanted(person.id, wanted=False)
    assert office.send_all() == []


# ── hashes ───────────────────────────────────────────────────────────────────────────────────────


def test_a_password_whose_hash_is_of_another_time_is_hashed_anew(office, monkeypatch):
    office.person("ana")
    before = office.people.account_of("ana@x.example").password
    office.sign_in("ana")
    assert office.people.account_of("ana@x.example").password == before
    made_new = lambda _, password: "fast2:" + password  # noqa: E731
    monkeypatch.setattr(type(office.hasher), "proves", lambda *_: True)
    monkeypatch.setattr(type(office.hasher), "outdated", lambda _, hashed: hashed.startswith("fast:"))
    monkeypatch.setattr(type(office.hasher), "hash", made_new)
    session = office.sign_in("ana")
    assert office.people.account_of("ana@x.example").password.startswith("fast2:")
    assert office.sign_ins.who(session.token)
