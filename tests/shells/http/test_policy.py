"""The policy over HTTP: what is in force, the laws behind it, what changes, and a policy that is to come."""

import pytest

from tests.support.api import running_api

EXAMPLE = '[[policy.examples]]\nplace = "DE"\nchannel = "email"\npurpose = "marketing"\non = 2026-11-22\n'


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with running_api(tmp_path_factory.mktemp("api")) as running:
        yield running


def test_what_is_in_force(api):
    found = api.get("/v1/policy")
    assert found["packs"] == ["eu", "uk", "california", "canada", "us-federal"]
    assert found["document"]["prohibited_inferences"][0] == "biometrics"
    assert found["document"]["retention"] == {"network_days": 90, "rejected_days": 365, "decisions_days": 1095}
    assert found["ruleset"] == api.get("/v1/rulesets/live")["bound_hash"]
    assert len(found["hash"]) == 64


def test_law_packs(api):
    found = {pack["id"]: pack for pack in api.get("/v1/policy/packs")["packs"]}
    assert (found["eu"]["used"], found["high-risk"]["used"]) == (True, False)
    [rule] = [rule for rule in found["canada"]["rules"] if rule["id"] == "casl-10"]
    assert (rule["needed"], rule["in_force"], rule["places"]) == ("implied", True, ["CA"])


def test_what_changes(api):
    assert api.get("/v1/policy/changes?on=2100-01-01")["on"] == "2100-01-01"
    for day in ("2020-01-01", "soon"):
        assert api.ask("GET", f"/v1/policy/changes?on={day}").status_code == 422
    assert api.ask("GET", "/v1/policy/changes").status_code == 422


def test_a_policy_is_checked(api):
    before = api.log()
    toml = f'[policy]\nowner = "Ada"\n{EXAMPLE}needed = "implied"\n'
    found = api.post("/v1/policy/check", {"toml": toml})
    assert (found["examples"], found["differences"][0]) == (
        1,
        {"path": "owner", "before": "nobody yet", "after": "Ada"},
    )
    assert api.log() == before


@pytest.mark.parametrize(
    ("toml", "where"),
    [
        ("[policy", "toml"),
        ('[policy]\npacks = ["eu", "gb"]\n', "policy.packs"),
        (f'[policy]\n{EXAMPLE}needed = "opt-out"\n', "policy.examples[0]"),
        ("[policy]\nprohibited_inference = []\n", "toml:2: policy.prohibited_inference"),
    ],
)
def test_one_with_a_mistake_is_refused_with_its_place(api, toml, where):
    answer = api.ask("POST", "/v1/policy/check", {"toml": toml})
    assert (answer.status_code, answer.json()["where"]) == (422, where)


def test_a_ruleset_whose_policy_does_not_hold_is_not_taken(api):
    document = api.get("/v1/rulesets/live")["document"]
    document["policy"]["packs"] = ["gb"]
    answer = api.ask("POST", "/v1/rulesets", {"document": document})
    assert (answer.status_code, answer.json()["where"]) == (422, "policy.packs")
