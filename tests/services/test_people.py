"""People are let in by what proves them and by nothing else, and nobody gives what they do not have."""

import pytest

from tests.support.databases import new_database
from tests.support.people import HOME, OTHER, PASSWORD, World
from winnow.adapters.db.connections import make_engine
from winnow.adapters.db.store import prepare
from winnow.adapters.db.vault import Vault
from winnow.core.apikeys import ApiKey, Scope
from winnow.core.people.attempts import OF_ACCOUNT, OF_ADDRESS
from winnow.errors import (
    CodeNeededError,
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    TooManyAttemptsError,
)


@pytest.fixture
def world(tmp_path):
    engine = make_engine(new_database("sqlite", tmp_path))
    prepare(engine, lambda: "in_test")
    yield World(engine, Vault(b"w" * 32, b"o" * 32, b"p" * 32))
    engine.dispose()


def with_authenticator(world):
    signed_in = world.sign_in().signed_in
    secret = world.sign_ins.new_authenticator(signed_in)
    world.sign_ins.try_authenticator(signed_in, world.code(secret), HOME)
    return secret


def refused(world, *given, **more):
    with pytest.raises(NotAuthenticatedError) as caught:
        world.sign_in(*given, **more)
    return str(caught.value)


# ── Signing in ───────────────────────────────────────────────────────────────────────────────────


def test_the_right_password_begins_a_session_that_nobody_else_has(world):
    world.person()
    one, two = world.sign_in(), world.sign_in("ANA")
    assert one.token != two.token
    assert world.sign_ins.who(one.token).person.email == "ana@x.example"
    world.sign_ins.sign_out(one.signed_in)
    assert world.sign_ins.who(one.token) is None
    assert world.sign_ins.who(two.token)
    assert world.sign_ins.who("") is world.sign_ins.who("x" * 52) is world.sign_ins.who("\ud800") is None
    assert one.token not in repr(one)


def test_the_session_there_was_ends_and_its_id_is_never_taken_over(world):
    world.person()
    planted = "a" * 52
    new = world.sign_in(before=planted)
    assert new.token != planted
    assert world.sign_ins.who(planted) is None
    again = world.sign_in(before=new.token)
    assert world.sign_ins.who(new.token) is None
    assert world.sign_ins.who(again.token)


def test_what_was_wrong_is_not_told_and_a_hash_is_compared_every_time(world):
    world.person("boss")
    ana = world.person()
    world.desk.invite("bo@x.example", "Bo", ["rep"], "tests")
    world.person("cleo")
    world.desk.disable(world.desk.called("cleo@x.example").id, "tests")
    world.hasher.compared.clear()
    said = {refused(world, name, password) for name in ("ana", "bo", "nobody", "") for password in ("", "wrong" * 3)}
    said |= {refused(world, "cleo", PASSWORD), refused(world, "\ud800", PASSWORD), refused(world, "x" * 9999)}
    assert len(said) == 1
    assert len(world.hasher.compared) == 11
    assert {each for each in world.hasher.compared if each} == {world.people.account(ana.id).password}


def test_an_account_is_tried_so_often_and_no_more(world):
    world.person()
    for _ in range(OF_ACCOUNT.burst):
        refused(world, password="x")
    with pytest.raises(TooManyAttemptsError) as caught:
        world.sign_in(origin="198.51.100.1")
    assert caught.value.retry_after == OF_ACCOUNT.every.total_seconds()
    world.clock.moment += OF_ACCOUNT.every
    assert world.sign_in()


def test_accounts_that_are_not_there_are_counted_as_well(world):
    for number in range(OF_ACCOUNT.burst):
        refused(world, "nobody", origin=f"198.51.100.{number}")
    with pytest.raises(TooManyAttemptsError):
        world.sign_in("nobody")


def test_an_address_tries_so_often_whatever_account(world):
    for number in range(OF_ADDRESS.burst):
        refused(world, f"p{number}")
    world.person()
    with pytest.raises(TooManyAttemptsError):
        world.sign_in()
    assert world.sign_in(origin="198.51.100.1")


def test_who_signs_in_rightly_is_never_limited(world):
    world.person()
    for _ in range(2 * OF_ADDRESS.burst):
        world.sign_in()


# ── Two steps ────────────────────────────────────────────────────────────────────────────────────


def test_codes_are_asked_for_once_one_was_given(world):
    world.person()
    signed_in = world.sign_in().signed_in
    secret = world.sign_ins.new_authenticator(signed_in)
    assert world.sign_in()  # it might not have worked
    with pytest.raises(InvalidInputError):
        world.sign_ins.try_authenticator(signed_in, "000000", HOME)
    world.sign_ins.try_authenticator(signed_in, world.code(secret), HOME)
    for code in (None, ""):
        with pytest.raises(CodeNeededError):
            world.sign_in(code=code)
    assert "wrong" in refused(world, password="x", code=world.code(secret, 1))
    assert world.sign_in(code=world.code(secret, 1))
    with pytest.raises(ConflictError):
        world.sign_ins.new_authenticator(world.sign_ins.who(world.sign_in(code=next_code(world, secret)).token))


def next_code(world, secret):
    world.clock.forward(minutes=2)
    return world.code(secret)


def test_a_code_is_good_once_and_no_earlier_one_after_it(world):
    world.person()
    secret = with_authenticator(world)
    refused(world, code=world.code(secret))
    world.clock.forward(seconds=60)
    assert world.sign_in(code=world.code(secret, 1))
    for away in (1, 0, -1):
        refused(world, code=world.code(secret, away))


