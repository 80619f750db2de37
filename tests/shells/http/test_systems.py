"""The register of AI systems over HTTP."""

import pytest

from tests.support.api import running_api

NONE: dict[str, list[str]] = {"decides": [], "practices": [], "people": [], "contact": []}
WRITER = {
    "id": "acme-writer",
    "name": "Acme mail writer",
    "purpose": "draft answers",
    "version": "4.2",
    "answers": {**NONE, "contact": ["writes"]},
    "vendor": "Acme Inc.",
    "actions": ["contact"],
    "channels": ["email"],
}
DESCRIPTION = {name: value for name, value in WRITER.items() if name != "id"}


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with running_api(tmp_path_factory.mktemp("api")) as running:
        yield running


def problem(answer):
    return answer.status_code, answer.json()["type"].removeprefix("/problems/"), answer.json().get("where")


def test_a_system_is_entered_described_reviewed_and_retired(api):
    entered = api.ask("POST", "/v1/ai-systems", WRITER)
    assert entered.status_code == 201
    made = entered.json()
    assert (made["mode"], made["risk"], made["status"], made["signed"]) == ("off", "limited", "draft", False)
    assert made["because"][0]["source"] == "EU AI Act, Article 50(2) to (4)"
    path = "/v1/ai-systems/acme-writer"
    again = {**DESCRIPTION, "status": "shadow"}
    assert problem(api.ask("PUT", path, again))[:2] == (428, "precondition-required")
    assert problem(api.ask("PUT", path, again, If_Match='"9"'))[:2] == (412, "precondition-failed")
    edition = api.ask("GET", path).headers["etag"]
    assert edition == entered.headers["etag"]
    changed = api.ask("PUT", path, again, If_Match=edition).json()
    assert (changed["mode"], changed["revision"]) == ("shadow", 2)
    assert "nobody owns it: name a person who answers for it" in changed["mode_because"]
    reviewed = api.post(f"{path}/review", {"note": "read 50 mails"})
    assert reviewed["next_review"] is not None
    live = {**again, "status": "live"}
    assert problem(api.ask("PUT", path, live, If_Match='"3"')) == (409, "conflict", "status")
    assert api.post(f"{path}/retire", {"note": "contract ended"})["mode"] == "off"
    assert problem(api.ask("PUT", path, again, If_Match='"4"'))[:2] == (409, "conflict")
    told = [(each["what"], each["note"], each["actor"]) for each in api.get(path)["history"]]
    assert told == [
        ("system.retired", "contract ended", api.key_id()),
        ("system.reviewed", "read 50 mails", api.key_id()),
        ("system.changed", "", api.key_id()),
        ("system.added", "", api.key_id()),
    ]
    logged = [kind for kind in api.log() if kind.startswith("system.")]
    assert logged == ["system.added", "system.changed", "system.reviewed", "system.retired"]


def test_winnows_own_screening_is_in_the_register(api):
    page = api.get("/v1/ai-systems?limit=1&cursor=b")
    assert [each["id"] for each in page["systems"]] == ["winnow-screening"]
    assert api.get("/v1/ai-systems/winnow-screening")["history"] == []
    assert problem(api.ask("GET", "/v1/ai-systems/none"))[:2] == (404, "not-found")


def test_the_wizard_answers_without_keeping_anything(api):
    before = len(api.log())
    found = api.post("/v1/ai-systems/classify", {"answers": {**NONE, "decides": ["credit"]}})
    assert (found["risk"], found["because"][0]["trait"]) == ("high", "credit")
    assert "high-risk" in found["refused"]
    assert [question["id"] for question in found["questions"]] == list(NONE)
    assert problem(api.ask("POST", "/v1/ai-systems/classify", {"answers": {}})) == (422, "invalid-input", "answers")
    assert len(api.log()) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answers": {**NONE, "decides": ["employment"]}}, (403, "refused-by-policy", "answers")),
        ({"outputs": ["pregnancy_health"]}, (403, "refused-by-policy", "outputs")),
        ({"owner": "us_nobody"}, (422, "invalid-input", "owner")),
        ({"status": "live"}, (422, "invalid-input", "status")),
        ({"id": "winnow-screening"}, (409, "conflict", None)),
        ({"revision": 7}, (422, "invalid-input", None)),
    ],
)
def test_what_may_not_stand_there_is_refused(api, change, said):
    assert problem(api.ask("POST", "/v1/ai-systems", {**WRITER, "id": "other", **change})) == said
