"""The register of AI systems: what it takes and refuses, and what each may do whenever it is asked."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from winnow.core.govern.risk import HIGH_RISK_PACK
from winnow.core.govern.systems import AiSystem, Mode, Revision, Status
from winnow.core.govern.terms import OWN_SYSTEM
from winnow.core.people.accounts import Person
from winnow.errors import ConflictError, InvalidInputError, NotFoundError, RefusedByPolicyError, WinnowError
from winnow.services.systems import Rules, SystemDesk

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
NONE: dict[str, list[str]] = {"decides": [], "practices": [], "people": [], "contact": []}
WRITER = {"id": "acme-writer", "name": "Acme", "purpose": "draft answers", "version": "4", "answers": NONE}
ANA = Person("us_ana", "ana@x.example", "Ana", frozenset({"approver"}), NOW, "us_0", joined_at=NOW)


@dataclass
class Clock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class Kept:
    """The register in memory."""

    rows: list[Revision] = field(default_factory=list)

    def keep(self, system: AiSystem, actor: str, now: datetime, *, what: str, note: str = "") -> None:
        assert system.revision == len(self.history(system.id)) + 1
        self.rows.insert(0, Revision(system, now, actor, what, note))

    def system(self, system_id: str) -> AiSystem:
        if not self.history(system_id):
            raise NotFoundError(f"no `{system_id}`")
        return self.history(system_id)[0].system

    def all(self) -> list[AiSystem]:
        return [self.system(name) for name in sorted({row.system.id for row in self.rows})]

    def history(self, system_id: str) -> list[Revision]:
        return [row for row in self.rows if row.system.id == system_id]


@dataclass
class Room:
    """A register with everything that decides what its systems may do."""

    clock: Clock = field(default_factory=Clock)
    store: Kept = field(default_factory=Kept)
    people: dict[str, Person] = field(default_factory=lambda: {ANA.id: ANA})
    packs: list[str] = field(default_factory=list)
    signed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        rules = Rules(lambda: self.packs, lambda label: label != "health", self.signed.__contains__, lambda: "ruleset")
        self.desk = SystemDesk(self.store, self.people.get, rules, self.clock)

    def live(self) -> str:
        """A system that may act; its content's hash."""
        digest = self.desk.add({**WRITER, "owner": ANA.id}, "us_bo").content_hash
        self.signed.add(digest)
        self.desk.change("acme-writer", {**WRITER, "owner": ANA.id, "status": "live"}, 1, "us_bo")
        return digest

    def mode(self) -> tuple[Mode, int]:
        standing = self.desk.registered("acme-writer").standing
        return standing.mode, len(standing.because)


@pytest.fixture
def room():
    return Room()


def test_a_system_goes_live_once_somebody_owns_and_signed_it(room):
    digest = room.live()
    found = room.desk.registered("acme-writer")
    assert (found.system.status, room.mode()) == (Status.LIVE, (Mode.LIVE, 0))
    assert found.system.next_review == date(2027, 11, 22)
    assert (found.content_hash, found.signed, found.owner) == (digest, True, ANA)
    assert [row.what for row in room.store.rows] == ["system.changed", "system.added"]


@pytest.mark.parametrize(
    "happens",
    [
        lambda room: room.people.update({ANA.id: replace(ANA, disabled_at=NOW)}),
        lambda room: room.people.update({ANA.id: replace(ANA, roles=frozenset({"rep"}))}),
        lambda room: room.people.clear(),
        lambda room: room.signed.clear(),
        lambda room: setattr(room.clock, "at", NOW + timedelta(days=366)),
        lambda room: room.desk.change(
            "acme-writer", {**WRITER, "version": "5", "owner": ANA.id, "status": "live"}, 2, "us_bo"
        ),
    ],
    ids=["disabled", "role lost", "gone", "sign-off lapsed", "review overdue", "changed since it was signed"],
)
def test_it_falls_back_to_shadow_by_itself_the_next_time_it_asks(room, happens):
    room.live()
    happens(room)
    assert room.mode() == (Mode.SHADOW, 1)


def test_a_review_brings_it_back(room):
    room.live()
    room.clock.at = NOW + timedelta(days=366)
    assert room.desk.registered("acme-writer").overdue
    found = room.desk.review("acme-writer", " 50 mails read ", "us_cy", date(2027, 12, 24))
    assert (found.standing.mode, found.system.next_review, found.signed) == (Mode.LIVE, date(2027, 12, 24), True)
    assert (room.store.rows[0].what, room.store.rows[0].note) == ("system.reviewed", "50 mails read")


