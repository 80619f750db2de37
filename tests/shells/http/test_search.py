"""Decisions are looked for over HTTP, and what cannot be looked for is said."""

import pytest

from tests.support.api import running_api
from tests.support.reviewing import DOUBTFUL


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with running_api(tmp_path_factory.mktemp("search")) as running:
        yield running


@pytest.fixture(scope="module")
def numbers(api):
    sent = (
        {"id": "a", "source": "web", "email": "ana@bluebird.example", "company": "Bluebird Inc"},
        {"id": "b", "source": "fair", "email": "ana@bluebird.example", **DOUBTFUL},
        {"id": "c", "source": "web", "phone": "+493012345678"},
    )
    return [api.post("/v1/leads", lead)["id"] for lead in sent]


SEARCHES = {
    "": "cba",
    "email=ANA@bluebird.example": "ba",
    "email=ana@bluebird.example&source=web": "a",
    "phone=%2B49%2030%2012345678": "c",
    "domain=bluebird.example": "ba",
    "company=bluebird": "a",
    "reason=form.honeypot": "b",
    "outcome=review": "b",
    "outcome=reject": "",
    "lead_id=c": "c",
    "decision=999": "",
    "since=2020-01-01&until=2999-12-31": "cba",
    "until=2020-01-01": "",
    "since=9999-12-31": "",
    "until=9999-12-31&outcome=review": "b",
    "changed=true": "",
    "released=true": "",
}


@pytest.mark.parametrize("asked", SEARCHES)
def test_everything_that_is_asked_for_holds(api, numbers, asked):
    found = api.get(f"/v1/decisions?{asked}")
    assert "".join(each["lead_id"] for each in found["decisions"]) == SEARCHES[asked]
    assert (found["erased"], found["next"]) == ([], None)
    assert {each["id"] for each in found["decisions"]} <= set(numbers)


def test_one_by_its_number_and_page_by_page(api, numbers):
    assert [each["lead_id"] for each in api.get(f"/v1/decisions?decision={numbers[1]}")["decisions"]] == ["b"]
    assert api.get(f"/v1/decisions?decision={numbers[1]}&source=web")["decisions"] == []
    first = api.get("/v1/decisions?limit=2")
    rest = api.get(f"/v1/decisions?limit=2&cursor={first['next']}")
    assert [each["lead_id"] for each in first["decisions"] + rest["decisions"]] == ["c", "b", "a"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("email=*@bluebird.example", "email"),
        ("phone=none", "phone"),
        ("decision=x", "decision"),
        ("cursor=x", "cursor"),
        ("since=2026-02-01&until=2026-01-01", "until"),
        ("since=yesterday", "since"),
        ("outcome=maybe", "outcome"),
        ("email=", "email"),
    ],
)
def test_what_cannot_be_looked_for_is_said(api, asked, where):
    answer = api.ask("GET", f"/v1/decisions?{asked}")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-input"), answer.text
    assert where in answer.json()["where"]


@pytest.mark.parametrize("role", ["ingest", "admin"])
def test_it_is_for_those_who_may_read_decisions(api, role):
    assert api.ask("GET", "/v1/decisions?email=a@b.example", role=role).status_code == 403
