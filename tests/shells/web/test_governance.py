"""The page that says whether anything is wrong: everything that is, in a sentence, with where to go."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.support.governed import system
from tests.support.seeing import text_of
from tests.support.signing import signed_in
from winnow.core.govern.signing import Kind
from winnow.core.govern.stop import StopScope
from winnow.core.govern.systems import document_of
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import incident_of
from winnow.services.signing import Wanted


def told(seen, *roles):
    return text_of(seen.get("/governance", *roles)).partition("Is anything wrong?")[2]


def needs(text):
    """What needs somebody now."""
    return text.partition("need")[2].partition("looked at")[0]


def test_while_nothing_is_wrong_it_says_what_is_as_it_should_be(seen):
    text = told(seen, "privacy-officer")
    for words in ("Nothing is stopped.", "No incident is open.", "Nothing waits for a signature."):
        assert words in text
    assert "A stop was never practised." in text
    assert "needs somebody now" not in text


def test_who_may_not_see_something_is_told_that_it_is_left_out(seen):
    text = told(seen, "rep")
    assert "Your role does not show you: AI systems and Sign-offs." in text
    assert "Nothing waits for a signature." not in text
    assert "does not show you" not in told(seen, "auditor")
    assert seen.get("/governance", "auditor").status_code == 200


def test_stops_incidents_and_pauses_need_somebody(seen):
    desks, service = seen.served.state.desks, seen.served.service
    now = service.clock.now()
    finding = Finding(Guard.REJECT_RATE, None, 40, now.date(), ("x",), Severity.ALARM, pauses=True)
    incident = incident_of(finding, service.new_id("inc", now), now)
    desks.guards._store.open(incident, "guards", now)
    stop = desks.stop.engage(StopScope.RULE, "mailing", "it hits customers", seen.person("rep")).stop
    try:
        page = seen.get("/governance", "approver")
        text = needs(text_of(page))
        assert "rule mailing" in text
        assert "Much more is rejected than before" in text
        assert "Rejecting is paused for it." in text
        assert f'href="/incidents/{incident.id}"' in page.text
        assert "/incidents/" not in seen.get("/governance", "rep").text
    finally:
        desks.guards.close(incident.id, "the test is over", "tests")
        for who in ("admin", "approver"):
            desks.stop.lift(stop.id, "the test is over", desks.people.desk.person(seen.person(who)))
    assert "Nothing is stopped." in told(seen, "approver")


def test_systems_whose_review_is_due(seen, monkeypatch):
    desks = seen.served.state.desks
    made = desks.systems.add({**system(), "name": "Bot <b>"}, "tests")
    soon = seen.served.service.clock.now().date() + timedelta(days=20)
    desks.systems.review(made.system.id, "looked at it", "tests", soon)
    assert "The review of Bot &lt;b&gt; is due on" in told(seen, "auditor")
    later = seen.served.service.clock.now() + timedelta(days=30)
    monkeypatch.setattr(desks.systems, "_clock", SimpleNamespace(now=lambda: later))
    page = seen.get("/governance", "auditor")
    assert "The review of Bot &lt;b&gt; was due on" in text_of(page)
    assert f'href="/systems/{made.system.id}"' in page.text
    monkeypatch.undo()
    desks.systems.retire(made.system.id, "the test is over", "tests")
    assert "Bot" not in told(seen, "auditor")


@pytest.mark.parametrize(("days", "words"), [(0, "A stop was practised"), (120, "A drill is due")])
def test_drills_are_due_each_quarter(seen, monkeypatch, days, words):
    desks = seen.served.state.desks
    desks.stop.drill("tests", seconds=0, dry=True)
    monkeypatch.setattr("winnow.shells.web.governance_points.DRILL_EVERY", timedelta(days=90 - days))
    assert words in told(seen, "auditor")


def test_sign_offs_that_wait_and_that_end_soon(seen):
    desks, service = seen.served.state.desks, seen.served.service
    author, signer = (desks.people.desk.person(seen.person(role)) for role in ("rule-author", "privacy-officer"))
    made = desks.systems.add({**system("night-bot"), "name": "Bot", "owner": author.id}, "tests")
    by_author, by_signer = (signed_in(person, service.clock.now()) for person in (author, signer))
    wanted = Wanted(Kind.AI_SYSTEM, made.system.id, "it answers at night", timedelta(days=20))
    proposal = desks.signing.propose(wanted, by_author).filed.proposal
    page = seen.get("/governance", "approver")
    assert "Bot has waited for a signature since" in text_of(page)
    assert f'href="/proposals/{proposal.id}"' in page.text
    desks.signing.sign(proposal.id, proposal.hash, by_signer)
    desks.systems.change(made.system.id, {**document_of(made.system), "status": "live"}, made.system.revision, "tests")
    text = told(seen, "approver")
    assert "The sign-off of Bot ends on" in text
    assert "has waited for a signature" not in text
    desks.systems.retire(made.system.id, "the test is over", "tests")
    assert "The sign-off of Bot" not in told(seen, "approver")


def test_break_glass_needs_somebody(seen, monkeypatch):
    until = seen.served.service.clock.now() + timedelta(hours=1)
    found = SimpleNamespace(proposal="prop_x", until=until, because="leads are lost <b>")
    assert "Rejecting without a person is not paused" in text_of(seen.get("/governance", "approver"))
    monkeypatch.setattr(seen.served.state.desks.break_glass, "now", lambda: found)
    page = seen.get("/governance", "approver")
    assert "A ruleset decides by break-glass until" in needs(text_of(page))
    assert "Rejecting without a person is not paused" not in text_of(page)
    assert "leads are lost &lt;b&gt;" in page.text
    assert 'href="/proposals/prop_x"' in page.text
