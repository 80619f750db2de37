"""The page of the kill switch: stopped in a few seconds, started again by two, and every page says so."""

from datetime import timedelta

import pytest

from tests.support.seeing import text_of
from winnow.bootstrap.stopping import StopWatch
from winnow.core.govern.stop import UNREADABLE, StopScope
from winnow.errors import StoreAwayError

HOSTILE = '"><script>alert(1)</script>%(x)s'


@pytest.fixture(autouse=True)
def desk(seen):
    """The switch; nothing is stopped any more at the end."""
    found = seen.served.state.desks.stop
    yield found
    people = seen.served.state.desks.people.desk
    for past in found.status().standing:
        agreed = past.first.by if past.first else None
        willing = [person for person in map(seen.person, ("admin", "privacy-officer")) if person != agreed]
        for person in willing[: 1 if agreed else 2]:
            found.lift(past.stop.id, "the test is over", people.person(person))


def stopped(seen, *roles, **fields):
    return seen.post("/stop", *roles, fields={"what": "all", "reason": "genuine leads are rejected", **fields})


def newest(desk):
    return desk.status().standing[-1].stop


@pytest.mark.parametrize("role", ["rep", "reviewer", "admin"])
def test_one_person_stops_and_every_page_of_everybody_says_so_at_once(seen, desk, role):
    assert "STOPPED" not in text_of(seen.get("/account", "auditor"))
    answer = stopped(seen, role)
    assert answer.headers["location"] == "/stop?said=stopped"
    assert newest(desk).by == seen.person(role)
    for who, path in (("auditor", "/account"), ("rep", "/stop"), ("admin", "/admin")):
        told = text_of(seen.get(path, who))
        assert f"STOPPED everything automatic by {role}" in told
        assert "live ruleset" not in told
    assert "STOPPED" not in text_of(seen.get("/sign-in"))


def test_who_may_stop_has_the_button_on_every_page(seen):
    assert 'href="/stop#reason"' in seen.get("/account", "rep").text
    assert 'href="/stop#reason"' not in seen.get("/account", "auditor").text
    assert stopped(seen, "auditor").status_code == 403
    assert "Stop it now" not in seen.get("/stop", "auditor").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason": ""}, "Nothing but blanks"),
        ({"reason": "ana@bluebird.example is rejected"}, "A mail address is in it"),
        ({"what": "moon:x"}, "This is nothing that can be stopped"),
        ({"what": "rule:"}, "names it"),
        ({"what": "action:dance"}, "is no action"),
    ],
)
def test_what_cannot_be_stopped_says_why_and_keeps_what_was_typed(seen, desk, fields, told):
    page = stopped(seen, "reviewer", **fields)
    assert page.status_code == 422
    assert told in text_of(page)
    assert fields.get("reason", "genuine leads are rejected") in page.text
    assert desk.status().standing == ()


def test_one_thing_is_chosen_from_what_there_is(seen, desk):
    seen.served.screened(full_name="Bo", email="genuine@winnow.example", source="website")
    page = seen.get("/stop", "reviewer").text
    for value in ("source:website", "action:reject", "ai-system:winnow", "rule:mailing", "scorecard:"):
        assert f'value="{value}' in page, value
    stopped(seen, "reviewer", what="action:reject")
    stop = newest(desk)
    assert (stop.scope, stop.target) == (StopScope.ACTION, "reject")
    told = text_of(seen.get("/account", "auditor"))
    assert "STOPPED the action “rejecting”" in told
    assert "Rejecting without a person is not paused" not in text_of(seen.get("/governance", "auditor"))
    said = seen.get("/stop?said=stopped-one", "rep").text
    assert "It is stopped, everywhere." in said
    assert "and wait for people.</" not in said
    assert "live ruleset" in told


@pytest.mark.parametrize(("minutes", "told"), [(1, False), (0, True)])
def test_nobody_is_told_at_once_that_a_process_has_not_noticed(seen, monkeypatch, minutes, told):
    monkeypatch.setattr("winnow.shells.web.pages.stop._NOTICED_WITHIN", timedelta(minutes=minutes))
    StopWatch(seen.served.service, "serve").step()
    stopped(seen, "rep", what="action:reject")
    assert ("not noticed the last change yet" in text_of(seen.get("/stop", "rep"))) is told