def test_codes_are_guessed_as_seldom_as_passwords(world):
    world.person()
    secret = with_authenticator(world)
    world.clock.forward(hours=2)
    for _ in range(OF_ACCOUNT.burst):
        refused(world, code="000000")
    with pytest.raises(TooManyAttemptsError):
        world.sign_in(code=world.code(secret))


def test_the_authenticator_goes_with_a_reset(world):
    person = world.person()
    with_authenticator(world)
    link = world.desk.reset(person.id, "tests", authenticator=True)
    assert world.sign_in()
    world.desk.join(link.token, OTHER)
    assert world.sign_in(password=OTHER)
    refused(world, password=PASSWORD)


# ── Proving it anew ──────────────────────────────────────────────────────────────────────────────


def test_a_proof_renews_the_id_of_the_session_and_not_its_life(world):
    world.person()
    old = world.sign_in()
    world.clock.forward(minutes=30)
    who = world.sign_ins.who(old.token)
    assert not who.session.confirmed(world.clock.now())
    with pytest.raises(NotAuthenticatedError):
        world.sign_ins.confirm(who, OTHER, None, HOME)
    new = world.sign_ins.confirm(who, PASSWORD, None, HOME)
    assert world.sign_ins.who(old.token) is None
    renewed = world.sign_ins.who(new.token).session
    assert renewed.confirmed(world.clock.now())
    assert renewed.expires_at == old.signed_in.session.expires_at


def test_another_password_ends_all_other_sessions(world):
    world.person()
    elsewhere, here = world.sign_in(), world.sign_in()
    with pytest.raises(InvalidInputError):
        world.sign_ins.change_password(here.signed_in, PASSWORD, "password1234", None, HOME)
    with pytest.raises(NotAuthenticatedError):
        world.sign_ins.change_password(here.signed_in, "wrong", OTHER, None, HOME)
    assert world.sign_ins.who(elsewhere.token)
    new = world.sign_ins.change_password(here.signed_in, PASSWORD, OTHER, None, HOME)
    assert [bool(world.sign_ins.who(each.token)) for each in (elsewhere, here, new)] == [False, False, True]
    refused(world)
    assert world.sign_in(password=OTHER)


# ── Accounts ─────────────────────────────────────────────────────────────────────────────────────


def test_only_the_first_account_is_made_without_being_asked(world):
    assert world.desk.first("ana@x.example", "Ana", PASSWORD).lets_others_in
    with pytest.raises(ConflictError):
        world.desk.first("bo@x.example", "Bo", PASSWORD)


def test_an_invitation_is_not_for_who_has_joined_or_has_other_roles(world):
    link = world.desk.invite("bo@x.example", "Bo", ["rep"], "tests")
    with pytest.raises(ConflictError):
        world.desk.invite("bo@x.example", "Bo", ["admin"], "tests")
    with pytest.raises(InvalidInputError):
        world.desk.join(link.token, "short")
    assert world.desk.join(link.token, PASSWORD).roles == {"rep"}
    with pytest.raises(ConflictError):
        world.desk.invite("bo@x.example", "Bo", ["rep"], "tests")
    assert link.token not in repr(link)


def test_a_link_after_a_reset_ends_sessions_and_leaves_the_old_password_until_then(world):
    person = world.person()
    token = world.sign_in().token
    link = world.desk.reset(person.id, "tests")
    assert world.sign_ins.who(token)
    world.desk.join(link.token, OTHER)
    assert world.sign_ins.who(token) is None
    assert world.sign_in(password=OTHER)


def test_who_is_shut_out_is_not_reset(world):
    world.person("boss")
    person = world.person()
    world.desk.disable(person.id, "tests")
    with pytest.raises(ConflictError):
        world.desk.reset(person.id, "tests")
    with pytest.raises(ConflictError):
        world.desk.set_password(person.id, OTHER, "tests")


def test_nobody_gives_what_they_do_not_have(world):
    clerk = ApiKey("wk_1", b"", "clerk", frozenset({Scope.PEOPLE_WRITE, Scope.DECISIONS_READ}), world.clock.now(), "x")
    bo = world.person("bo", "auditor")
    for give in (
        lambda: world.desk.invite("cleo@x.example", "Cleo", ["admin"], clerk.id, clerk),
        lambda: world.desk.set_roles(bo.id, ["rep"], clerk.id, clerk),
        lambda: world.desk.enable(bo.id, clerk.id, clerk),
    ):
        with pytest.raises(NotAllowedError):
            give()
    assert [person.email for person in world.desk.all()] == ["bo@x.example"]


def test_nobody_changes_their_own_account(world):
    world.person("boss")
    world.person()
    ana = world.sign_in().signed_in
    for change in (
        lambda: world.desk.set_roles(ana.id, ["admin", "rep"], ana.id, ana),
        lambda: world.desk.disable(ana.id, ana.id, ana),
    ):
        with pytest.raises(NotAllowedError):
            change()
    boss = world.desk.called("boss@x.example")
    assert world.desk.set_roles(boss.id, ["rep"], ana.id, ana).roles == {"rep"}


def test_people_are_given_page_by_page(world):
    everybody = [world.person(f"p{number}") for number in range(5)]
    first = world.desk.page(None, 2)
    second = world.desk.page(first.next, 2)
    third = world.desk.page(second.next, 2)
    assert [*first.items, *second.items, *third.items] == everybody == list(world.desk.all())
    assert third.next is None
    with pytest.raises(NotFoundError):
        world.desk.person("us_none")
