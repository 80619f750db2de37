"""The kill switch over HTTP: one stops, two start again, leads are accepted all the while."""

import pytest

from tests.support.api import running_api
from tests.support.signed_in import browser_of
from winnow.core.apikeys import ROLES, Scope

WHY = {"reason": "wrong leads"}
LEAD = {"full_name": "Ana", "email": "ana@bluebird.example", "message": "Do you ship to Zagreb?"}


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with running_api(tmp_path_factory.mktemp("stop")) as running:
        yield running


def problem(answer):
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def lifted(api, stop_id):
    def agreed():
        return browser_of(api.served, "approver")("POST", f"/v1/stop/{stop_id}/lift", {"reason": "mended"}).json()

    agreed()
    return agreed()


def test_one_stops_and_two_start_again(api):
    assert (api.get("/v1/stop")["everything"], api.get("/v1/stop")["sentence"]) == (False, "")
    engaged = api.post("/v1/stop", WHY)
    stop = engaged["stop"]
    assert (stop["scope"], stop["by"], stop["reason"], engaged["on_their_way"]) == (
        "all",
        api.key_id(),
        "wrong leads",
        0,
    )
    assert api.log()[engaged["log_entry"]] == "stop.engaged"
    status = api.get("/v1/stop")
    assert (status["everything"], status["readable"]) == (True, True)
    assert status["sentence"].startswith("Everything automatic is stopped since")
    assert status["standing"] == [stop]
    answer = api.ask("POST", "/v1/leads", LEAD)
    assert answer.status_code == 200
    assert (answer.json()["outcome"], answer.json()["decided_by"]) == ("review", "system")
    ana, bo = (browser_of(api.served, role) for role in ("approver", "privacy-officer"))
    path = f"/v1/stop/{stop['id']}/lift"
    first = ana("POST", path, {"reason": "seen it"}).json()
    assert (first["first"]["reason"], first["second"], first["lifted_at"]) == ("seen it", None, None)
    assert problem(ana("POST", path, {"reason": "again"})) == (409, "conflict")
    assert api.get("/v1/stop")["everything"] is True
    second = bo("POST", path, {"reason": "so have I"}).json()
    assert second["first"]["by"] != second["second"]["by"]
    assert api.get("/v1/stop")["everything"] is False
    assert api.get("/v1/stop/past?limit=1")["stops"] == [second]
    assert [kind for kind in api.log() if kind.startswith("stop.")] == [
        "stop.engaged",
        "stop.lift-agreed",
        "stop.lifted",
    ]


def test_no_key_lifts_whatever_it_may_do_and_nobody_without_proving_anew_who_they_are(api, monkeypatch):
    stop_id = api.post("/v1/stop", {**WHY, "scope": "rule", "target": "mailing"})["stop"]["id"]
    path = f"/v1/stop/{stop_id}/lift"
    assert api.ask("POST", path, {"reason": "x"}).status_code == 403
    assert browser_of(api.served, "rep")("POST", path, {"reason": "x"}).status_code == 403
    with monkeypatch.context() as patched:
        patched.setattr("winnow.core.people.accounts.Session.confirmed", lambda *_: False)
        assert problem(browser_of(api.served, "approver")("POST", path, {"reason": "x"})) == (403, "not-confirmed")
    assert api.get("/v1/stop")["standing"][0]["first"] is None
    assert lifted(api, stop_id)["lifted_at"]


@pytest.mark.parametrize("role", ROLES)
def test_who_may_look_may_look_and_who_may_stop_may_stop(api, role):
    may = ROLES[role]
    assert api.ask("GET", "/v1/stop", role=role).status_code == (200 if Scope.STOP_READ in may else 403)
    assert api.ask("GET", "/v1/stop/past", role=role).status_code == (200 if Scope.STOP_READ in may else 403)
    for path in ("/v1/stop", "/v1/stop/drills"):
        assert api.ask("POST", path, {"x": 1}, role=role).status_code == (422 if Scope.STOP_WRITE in may else 403)


@pytest.mark.parametrize(
    "body", [{}, {"reason": " "}, {**WHY, "scope": "moon"}, {**WHY, "scope": "rule"}, {**WHY, "target": "web"}]
)
def test_a_stop_that_cannot_be_is_refused(api, body):
    assert api.ask("POST", "/v1/stop", body).status_code == 422


def test_a_drill_says_when_every_process_knew(api):
    found = api.post("/v1/stop/drills", {"dry": False})
    assert (found["drill"], found["scope"]) == ("live", "all")
    assert found["lifted_at"]
    (one,) = found["report"]["noticed"]
    assert one["kind"] == "serve"
    assert found["report"]["slowest_seconds"] == one["seconds"]
    assert api.get("/v1/stop/past?drills=true")["stops"] == [found]
    (replica,) = api.get("/v1/stop")["replicas"]
    assert replica["id"] == one["replica"]
    assert problem(api.ask("POST", "/v1/stop/drills", {"seconds": 61})) == (422, "invalid-input")
