"""The state of the service by itself: the same to whoever knows it, and no sign of life of a person."""

import re
from datetime import timedelta

import pytest

from tests.support.seeing import text_of
from winnow.core.govern.stop import StopScope
from winnow.core.govern.terms import OWN_SYSTEM

HOSTILE = '"><script>alert(1)</script>'


def version_of(page):
    return re.search(r'id="strip"[^>]*data-version="([0-9a-f]+)"', page.text).group(1)


@pytest.fixture(autouse=True)
def still(seen, monkeypatch):
    """The clock stands, at the beginning of a minute."""
    clock = seen.served.service.clock
    now = clock.now().replace(second=1)
    monkeypatch.setattr(type(clock), "now", lambda _: now)
    return lambda moment: monkeypatch.setattr(type(clock), "now", lambda _: now + moment)


def lift(seen, stop_id):
    desks = seen.served.state.desks
    for role in ("approver", "privacy-officer"):
        desks.stop.lift(stop_id, "mended", desks.people.desk.person(seen.person(role)))


def test_an_open_page_learns_what_was_stopped_and_that_it_goes_on(seen):
    page = seen.get("/governance", "approver")
    known = version_of(page)
    assert 'data-said="Nothing is stopped any more."' in page.text
    same = seen.get(f"/strip?known={known}", "approver")
    assert (same.status_code, same.content) == (204, b"")
    stop = seen.served.state.desks.stop.engage(StopScope.ALL, "", HOSTILE, seen.person("approver")).stop
    answer = seen.get(f"/strip?known={known}", "approver")
    assert answer.status_code == 200
    assert "STOPPED" in text_of(answer)
    assert 'data-said="STOPPED: ' in answer.text
    assert "<script" not in answer.text
    assert "<main" not in answer.text
    assert version_of(answer) != known
    assert seen.get(f"/strip?known={version_of(answer)}", "approver").status_code == 204
    lift(seen, stop.id)
    assert version_of(seen.get("/strip", "approver")) == known


@pytest.mark.parametrize(
    ("scope", "target", "live"), [(StopScope.SYSTEM, OWN_SYSTEM, False), (StopScope.SOURCE, "web", True)]
)
def test_nobody_is_told_that_a_service_is_live_whose_screening_is_stopped(seen, scope, target, live):
    stop = seen.served.state.desks.stop.engage(scope, target, "it errs", seen.person("approver")).stop
    assert (" live " in text_of(seen.get("/strip", "rep"))) is live
    lift(seen, stop.id)


def test_a_key_that_stopped_goes_by_its_name(seen):
    key = seen.served.service.key_desk.create("alarm of the CRM", ["approver"], created_by="tests").key
    stop = seen.served.state.desks.stop.engage(StopScope.SOURCE, "web", "it errs", key.id).stop
    assert "by alarm of the CRM" in text_of(seen.get("/strip", "rep"))
    lift(seen, stop.id)


def test_everybody_who_has_signed_in_is_told_and_nobody_else(seen):
    assert seen.get("/strip", "rep").status_code == 200
    stranger = seen.get("/strip", hx_request="true")
    assert (stranger.status_code, stranger.headers["x-ask"]) == (401, "sign-in")


def test_times_are_a_minute_old_at_most(seen, still):
    known = version_of(seen.get("/strip", "rep"))
    still(timedelta(seconds=50))
    assert seen.get(f"/strip?known={known}", "rep").status_code == 204
    still(timedelta(seconds=70))
    assert seen.get(f"/strip?known={known}", "rep").status_code == 200


def test_a_page_left_open_does_not_keep_somebody_signed_in(seen, still):
    assert seen.get("/strip", "auditor").status_code == 200
    still(timedelta(minutes=50))
    assert seen.get("/strip", "auditor").status_code == 200
    still(timedelta(minutes=61))
    assert seen.get("/strip", "auditor", hx_request="true").status_code == 401
    assert seen.get("/account", "reviewer").status_code == 200
    still(timedelta(minutes=61 + 50))
    assert seen.get("/account", "reviewer").status_code == 200
    still(timedelta(minutes=61 + 100))
    assert seen.get("/account", "reviewer").status_code == 200  # what somebody asks for does
