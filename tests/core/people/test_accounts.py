"""One table of rights; accounts that are not active have none; sessions end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.apikeys import ROLES, Scope
from winnow.core.people.accounts import (
    CONFIRMED_FOR,
    IDLE_SESSION,
    LONGEST_SESSION,
    PEOPLES_ROLES,
    Person,
    Session,
    SignedIn,
    Standing,
    address_of,
    name_of,
    rights,
    roles_of,
)
from winnow.core.people.attempts import OF_ACCOUNT
from winnow.core.people.tokens import Purpose, digest
from winnow.errors import InvalidInputError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANA = Person("us_1", "ana@x.example", "Ana", frozenset({"admin"}), NOW, "us_1", joined_at=NOW)
SESSION = Session(bytes(32), "us_1", NOW, NOW, NOW)


def test_there_is_one_table_of_rights():
    assert set(PEOPLES_ROLES) == {
        *("rep", "reviewer", "rule-author", "approver", "privacy-officer", "auditor", "admin"),
    }
    assert all(PEOPLES_ROLES[role] is ROLES[role] for role in PEOPLES_ROLES)
    assert set(ROLES) - set(PEOPLES_ROLES) == {"ingest", "ai-tool"}


def test_only_admins_change_people():
    assert [role for role in PEOPLES_ROLES if Scope.PEOPLE_WRITE in rights([role])] == ["admin"]
    assert [role for role in PEOPLES_ROLES if Scope.PEOPLE_READ in rights([role])] == ["auditor", "admin"]
    assert not any(Scope.LEADS_WRITE in rights([role]) for role in PEOPLES_ROLES)


def test_roles_add_up_and_unknown_ones_give_nothing():
    assert rights(["rep", "approver"]) == ROLES["rep"] | ROLES["approver"]
    assert rights([]) == rights(["ingest"]) == rights(["time-traveller"]) == frozenset()


@pytest.mark.parametrize(
    ("joined", "disabled", "standing"),
    [
        (None, None, Standing.INVITED),
        (NOW, None, Standing.ACTIVE),
        (NOW, NOW, Standing.DISABLED),
        (None, NOW, Standing.DISABLED),
    ],
)
def test_only_an_active_account_may_do_anything(joined, disabled, standing):
    person = replace(ANA, joined_at=joined, disabled_at=disabled)
    assert person.standing is standing
    assert bool(person.scopes) == person.lets_others_in == (standing is Standing.ACTIVE)
    assert not replace(person, roles=frozenset({"rep"})).lets_others_in


def test_whoever_is_signed_in_is_like_a_key():
    signed_in = SignedIn(ANA, SESSION)
    assert (signed_in.id, signed_in.scopes) == ("us_1", ROLES["admin"])


@pytest.mark.parametrize(
    ("seen", "at", "alive"),
    [
        (0, IDLE_SESSION - timedelta(seconds=1), True),
        (0, IDLE_SESSION, False),
        (11.5, LONGEST_SESSION - timedelta(seconds=1), True),
        (11.5, LONGEST_SESSION, False),
    ],
)
def test_a_session_ends(seen, at, alive):
    session = replace(SESSION, seen_at=NOW + timedelta(hours=seen))
    assert session.alive(NOW + at) is alive
    assert session.expires_at == NOW + LONGEST_SESSION


def test_a_proof_is_good_for_a_while():
    assert SESSION.confirmed(NOW + CONFIRMED_FOR - timedelta(microseconds=1))
    assert not SESSION.confirmed(NOW + CONFIRMED_FOR)


@pytest.mark.parametrize("words", [[], ["ingest"], ["rep", "boss"], [""]])
def test_roles_that_are_none(words):
    with pytest.raises(InvalidInputError):
        roles_of(words)


def test_words_are_made_regular():
    assert roles_of(["rep", "rep"]) == {"rep"}
    assert address_of(" Ana@X.Example ") == "ana@x.example"
    assert name_of("  Ana Kovač ") == "Ana Kovač"


@pytest.mark.parametrize(
    "text", ["", "ana", "a@b@c", "a b@c", "a@", "@b", "a@\x00b", "a" * 250 + "@x.example", "a\n@b"]
)
def test_addresses_that_are_none(text):
    with pytest.raises(InvalidInputError):
        address_of(text)


@pytest.mark.parametrize("text", ["", "   ", "a\nb", "x" * 201, "\ud800"])
def test_names_that_are_none(text):
    with pytest.raises(InvalidInputError):
        name_of(text)


def test_secrets_open_only_what_they_are_for():
    token, pepper = "a" * 52, b"p" * 32
    digests = [digest(token, purpose, pepper) for purpose in Purpose]
    assert len({*digests}) == len(Purpose)
    assert digest(token, Purpose.RESET, b"q" * 32) not in digests
    for wrong in ("", "a" * 39, "a" * 129, "a" * 51 + "é", "a b" * 20, "\ud800" * 50):
        assert digest(wrong, Purpose.SESSION, pepper) is None


def test_an_account_can_be_tried_less_than_three_hundred_times_a_day():
    assert timedelta(days=1) / OF_ACCOUNT.every + OF_ACCOUNT.burst < 300
    assert OF_ACCOUNT.window == timedelta(minutes=50)


@pytest.mark.parametrize(
    ("role", "said", "gets"),
    [
        *(("reviewer", None, True), ("reviewer", True, True), ("reviewer", False, False)),
        *(("rep", None, False), ("rep", True, True), ("rep", False, False)),
        *(("admin", None, False), ("admin", True, False), ("rule-author", True, False)),
    ],
)
def test_the_queue_is_mailed_to_reviewers_and_whoever_sees_it_and_wants_that(role, said, gets):
    person = replace(ANA, roles=frozenset({role}), digest=said)
    assert person.gets_digest is gets
    assert not replace(person, disabled_at=NOW).gets_digest
