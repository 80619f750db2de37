"""The pages of the rulesets: put in, compared, tried in shadow, activated with the difference seen, rolled back."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.cards import card_facts
from tests.support.seeing import text_of
from tests.support.signing import agreed
from winnow.adapters.rulesets import read_ruleset, ruleset_toml
from winnow.core.learning.card.document import card_document
from winnow.core.scorecard import Scorecard

STARTER = read_ruleset(None)
HOSTILE = '"><script>alert(1)</script>%(x)s'
OTHER = replace(STARTER, id="other", note=HOSTILE, thresholds=replace(STARTER.thresholds, blind_share=0.04))
LEARNED: Scorecard = replace(STARTER.scorecard, kind="learned")


@pytest.fixture(autouse=True)
def desk(seen):
    """The desk of the rulesets; the starter is live again at the end."""
    found = seen.served.state.desks.rulesets
    yield found
    if found.live().known.hash != STARTER.hash:
        seen.served.state.desks.rolling_back.roll_back("tests", "back to the start", STARTER.hash)
    for each in seen.served.state.desks.shadows.running():
        seen.served.state.desks.shadows.stop(each.ruleset, "tests")


def put_in(seen, ruleset):
    answer = seen.post("/rulesets/put-in", "approver", fields={"toml": ruleset_toml(ruleset)})
    assert answer.headers["location"] == f"/rulesets/{ruleset.hash}?said=ruleset-added", text_of(answer)
    return f"/rulesets/{ruleset.hash}"


def test_a_ruleset_is_put_in_and_told_with_its_difference_and_texts_are_texts(seen):
    path = put_in(seen, OTHER)
    page = seen.get(path, "approver")
    told = text_of(page)
    for words in (
        "never live",
        "What would change",
        "share of the blind sample",
        "0.04",
        "The score never rejects",
        "you",
    ):
        assert words in told
    assert "<script>alert" not in page.text
    assert "never" in text_of(seen.get("/rulesets", "auditor"))
    assert f"{path}/propose" in page.text
    assert f"{path}/propose" not in seen.get(path, "auditor").text
    assert "/rulesets/put-in" not in seen.get("/rulesets", "auditor").text
    toml = seen.get(f"{path}/toml", "auditor")
    assert toml.headers["content-disposition"].endswith('.toml"')
    assert 'id = "other"' in toml.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "nothing to put in"),
        ('id = "x"\n[policy', "Not valid TOML"),
        ('id = "x"\nsmell = 1', "Line"),
        ("a" * 300_001, "more than 300,000 characters"),
        (HOSTILE, "Not valid TOML"),
    ],
)
def test_what_is_no_ruleset_says_where_and_stays_there(seen, text, told):
    page = seen.post("/rulesets/put-in", "approver", fields={"toml": text})
    assert page.status_code == 422
    assert told in text_of(page)
    assert "<script>alert" not in page.text
    assert text[:20].replace('"', "&#34;").replace(">", "&gt;").replace("<", "&lt;") in page.text


def test_activating_takes_the_place_of_the_one_that_was_shown(seen, desk):
    path = put_in(seen, OTHER)
    unsigned = seen.post(f"{path}/activate", "approver", fields={"in_place_of": STARTER.hash})
    assert unsigned.status_code == 422
    assert "nobody has proposed it" in text_of(unsigned)
    agreed(seen.served.service, OTHER.hash, seen.person("rule-author"), seen.person("privacy-officer"))
    stale = seen.post(f"{path}/activate", "approver", fields={"in_place_of": OTHER.hash})
    assert stale.status_code == 422
    assert "another ruleset went live".capitalize() in text_of(stale)
    answer = seen.post(f"{path}/activate", "approver", fields={"in_place_of": STARTER.hash})
    assert answer.headers["location"] == f"{path}?said=ruleset-activated"
    assert desk.live().known.activated_by == seen.person("approver")
    assert f"/rulesets/{STARTER.hash}/roll-back" in seen.get(f"/rulesets/{STARTER.hash}", "approver").text
    assert "What would change" not in text_of(seen.get(path, "approver"))


def test_activating_needs_the_password_once_more(seen, desk, monkeypatch):
    path = put_in(seen, OTHER)
    monkeypatch.setattr("winnow.core.people.accounts.CONFIRMED_FOR", timedelta(0))
    answer = seen.post(f"{path}/activate", "approver", fields={"in_place_of": STARTER.hash})
    assert (answer.status_code, answer.headers["x-ask"]) == (403, "confirm")
    assert desk.live().known.hash == STARTER.hash


def test_what_keeps_a_ruleset_from_deciding_is_said(seen, desk):
    path = put_in(seen, replace(STARTER, id="learned-1", scorecard=LEARNED))
    told = text_of(seen.get(path, "approver"))
    for words in (
        "It may not be put in force yet",
        "stands in shadow",
        "It stands on the rung “only in shadow”.",
        "0 of 7 days",
        "Nobody has signed.",
    ):
        assert words in told
    refused = seen.post(f"{path}/activate", "approver", fields={"in_place_of": STARTER.hash})
    assert refused.status_code == 422
    assert desk.live().known.hash == STARTER.hash


def test_in_shadow_with_its_report(seen):
    path = put_in(seen, OTHER)
    assert seen.post(f"{path}/shadow", "approver", fields={"share": "100"}).headers["location"].endswith("shadow-on")
    told = ""
    for number in range(30):
        seen.served.screened(email=f"shadow{number}@bluebird.example")
        if (
            "leads beside the live one" in (told := text_of(seen.get(path, "approver")))
            and "decided 0 leads" not in told
        ):
            break
    assert "in shadow, 100% of leads" in told
    report = seen.served.state.desks.shadows.report(OTHER.hash)
    if report.leads:
        answer = seen.post(f"{path}/shadow/read", "approver", fields={"leads": str(report.leads)})
        assert answer.headers["location"].endswith("report-read")
    assert seen.post(f"{path}/shadow/stop", "approver").headers["location"].endswith("shadow-off")
    for share in ("", "0", "101", "x"):
        assert seen.post(f"{path}/shadow", "approver", fields={"share": share}).status_code == 422


def test_any_two_are_compared(seen):
    put_in(seen, OTHER)
    page = seen.get(f"/rulesets/compare?before={STARTER.hash}&after={OTHER.hash}", "auditor")
    assert "share of the blind sample" in text_of(page)
    assert "<script>alert" not in page.text
    same = seen.get(f"/rulesets/compare?before={STARTER.hash}&after={STARTER.hash[:8]}", "auditor")
    assert "both decide alike" in text_of(same)
    assert seen.get("/rulesets/compare?before=zz&after=zz", "auditor").status_code == 404


def test_the_hash_that_decisions_name_leads_to_the_ruleset(seen, desk):
    seen.served.screened(email="ana@bluebird.example")
    bound = desk.live().bound.hash
    assert bound != STARTER.hash
    assert STARTER.hash[:12] in seen.get(f"/rulesets/{bound}", "auditor").text
    for nothing in ("nothing", "0" * 64):
        assert seen.get(f"/rulesets/{nothing}", "auditor").status_code == 404


def test_a_ruleset_is_made_with_a_draft_and_without_a_rule(seen):
    rules = seen.served.state.desks.rules
    draft = rules.add(
        {"id": "mailing", "when": "email.free", "text": "t", "owner": "", "reason": "r", "points": 5}, "us_1"
    )
    refused = seen.post("/rulesets/with-draft", "approver", fields={"draft": draft.id})
    assert refused.status_code == 422
    assert "The rule has no owner" in text_of(refused)
    draft = rules.replace(draft.id, {**draft.document, "owner": "Mia"}, draft.edition, "us_1")
    there = seen.post("/rulesets/with-draft", "approver", fields={"draft": draft.id}).headers["location"]
    told = text_of(seen.get(there, "approver"))
    assert "starter-1-with-mailing" in told
    assert "email.free" in told
    rules.remove(draft.id, "tests")
    gone = seen.post("/rulesets/without-rule", "approver", fields={"rule": "mailing"}).headers["location"]
    assert "mailing gone" in text_of(seen.get(gone, "approver"))
    assert seen.post("/rulesets/without-rule", "approver", fields={"rule": "nothing"}).status_code == 404


def test_a_model_card_is_shown_under_a_policy_of_its_own(seen):
    ruleset = replace(STARTER, id="learned-2", scorecard=replace(LEARNED, id="carded"))
    path = put_in(seen, ruleset)
    missing = seen.get(f"{path}/card", "auditor")
    assert missing.status_code == 404
    assert "There is no model card here" in text_of(missing)
    folder = seen.served.service.folder / "models" / "mine"
    folder.mkdir(parents=True)
    card = card_document(card_facts(scorecard_hash=ruleset.scorecard_hash, owner=HOSTILE))
    (folder / "card.json").write_text(json.dumps(card))
    page = seen.get(f"{path}/card", "auditor")
    assert page.status_code == 200
    assert "small-1" in page.text
    assert "<script" not in page.text
    policy = page.headers["content-security-policy"]
    assert "style-src 'sha256-" in policy
    assert "script-src 'none'" in policy
    (folder / "card.json").write_text(json.dumps({"scorecard_hash": ruleset.scorecard_hash}))
    assert "cannot be read" in text_of(seen.get(f"{path}/card", "auditor"))
