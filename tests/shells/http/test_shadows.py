"""Shadow over HTTP: put on, read about, taken off, by those who may."""

import pytest


@pytest.fixture
def draft(served):
    """The hash of a ruleset that tags nobody, and so differs on what the live one tags."""
    live = served("GET", "/v1/rulesets/live").json()["document"]
    thresholds = {**live["thresholds"], "tag": 9_000, "review": 9_000}
    document = {**live, "id": "calm", "thresholds": thresholds}
    answer = served("POST", "/v1/rulesets", json={"document": document})
    assert answer.status_code == 201, answer.text
    return answer.json()["hash"]


def test_a_ruleset_runs_in_shadow_and_its_report_is_read(served, draft):
    path = f"/v1/rulesets/{draft}/shadow"
    assert served("GET", path).status_code == 404
    started = served("PUT", path, json={})
    assert (started.status_code, started.json()["share"]) == (200, 1.0)
    served.service.live._checked = 0.0
    bad = served.screened(id="shadow-1", source="fair", email="x@acme.example", form_honeypot=True)
    good = served.screened(id="shadow-2", source="fair", email="ana@bluebird.example")
    assert bad["outcome"] != "accept"
    served("POST", "/v1/feedback", json={"lead_id": "shadow-1", "verdict": "junk"})
    report = served("GET", path).json()
    assert (report["leads"], report["milder"], report["stricter"], report["failed"]) == (2, 1, 0, 0)
    assert report["counts"] == [
        {"live": "accept", "shadow": "accept", "leads": 1, "labels": 0, "junk": 0},
        {"live": bad["outcome"], "shadow": "accept", "leads": 1, "labels": 1, "junk": 1},
    ]
    assert report["sources"] == [{"source": "fair", "leads": 2, "stricter": 0, "milder": 1}]
    assert report["changed"] == [
        {"decision": bad["id"], "lead_id": "shadow-1", "source": "fair", "live": bad["outcome"], "shadow": "accept"}
    ]
    assert report["against"] == {good["ruleset"]["hash"]: 2}
    reader = served.new_key("approver")
    assert served("POST", f"{path}/read", key=reader, json={"leads": 3}).status_code == 409
    read = served("POST", f"{path}/read", key=reader, json={"leads": 2}).json()
    assert (read["read_by"], read["read_leads"]) == (reader.rpartition("_")[0], 2)
    assert served("DELETE", path).status_code == 204
    assert served("DELETE", path).status_code == 404
    assert served("GET", path).json()["running"] is False


def test_who_may_not_see_leads_is_not_told_which_differ(served, draft):
    path = f"/v1/rulesets/{draft}/shadow"
    served("PUT", path, json={"share": 1.0})
    served.service.live._checked = 0.0
    served.screened(id="hidden-1", email="y@acme.example", form_honeypot=True)
    told = served("GET", path, key=served.new_key("admin")).json()
    assert (told["milder"] > 0, told["changed"]) == (True, [])
    served("DELETE", path)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "shadow", {"share": 0}, 422),
        ("PUT", "shadow", {"share": 2}, 422),
        ("PUT", "shadow", {"part": 1}, 422),
        ("POST", "shadow/read", {"leads": 0}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(served, draft, method, path, body, status):
    assert served(method, f"/v1/rulesets/{draft}/{path}", json=body).status_code == status


def test_a_learned_scorecard_in_shadow_is_not_activated(served):
    live = served("GET", "/v1/rulesets/live").json()["document"]
    document = {**live, "id": "learned", "scorecard": {**live["scorecard"], "kind": "learned"}}
    digest = served("POST", "/v1/rulesets", json={"document": document}).json()["hash"]
    answer = served("POST", f"/v1/rulesets/{digest}/activate")
    assert (answer.status_code, "stands in shadow" in answer.text) == (403, True)
