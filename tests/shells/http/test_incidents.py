"""Incidents over HTTP: found by guards, read by programs, closed by people, with what that does to decisions."""

from dataclasses import replace
from datetime import date

import pytest

from tests.support.api import running_api
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
    closed = api.post("/v1/incidents/inc_1/close", {"reason": "  mended  ", "renew": True})
    assert (closed["state"], closed["reason"], closed["renewed"]) == ("closed", "mended", True)
    assert closed["closed_by"] == api.key_id()
    assert api.get("/v1/incidents/inc_1") == closed
    assert api.get("/v1/incidents?unclosed=true")["incidents"] == []
    assert problem(api.ask("POST", "/v1/incidents/inc_1/close", {"reason": "again"}))[:2] == (409, "conflict")
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
    answer = api.ask("POST", "/v1/incidents/inc_1/close", body)
    assert answer.status_code == status
    if where:
        assert problem(answer)[2] == where
    assert api.get("/v1/incidents/inc_1")["state"] == "contained"


def test_what_is_not_there_is_not_found(api):
    assert problem(api.ask("GET", "/v1/incidents/none"))[:2] == (404, "not-found")
    assert problem(api.ask("POST", "/v1/incidents/none/close", {"reason": "x"}))[:2] == (404, "not-found")


def test_the_numbers_say_what_is_open_and_paused(api):
    def numbers():
        lines = metrics(api.served.state).decode().splitlines()
        return {
            line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
            for line in lines
            if "winnow_incidents{" in line or line.startswith("winnow_pauses")
        }

    quiet = {'winnow_incidents{state="open"}': 0, 'winnow_incidents{state="contained"}': 0, "winnow_pauses": 0}
    assert numbers() == quiet
    opened(api)
    opened(api, replace(FINDING, guard=Guard.QUEUE, pauses=False), 2)
    assert numbers() == {
        'winnow_incidents{state="open"}': 1,
        'winnow_incidents{state="contained"}': 1,
        "winnow_pauses": 1,
    }
    for number in (1, 2):
        api.post(f"/v1/incidents/inc_{number}/close", {"reason": "mended"})
    assert numbers() == quiet
