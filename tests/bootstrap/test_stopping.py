"""A stop reaches every decision of every process at once, also of one that has not looked; leads are accepted."""

import json

import pytest
from sqlalchemy import text

from tests.support.cases import lead
from tests.support.people import PASSWORD, FastHasher
from winnow.adapters.db.connections import writing
from winnow.bootstrap.people import make_people
from winnow.bootstrap.publishing import Publisher
from winnow.bootstrap.service import open_service
from winnow.bootstrap.stopping import LIFE_SECONDS, LOOK_SECONDS, StopWatch, make_stop
from winnow.config import load
from winnow.core.govern.stop import StopScope
from winnow.core.people.accounts import Person
from winnow.errors import BrokenLogError, ConflictError, InvalidInputError, NotAllowedError, StoreAwayError
from winnow.ports import Arrival


@pytest.fixture
def config(tmp_path):
    return load(flags={"data.folder": str(tmp_path / "data")})


@pytest.fixture
def service(config):
    running = open_service(config)
    yield running
    running.close()


@pytest.fixture(autouse=True)
def passwords_that_take_no_time(monkeypatch):
    monkeypatch.setattr("winnow.bootstrap.people.Argon2", FastHasher)


def person(service, name):
    desk, email = make_people(service).desk, f"{name}@x.example"
    found = {each.email: each for each in desk.all()}
    return found.get(email) or desk.create(email, name, ["approver"], PASSWORD, "tests")


def decided(service, name, source="web"):
    ((found,),) = service.intake.take([Arrival([lead(id=name, source=source)], [True])])
    return found.id, json.loads(found.decision)


def stopped(service, name, source="web"):
    return decided(service, name, source)[1]["decided_by"] == "system"


def lifted(service, stop_id, *names):
    for name in names or ("ana", "bo"):
        make_stop(service).lift(stop_id, "mended", person(service, name))


def test_what_is_stopped_by_another_process_is_stopped_here_without_a_look(config, service):
    other = open_service(config)
    assert stopped(service, "1") is False
    before = service.live.stops()
    service.live._stops_read = float("inf")  # as though it had looked just now
    engaged = make_stop(other).engage(StopScope.ALL, "", "wrong leads", "us_ana")
    assert service.live.stops() is before
    number, decision = decided(service, "2")
    assert (decision["outcome"], decision["decided_by"]) == ("review", "system")
    assert number > engaged.number
    assert service.replay.again(number).same
    lifted(other, engaged.stop.id)
    service.live._stops_read = float("inf")
    assert stopped(service, "3") is False
    other.close()


def test_a_stop_outlives_a_restart_and_one_person_does_not_lift_it(config, service):
    stop_id = make_stop(service).engage(StopScope.SOURCE, "fair", "wrong leads", "us_ana").stop.id
    again = open_service(config)
    assert (stopped(again, "1", "fair"), stopped(again, "2", "web"), stopped(again, "3", None)) == (True, False, False)
    lifted(again, stop_id, "ana")
    assert stopped(again, "4", "fair")
    again.close()


@pytest.mark.parametrize("how", ["disabled", "other role"])
def test_who_has_left_has_not_agreed(service, how):
    desk, people = make_stop(service), make_people(service).desk
    stop_id = desk.engage(StopScope.SOURCE, "fair", "wrong leads", "us_ana").stop.id
    lifted(service, stop_id, "ana")
    ana = person(service, "ana")
    if how == "disabled":
        people.disable(ana.id, "tests")
    else:
        people.set_roles(ana.id, ["rep"], "tests")
    lifted(service, stop_id, "bo")
    assert stopped(service, "1", "fair")
    past = desk.stop(stop_id)
    assert (past.first.by, past.second) == (person(service, "bo").id, None)
    with pytest.raises(ConflictError, match="agreed already"):
        lifted(service, stop_id, "bo")
    lifted(service, stop_id, "cy")
    assert desk.stop(stop_id).lifted_at
    assert stopped(service, "2", "fair") is False


def test_nobody_lifts_whose_role_may_not(service):
    stop_id = make_stop(service).engage(StopScope.ALL, "", "wrong leads", "us_ana").stop.id
    rep = Person("us_1", "x@x.example", "x", frozenset({"rep"}), service.clock.now(), "tests", service.clock.now())
    with pytest.raises(NotAllowedError, match="may not lift"):
        make_stop(service).lift(stop_id, "mended", rep)


@pytest.mark.parametrize("scope", [StopScope.RULE, StopScope.SYSTEM, StopScope.SCORECARD])
def test_who_mistypes_is_told_that_nothing_was_stopped(service, scope):
    desk = make_stop(service)
    before = desk.status()
    with pytest.raises(InvalidInputError, match="nothing was stopped"):
        desk.engage(scope, "0123abcd", "wrong leads", "us_ana")
    assert desk.status().number == before.number


def test_a_name_is_taken_as_it_is_while_nobody_can_tell_what_there_is(service):
    with writing(service.engine) as connection:
        connection.execute(text("ALTER TABLE shadows RENAME TO lost"))
        connection.execute(text("ALTER TABLE ai_systems RENAME TO lost_too"))
    for scope in (StopScope.RULE, StopScope.SYSTEM):
        assert make_stop(service).engage(scope, "a-name", "wrong leads", "us_ana").stop.target == "a-name"


