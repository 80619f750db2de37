"""Accounts, sessions and attempts in both databases: sealed, in the log, and right also when many come at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from tests.support.people import HOME, NOW, OTHER, PASSWORD, World
from winnow.adapters.db.connections import reading
from winnow.adapters.db.log import LogReader
from winnow.adapters.db.people_tables import one_time_links, sessions, sign_in_attempts, users
from winnow.adapters.db.tables import events, metadata
from winnow.core.people.accounts import Standing
from winnow.core.people.attempts import OF_ACCOUNT, Allowance
from winnow.errors import ConflictError, NotAuthenticatedError, NotFoundError, TooManyAttemptsError, WinnowError


@pytest.fixture
def world(store, vault):
    return World(store, vault)


def kinds(world):
    reader = LogReader(world.engine)
    return [json.loads(entry)["kind"] for entry in reader.entries(0, reader.frontier().size)]


def everything(world, *tables):
    with reading(world.engine) as connection:
        return repr([connection.execute(select(table)).all() for table in tables])


def at_once(*calls):
    """What calls made at the same moment return or raise."""
    together = Barrier(len(calls))

    def made(call):
        together.wait(10)
        try:
            return call()
        except WinnowError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(made, calls))


def test_an_account_comes_back_as_it_was(world):
    made = world.person("ana", "rep", "reviewer")
    assert world.people.all() == (made,)
    account = world.people.account(made.id)
    assert account == world.people.account_of("ana@x.example")
    assert (account.person, account.password, account.secret) == (made, world.hasher.hash(PASSWORD), None)
    assert world.people.account("us_none") is world.people.account_of("bo@x.example") is None
    assert made.joined_at == NOW


def test_neither_database_nor_log_tells_who_people_are(world):
    person = world.person("sigismund")
    link = world.desk.invite("rosalind@x.example", "Rosalind", ["rep"], "tests")
    world.desk.join(link.token, OTHER)
    token = world.sign_in("sigismund").token
    secret = world.sign_ins.new_authenticator(world.sign_ins.who(token))
    world.sign_ins.try_authenticator(world.sign_ins.who(token), world.code(secret), HOME)
    told = everything(world, *metadata.sorted_tables)
    for needle in ("sigismund", "rosalind", "Rosalind", "fast:", link.token, token, HOME, repr(secret)[2:-1]):
        assert needle not in told
    assert person.id in told


def test_every_change_of_people_is_a_leaf(world):
    ana, bo = world.person(), world.desk.invite("bo@x.example", "Bo", ["rep"], "us_1")
    world.desk.join(bo.token, PASSWORD)
    world.desk.set_roles(bo.person.id, ["admin"], "us_1")
    world.desk.disable(ana.id, "us_2")
    world.desk.disable(ana.id, "us_2")  # nothing changes
    world.desk.enable(ana.id, "us_2")
    world.desk.enable(ana.id, "us_2")
    world.desk.reset(ana.id, "us_2")
    world.desk.set_password(ana.id, OTHER, "us_2")
    signed_in = world.sign_in(password=OTHER).signed_in
    secret = world.sign_ins.new_authenticator(signed_in)
    world.sign_ins.try_authenticator(signed_in, world.code(secret), HOME)
    world.sign_ins.drop_authenticator(signed_in)
    expected = "added added invited joined roles disabled enabled reset password two_steps one_step"
    assert kinds(world) == [f"person.{each}" for each in expected.split()]
    with reading(world.engine) as connection:
        actors = connection.execute(select(events.c.actor, events.c.about).order_by(events.c.id)).all()
    assert [tuple(row) for row in actors[:6]] == [
        *(("tests", "us_1"), ("us_1", "us_2"), ("us_1", "us_2"), ("us_2", "us_2"), ("us_1", "us_2"), ("us_2", "us_1")),
    ]


def test_an_address_has_one_account(world):
    world.person()
    with pytest.raises(ConflictError):
        world.desk.create("ANA@x.example", "Ana", ["rep"], PASSWORD, "tests")
    results = at_once(*[lambda: world.person("bo", "rep")] * 4)
    assert sum(isinstance(each, ConflictError) for each in results) == 3
    assert len(world.people.all()) == 2


def test_of_many_first_accounts_one_is(world):
    calls = [lambda number=number: world.desk.first(f"p{number}@x.example", "P", PASSWORD) for number in range(6)]
    results = at_once(*calls)
    assert sum(isinstance(each, ConflictError) for each in results) == 5
    (only,) = world.people.all()
    assert only.roles == {"admin"}
    assert only.created_by == only.id


def test_the_last_administrator_stays(world):
    ana = world.person()
    world.desk.invite("bo@x.example", "Bo", ["admin"], "tests")  # who was only invited cannot let anybody in
    for change in (world.desk.disable, lambda who, by: world.desk.set_roles(who, ["rep"], by)):
        with pytest.raises(ConflictError):
            change(ana.id, "tests")
    assert world.people.all()[0] == ana
    cleo = world.person("cleo")
    world.desk.set_roles(cleo.id, ["admin", "rep"], "tests")
    world.desk.disable(ana.id, "tests")
    with pytest.raises(ConflictError):
        world.desk.disable(cleo.id, "tests")


def test_two_administrators_cannot_end_each_other_at_the_same_moment(world):
    pairs = [world.person(f"p{number}") for number in range(4)]
    results = at_once(*[lambda who=who: world.desk.disable(who.id, "tests") for who in pairs])
    assert sum(isinstance(each, ConflictError) for each in results) == 1
    assert sum(person.lets_others_in for person in world.people.all()) == 1


def test_who_is_not_there_cannot_be_changed(world):
    for change in (
        lambda: world.desk.disable("us_none", "tests"),
        lambda: world.desk.enable("us_none", "tests"),
        lambda: world.desk.set_roles("us_none", ["rep"], "tests"),
        lambda: world.desk.set_password("us_none", PASSWORD, "tests"),
        lambda: world.desk.called("none@x.example"),
    ):
        with pytest.raises(NotFoundError):
            change()


# ── Links ────────────────────────────────────────────────────────────────────────────────────────


def test_a_link_is_good_once_also_when_many_use_it(world):
    link = world.desk.invite("bo@x.example", "Bo", ["rep"], "tests")
    results = at_once(*[lambda: world.desk.join(link.token, PASSWORD)] * 6)
    assert sum(isinstance(each, NotFoundError) for each in results) == 5
    assert world.people.account_of("bo@x.example").person.standing is Standing.ACTIVE


def test_a_link_expires_is_replaced_and_ends_with_the_account(world):
    first = world.desk.invite("bo@x.example", "Bo", ["rep"], "tests")
    second = world.desk.invite("bo@x.example", "Bo", ["rep"], "tests")
    with pytest.raises(NotFoundError):
        world.desk.join(first.token, PASSWORD)
    world.clock.moment = second.until
    with pytest.raises(NotFoundError):
        world.desk.join(second.token, PASSWORD)
    third = world.desk.invite("bo@x.example", "Bo", ["rep"], "tests")
    world.desk.disable(third.person.id, "tests")
    with pytest.raises(NotFoundError):
        world.desk.join(third.token, PASSWORD)
    assert everything(world, one_time_links) == "[[]]"


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────────


def test_disabling_ends_sessions_at_once_and_enabling_does_not_bring_them_back(world):
    world.person("boss")
    ana = world.person()
    token = world.sign_in().token
    assert world.sign_ins.who(token).person == ana
    world.desk.disable(ana.id, "tests")
    assert world.sign_ins.who(token) is None
    world.desk.enable(ana.id, "tests")
    assert world.sign_ins.who(token) is None


def test_roles_hold_at_the_next_request(world):
    world.person("boss")
    ana = world.person("ana", "rep")
    token = world.sign_in().token
    world.desk.set_roles(ana.id, ["auditor"], "tests")
    assert world.sign_ins.who(token).person.roles == {"auditor"}


def test_a_session_in_use_goes_on_and_an_idle_one_ends(world):
    world.person()
    token, idle = world.sign_in().token, world.sign_in().token
    for _ in range(3):
        world.clock.forward(minutes=50)
        assert world.sign_ins.who(token)
    assert world.sign_ins.who(idle) is None
    for _ in range(11):
        world.clock.forward(minutes=50)
        world.sign_ins.who(token)
    assert world.clock.now() > NOW + timedelta(hours=11)
    world.clock.forward(minutes=50)
    assert world.sign_ins.who(token) is None


def test_what_died_is_cleared_away(world):
    world.person()
    for _ in range(3):
        world.sign_in()
    world.clock.forward(days=1)
    world.sign_in()
    assert everything(world, sessions).count("us_1") == 1
    assert everything(world, sign_in_attempts) != "[[]]"


# ── Attempts ─────────────────────────────────────────────────────────────────────────────────────


def test_a_bucket_of_attempts(world):
    allowance, now = Allowance(3, timedelta(minutes=1)), NOW
    take = lambda at=now: world.attempts.take("kind", "name", allowance, at)  # noqa: E731  # a name for what is said often
    assert [take() for _ in range(3)] == [0.0] * 3
    assert take() == take() == 60.0
    assert take(now + timedelta(seconds=59)) == 1.0
    assert take(now + timedelta(seconds=60)) == 0.0
    assert world.attempts.take("other", "name", allowance, now) == 0.0
    assert world.attempts.take("kind", "another", allowance, now) == 0.0
    world.attempts.give_back("kind", "name", allowance)
    assert take(now + timedelta(seconds=60)) == 0.0
    world.attempts.forget("kind", "name")
    assert take() == 0.0
    world.attempts.clear(now + timedelta(hours=1))
    assert everything(world, sign_in_attempts) == "[[]]"


def test_of_fifty_guesses_at_the_same_moment_no_more_than_the_limit_is_compared(world):
    world.person()
    world.hasher.compared.clear()
    results = at_once(*[lambda: world.sign_in(password="wrong" * 3)] * 50)
    assert len(world.hasher.compared) == OF_ACCOUNT.burst
    assert sum(isinstance(each, NotAuthenticatedError) for each in results) == OF_ACCOUNT.burst
    assert sum(isinstance(each, TooManyAttemptsError) for each in results) == 50 - OF_ACCOUNT.burst


def test_a_code_is_good_once_also_when_many_give_it(world):
    world.person()
    signed_in = world.sign_in().signed_in
    secret = world.sign_ins.new_authenticator(signed_in)
    world.sign_ins.try_authenticator(signed_in, world.code(secret, -1), HOME)
    results = at_once(*[lambda: world.sign_in(code=world.code(secret))] * 5)
    assert sum(not isinstance(each, WinnowError) for each in results) == 1
    assert "us_1" in everything(world, users)


def test_when_somebody_was_here_last_is_known_to_the_minute_as_long_as_a_session_is_kept(world):
    ana, bo = world.person("ana"), world.person("bo")
    world.sign_in("ana")
    world.clock.forward(minutes=10)
    token = world.sign_in("ana").token
    world.clock.forward(minutes=5)
    assert world.sign_ins.who(token).id == ana.id
    assert world.sessions.last_seen() == {ana.id: NOW + timedelta(minutes=15)}
    assert bo.id not in world.sessions.last_seen()
    world.clock.forward(hours=13)
    world.sign_in("bo")
    assert set(world.sessions.last_seen()) == {bo.id}
