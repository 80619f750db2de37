"""Incidents over HTTP: found by guards, read by programs, closed by people, with what that does to decisions."""

from dataclasses import replace
from datetime import date

import pytest

from tests.support.api import running_api
from tests.support.signed_in import Browser, browser_of, new_person
from winnow.adapters.db.incidents import StoredIncidents
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import incident_of
from winnow.shells.http.metrics import metrics

FINDING = Finding(
    Guard.CONVERSION, "web", 5010, date(2026, 11, 10), ("of 5,010 leads", "before"), Severity.ALARM, pauses=True
)


@pytest.fixture
def api(tmp_path):
    with running_api(tmp_path) as running:
        yield running


def opened(api, finding=FINDING, number=1):
    now = api.service.clock.now()
    incident = incident_of(finding, f"inc_{number}", now)
    StoredIncidents(api.service.engine, api.service.journal).open(incident, "guards", now)


def problem(answer):
    return answer.status_code, answer.json()["type"].removeprefix("/problems/"), answer.json().get("where")


def test_an_incident_is_read_and_closed_once(api):
    opened(api)
    found = api.get("/v1/incidents/inc_1")
    assert found["guard"] == "conversion"
    assert (found["source"], found["since"], found["figures"]) == ("web", "2026-11-10", ["of 5,010 leads", "before"])
    assert (found["state"], found["severity"], found["closed_at"]) == ("contained", "alarm", None)
    assert api.get("/v1/incidents") == {"incidents": [found], "next": None}
    person = new_person(api.served, "approver")
    browser = Browser(api.served)
    browser.sign_in(person.email)
    closed = browser("POST", "/v1/incidents/inc_1/close", {"reason": "  mended  ", "renew": True}).json()
    assert (closed["state"], closed["reason"], closed["renewed"]) == ("closed", "mended", True)
    assert closed["closed_by"] == person.id
    assert api.get("/v1/incidents/inc_1") == closed
    assert api.get("/v1/incidents?unclosed=true")["incidents"] == []
    assert problem(browser("POST", "/v1/incidents/inc_1/close", {"reason": "again"}))[:2] == (409, "conflict")
    changes = [kind for kind in api.log() if kind.partition(".")[0] in {"incident", "reject"}]
    assert changes == ["incident.opened", "reject.paused", "incident.closed", "reject.resumed"]


def test_pages_give_the_newest_first(api):
    for number in range(3):
        opened(api, replace(FINDING, source=str(number)), number)
    first = api.get("/v1/incidents?limit=2")
    assert [each["id"] for each in first["incidents"]] == ["inc_2", "inc_1"]
    second = api.get(f"/v1/incidents?limit=2&cursor={first['next']}")
    assert ([each["id"] for each in second["incidents"]], second["next"]) == (["inc_0"], None)


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({}, 422, None),
        ({"reason": ""}, 422, None),
        ({"reason": "   "}, 422, "reason"),
        ({"reason": "x" * 2_001}, 422, None),
        ({"reason": "x", "why": "y"}, 422, None),
    ],
)
def test_without_a_reason_nothing_is_closed(api, body, status, where):
    opened(api)
    answer = browser_of(api.served, "approver")("POST", "/v1/incidents/inc_1/close", body)
    assert answer.status_code == status
    if where:
        assert problem(answer)[2] == where
    assert api.get("/v1/incidents/inc_1")["state"] == "contained"


def test_what_is_not_there_is_not_found(api):
    assert problem(api.ask("GET", "/v1/incidents/none"))[:2] == (404, "not-found")
    close = browser_of(api.served, "approver")("POST", "/v1/incidents/none/close", {"reason": "x"})
    assert problem(close)[:2] == (404, "not-found")


def test_nobody_but_people_who_have_just_proved_who_they_are_closes(api, monkeypatch):
    opened(api)
    said, path = {"reason": "x"}, "/v1/incidents/inc_1/close"
    assert problem(api.ask("POST", path, said))[:2] == (403, "not-allowed")
    assert problem(browser_of(api.served, "reviewer")("POST", path, said))[:2] == (403, "not-allowed")
    approver = browser_of(api.served, "approver")
    with monkeypatch.context() as patched:
        patched.setattr("winnow.core.people.accounts.Session.confirmed", lambda *_: False)
        assert problem(approver("POST", path, said))[:2] == (403, "not-confirmed")
    assert api.get("/v1/incidents/inc_1")["state"] == "contained"
    assert approver("POST", path, said).json()["state"] == "closed"


def test_the_numbers_say_what_is_open_and_paused(api):
    def numbers():
        lines = metrics(api.served.state).decode().splitlines()
        return {
            line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
            for line in lines
            if "winnow_incidents{" in line or line.startswith("winnow_pauses")
        }

    states = ("open", "contained", "fixed")
    quiet = {**{f'winnow_incidents{{state="{state}"}}': 0 for state in states}, "winnow_pauses": 0}
    assert numbers() == quiet
    opened(api)
    opened(api, replace(FINDING, guard=Guard.QUEUE, pauses=False), 2)
    assert numbers() == {
        'winnow_incidents{state="open"}': 1,
        'winnow_incidents{state="contained"}': 1,
        'winnow_incidents{state="fixed"}': 0,
        "winnow_pauses": 1,
    }
    approver = browser_of(api.served, "approver")
    for number in (1, 2):
        assert approver("POST", f"/v1/incidents/inc_{number}/close", {"reason": "mended"}).status_code == 200
    assert numbers() == quiet


