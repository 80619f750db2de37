"""The gate over HTTP: permits, refusals, serve checks and what AI systems concluded."""

import json
from typing import Any

import pytest

from tests.support.api import running_api
from tests.support.gatekeeping import MAILER, agree, gatekeeper, opt_out, recipient
from winnow.core.govern.systems import Mode, Standing
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Scope
from winnow.errors import StoreAwayError
from winnow.services.gatekeep import LASTS

ASK: dict[str, Any] = {
    "system": "mailer",
    "action": "contact",
    "channel": "email",
    "purpose": "marketing",
    "data_used": ["contact"],
    "explanation": "the newsletter they asked for",
}
ANA, BO = {"email": "ana@bluebird.example", "place": "DE"}, {"email": "bo@acme.example", "place": "DE"}


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with running_api(tmp_path_factory.mktemp("api")) as running:
        gate = running.served.state.desks.gate
        object.__setattr__(gate, "keeper", gatekeeper(running.service))
        gate.serving._checks = gate.keeper.checks
        known = MAILER.__class__(
            **{
                **{name: getattr(MAILER, name) for name in MAILER.__slots__},
                "outputs": frozenset({"likely_buyer", "health_risk"}),
            }
        )
        gate.ai_decisions._system = lambda name: (known, Standing(Mode.LIVE)) if name == "mailer" else None
        agree(running.service, [recipient("ana@bluebird.example")])
        opt_out(running.service, [recipient("bo@acme.example")])
        yield running


def problem(answer: Any) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/"), answer.json().get("where")


def test_one_ask_one_answer(api):
    answer = api.post("/v1/permits", {**ASK, "recipient": ANA}, role="ai-tool")
    assert (answer["asked"], answer["granted"], answer["reasons"]) == (1, 1, [])
    assert [check["check"] for check in answer["checks"]][:2] == ["stop", "ai-system"]
    (result,) = answer["results"]
    assert set(result) == {"id", "token"}
    assert api.log()[-1] == "permit.answered"
    shown = api.get(f"/v1/permits/{result['id']}", role="auditor")
    assert (shown["granted"], shown["token"], len(shown["checks"])) == (True, result["token"], 11)
    assert shown["asked_by"] == api.key_id("ai-tool")
    verified = api.post("/v1/permits/verify", {"token": result["token"], "email": ANA["email"], "channel": "email"})
    assert (verified["valid"], verified["id"], verified["terms"]) == (True, result["id"], answer["terms"])
    other = api.post("/v1/permits/verify", {"token": result["token"], "email": BO["email"]})
    assert other == {"valid": False, "why": "this permit does not hold: it is for another address"}


def test_a_refusal_says_what_a_human_can_do(api):
    answer = api.post("/v1/permits", {**ASK, "recipients": [BO, ANA, BO]})
    assert [each.get("refused") for each in answer["results"]] == [["consent"], None, ["consent"]]
    assert [each.get("reasons") for each in answer["results"]] == [[0], None, [0]]
    (reason,) = answer["reasons"]
    assert reason["what"].startswith("the person opted out")
    assert reason["fix"]
    assert reason["because"][0]["article"]
    shown = api.get(f"/v1/permits/{answer['results'][0]['id']}")
    assert (shown["granted"], shown["token"]) == (False, None)
    assert "ignore" not in json.dumps(answer)


def test_a_permit_for_one_use(api):
    token = api.post("/v1/permits", {**ASK, "recipient": ANA, "tokens": True, "once": True})["results"][0]["token"]
    first = api.post("/v1/permits/verify", {"token": token, "redeem": True})
    assert (first["valid"], first["redeemed"]) == (True, True)
    assert api.log()[-1] == "permit.redeemed"
    again = api.post("/v1/permits/verify", {"token": token, "redeem": True})
    assert (again["valid"], again["why"]) == (False, "this permit does not hold: it was for one use, and was used")


