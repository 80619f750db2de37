"""The kill switch on both databases: one stops, two lift, and nobody records anything under a state that is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from tests.support.outbox import add_webhook, cases_opened, put, unseal
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Journal, locked_head, must_still_hold
from winnow.adapters.db.outbox import SqlOutbox
from winnow.adapters.db.stop_tables import stops
from winnow.adapters.db.stops import StoredStops
from winnow.adapters.db.tables import events
from winnow.core.deliveries import EventType, event
from winnow.core.govern.stop import UNREADABLE, Drill, Stop, StopScope
from winnow.errors import ConflictError, NotFoundError, StopsChangedError
from winnow.ports.stop import Agreement, DrillReport, Noticed, Replica

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

NOW = datetime(2026, 11, 22, 8, 30, 0, 125, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ALL = Stop("stop_1", StopScope.ALL, "", "us_1", NOW, "wrong leads")
RULE = Stop("stop_2", StopScope.RULE, "r1", "wk_1", NOW, "it is wrong")
DRILL = Stop("stop_3", StopScope.ALL, "", "us_1", NOW, "drill", drill=Drill.LIVE, ends_at=NOW + timedelta(seconds=5))
ANA, BO = Agreement("us_1", LATER, "mended"), Agreement("us_2", LATER, "seen it")
REPORT = DrillReport(0.01, (Noticed("rp_1", "serve", 0.2), Noticed("rp_2", "worker", None)), 3.0)


@pytest.fixture
def stored(store, vault):
    return StoredStops(store, Journal(vault))


def told(store):
    with reading(store) as connection:
        return [tuple(row) for row in connection.execute(select(events.c.kind, events.c.actor, events.c.about))]


def test_one_person_stops_and_two_start_again(store, stored):
    assert stored.in_force(NOW).standing == ()
    engaged = stored.engage(ALL, NOW)
    assert (engaged.number, engaged.stops, engaged.on_their_way, engaged.again) == (0, 1, 0, False)
    assert stored.in_force(NOW).standing == (ALL,)
    first = stored.lift("stop_1", ANA)
    assert (first.first, first.second, first.lifted_at) == (ANA, None, None)
    assert stored.in_force(LATER).number == 1
    with pytest.raises(ConflictError, match="takes two people"):
        stored.lift("stop_1", ANA)
    lifted = stored.lift("stop_1", BO)
    assert (lifted.first, lifted.second, lifted.lifted_at) == (ANA, BO, LATER)
    assert (stored.in_force(LATER).number, stored.in_force(LATER).standing) == (2, ())
    with pytest.raises(ConflictError, match="lifted already"):
        stored.lift("stop_1", Agreement("us_3", LATER, "me too"))
    assert told(store) == [
        ("stop.engaged", "us_1", "stop_1"),
        ("stop.lift-agreed", "us_1", "stop_1"),
        ("stop.lifted", "us_2", "stop_1"),
    ]


@pytest.mark.parametrize(
    "forged",
    [
        {"first_by": "us_1", "second_by": "us_1"},
        {"second_by": "us_2"},
        {"lifted_at": 1},
        {"first_by": "us_1", "lifted_at": 1},
        {"ends_at": 1},
    ],
    ids=["one person twice", "a second without a first", "lifted by nobody", "lifted by one", "ends by itself"],
)
def test_the_database_itself_refuses_one_person(store, stored, forged):
    stored.engage(ALL, NOW)
    with pytest.raises(IntegrityError), writing(store) as connection:
        connection.execute(update(stops).values(forged))
    assert stored.in_force(LATER).standing == (ALL,)


def test_what_was_decided_before_a_change_is_not_recorded_after_it(store, stored):
    with writing(store) as connection:
        under = locked_head(connection).stops
        must_still_hold(locked_head(connection), under)
    stored.engage(RULE, NOW)
    with writing(store) as connection:
        with pytest.raises(StopsChangedError):
            must_still_hold(locked_head(connection), under)
        must_still_hold(locked_head(connection), None)
        must_still_hold(locked_head(connection), stored.in_force(NOW).number)


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TABLE stops",
        "UPDATE stops SET scope = 'moon'",
    ],
)
def test_what_cannot_be_read_is_stopped(store, stored, damage):
    stored.engage(RULE, NOW)
    with writing(store) as connection:
        connection.execute(text(damage))
    assert stored.in_force(NOW) == UNREADABLE


def test_the_system_stops_once_for_the_same_reason_also_after_it_was_lifted(stored):
    own = replace(ALL, by="system", reason="the log is behind")
    assert stored.engage(own, NOW, once=True).again is False
    assert stored.engage(replace(own, id="stop_9"), NOW, once=True).again
    stored.lift("stop_1", ANA)
    stored.lift("stop_1", BO)
    assert stored.engage(replace(own, id="stop_9"), NOW, once=True).stop.id == "stop_1"
    assert stored.engage(replace(own, id="stop_9", reason="another"), NOW, once=True).again is False


def test_a_drill_ends_by_itself_and_nobody_lifts_it(stored):
    stored.engage(DRILL, NOW)
    assert [past.stop for past in stored.standing(NOW)] == [DRILL]
    assert stored.in_force(NOW).standing == (DRILL,)
    with pytest.raises(ConflictError, match="ends by itself"):
        stored.lift("stop_3", ANA)
    assert stored.in_force(NOW + timedelta(seconds=5)).standing == ()
    assert stored.standing(LATER) == ()
    ended = stored.end_drill("stop_3", REPORT, "us_1", LATER)
    assert (ended.report, ended.lifted_at) == (REPORT, LATER)
    stored.engage(ALL, LATER)
    for none in ("stop_3", "stop_1"):
        with pytest.raises(ConflictError, match="no drill that goes on"):
            stored.end_drill(none, REPORT, "us_1", LATER)


def test_a_dry_drill_stops_nothing_and_is_noticed_all_the_same(stored):
    before = stored.in_force(NOW).number
    stored.engage(replace(DRILL, drill=Drill.DRY), NOW)
    assert (stored.in_force(NOW).number, stored.in_force(NOW).standing) == (before + 1, ())


def test_past_stops_are_listed_the_newest_first(stored):
    for stop in (ALL, RULE, DRILL):
        stored.engage(stop, NOW)
    page = stored.page(None, 2, drills=False)
    assert ([past.stop.id for past in page.items], page.next) == (["stop_3", "stop_2"], "stop_2")
    assert [past.stop for past in stored.page("stop_2", 2, drills=False).items] == [ALL]
    assert [past.stop for past in stored.page(None, 2, drills=True).items] == [DRILL]
    assert stored.stop("stop_2").stop == RULE
    with pytest.raises(NotFoundError, match="no stop `stop_9`"):
        stored.stop("stop_9")


def test_processes_say_that_they_are_there(stored):
    one = Replica("rp_1", "serve", NOW, NOW, None, NOW)
    stored.sign_of_life(one)
    stored.sign_of_life(replace(one, id="rp_2", seen_at=LATER, stops=3))
    assert [each.id for each in stored.replicas(NOW)] == ["rp_1", "rp_2"]
    assert stored.replicas(LATER) == (replace(one, id="rp_2", seen_at=LATER, stops=3),)
    stored.sign_of_life(replace(one, id="rp_3", seen_at=NOW + timedelta(days=1, seconds=1)))
    assert [each.id for each in stored.replicas(NOW)] == ["rp_2", "rp_3"]
    stored.gone("rp_2")
    assert [each.id for each in stored.replicas(NOW)] == ["rp_3"]


# ── what waits in the outbox ─────────────────────────────────────────────────────────────────────

LEASE = timedelta(seconds=90)


@pytest.fixture
def outbox(store):
    add_webhook(store, "crm")
    return SqlOutbox(store, unseal)


def decisions_made(first, count=1):
    return [
        event(EventType.DECISION_MADE, NOW, {"decision": number, "lead": number}, installation="test")
        for number in range(first, first + count)
    ]


def claimed(outbox, now=NOW):
    return [each.id for each in outbox.claim(now, now + LEASE, limit=9, each=9, room={})]


def test_acts_wait_while_everything_is_stopped_and_notices_do_not(store, stored, outbox):
    put(store, [*decisions_made(1), *cases_opened(1)])
    stored.engage(ALL, NOW)
    put(store, decisions_made(2))
    assert claimed(outbox) == [2]
    for agreement in (ANA, BO):
        stored.lift("stop_1", agreement)
    assert claimed(outbox, NOW) == [1, 3]


@pytest.mark.parametrize(("action", "held"), [("share", {1, 2}), ("reject", {1}), ("contact", set())])
def test_an_action_holds_back_the_acts_that_may_be_of_its_kind(store, stored, outbox, action, held):
    put(store, decisions_made(1))
    stored.engage(replace(ALL, scope=StopScope.ACTION, target=action), NOW)
    put(store, decisions_made(2))
    assert {1, 2} - set(claimed(outbox)) == held


def test_an_act_that_was_claimed_before_is_not_sent_after(store, stored, outbox):
    put(store, [*decisions_made(1), *cases_opened(1)])
    act, notice = outbox.claim(NOW, NOW + LEASE, limit=9, each=9, room={})
    assert (outbox.may_go(act), outbox.may_go(notice)) == (True, True)
    assert stored.engage(ALL, NOW).on_their_way == 1
    assert (outbox.may_go(act), outbox.may_go(notice)) == (False, True)
    outbox.release([act])
    stored.lift("stop_1", ANA)
    stored.lift("stop_1", BO)
    (again,) = outbox.claim(NOW, NOW + LEASE, limit=9, each=9, room={})
    assert (again.id, again.attempts) == (act.id, 0)
    with writing(store) as connection:
        connection.execute(text("ALTER TABLE log_head RENAME TO lost"))
    assert outbox.may_go(again) is False


def test_acts_wait_while_nobody_can_tell_what_is_stopped(store, outbox):
    put(store, [*decisions_made(1), *cases_opened(1)])
    with writing(store) as connection:
        connection.execute(text("ALTER TABLE stops RENAME TO lost"))
    assert claimed(outbox) == [2]
