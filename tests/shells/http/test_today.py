"""Today over HTTP: what came, what people did with it, and how to get from each number to the leads behind it."""

import pytest

from tests.support.api import running_api
from tests.support.reviewing import DOUBTFUL
from winnow.adapters.db.incidents import StoredIncidents
from winnow.core.apikeys import ROLES
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import incident_of


@pytest.fixture
def api(tmp_path):
    with running_api(tmp_path) as running:
        yield running


def came(api, number, source="web", **fields):
    lead = {"id": f"lead-{number}", "source": source, "email": f"person{number}@bluebird.example", **fields}
    return api.post("/v1/leads", {name: value for name, value in lead.items() if value is not None})["id"]


def doubtful(api, number, **more):
    return came(api, number, **DOUBTFUL, **more)


def now(answer, *names):
    return [answer["numbers"][name]["now"] for name in names]


def test_an_empty_installation_has_nothing_to_tell(api):
    found = api.get("/v1/today")
    assert set(now(found, *found["numbers"])) == {0}
    assert (found["sources"], found["more_sources"], found["not_counted"]) == ([], 0, 0)
    assert (found["wrongly"]["state"], found["wrongly"]["leads"]) == ("nothing stopped", 0)
    assert found["days"] == {"leads": [0] * 7, "junk": [0] * 7, "decided": [0] * 7}
    assert (found["queue"]["waiting"]["now"], found["queue"]["oldest"]) == (0, None)
    assert (found["guards"]["looked_at"], found["guards"]["found"]) == (None, [])
    assert found["certificate"] == {"state": "never", "until": None, "why": None, "rejects": False}


def test_what_happened_is_told_at_once(api):
    for number in range(3):
        came(api, number)
    came(api, 3, source=None)
    first, second = (doubtful(api, number) for number in (4, 5))
    api.post(f"/v1/cases/{first}/disposition", {"outcome": "reject", "reason": "spam"})
    api.post("/v1/feedback", {"lead_id": "lead-0", "source": "web", "verdict": "junk"})
    found = api.get("/v1/today?days=30")
    assert now(found, "leads", "reviewed", "decided", "junked", "stopped", "told", "missed") == [6, 2, 1, 1, 1, 1, 1]
    assert found["numbers"]["stopped"]["share"] == pytest.approx(1 / 6)
    assert found["queue"]["waiting"]["now"] == 1
    assert found["queue"]["decided_a_day"] == pytest.approx(1 / 30)
    assert [(each["source"], each["numbers"]["leads"]["now"]) for each in found["sources"]] == [("web", 5), (None, 1)]
    assert [each["days"]["leads"][-1] for each in found["sources"]] == [5, 1]
    api.post(f"/v1/cases/{first}/undo")
    api.post(f"/v1/cases/{second}/disposition", {"outcome": "accept"})
    found = api.get("/v1/today?days=90")
    assert now(found, "decided", "junked", "stopped") == [1, 0, 0]
    assert len(found["days"]["leads"]) == 90


def test_each_number_says_which_leads_it_counts(api):
    came(api, 1)
    found = api.get("/v1/today")
    (cases,) = found["numbers"]["otherwise"]["leads"]
    assert cases["of"], cases["shelf"] == ("cases", "decided")
    assert (cases["decided"], cases["otherwise"], "source" in cases) == (["review"], True, False)
    assert cases["since"] == f"{found['first']}T00:00:00Z" < cases["until"]
    assert [each["of"] for each in found["numbers"]["stopped"]["leads"]] == ["decisions", "cases"]
    (of_source,) = found["sources"][0]["numbers"]["leads"]["leads"]
    assert of_source["source"] == "web"
    assert found["queue"]["overdue"]["leads"] == [{"of": "cases", "shelf": "waiting", "overdue": True}]
    assert found["queue"]["overdue"]["before"] is None


def test_what_guards_found_is_told_in_short(api):
    finding = Finding(Guard.CONVERSION, "web", 50, api.service.clock.now().date(), ("x",), Severity.ALARM, pauses=True)
    incident = incident_of(finding, "inc_1", api.service.clock.now())
    StoredIncidents(api.service.engine, api.service.journal).open(incident, "guards", incident.opened_at)
    guards = api.get("/v1/today", role="rep")["guards"]
    assert [(each["id"], each["guard"], each["severity"]) for each in guards["found"]] == [
        ("inc_1", "conversion", "alarm")
    ]
    assert [(each["source"], each["incident"]) for each in guards["pauses"]] == [("web", "inc_1")]


def test_nothing_in_it_is_about_a_person(api):
    """Nor does it tell a reviewer whether what waits was drawn by lot."""
    case = doubtful(api, 1)
    api.post(f"/v1/cases/{case}/disposition", {"outcome": "accept", "note": "known"})
    answer = api.ask("GET", "/v1/today").text
    for word in ("person1", "bluebird", "lead-1", api.key_id(), "known", "unlabelled"):
        assert word not in answer


@pytest.mark.parametrize("role", sorted(ROLES))
def test_whoever_works_here_may_see_it(api, role):
    assert api.ask("GET", "/v1/today", role=role).status_code == (403 if role in {"ingest", "ai-tool"} else 200)


@pytest.mark.parametrize("days", ["8", "0", "-7", "many", ""])
def test_other_numbers_of_days_are_refused(api, days):
    answer = api.ask("GET", f"/v1/today?days={days}")
    assert (answer.status_code, answer.json()["where"]) == (422, "days")
