"""The review queue over HTTP: what programs are told, who may ask, and that a retry does nothing twice."""

import time

import pytest

from tests.support.api import running_api
from tests.support.reviewing import DOUBTFUL
from winnow.shells.http.access import access_of
from winnow.shells.http.routes import bulk, cases

BEFORE = "2026-01-01T00:00:00Z"


@pytest.fixture
def api(tmp_path):
    with running_api(tmp_path) as running:
        yield running


def came(api, number, **more):
    lead = {"id": f"l{number}", "source": "web", "email": f"p{number}@bluebird.example", **DOUBTFUL, **more}
    made = api.post("/v1/leads", lead)
    assert made["outcome"] == "review"
    return made["id"]


def problem(answer):
    return answer.status_code, answer.json()["type"].removeprefix("/problems/"), answer.json().get("where")


def test_a_case_is_claimed_decided_and_undone(api):
    case = came(api, 1)
    page = api.get("/v1/cases")
    assert [each["id"] for each in page["cases"]] == [case]
    assert (page["queue"]["waiting"], page["queue"]["by_source"], page["next"]) == (1, {"web": 1}, None)
    assert api.post("/v1/cases/next")["claim"]["by"] == api.key_id()
    taken = api.ask("POST", f"/v1/cases/{case}/claim", role="reviewer")
    assert problem(taken)[:2] == (409, "conflict")
    assert f"taken by `{api.key_id()}` until" in taken.json()["detail"]
    assert api.ask("DELETE", f"/v1/cases/{case}/claim").json()["state"] == "open"
    said = {"outcome": "reject", "reason": "1", "note": "again"}
    decided = api.post(f"/v1/cases/{case}/disposition", said, Idempotency_Key="k1")
    assert (decided["state"], decided["closing"]["reason"], decided["closing"]["followed"]) == ("decided", "spam", True)
    assert api.post(f"/v1/cases/{case}/disposition", said, Idempotency_Key="k1") == decided
    assert problem(api.ask("POST", f"/v1/cases/{case}/disposition", said))[:2] == (409, "conflict")
    assert api.post("/v1/cases/next") is None
    one = api.get(f"/v1/cases/{case}")
    assert [(each["note"], each["undone_by"]) for each in one["said"]] == [("again", None)]
    assert api.get("/v1/cases?shelf=decided&outcome=reject")["cases"] == [decided]
    assert api.post(f"/v1/cases/{case}/undo")["state"] == "open"
    changes = [kind for kind in api.log() if kind.partition(".")[0] in {"case", "label"}]
    assert changes == ["case.decided", "label.added", "label.withdrawn", "case.reopened"]


def test_later_leads_of_the_person_are_decided_within_a_second(api):
    case = came(api, 1)
    api.post(f"/v1/cases/{case}/disposition", {"outcome": "reject", "reason": "fraud"})
    time.sleep(0.6)
    later = api.post("/v1/leads", {"id": "later", "source": "other", "email": "p1@bluebird.example"})
    assert (later["outcome"], later["decided_by"]) == ("reject", "override")
    assert api.post(f"/v1/decisions/{later['id']}/replay")["same"] is True
    released = api.post(f"/v1/cases/{later['id']}/release", {"tag": True})
    assert (released["state"], released["closing"]["outcome"]) == ("decided", "tag")


def test_many_are_decided_at_once_and_undone(api):
    numbers = [came(api, number) for number in range(3)]
    api.post(f"/v1/cases/{numbers[2]}/claim", role="reviewer")
    preview = api.post("/v1/cases/bulk/preview", {"cases": numbers})
    assert (preview["cases"], list(preview["left"])) == (numbers[:2], numbers[2:])
    bulk = api.post("/v1/cases/bulk", {"cases": numbers, "disposition": {"outcome": "accept"}})
    assert (bulk["cases"], list(bulk["left"]), bulk["entry"]) == (numbers[:2], numbers[2:], None)
    undone = api.post(f"/v1/cases/bulk/{bulk['id']}/undo")
    assert undone == {"cases": numbers[:2], "left": {}}
    assert problem(api.ask("POST", f"/v1/cases/bulk/{bulk['id']}/undo"))[0] == 409