def test_no_retry_is_told_of_permits_that_hold_no_more(api, monkeypatch):
    body, again = {**ASK, "recipient": ANA, "tokens": True}, {"Idempotency_Key": "permits-1"}
    first, second = (api.ask("POST", "/v1/permits", body, **again) for _ in range(2))
    assert (first.json(), second.headers["idempotency-replayed"]) == (second.json(), "true")
    check = {"token": first.json()["results"][0]["token"], "redeem": True}
    told = api.ask("POST", "/v1/permits/verify", check, Idempotency_Key="use-1")
    assert told.json()["valid"]
    entries, clock = len(api.log()), api.served.state.clock
    real = clock.now
    monkeypatch.setattr(type(clock), "now", lambda _: real() + LASTS)
    for path, sent, key in (("permits", body, "permits-1"), ("permits/verify", check, "use-1")):
        answer = api.ask("POST", f"/v1/{path}", sent, Idempotency_Key=key)
        assert problem(answer)[:2] == (409, "conflict")
    assert len(api.log()) == entries


def test_the_key_is_for_anybody(api):
    answer = api.served("GET", "/v1/permits/key")
    assert answer.json()["key"] == str(api.served.state.desks.gate.keeper.key)
    assert answer.json()["key"] != api.service.log_key


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({}, "$.recipient"),
        ({"recipient": ANA, "recipients": [ANA]}, "$.recipient"),
        ({"recipient": {}}, "$.recipient"),
        ({"recipient": {**ANA, "phone": "+4930123456"}}, "$.recipient"),
        ({"recipients": []}, "$.recipients"),
        ({"recipients": [ANA] * 10_001, "tokens": True}, "$.tokens"),
        ({"recipient": ANA, "lasts_seconds": 0}, "$.lasts_seconds"),
        ({"recipient": ANA, "channel": "pigeon"}, "$.channel"),
        ({"recipient": {**ANA, "opted_out": "no"}}, "$.recipient"),
        ({"recipient": ANA, "opted_out": False}, None),
    ],
)
def test_what_is_unclear_is_no_ask(api, change, where):
    before = len(api.log())
    assert problem(api.ask("POST", "/v1/permits", {**ASK, **change})) == (422, "invalid-input", where)
    assert len(api.log()) == before


def test_while_the_store_is_away_nothing_is_permitted(api, monkeypatch):
    def away(*_: object) -> None:
        raise StoreAwayError("gone")

    monkeypatch.setattr(api.served.state.desks.gate.keeper._store, "position", away)
    answer = api.ask("POST", "/v1/permits", {**ASK, "recipient": ANA})
    assert problem(answer)[:2] == (503, "unavailable")
    assert "retry-after" in answer.headers


def serve(api: Any, scope: str, **who: Any) -> bool:
    said = api.post("/v1/serve-checks", {"scope": scope, **(who or {"email": BO["email"]})}, role="rep")
    assert said["why"]
    return bool(said["serve"])


def test_support_serves_whom_marketing_may_not(api):
    assert [serve(api, scope) for scope in ("support", "billing", "portal")] == [True] * 3
    assert [serve(api, scope) for scope in ("marketing", "sales")] == [False] * 2
    assert [serve(api, scope, email=ANA["email"], place="DE") for scope in ("marketing", "sales")] == [True] * 2
    assert serve(api, "marketing", email=ANA["email"], system="mailer")
    assert not serve(api, "marketing", email=ANA["email"], system="unknown")
    assert not serve(api, "marketing", lead_id="nobody")
    assert serve(api, "support", lead_id="nobody")
    subject = str(gatekeeper(api.service)._sources.subject(recipient(ANA["email"]).address))
    assert serve(api, "marketing", subject=subject)
    assert not serve(api, "marketing", subject="7")
    assert problem(api.ask("POST", "/v1/serve-checks", {"scope": "support"}))[2] == "$.lead_id"