def test_two_different_people_start_again(seen, desk):
    stopped(seen, "rep", what=f"source:{HOSTILE}", reason=HOSTILE)
    path = f"/stop/{newest(desk).id}"
    assert seen.post(f"{path}/lift", "rep", fields={"reason": "x"}).status_code == 403
    assert "Your role may not start again" in text_of(seen.get(path, "rep"))
    first = seen.post(f"{path}/lift", "approver", fields={"reason": "the form is mended"})
    assert first.headers["location"] == f"{path}?said=restart-agreed"
    mine = seen.get(path, "approver")
    assert "You have agreed already, thank you" in text_of(mine)
    assert "lift" not in mine.text.partition("<main")[2].partition("</main")[0]
    again = seen.post(f"{path}/lift", "approver", fields={"reason": "it really is"})
    assert again.status_code == 422
    assert "You have agreed already, and it takes two people" in text_of(again)
    other = seen.get(path, "privacy-officer")
    assert "Agree, and start again" in text_of(other)
    assert "approver" in text_of(other)
    assert "<script>alert" not in other.text
    second = seen.post(f"{path}/lift", "privacy-officer", fields={"reason": "looked at it"})
    assert second.headers["location"] == f"{path}?said=restarted"
    assert "STOPPED" not in text_of(seen.get(path, "rep"))
    assert "lifted" in text_of(seen.get("/stop/past", "auditor"))


def test_agreeing_needs_a_reason_and_the_password_once_more(seen, desk, monkeypatch):
    stopped(seen, "rep")
    path = f"/stop/{newest(desk).id}/lift"
    assert seen.post(path, "approver", fields={"reason": " "}).status_code == 422
    monkeypatch.setattr("winnow.core.people.accounts.CONFIRMED_FOR", timedelta(0))
    answer = seen.post(path, "approver", fields={"reason": "mended"})
    assert (answer.status_code, answer.headers["x-ask"]) == (403, "confirm")
    assert desk.status().standing[-1].first is None
    assert seen.get("/stop/stop_none", "rep").status_code == 404


def test_what_cannot_be_read_is_shown_as_stopped(seen, desk, monkeypatch):
    monkeypatch.setattr(desk, "_in_force", lambda **_: UNREADABLE)
    for page in (seen.get("/account", "rep"), seen.get("/stop", "rep")):
        assert "STOPPED everything automatic, because nobody can tell what is stopped" in text_of(page)
    assert "nobody can tell whether somebody stopped it" in text_of(seen.get("/governance", "rep"))

    def away(**_):
        raise StoreAwayError("the database is away")

    monkeypatch.setattr(desk, "_in_force", away)
    told = text_of(seen.get("/stop", "rep"))
    assert "STOPPED everything automatic" in told
    assert "nobody can tell whether somebody stopped it" in told


def test_what_was_on_its_way_is_told(seen):
    assert "3 messages were being sent at that moment" in text_of(seen.get("/stop?left=3", "rep"))
    assert "cannot be called back" not in text_of(seen.get("/stop?left=%3Cscript", "rep"))


def test_a_drill_says_first_what_it_does_and_then_what_it_has_shown(seen):
    page = text_of(seen.get("/stop/drill", "rep"))
    assert "Stop nothing, only measure" in page
    assert "Really stop everything automatic for 3 seconds" in page
    assert seen.post("/stop/drill", "rep", fields={"seconds": "61"}).status_code == 422
    assert seen.post("/stop/drill", "auditor", fields={"seconds": "0"}).status_code == 403
    answer = seen.post("/stop/drill", "rep", fields={"seconds": "0"})
    path, _, said = answer.headers["location"].partition("?")
    assert said == "said=drilled"
    told = text_of(seen.get(path, "auditor"))
    assert "a drill that stopped nothing" in told
    assert "In force after" in told
    assert "a drill that stopped nothing" in text_of(seen.get("/stop/past?drills=on", "auditor"))
    assert seen.post(f"{path}/lift", "approver", fields={"reason": "over"}).status_code == 422