# ── those that people open ───────────────────────────────────────────────────────────────────────

SEEN = {"kind": "bias", "what": "a region was rejected", "severity": "severe", "source": "web", "since": "2026-11-10"}


def test_an_incident_that_somebody_has_seen_goes_its_way(api):
    lead = int(api.post("/v1/leads", {"email": "ana@bluebird.example"})["id"])
    incident = api.post("/v1/incidents", SEEN)
    path = f"/v1/incidents/{incident['id']}"
    assert (incident["kind"], incident["guard"], incident["state"]) == ("bias", "person", "open")
    assert incident["opened_by"] == api.key_id()
    assert api.post("/v1/incidents", SEEN)["id"] != incident["id"]
    contained = api.post(f"{path}/steps", {"step": "contained"})
    assert (contained["state"], contained["contained_by"], contained["fixed_at"]) == ("contained", api.key_id(), None)
    assert api.post(f"{path}/steps", {"step": "fixed"})["state"] == "fixed"
    assert problem(api.ask("POST", f"{path}/steps", {"step": "fixed"}))[:2] == (409, "conflict")
    assert api.ask("POST", f"{path}/notes", {"text": "asked the web team"}).status_code == 204
    assert api.ask("POST", f"{path}/links", {"kind": "stop", "id": "stop_1"}).status_code == 204
    assert api.post(f"{path}/leads", {"leads": [lead, lead]}) == {"count": 1}
    assert problem(api.ask("POST", f"{path}/leads", {"leads": [9_999]}))[:2] == (404, "not-found")
    approver = browser_of(api.served, "approver")
    assert problem(approver("POST", f"{path}/close", {"reason": "mended"})) == (422, "invalid-input", "lessons")
    closed = approver("POST", f"{path}/close", {"reason": "mended", "lessons": "test more"}).json()
    assert (closed["state"], closed["lessons"]) == ("closed", "test more")
    report = api.get(f"{path}/report")
    assert [each["step"] for each in report["clock"]] == ["detected", "contained", "fixed", "closed"]
    assert (report["people"], report["links"]) == (1, [{"kind": "stop", "id": "stop_1"}])
    assert [each["text"] for each in report["actions"]] == ["asked the web team"]
    text = api.ask("GET", f"{path}/report.txt")
    assert text.headers["content-type"].startswith("text/plain")
    assert "asked the web team" in text.text
    assert "bluebird" not in text.text + str(report)
    assert [kind for kind in api.log() if kind.startswith("incident.")] == [
        *("incident.opened", "incident.opened", "incident.contained", "incident.fixed"),
        *("incident.noted", "incident.linked", "incident.people", "incident.closed"),
    ]


def test_addresses_are_for_those_who_may_see_leads(api):
    leads = [int(api.post("/v1/leads", {"email": f"p{each}@bluebird.example"})["id"]) for each in range(3)]
    path = f"/v1/incidents/{api.post('/v1/incidents', SEEN)['id']}/leads"
    api.post(path, {"leads": leads})
    first = api.get(f"{path}?limit=2")
    assert first["leads"][0] == {"lead": leads[0], "addresses": ["p0@bluebird.example"]}
    second = api.get(f"{path}?limit=2&cursor={first['next']}", role="incidents:read")
    assert second == {"leads": [{"lead": leads[2], "addresses": None}], "next": None}
    assert problem(api.ask("GET", f"{path}?cursor=x")) == (422, "invalid-input", "cursor")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"what": "ana@bluebird.example was rejected"}, "what"),
        ({"what": " "}, "what"),
        ({"kind": "mood"}, "$.kind"),
        ({"since": "2999-01-01"}, "since"),
    ],
)
def test_an_incident_that_cannot_be_is_refused(api, change, where):
    assert problem(api.ask("POST", "/v1/incidents", {**SEEN, **change})) == (422, "invalid-input", where)


def test_what_is_linked_has_a_name(api):
    path = f"/v1/incidents/{api.post('/v1/incidents', SEEN)['id']}"
    assert problem(api.ask("POST", f"{path}/links", {"kind": "stop", "id": " "}))[0] == 422
    for each in ("notes", "links", "leads", "steps"):
        body = {"text": "x", "kind": "stop", "id": "x", "leads": [1], "step": "fixed"}
        wanted = {"notes": ["text"], "links": ["kind", "id"], "leads": ["leads"], "steps": ["step"]}[each]
        answer = api.ask("POST", f"/v1/incidents/none/{each}", {name: body[name] for name in wanted})
        assert answer.status_code == 404, each