def test_only_an_entry_of_a_person_for_support_keeps_anybody_from_support(api):
    given = {"kind": ListKind.EMAIL, "value": "rude@acme.example", "owner": "us_o", "reason": "threats"}

    def block(name: str, **more: Any) -> None:
        entry = ListEntry(name, ListAction.BLOCK, **{**given, **more})
        api.service.lists.add([entry], "test", api.service.clock.now())

    def asked() -> list[bool]:
        api.service.live._refresh()
        return [serve(api, scope, email="rude@acme.example") for scope in ("support", "marketing")]

    block("le_sales")
    assert asked() == [True, False]
    block("le_rule", scopes=frozenset({Scope.SUPPORT}), source="rule")
    assert asked() == [True, False]
    block("le_person", scopes=frozenset({Scope.SUPPORT}))
    assert asked() == [False, False]


def test_a_serve_check_by_id_has_no_address_in_its_url(api):
    api.post("/v1/leads", {"id": "serve-1", "email": ANA["email"], "country": "DE"})
    for scope in ("support", "marketing"):
        assert api.get(f"/v1/serve-checks?scope={scope}&lead_id=serve-1")["serve"] is True
    assert problem(api.ask("GET", "/v1/serve-checks?scope=support"))[0] == 422


def test_serving_fails_open_for_support_and_closed_for_marketing(api, monkeypatch):
    def away(*_: object) -> None:
        raise StoreAwayError("gone")

    monkeypatch.setattr(api.served.state.desks.gate.serving, "_hits", away)
    monkeypatch.setattr(api.served.state.desks.gate.serving, "_checks", away)
    assert [
        serve(api, scope, email=ANA["email"]) for scope in ("support", "billing", "portal", "marketing", "sales")
    ] == [
        *(True, True, True),
        *(False, False),
    ]


CONCLUDED: dict[str, Any] = {
    "system": "mailer",
    "label": "likely_buyer",
    "conclusion": "likely to buy soon",
    "reasons": ["asked for a price list twice"],
    "data_used": ["contact"],
    "about": {"email": "ana@bluebird.example"},
}


def test_what_an_ai_system_concluded_goes_on_record(api):
    kept = api.post("/v1/ai-decisions", {**CONCLUDED, "version": "4.2"}, role="ai-tool")
    assert api.log()[-1] == "ai-decision.recorded"
    assert api.get(f"/v1/ai-decisions/{kept['id']}", role="rep") == kept
    assert (kept["reported_by"], kept["reasons"]) == (api.key_id("ai-tool"), CONCLUDED["reasons"])
    api.post("/v1/leads", {"id": "told-1", "email": "cy@acme.example"})
    about_lead = {name: each for name, each in CONCLUDED.items() if name != "about"}
    assert api.post("/v1/ai-decisions", {**about_lead, "lead_id": "told-1"})["label"] == "likely_buyer"
    assert b"ana@bluebird" not in (api.service.folder / "winnow.sqlite").read_bytes()
    for nothing in ("7777", "x", "9" * 30):
        assert problem(api.ask("GET", f"/v1/ai-decisions/{nothing}"))[:2] == (404, "not-found")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reasons": []}, (422, "invalid-input", "reasons")),
        ({"reasons": ["score"]}, (422, "invalid-input", "reasons")),
        ({"reasons": ["asked for a price list", " "]}, (422, "invalid-input", "reasons")),
        ({"system": "unknown"}, (403, "refused-by-policy", "system")),
        ({"label": "unregistered"}, (403, "refused-by-policy", "label")),
        ({"label": "health_risk"}, (403, "refused-by-policy", "label")),
        ({"conclusion": "is pregnant"}, (403, "refused-by-policy", "conclusion")),
        ({"data_used": ["network"]}, (403, "refused-by-policy", "data_used")),
        ({"about": None}, (422, "invalid-input", "$.about")),
        ({"about": {"email": "nobody"}}, (422, "invalid-input", "$.about")),
        ({"about": {}}, (422, "invalid-input", "$.recipient")),
    ],
)
def test_what_may_not_be_concluded_is_refused(api, change, said):
    assert problem(api.ask("POST", "/v1/ai-decisions", {**CONCLUDED, **change})) == said
