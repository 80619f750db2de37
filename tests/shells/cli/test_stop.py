"""`winnow stop`: works without the service, asks two people for their passwords, and says what is stopped."""

import json

import pytest

from tests.support.command import winnow
from winnow.bootstrap.people import make_people
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.people import totp

PASSWORD = "seven quiet lighthouses"
ANA, BO, CY, REP = "ana@x.example", "bo@x.example", "cy@x.example", "rep@x.example"


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    """An installation with three who may lift, and one who may not."""
    folder = tmp_path_factory.mktemp("stop") / "data"
    service = open_service(load(flags={"data.folder": str(folder)}))
    desk = make_people(service).desk
    for email, role in ((ANA, "approver"), (BO, "admin"), (CY, "approver"), (REP, "rep")):
        desk.create(email, "P", [role], PASSWORD, "tests")
    service.close()
    return ("--data", folder)


def stopped(at, *options):
    done = winnow("stop", "on", "--reason", "wrong leads", *options, *at)
    assert done.code == 0, done.messages
    return done.messages.split()[1]


def off(at, stop_id, *people, lines):
    named = [word for person in people for word in ("--as", person)]
    stdin = "".join(f"{line}\n" for line in lines).encode()
    return winnow("stop", "off", stop_id, *named, "--reason", "mended", "--password-stdin", *at, stdin=stdin)


def test_two_people_together_start_again(at):
    stop_id = stopped(at)
    status = winnow("stop", "status", *at)
    assert (status.code, stop_id in status.text) == (3, True)
    assert "Everything automatic is stopped since" in status.messages
    done = off(at, stop_id, ANA, BO, lines=[PASSWORD, PASSWORD])
    assert (done.code, done.messages) == (0, f"{stop_id} is lifted\n")
    status = winnow("stop", "status", *at)
    assert (status.code, status.messages) == (0, "nothing is stopped · processes: 0, 0 yet to notice\n")


def test_two_people_one_after_the_other(at):
    stop_id = stopped(at, "--rule", "mailing")
    assert "it takes another" in off(at, stop_id, ANA, lines=[PASSWORD]).messages
    assert "one agreed" in winnow("stop", "status", *at).text
    assert "takes two people" in off(at, stop_id, ANA, lines=[PASSWORD]).messages
    document = json.loads(winnow("stop", "status", "--json", *at).text)
    assert (document["everything"], document["stops"][0]["stop"]["target"]) == (False, "mailing")
    assert off(at, stop_id, BO, lines=[PASSWORD]).messages == f"{stop_id} is lifted\n"


@pytest.mark.parametrize("people", [[ANA, BO], [BO, ANA], [BO, CY]])
def test_who_agreed_before_may_be_named_again_and_a_third_is_not_too_many(at, people):
    stop_id = stopped(at, "--source", "fair")
    off(at, stop_id, ANA, lines=[PASSWORD])
    done = off(at, stop_id, *people, lines=[PASSWORD, PASSWORD])
    assert (done.code, done.messages) == (0, f"{stop_id} is lifted\n")


@pytest.mark.parametrize(
    ("people", "lines", "said"),
    [
        ([ANA, BO], ["wrong", PASSWORD], "is wrong"),
        ([ANA], [], "stdin has no line"),
        ([REP], [PASSWORD], "may not lift"),
        ([ANA, BO, REP], [PASSWORD] * 3, "it takes two people"),
    ],
)
def test_nobody_else_lifts_it(at, people, lines, said):
    stop_id = stopped(at, "--source", "web")
    done = off(at, stop_id, *people, lines=lines)
    assert done.code != 0
    assert said in done.messages
    assert stop_id in winnow("stop", "status", *at).text


def test_a_code_is_asked_for_where_somebody_has_an_authenticator(at, monkeypatch):
    service = open_service(load(flags={"data.folder": str(at[1])}))
    people = make_people(service)
    person = people.desk.create("cleo@x.example", "C", ["approver"], PASSWORD, "tests")
    secret = b"s" * totp.SECRET_BYTES
    service.people.set_secret(person.id, secret, person.id, service.clock.now())
    now = service.clock.now()
    step = int(now.timestamp()) // 30
    assert service.people.use_step(person.id, step - 5, now)
    service.close()
    monkeypatch.setattr(
        "winnow.core.people.totp.matching_step", lambda _secret, code, _now: step if code == "7" else None
    )
    stop_id = stopped(at, "--action", "reject")
    assert off(at, stop_id, "cleo@x.example", lines=[PASSWORD, "8"]).code == 5
    assert "it takes another" in off(at, stop_id, "cleo@x.example", lines=[PASSWORD, "7"]).messages


def test_a_stop_is_of_one_thing(at):
    assert winnow("stop", "on", "--reason", "x", "--rule", "a", "--source", "b", *at).code == 2
    assert winnow("stop", "on", "--reason", " ", *at).code == 2


def test_a_drill_says_how_fast_it_was(at):
    done = winnow("stop", "drill", *at)
    assert "in force after" in done.messages
    assert "no process runs that could notice" in done.messages
    document = json.loads(winnow("stop", "drill", "--live", "--json", *at).text)
    assert (document["stop"]["drill"], document["report"]["noticed"]) == ("live", [])