def test_what_leads_share_is_allowed(api):
    numbers = [came(api, number) for number in range(2)]
    asked = {"kind": "domain", "value": "bluebird.example"}
    preview = api.post("/v1/cases/shared/preview", asked)
    assert sorted(preview["cases"]) == numbers
    said = {**asked, "owner": "Mia", "reason": "partner", "cases": preview["cases"]}
    assert problem(api.ask("POST", "/v1/cases/shared/allow", said, role="cases:write"))[:2] == (403, "not-allowed")
    done = api.post("/v1/cases/shared/allow", said)
    assert sorted(done["cases"]) == numbers
    assert api.get(f"/v1/lists/{done['entry']}")["action"] == "allow"
    assert problem(api.ask("POST", "/v1/cases/shared/preview", asked, role="cases:read"))[0] == 403


def test_a_snoozed_case_is_out_of_the_queue(api):
    case = came(api, 1)
    assert problem(api.ask("POST", f"/v1/cases/{case}/snooze", {"until": BEFORE}))[1:] == ("invalid-input", "until")
    until = api.service.clock.now().replace(microsecond=0).isoformat()
    assert problem(api.ask("POST", f"/v1/cases/{case}/snooze", {"until": until}))[0] == 422


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"outcome": "review"}, None),
        ({"outcome": "reject"}, "reason"),
        ({"outcome": "reject", "reason": "other"}, "note"),
        ({"outcome": "accept", "expires_at": BEFORE}, "expires_at"),
        ({"outcome": "accept", "who": "x"}, None),
        ({"outcome": "accept", "note": "x" * 2_001}, None),
    ],
)
def test_what_is_no_verdict_is_refused(api, body, where):
    answer = api.ask("POST", f"/v1/cases/{came(api, 1)}/disposition", body)
    assert answer.status_code == 422
    assert where is None or problem(answer)[2] == where


ROUTES = [
    ("GET", "/v1/cases", "cases:read"),
    ("GET", "/v1/cases/agreement", "cases:read"),
    ("GET", "/v1/cases/99", "cases:read"),
    ("POST", "/v1/cases/bulk/preview", "cases:read"),
    ("POST", "/v1/cases/shared/preview", "cases:read"),
    ("POST", "/v1/cases/next", "cases:write"),
    ("POST", "/v1/cases/bulk", "cases:write"),
    ("POST", "/v1/cases/bulk/none/undo", "cases:write"),
    ("POST", "/v1/cases/shared/allow", "cases:write"),
    ("POST", "/v1/cases/99/claim", "cases:write"),
    ("DELETE", "/v1/cases/99/claim", "cases:write"),
    ("POST", "/v1/cases/99/disposition", "cases:write"),
    ("POST", "/v1/cases/99/release", "cases:write"),
    ("POST", "/v1/cases/99/snooze", "cases:write"),
    ("POST", "/v1/cases/99/undo", "cases:write"),
]


def test_the_table_has_every_route():
    assert sorted(access_of(handler).scope for handler in [*cases.ROUTES, *bulk.ROUTES]) == sorted(
        scope for _, _, scope in ROUTES
    )


def test_who_may_ask(api):
    allowed = {"cases:read": {"rep", "reviewer", "auditor"}, "cases:write": {"rep", "reviewer"}}
    for method, path, scope in ROUTES:
        for role in ("ingest", "rep", "reviewer", "rule-author", "approver", "privacy-officer", "auditor", "admin"):
            status = api.ask(method, path, {} if method == "POST" else None, role=role).status_code
            assert (status != 403) is (role in allowed[scope]), (method, path, role, status)


def test_what_is_not_there_is_not_found(api):
    for method, path, _ in ROUTES:
        if path.endswith(("99", "claim", "99/undo", "none/undo")):
            assert api.ask(method, path).status_code == 404
