"""Leads come in by the hot route, which the document describes, and can be read as they are kept."""

import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from winnow.shells.http.app import litestar_app


@pytest.fixture(scope="module")
def framework(served):
    """Asks the application without the short cut for the hot route."""
    app = litestar_app(served.state)

    def ask(body, **headers):
        headers = {"Authorization": f"Bearer {served.key}", **headers}
        return served.run(served.asked("POST", "/v1/leads", "127.0.0.1", app, content=body, headers=headers))

    return ask


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":"same-1","source":"site","email":"ana@bluebird.example"}',
        b'{"leads":[{"id":"same-2"},{"id":"same-3","phone":"+49 30 123456"}]}',
        b"",
        b"{",
        b'{"email":NaN}',
        b'{"email":"a","email":"b"}',
        b'{"message":"\\u0000"}',
        b'{"country":"Germany"}',
        b'{"never":"heard of"}',
        b'{"form_fill_seconds":"12"}',
        b'{"occurred_at":"yesterday"}',
        b'{"occurred_at":"0001-01-01T00:00:00+14:00"}',
        b'{"occurred_at":"9999-12-31T23:59:59-14:00"}',
        b'{"leads":[],"email":"a@b.example"}',
        b'{"leads":[{"id":"x"}],"email":"a@b.example"}',
        b"[]",
        b"\xff",
    ],
)
def test_the_described_handler_answers_like_the_hot_route(served, framework, body):
    hot = served("POST", "/v1/leads", content=body)
    described = framework(body)
    assert (described.status_code, described.content) == (hot.status_code, hot.content)
    assert described.headers.multi_items() == hot.headers.multi_items()


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer no"}, {"Idempotency-Key": "with blank"}])
def test_headers_that_are_refused_alike(served, framework, headers):
    hot = served("POST", "/v1/leads", json={}, headers=headers)
    described = framework(b"{}", **headers)
    assert hot.status_code in {400, 401}
    assert (described.status_code, described.content) == (hot.status_code, hot.content)


def test_a_key_used_for_another_lead_is_a_mismatch(served):
    headers = {"Idempotency-Key": "lead-key"}
    first = served("POST", "/v1/leads", json={"email": "k1@acme.example"}, headers=headers)
    again = served("POST", "/v1/leads", json={"email": "k1@acme.example"}, headers=headers)
    other = served("POST", "/v1/leads", json={"email": "k2@acme.example"}, headers=headers)
    assert again.content == first.content
    assert (other.status_code, other.json()["type"]) == (409, "/problems/idempotency-mismatch")


def test_another_lead_under_the_same_id_is_a_conflict(served):
    served.screened(id="taken", email="one@acme.example")
    other = served("POST", "/v1/leads", json={"id": "taken", "email": "two@acme.example"})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/conflict")


def test_a_lead_is_read_as_it_was_received(served):
    sent = {
        "id": "kept-1",
        "source": "site",
        "email": "ana@bluebird.example",
        "occurred_at": "2026-03-01T09:30:00+01:00",
        "country": "de",
        "custom": {"budget": "10 000"},
    }
    decision = served.screened(**sent)
    found = served("GET", "/v1/leads/kept-1", params={"source": "site"}).json()
    assert (found["id"], found["source"]) == ("kept-1", "site")
    assert found["decisions"] == [decision]
    assert found["lead"].pop("received_at")
    assert found["lead"] == {
        "id": "kept-1",
        "source": "site",
        "emails": ["ana@bluebird.example"],
        "occurred_at": "2026-03-01T08:30:00Z",
        "country": "DE",
        "custom": {"budget": "10 000"},
    }


@pytest.mark.parametrize(
    "lead_id", ["a/b", "/", "//", "a%2Fb", "%", "ä ö", "?x=1#y", "a b+c", "..%2f", "💥", "a\u202eb", " "]
)
def test_any_id_can_be_asked_for(served, lead_id):
    served.screened(id=lead_id, email="ids@acme.example")
    answer = served("GET", f"/v1/leads/{quote(lead_id, safe='')}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == lead_id


def test_the_source_tells_two_leads_with_one_id_apart(served):
    served.screened(id="twin", source="a", email="a@acme.example")
    served.screened(id="twin", source="b", email="b@acme.example")
    assert served("GET", "/v1/leads/twin").status_code == 409
    found = served("GET", "/v1/leads/twin", params={"source": "b"}).json()
    assert (found["source"], found["lead"]["emails"]) == ("b", ["b@acme.example"])
    assert served("GET", "/v1/leads/twin", params={"source": "c"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/leads/none", 404),
        ("/v1/leads/none?source=" + "s" * 201, 422),
        ("/v1/leads/" + "i" * 201, 422),
        ("/v1/leads/a%00b", 422),
        ("/v1/leads/a%2F%00", 422),
        ("/v1/leads/a?source=%00", 422),
        ("/v1/leads/%ED%A0%80", 404),
        ("/v1/leads/a/b", 404),
    ],
)
def test_what_cannot_be_a_lead(served, path, status):
    answer = served("GET", path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_off_limits_is_not_kept(served, monkeypatch):
    policy = replace(served.service.live.policy, off_limits=frozenset({"message", "custom.age"}))
    monkeypatch.setattr(type(served.service.live), "policy", policy)
    served.screened(id="masked", message="secret needle", custom={"age": "61", "seats": "4"})
    kept = served("GET", "/v1/leads/masked").json()["lead"]
    assert "needle" not in json.dumps(kept)
    assert kept["custom"] == {"seats": "4"}
