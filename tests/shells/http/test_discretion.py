"""Whoever may decide a case cannot tell from any answer of the API that it would have been rejected."""

import time
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.rejecting import ELSEWHERE, HASTY, laws, lucky, settings
from tests.support.served import serving
from tests.support.signing import put_live
from winnow.core.apikeys import ROLES, Scope
from winnow.core.reasons import BLIND_SAMPLE
from winnow.shells.http.access import access_of, handlers_of

DECIDES = [role for role, scopes in ROLES.items() if Scope.CASES_WRITE in scopes]
LOOKS_ON = [role for role, scopes in ROLES.items() if scopes >= {Scope.DECISIONS_READ} and role not in DECIDES]


@pytest.fixture
def api(tmp_path):
    folder = tmp_path / "data"
    named: dict[str, Any] = {name.replace(".", "__"): value for name, value in settings(tmp_path).items()}
    with serving(folder, **named) as served:
        yield Api(served)


def live(api, *, rejecting=True):
    made = laws(api.service.clock.now(), rejecting=rejecting)
    put_live(api.service, made)
    api.service.live._checked = 0.0
    return made


def waiting(api, made):
    """A lead the lot has drawn, and one that anybody would look at; both wait."""
    name = lucky(made)
    drawn = api.post("/v1/leads", {"id": name, "source": "web", **HASTY})
    other = api.post("/v1/leads", {"id": "other", "source": "web", **ELSEWHERE})
    assert (drawn["outcome"], drawn["threshold_band"], other["outcome"]) == ("review", "reject", "review")
    return drawn, other


def about(number, name):
    return [
        "/v1/cases",
        f"/v1/cases/{number}",
        "/v1/decisions",
        f"/v1/decisions/{number}",
        f"/v1/decisions/{number}/explanation",
        f"/v1/leads/{name}",
    ]


def numbers_in(found):
    """Every number of an answer, with the name it stands under."""
    if isinstance(found, dict):
        return [each for name, value in found.items() for each in _named(name, value)]
    return [each for value in found for each in numbers_in(value)] if isinstance(found, list) else []


def _named(name, value):
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return [(name, value)] if plain else numbers_in(value)


@pytest.mark.parametrize("role", DECIDES)
def test_no_number_and_no_trace_of_the_lot(api, role):
    drawn, _ = waiting(api, live(api))
    for path in about(drawn["id"], drawn["lead_id"]):
        answer = api.ask("GET", path, role=role)
        assert answer.status_code == 200, (path, answer.text)
        for trace in (BLIND_SAMPLE, '"blind"', '"reject"', "0.95", str(drawn["score"])):
            assert trace not in answer.text, (path, trace)
        telling = [each for each in numbers_in(answer.json()) if each[0] not in ABOUT_THE_LEAD | ABOUT_THE_QUEUE]
        assert telling == [], path
    for method, path in (("GET", "receipt"), ("POST", "replay")):
        answer = api.ask(method, f"/v1/decisions/{drawn['id']}/{path}", role=role)
        assert answer.status_code == 409, (path, answer.text)


#: What the sender said, and how much waits.
ABOUT_THE_LEAD = {"form_fill_seconds"}
ABOUT_THE_QUEUE = {"waiting", "overdue", "snoozed", "web"}


def test_one_that_was_drawn_reads_like_any_other(api):
    drawn, other = waiting(api, live(api))
    same = ("id", "lead_id", "decided_at", "opened_at", "due_at", "reasons", "unknown", "plain", "ruleset")

    def read(number, path):
        found = api.get(path.format(number), role="reviewer")
        return {name: each for name, each in found.get("case", found).items() if name not in same}

    for path in ("/v1/cases/{}", "/v1/decisions/{}", "/v1/decisions/{}/explanation"):
        assert read(drawn["id"], path) == read(other["id"], path)
    reasons = api.get(f"/v1/decisions/{drawn['id']}", role="reviewer")["reasons"]
    said = [(each["code"], each["points"], each["strength"], each["towards"]) for each in reasons]
    strong = ("strong", "junk")
    assert said == [("form.fill_seconds", None, *strong), ("net.ip_class", None, *strong)]


