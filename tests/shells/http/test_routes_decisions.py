"""What was decided can be read, explained, proved and derived again."""

import base64
import json

import pytest

from winnow.adapters.keys import verify_signature
from winnow.core.receipt import receipt_from, verify_receipt
from winnow.core.tlog import verifier_key


@pytest.fixture(scope="module")
def decision(served):
    return served.screened(
        id="d-1", source="site", email="ana@bluebird.example", form_fill_seconds=1.2, custom={"a": "b"}
    )


def test_a_decision_is_read_as_it_was_answered(served):
    sent = served("POST", "/v1/leads", json={"email": "bo@acme.example", "message": "Grüße, 你好"})
    read = served("GET", f"/v1/decisions/{sent.json()['id']}")
    assert read.status_code == 200
    assert read.content == sent.content
    assert read.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("number", ["999999999", "0x1", "-1", "1.0", "", "٣", "1" * 30, "1_0", "a/b"])
def test_what_is_no_decision_is_not_found(served, number):
    for rest in ("", "/explanation", "/receipt"):
        answer = served("GET", f"/v1/decisions/{number}{rest}" if number else f"/v1/decisions/none{rest}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def test_an_explanation_goes_from_the_base_to_the_score(served, decision):
    found = served("GET", f"/v1/decisions/{decision['id']}/explanation").json()
    same = ("id", "lead_id", "outcome", "probability", "score", "base", "decided_by", "unknown")
    assert {name: found[name] for name in same} == {name: decision[name] for name in same}
    assert found["steps"][0]["before"] == decision["base"]
    assert found["steps"][-1]["after"] == decision["score"]
    assert {step["code"] for step in found["steps"]} == {each["code"] for each in decision["reasons"] if each["points"]}
    assert found["would_be"][0]["outcome"] in {"accept", "tag"}
    assert found["would_be"][0]["changes"][0]["signal"] == "form.fill_seconds"
    assert "What counted: the time it took to fill in the form." in found["plain"]


def test_a_receipt_can_be_had_once_the_decision_is_in_a_signed_checkpoint(served, decision):
    later = served.screened(email="late@acme.example")
    served.publish()
    last = served.screened(email="later@acme.example")
    early = served("GET", f"/v1/decisions/{last['id']}/receipt")
    assert (early.status_code, early.json()["type"], early.headers["retry-after"]) == (
        503,
        "/problems/unavailable",
        "1",
    )
    key = verifier_key(served("GET", "/v1/log/key").text)
    for each in (decision, later):
        document = served("GET", f"/v1/decisions/{each['id']}/receipt").json()
        assert verify_receipt(receipt_from(document), key, verify_signature).kind == "decision"
        recorded = json.loads(base64.b64decode(document["record"]))["decision"]
        assert recorded.items() <= each.items()


def test_a_decision_is_derived_again(served, decision):
    before = served.service.log.frontier().size
    found = served("POST", f"/v1/decisions/{decision['id']}/replay")
    assert found.status_code == 200
    document = found.json()
    assert document["same"] is True
    assert document["stored"] == document["derived"]
    assert served.service.log.frontier().size == before


def test_another_ruleset_or_lead_would_be_noticed(served, decision, monkeypatch):
    lead, facts, recorded = served.service.ledger.decided(int(decision["id"]))
    monkeypatch.setattr(
        type(served.service.ledger), "decided", lambda *_: (lead.masked({"form_fill_seconds"}), facts, recorded)
    )
    document = served("POST", f"/v1/decisions/{decision['id']}/replay").json()
    assert document["same"] is False
    assert document["stored"] != document["derived"]


def test_pages_go_back_in_time_and_hold_everything_once(served):
    for number in range(7):
        served.screened(email=f"p{number}@acme.example")
    first = served("GET", "/v1/decisions", params={"limit": 3}).json()
    seen = [each["id"] for each in first["decisions"]]
    cursor = first["next"]
    while cursor:
        page = served("GET", "/v1/decisions", params={"limit": 3, "cursor": cursor}).json()
        assert 1 <= len(page["decisions"]) <= 3
        seen += [each["id"] for each in page["decisions"]]
        cursor = page["next"]
    numbers = [int(each) for each in seen]
    assert numbers == sorted(set(numbers), reverse=True)
    assert len(numbers) >= 7
    everything = served("GET", "/v1/decisions", params={"limit": 200}).json()
    assert [each["id"] for each in everything["decisions"]] == seen[:200]


def test_pages_of_one_outcome(served, monkeypatch):
    served.screened(email="junk@winnow.example")
    for number in range(5):
        served.screened(email=f"o{number}@acme.example")
    found = served("GET", "/v1/decisions", params={"outcome": "reject"}).json()
    assert found["next"] is None
    assert {each["outcome"] for each in found["decisions"]} == {"reject"}
    monkeypatch.setattr("winnow.adapters.db.finding.LOOKED_AT", 2)
    both = {"outcome": "reject", "source": "nobody's"}
    assert served("GET", "/v1/decisions", params=both).json()["decisions"] == []
    rare = served("GET", "/v1/decisions", params={"outcome": "accept", "limit": 1}).json()
    gathered = rare["decisions"]
    found = served("GET", "/v1/decisions", params={"outcome": "accept", "limit": 2}).json()
    assert found["next"] is not None
    rare = served("GET", "/v1/decisions", params={"outcome": "accept", "limit": 1, "cursor": rare["next"]}).json()
    gathered += rare["decisions"]
    assert gathered == found["decisions"]


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 201},
        {"limit": "many"},
        {"cursor": "x"},
        {"cursor": ""},
        {"cursor": "9" * 201},
        {"outcome": "maybe"},
        {"outcome": "REJECT"},
    ],
)
def test_a_page_that_cannot_be(served, params):
    answer = served("GET", "/v1/decisions", params=params)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-input")
    assert answer.json()["where"] == next(iter(params))