def test_leads_are_accepted_while_nobody_can_tell_what_is_stopped(service):
    with writing(service.engine) as connection:
        connection.execute(text("ALTER TABLE stops RENAME TO lost"))
    service.live.stops(anew=True)
    number, decision = decided(service, "1")
    assert decision["outcome"] == "review"
    assert "could not be read" in decision["reasons"][0]["text"]
    status = make_stop(service).status()
    assert (status.readable, status.everything) == (False, True)
    assert status.sentence.startswith("Everything automatic is stopped")
    with writing(service.engine) as connection:
        connection.execute(text("ALTER TABLE lost RENAME TO stops"))
    service.live.stops(anew=True)
    assert stopped(service, "2") is False
    assert service.replay.again(number).same


def test_a_process_says_what_it_knows_and_that_it_ends(service, monkeypatch):
    passed = [0.0]
    monkeypatch.setattr("winnow.bootstrap.stopping.monotonic", lambda: passed[0])
    watch, desk = StopWatch(service, "serve"), make_stop(service)
    assert watch.step() == LOOK_SECONDS
    (one,) = desk.status().replicas
    assert (one.kind, one.stops) == ("serve", 0)
    desk.engage(StopScope.RULE, "mailing", "it is wrong", "us_ana")
    assert desk.status().replicas == (one,)
    watch.step()
    (knows,) = desk.status().replicas
    assert knows.stops == desk.status().number == 1
    watch.step()
    assert desk.status().replicas == (knows,)
    passed[0] += LIFE_SECONDS + 1
    watch.step()
    assert desk.status().replicas[0].seen_at > knows.seen_at
    watch.close()
    assert desk.status().replicas == ()


def test_a_process_that_cannot_say_so_goes_on(service, monkeypatch):
    def away(*_):
        raise StoreAwayError("away")

    watch = StopWatch(service, "serve")
    monkeypatch.setattr(type(service.stops), "sign_of_life", away)
    monkeypatch.setattr(type(service.stops), "gone", away)
    assert watch.step() == LOOK_SECONDS
    watch.close()


# ── drills ───────────────────────────────────────────────────────────────────────────────────────


def test_a_drill_without_processes_ends_at_once_and_stops_only_when_it_should(service):
    desk = make_stop(service)
    dry = desk.drill("us_ana", seconds=0, dry=True)
    assert dry.report.noticed == ()
    assert dry.report.slowest is None
    assert (desk.status().standing, desk.status().number) == ((), 2)
    assert stopped(service, "1") is False


def test_a_process_that_does_not_notice_is_told_of(service, monkeypatch):
    monkeypatch.setattr("winnow.services.stop.PATIENCE", 0.05)
    watch = StopWatch(service, "worker")
    watch.step()
    (one,) = make_stop(service).drill("us_ana", seconds=0, dry=False).report.noticed
    assert (one.kind, one.seconds) == ("worker", None)
    assert make_stop(service).page(None, 9, drills=True).items[0].report.slowest is None


# ── a log that is behind ─────────────────────────────────────────────────────────────────────────


def checkpointed(service):
    with service.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def test_a_stale_database_stops_everything_before_the_first_decision_and_two_people_start_again(config, caplog):
    service = open_service(config)
    decided(service, "1")
    Publisher(service).publish_now()
    checkpointed(service)
    kept = (service.folder / "winnow.sqlite").read_bytes()
    decided(service, "2")
    decided(service, "3")
    signed = Publisher(service).publish_now().size
    service.close()
    for each in service.folder.glob("winnow.sqlite*"):
        each.unlink()
    (service.folder / "winnow.sqlite").write_bytes(kept)
    stale = open_service(config)
    Publisher(stale).look()
    assert stopped(stale, "4")
    (found,) = make_stop(stale).status().standing
    assert found.stop.by == "system"
    assert found.stop.reason == f"the log is behind its checkpoint of {signed} entries, or contradicts it"
    assert f"and {signed} were signed" in caplog.text
    for _ in range(2):
        Publisher(stale).look()
    with pytest.raises(BrokenLogError):
        Publisher(stale).publish_now()
    assert make_stop(stale).status().standing == (found,)
    lifted(stale, found.stop.id)
    Publisher(stale).look()
    assert stopped(stale, "5") is False
    stale.close()


def test_where_the_stop_cannot_be_recorded_this_process_stops_all_the_same(service, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("the log is in pieces")

    def broken_heads():
        raise BrokenLogError("no key fits")

    decided(service, "1")
    Publisher(service).publish_now()
    monkeypatch.setattr(type(service.stops), "engage", broken)
    publisher = Publisher(service)
    monkeypatch.setattr(publisher, "_known_heads", broken_heads)
    publisher.look()
    assert service.live.stops().number is None


def test_a_log_that_was_always_there_stops_nothing(service):
    Publisher(service).look()
    decided(service, "1")
    Publisher(service).publish_now()
    Publisher(service).look()
    assert make_stop(service).status().standing == ()