def test_the_place_in_the_queue_does_not_tell_it_either(api):
    """The farther from a threshold the sooner a person is needed: here all wait as they came."""
    made = live(api)
    drawn, other = waiting(api, made)
    later = api.post("/v1/leads", {"id": lucky(made, "y"), "source": "web", **HASTY})
    order = [each["id"] for each in api.get("/v1/cases", role="reviewer")["cases"]]
    assert order == [drawn["id"], other["id"], later["id"]]


@pytest.mark.parametrize("role", LOOKS_ON)
def test_those_who_decide_nothing_see_everything(api, role):
    drawn, _ = waiting(api, live(api))
    assert api.get(f"/v1/decisions/{drawn['id']}", role=role) == drawn
    assert api.get(f"/v1/decisions/{drawn['id']}/explanation", role=role)["score"] == drawn["score"]


def test_it_is_shown_once_the_case_is_closed_to_whom_it_is_closed(api):
    drawn, _ = waiting(api, live(api))
    closed = api.post(f"/v1/cases/{drawn['id']}/disposition", {"outcome": "accept"}, role="reviewer")
    assert closed["score"] == drawn["score"]
    assert api.get(f"/v1/decisions/{drawn['id']}", role="reviewer") == drawn
    assert api.ask("POST", f"/v1/decisions/{drawn['id']}/replay", role="reviewer").status_code == 200


def test_where_nothing_is_rejected_without_a_person_numbers_are_shown(api):
    live(api, rejecting=False)
    found = api.post("/v1/leads", {"id": "one", "source": "web", **HASTY})
    assert found["outcome"] == "review"
    assert api.get(f"/v1/decisions/{found['id']}", role="reviewer") == found
    assert api.get(f"/v1/cases/{found['id']}", role="reviewer")["case"]["score"] == found["score"]


def test_what_was_drawn_stays_hidden_when_rejecting_ends(api):
    drawn, other = waiting(api, live(api))
    live(api, rejecting=False)
    time.sleep(0.6)
    for each in (drawn, other):
        assert api.get(f"/v1/decisions/{each['id']}", role="reviewer")["score"] is None
    newer = api.post("/v1/leads", {"id": "newer", "source": "web", **ELSEWHERE})
    assert api.get(f"/v1/decisions/{newer['id']}", role="reviewer") == newer


def test_every_address_a_reviewer_may_read_was_looked_at(api):
    """A new one that tells about decisions has to be added here, and to the test above.

    What governs (consent, policy, stops, vendors' AI) says the same whichever outcome a lead would have had.
    """
    reads = {
        handler_path
        for handler in handlers_of(api.served.app._others)
        if access_of(handler).scope in ROLES["reviewer"] and "GET" in getattr(handler, "http_methods", ())
        for handler_path in handler.paths
        if handler_path.startswith("/v1/")
    }
    known = {
        "/v1/ai-decisions/{decision_id:str}",
        "/v1/cases",
        "/v1/cases/agreement",
        "/v1/cases/{case_id:int}",
        "/v1/consent/{subject:str}",
        "/v1/decisions",
        "/v1/decisions/{decision_id:str}",
        "/v1/decisions/{decision_id:str}/explanation",
        "/v1/decisions/{decision_id:str}/receipt",
        "/v1/leads/{lead_id:str}",
        "/v1/lists",
        "/v1/lists/{entry_id:str}",
        "/v1/off-limits/dropped",
        "/v1/policy",
        "/v1/policy/changes",
        "/v1/policy/changes/leads",
        "/v1/policy/packs",
        "/v1/serve-checks",
        "/v1/stop",
        "/v1/stop/past",
        "/v1/today",
    }
    assert reads == known
