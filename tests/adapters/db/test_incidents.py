"""Incidents and pauses on both databases: kept as they were found, each change a leaf of the log."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from winnow.adapters.db.connections import reading
from winnow.adapters.db.guard_tables import pauses
from winnow.adapters.db.incidents import VERSION_NAME, StoredIncidents
from winnow.adapters.db.log import Journal, LogReader
from winnow.adapters.db.tables import events
from winnow.adapters.db.versions import numbers
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import Incident, Pause, State, incident_of
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Page

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

NOW = datetime(2026, 11, 22, 8, 30, 0, 125, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FINDING = Finding(
    Guard.CONVERSION, "web", 5010, date(2026, 11, 10), ("of 5,010 … ☂", "before"), Severity.ALARM, pauses=True
)
NOTICE = replace(FINDING, guard=Guard.SIGNAL_DRIFT, source=None, about="net.asn", pauses=False)


@pytest.fixture
def stored(store, vault):
    return StoredIncidents(store, Journal(vault))


def opened(stored, finding, number, now=NOW) -> Incident:
    incident = incident_of(finding, f"inc_{number}", now)
    assert stored.open(incident, "guards", now)
    return incident


def told(store):
    """Kind, actor and subject of every entry of the log."""
    with reading(store) as connection:
        rows = connection.execute(select(events.c.kind, events.c.actor, events.c.about).order_by(events.c.id)).all()
    assert LogReader(store).frontier().size == len(rows)
    return [tuple(row) for row in rows]


def test_incidents_are_kept_as_they_were_found(store, stored):
    first, second = opened(stored, FINDING, 1), opened(stored, NOTICE, 2)
    assert stored.incident("inc_1") == first
    assert stored.page(None, 1, unclosed=False) == Page((second,), "inc_2")
    assert stored.page("inc_2", 1, unclosed=False) == Page((first,), None)
    assert stored.counts() == {"open": 1, "contained": 1, "fixed": 0, "paused": 1}
    reason = "rejecting is paused by the guard `conversion`, incident inc_1"
    assert stored.standing() == (Pause("web", reason, "inc_1"),)
    assert told(store) == [
        ("incident.opened", "guards", "inc_1"),
        ("reject.paused", "guards", "inc_1"),
        ("incident.opened", "guards", "inc_2"),
    ]


def test_one_is_open_about_the_same_thing_at_a_time(store, stored):
    opened(stored, FINDING, 1)
    opened(stored, NOTICE, 2)
    before = len(told(store))
    for finding in (FINDING, NOTICE):
        assert not stored.open(incident_of(finding, "inc_9", LATER), "guards", LATER)
    assert len(told(store)) == before
    for number, other in enumerate((replace(FINDING, source=None), replace(NOTICE, about="net.tld")), 3):
        opened(stored, other, number)
    stored.close("inc_1", "wk_1", "mended", LATER, renew=False)
    opened(stored, FINDING, 5, LATER)
    assert len(stored.standing()) == 2


def test_closing_says_who_and_why_and_lifts_the_pause(store, stored):
    incident = opened(stored, FINDING, 1)
    before = numbers(store)[VERSION_NAME]
    closed = stored.close("inc_1", "wk_1", "mended the form", LATER, renew=True)
    assert closed == replace(
        incident, state=State.CLOSED, closed_at=LATER, closed_by="wk_1", reason="mended the form", renewed=True
    )
    assert closed.pauses
    assert (stored.incident("inc_1"), stored.closed(), stored.standing()) == (closed, (closed,), ())
    assert stored.page(None, 9, unclosed=True) == Page((), None)
    assert numbers(store)[VERSION_NAME] == before + 1
    assert told(store)[2:] == [("incident.closed", "wk_1", "inc_1"), ("reject.resumed", "wk_1", "inc_1")]
    with reading(store) as connection:
        assert connection.execute(select(pauses.c.lifted_by, pauses.c.lifted_at)).one().lifted_by == "wk_1"
    with pytest.raises(ConflictError, match="closed already"):
        stored.close("inc_1", "wk_1", "again", LATER, renew=False)
    assert len(told(store)) == 4


def test_what_pauses_nothing_resumes_nothing(store, stored):
    opened(stored, NOTICE, 1)
    stored.close("inc_1", "wk_1", "as it should be", LATER, renew=False)
    assert [kind for kind, _, _ in told(store)] == ["incident.opened", "incident.closed"]
    assert VERSION_NAME not in numbers(store)


def test_pauses_hold_until_their_own_incident_is_closed(stored):
    opened(stored, FINDING, 1)
    opened(stored, replace(FINDING, guard=Guard.OVERRIDES), 2, LATER)
    stored.close("inc_1", "wk_1", "mended", LATER, renew=False)
    assert [each.incident for each in stored.standing()] == ["inc_2"]


def test_what_is_not_there_is_not_found(stored):
    with pytest.raises(NotFoundError):
        stored.incident("inc_1")
    with pytest.raises(NotFoundError):
        stored.close("inc_1", "wk_1", "x", NOW, renew=False)


def test_a_pause_that_cannot_be_logged_is_not_made(stored, monkeypatch):
    notes: list[str] = []

    def note(_self, _connection, change, _at):
        notes.append(change.kind)
        if change.kind == "reject.paused":
            raise RuntimeError("needle")

    monkeypatch.setattr(Journal, "note", note)
    with pytest.raises(RuntimeError):
        stored.open(incident_of(FINDING, "inc_1", NOW), "guards", NOW)
    assert notes == ["incident.opened", "reject.paused"]
    assert stored.page(None, 9, unclosed=False).items == ()
    assert stored.standing() == ()


def test_those_that_nobody_has_dealt_with_are_told_apart(stored):
    first, second = opened(stored, FINDING, 1), opened(stored, NOTICE, 2)
    assert stored.unclosed() == (first, second)
    stored.close("inc_1", "wk_1", "mended", LATER, renew=False)
    assert (stored.unclosed(), [each.id for each in stored.closed()]) == ((second,), ["inc_1"])