def test_a_review_is_not_put_off_further_than_the_risk_allows(room):
    room.desk.add({**WRITER, "answers": {**NONE, "people": ["scores-people"]}}, "us_bo")
    assert room.desk.review("acme-writer", "read", "us_bo").system.next_review == date(2027, 5, 23)
    for until in (date(2027, 5, 24), NOW.date(), date(2020, 1, 1)):
        with pytest.raises(InvalidInputError):
            room.desk.review("acme-writer", "read", "us_bo", until)
    with pytest.raises(InvalidInputError):
        room.desk.review("acme-writer", "  ", "us_bo")


def test_what_lacks_something_does_not_go_live_and_is_told_all_of_it(room):
    room.desk.add(WRITER, "us_bo")
    with pytest.raises(ConflictError) as raised:
        room.desk.change("acme-writer", {**WRITER, "status": "live"}, 1, "us_bo")
    assert "nobody owns it" in raised.value.what
    assert "not signed off" in raised.value.what
    assert room.desk.registered("acme-writer").system.status is Status.DRAFT


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"status": "live"}, InvalidInputError),
        ({"status": "retired"}, InvalidInputError),
        ({"id": OWN_SYSTEM}, ConflictError),
        ({"owner": "us_nobody"}, InvalidInputError),
        ({"outputs": ["health"]}, RefusedByPolicyError),
        ({"answers": {**NONE, "decides": ["credit"]}}, RefusedByPolicyError),
        ({"answers": {**NONE, "practices": ["social-scoring"]}}, RefusedByPolicyError),
        ({"name": ""}, InvalidInputError),
    ],
)
def test_what_may_not_stand_in_the_register_is_refused(room, change, error):
    with pytest.raises(WinnowError) as raised:
        room.desk.add({**WRITER, **change}, "us_bo")
    assert type(raised.value) is error
    assert room.store.rows == []


def test_high_risk_stands_there_with_the_pack_and_not_without(room):
    credit = {**WRITER, "answers": {**NONE, "decides": ["credit"]}}
    assert room.desk.classify(credit["answers"]).refused
    room.packs.append(HIGH_RISK_PACK)
    assert room.desk.classify(credit["answers"]).refused is None
    room.desk.add(credit, "us_bo")


def test_nobodys_change_is_overwritten_unseen_and_what_is_retired_stays_so(room):
    room.desk.add(WRITER, "us_bo")
    room.desk.change("acme-writer", {**WRITER, "status": "shadow"}, 1, "us_bo")
    assert room.mode()[0] is Mode.SHADOW
    with pytest.raises(ConflictError):
        room.desk.change("acme-writer", WRITER, 1, "us_bo")
    with pytest.raises(InvalidInputError):
        room.desk.change("acme-writer", {**WRITER, "status": "retired"}, 2, "us_bo")
    assert room.desk.retire("acme-writer", "contract ended", "us_bo").standing.mode is Mode.OFF
    for act in (
        lambda: room.desk.change("acme-writer", WRITER, 3, "us_bo"),
        lambda: room.desk.review("acme-writer", "x", "us_bo"),
        lambda: room.desk.retire("acme-writer", "x", "us_bo"),
    ):
        with pytest.raises(ConflictError, match="retired"):
            act()
    assert len(room.desk.history("acme-writer")) == 3


def test_winnows_own_screening_is_there_before_anybody_enters_it(room):
    (own,) = room.desk.all()
    assert (own.system.id, own.standing.mode, own.content_hash) == (OWN_SYSTEM, Mode.SHADOW, "ruleset")
    assert room.desk.history(OWN_SYSTEM) == []
    room.signed.add("ruleset")
    document = {**WRITER, "owner": ANA.id, "status": "live"}
    room.desk.change(OWN_SYSTEM, document, 0, "us_bo")
    assert room.desk.review(OWN_SYSTEM, "looked at", "us_bo").standing.mode is Mode.LIVE
    with pytest.raises(ConflictError):
        room.desk.retire(OWN_SYSTEM, "x", "us_bo")
    with pytest.raises(NotFoundError):
        room.desk.registered("nobody")
    with pytest.raises(NotFoundError):
        room.desk.history("nobody")


def test_the_register_is_read_page_by_page(room):
    for name in ("b", "c", "a"):
        room.desk.add({**WRITER, "id": f"{name}-bot"}, "us_bo")
    first = room.desk.page(None, 2)
    assert ([each.system.id for each in first.items], first.next) == (["a-bot", "b-bot"], "b-bot")
    rest = room.desk.page(first.next, 2)
    assert ([each.system.id for each in rest.items], rest.next) == (["c-bot", OWN_SYSTEM], None)
