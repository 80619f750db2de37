"""Lists, rules, rulesets, webhooks and keys over HTTP: what they answer, refuse and leave in the log."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.support.api import running_api
from tests.support.command import winnow
from tests.support.naughty import NAUGHTY
from tests.support.signed_in import new_person
from tests.support.signing import agreed
from winnow.core.apikeys import ROLES, Scope
from winnow.shells.http.access import access_of
from winnow.shells.http.routes import (
    consent,
    incidents,
    keys,
    lists,
    off_limits,
    permits,
    policy,
    reconciliations,
    rules,
    rulesets,
    serving,
    systems,
    webhooks,
)

ENTRY = {"action": "block", "kind": "domain", "value": "Spam.Example", "owner": "Mia", "reason": "flood"}
RULE = {
    "id": "pasted",
    "when": "form.pasted_fields > 3",
    "text": "Pasted",
    "owner": "Mia",
    "reason": "scripts paste",
    "outcome": "review",
}
URL = "https://203.0.114.9/winnow"


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with running_api(tmp_path_factory.mktemp("api")) as running:
        yield running


@pytest.fixture
def fresh(tmp_path):
    with running_api(tmp_path) as running:
        yield running


def problem(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("/problems/"), answer.json().get("where")


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_is_added_read_decides_and_is_removed(fresh):
    lead = {"email": "bo@mail.spam.example"}
    assert fresh.post("/v1/leads", lead)["outcome"] == "accept"
    made = fresh.post("/v1/lists", {**ENTRY, "id": "flood"})
    assert (made["id"], made["value"], made["source"]) == ("flood", "spam.example", "person")
    assert made["scopes"] == ["marketing", "sales"]
    assert made["expires_at"] is None
    assert fresh.get("/v1/lists/flood") == made
    assert fresh.get("/v1/lists") == {"entries": [made], "next": None}
    fresh.service.live._checked = 0.0  # half a second later
    assert fresh.post("/v1/leads", lead)["decided_by"] == "list:flood"
    fresh.delete("/v1/lists/flood")
    assert problem(fresh.ask("GET", "/v1/lists/flood")) == (404, "not-found", None)
    assert problem(fresh.ask("DELETE", "/v1/lists/flood")) == (404, "not-found", None)
    assert problem(fresh.ask("POST", "/v1/lists", {**ENTRY, "id": "flood"}))[:2] == (409, "conflict")
    assert [kind for kind in fresh.log() if kind.startswith("list.")] == ["list.added", "list.removed"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"kind": "cidr", "value": "everywhere"}, None),
        ({"kind": "smell"}, "$.kind"),
        ({"owner": ""}, "$.owner"),
        ({"owner": "  "}, "owner"),
        ({"scopes": []}, None),
        ({"source": "gossip"}, None),
        ({"expires_at": "2027-01-01T00:00:00"}, "$.expires_at"),
        ({"id": "a/b"}, "$.id"),
        ({"colour": "red"}, None),
        ({"created_at": "2020-01-01T00:00:00Z"}, None),
    ],
)
def test_an_entry_that_cannot_be_is_refused(api, change, where):
    before = api.get("/v1/lists")
    assert problem(api.ask("POST", "/v1/lists", {**ENTRY, **change})) == (422, "invalid-input", where)
    assert api.get("/v1/lists") == before


def test_evidence_of_a_machine_lapses_and_what_a_person_decided_does_not(api):
    for source, lapses in (("rule", True), ("feedback", True), ("import", False), ("person", False)):
        made = api.post("/v1/lists", {**ENTRY, "source": source})
        assert (made["expires_at"] is not None) is lapses
    allow = api.post("/v1/lists", {**ENTRY, "action": "allow", "source": "rule"})
    assert allow["expires_at"] is None


def test_an_import_is_all_or_none(api):
    entries = [{**ENTRY, "id": f"i{number}", "value": f"{number}.spam.example"} for number in range(300)]
    spoilt = [*entries[:7], {**ENTRY, "value": "no domain"}]
    answer = api.ask("POST", "/v1/lists/import", {"entries": spoilt})
    assert problem(answer) == (422, "invalid-input", "entries[7]")
    assert problem(api.ask("POST", "/v1/lists/import", {"entries": [*entries, entries[0]]})) == (
        422,
        "invalid-input",
        "entries[300].id",
    )
    assert problem(api.ask("GET", "/v1/lists/i0"))[0] == 404
    assert api.post("/v1/lists/import", {"entries": entries})["added"] == 300
    assert api.get("/v1/lists/i299")["source"] == "import"
    assert problem(api.ask("POST", "/v1/lists/import", {"entries": entries}))[:2] == (409, "conflict")
    seen, cursor = [], None
    while True:
        page = api.get(f"/v1/lists?limit=90{f'&cursor={cursor}' if cursor else ''}")
        seen += [entry["id"] for entry in page["entries"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert {f"i{number}" for number in range(300)} <= set(seen)


def test_a_preview_tells_whom_an_entry_would_have_matched(fresh):
    addresses = ["ana@bluebird.example", "bo@spam.example", "cy@mail.spam.example", "di@acme.example"]
    numbers = [fresh.post("/v1/leads", {"email": address})["id"] for address in addresses]
    assert fresh.post("/v1/lists/preview", {"entry": ENTRY}) == {
        "looked_at": 4,
        "hits": 2,
        "outcomes": {"accept": 2},
        "ids": [numbers[2], numbers[1]],
    }
    assert fresh.post("/v1/lists/preview", {"entry": ENTRY, "last": 2})["ids"] == [numbers[2]]
    assert problem(fresh.ask("POST", "/v1/lists/preview", {"entry": ENTRY, "last": 5001}))[:2] == (422, "invalid-input")
    assert fresh.get("/v1/lists")["entries"] == []
    assert "list.added" not in fresh.log()


@pytest.mark.parametrize(
    ("path", "body", "scope"),
    [("/v1/lists/preview", {"entry": ENTRY}, "lists:read"), ("/v1/rules/test", {"rule": RULE}, "rules:read")],
)
def test_what_looks_at_leads_needs_the_right_to_see_decisions(api, path, body, scope):
    assert problem(api.ask("POST", path, body, role=scope))[:2] == (403, "not-allowed")
    assert api.ask("POST", path, body, role=f"{scope} decisions:read").status_code == 200


# ── rules ────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_changed_only_from_the_edition_its_author_has_read(api):
    answer = api.ask("POST", "/v1/rules/drafts", RULE)
    assert answer.status_code == 201
    draft, edition = answer.json(), answer.headers["etag"]
    assert draft["rule"] == RULE
    path = f"/v1/rules/drafts/{draft['id']}"
    assert api.ask("GET", path).headers["etag"] == edition
    changed = {**RULE, "when": "form.pasted_fields > 4"}
    assert problem(api.ask("PUT", path, changed)) == (428, "precondition-required", "If-Match")
    done = api.ask("PUT", path, changed, If_Match=edition)
    assert done.status_code == 200
    assert done.json()["rule"] == changed
    assert problem(api.ask("PUT", path, RULE, If_Match=edition)) == (412, "precondition-failed", "If-Match")
    assert api.get(path)["rule"] == changed
    assert api.ask("GET", path).headers["etag"] == done.headers["etag"] != edition
    assert draft["id"] in [each["id"] for each in api.get("/v1/rules/drafts")["drafts"]]
    api.delete(path)
    assert problem(api.ask("GET", path))[0] == 404
    assert problem(api.ask("DELETE", path))[0] == 404
    assert problem(api.ask("PUT", path, RULE, If_Match="*"))[0] == 404
    kinds = [kind for kind in api.log() if kind.startswith("rule-draft")]
    assert kinds == ["rule-draft.added", "rule-draft.changed", "rule-draft.removed"]


@pytest.mark.parametrize(
    "when",
    [
        "form.pasted > 3",
        "form.pasted_fields",
        "form.pasted_fields >",
        "[1,2,3].all(a, [1,2,3].all(b, a < b))",
        " || ".join(["form.honeypot"] * 300),
        "text.links > 0 && " * 30 + 'net.ip_class.matches("(((((a{1,999}){1,999}){1,999}){1,999})")',
    ],
)
def test_a_hostile_or_broken_condition_is_not_kept(api, when):
    before = api.get("/v1/rules/drafts")
    answer = api.ask("POST", "/v1/rules/drafts", {**RULE, "when": when[:2000]})
    assert problem(answer)[:2] == (422, "invalid-rule")
    assert "^" in answer.json()["excerpt"]
    assert api.get("/v1/rules/drafts") == before
    checked = api.post("/v1/rules/check", {"rule": {**RULE, "when": when[:2000]}})
    assert not checked["ok"]
    assert checked["findings"][0]["code"] == "refused"
    assert checked["findings"][0]["line"] == 1
    assert "^" in checked["findings"][0]["excerpt"]


def test_an_author_cannot_sign_off(api):
    assert problem(api.ask("POST", "/v1/rules/drafts", {**RULE, "signed_off_by": "Bo"}))[:2] == (422, "invalid-input")


def test_a_check_names_what_is_odd(api):
    checked = api.post("/v1/rules/check", {"rule": RULE})
    assert checked["ok"]
    assert [each["code"] for each in checked["findings"]] == ["no-examples", "no-expiry"]
    wrong = {**RULE, "examples": [{"values": {"form.pasted_fields": 9}, "fires": False}]}
    assert "example-fails" in [each["code"] for each in api.post("/v1/rules/check", {"rule": wrong})["findings"]]


@pytest.mark.parametrize(
    ("toml", "code", "line", "column"),
    [
        ('[[rules]]\nid = "a"\nwhen = 3\n', "unreadable", 3, None),
        ('[[rules]]\nid = "a\n', "unreadable", 2, 8),
        ('[[rules]]\nid="a"\nwhen="form.pasted>3"\ntext="t"\nowner="o"\nreason="r"\npoints=1\n', "refused", 1, 1),
        ("a" + ".a" * 300 + " = 1", "unreadable", 1, None),
    ],
)
def test_a_text_of_rules_is_checked_with_its_places(api, toml, code, line, column):
    checked = api.post("/v1/rules/check", {"toml": toml})
    assert not checked["ok"]
    found = checked["findings"][0]
    assert (found["code"], found["line"], found["column"]) == (code, line, column)


@pytest.mark.parametrize("path", ["/v1/rules/check", "/v1/rules/test", "/v1/rulesets"])
def test_exactly_one_of_two_ways_is_given(api, path):
    both = {"/v1/rules/check": {"rule": RULE, "toml": ""}, "/v1/rules/test": {"rule": RULE, "draft": "x"}}
    for body in ({}, both.get(path, {"toml": "", "document": {}})):
        assert problem(api.ask("POST", path, body)) == (422, "invalid-input", "$")


def test_a_rule_is_tried_on_what_was_decided(fresh):
    numbers = [
        fresh.post("/v1/leads", {"email": f"p{pasted}@bluebird.example", "form_pasted_fields": pasted})["id"]
        for pasted in (0, 4, 9)
    ]
    fresh.post("/v1/leads", {"email": "unknown@bluebird.example"})
    tried = fresh.post("/v1/rules/test", {"rule": {"id": "pasted", "when": RULE["when"], "outcome": "review"}})
    assert tried == {
        "looked_at": 4,
        "hits": 2,
        "changed": 2,
        "moved": [{"before": "tag", "after": "review", "count": 2}],
        "hit_ids": [numbers[2], numbers[1]],
        "changed_ids": [numbers[2], numbers[1]],
    }
    draft = fresh.post("/v1/rules/drafts", {**RULE, "outcome": "tag"})["id"]
    assert fresh.post("/v1/rules/test", {"draft": draft, "last": 3})["hits"] == 2
    mild = fresh.post("/v1/rules/test", {"rule": {"id": "m", "when": RULE["when"], "points": 10}})
    assert (mild["hits"], mild["changed"], mild["moved"]) == (2, 0, [])
    reject = {**RULE, "outcome": "reject", "deterministic": True}
    assert fresh.post("/v1/rules/test", {"rule": reject})["changed"] == 2
    assert problem(fresh.ask("POST", "/v1/rules/test", {"rule": {**RULE, "outcome": "accept"}}))[0] == 422
    assert problem(fresh.ask("POST", "/v1/rules/test", {"draft": "rd_none"}))[0] == 404
    assert fresh.get(f"/v1/decisions/{numbers[2]}")["outcome"] == "tag"
    assert "rule-draft.added" in fresh.log()


# ── rulesets ─────────────────────────────────────────────────────────────────────────────────────


def test_a_ruleset_is_put_in_compared_activated_and_rolled_back(fresh):
    live = fresh.get("/v1/rulesets/live")
    first = live["ruleset"]["hash"]
    assert (live["ruleset"]["live"], live["document"]["id"]) == (True, "starter-1")
    document = {**live["document"], "id": "mine"}
    document["rules"] = [*document["rules"], {**RULE, "scopes": ["sales"]}]
    made = fresh.post("/v1/rulesets", {"document": document})
    assert (made["id"], made["live"], made["author"]) == ("mine", False, fresh.key_id())
    assert fresh.post("/v1/rulesets", {"document": document}) == made
    assert fresh.get(f"/v1/rulesets/{made['hash'][:12]}")["document"]["id"] == "mine"
    found = fresh.get(f"/v1/rulesets/{first[:8]}/diff/{made['hash']}")["differences"]
    assert [each["path"] for each in found] == ["id", "rules.pasted"]
    lead = {"email": "ana@bluebird.example", "form_pasted_fields": 5}
    assert fresh.post("/v1/leads", lead)["outcome"] == "accept"
    two_people = [new_person(fresh.served, role).id for role in ("rule-author", "approver")]
    agreed(fresh.service, made["hash"], *two_people)
    now_live = fresh.post(f"/v1/rulesets/{made['hash']}/activate")
    assert (now_live["live"], now_live["activated_by"]) == (True, fresh.key_id())
    fresh.service.live._checked = 0.0  # half a second later
    decided = fresh.post("/v1/leads", lead)
    assert decided["decided_by"] == "rule:pasted"
    bound = decided["ruleset"]["hash"]
    assert fresh.get("/v1/rulesets/live")["bound_hash"] == bound != made["hash"]
    assert fresh.get(f"/v1/rulesets/{bound}")["document"]["references"]
    assert [each["hash"] for each in fresh.get("/v1/rulesets")["rulesets"]] == [made["hash"], first]
    one = fresh.get("/v1/rulesets?limit=1")
    assert [each["live"] for each in one["rulesets"]] == [True]
    two = fresh.get(f"/v1/rulesets?limit=1&cursor={one['next']}")
    assert ([each["hash"] for each in two["rulesets"]], two["next"]) == ([first], None)
    assert fresh.post(f"/v1/rulesets/{first}/activate")["live"]
    fresh.service.live._checked = 0.0
    assert fresh.post("/v1/leads", lead)["outcome"] == "accept"
    assert fresh.post(f"/v1/rulesets/{bound}/activate")["hash"] == made["hash"]
    kinds = [kind for kind in fresh.log() if kind.startswith("ruleset.")]
    assert kinds == [
        "ruleset.activated",
        "ruleset.added",
        "ruleset.activated",
        "ruleset.rolled-back",
        "ruleset.activated",
    ]


def test_the_command_gives_the_hash_a_file_is_put_in_under(fresh, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(winnow("ruleset", "show", "--toml").text.replace('id = "starter-1"', 'id = "mine"'), "utf-8")
    made = fresh.post("/v1/rulesets", {"toml": file.read_text("utf-8")})
    assert made["id"] == "mine"
    assert winnow("ruleset", "hash", str(file), "--alone").text.strip() == made["hash"]
    assert winnow("ruleset", "hash", str(file)).text.strip() != made["hash"]


@pytest.mark.parametrize(
    ("body", "kind", "where"),
    [
        ({"toml": "id = 3"}, "invalid-ruleset", "toml:1: id"),
        ({"toml": "id = = 1"}, "invalid-ruleset", "toml:1:6"),
        ({"document": {"id": "x"}}, "invalid-ruleset", "thresholds"),
        ({"toml": "a" + ".a" * 300 + " = 1"}, "invalid-ruleset", "toml:1"),
    ],
)
def test_a_ruleset_with_a_mistake_is_refused_with_its_place(api, body, kind, where):
    before = api.get("/v1/rulesets")
    assert problem(api.ask("POST", "/v1/rulesets", body)) == (422, kind, where)
    assert api.get("/v1/rulesets") == before


def test_a_ruleset_with_a_broken_rule_is_refused(api):
    document = api.get("/v1/rulesets/live")["document"]
    document["rules"] = [{**RULE, "when": "form.pasted > 3"}]
    assert problem(api.ask("POST", "/v1/rulesets", {"document": document}))[:2] == (422, "invalid-rule")


@pytest.mark.parametrize("digest", ["0" * 64, "zzzzzzzz", "abc", "%25"])
def test_a_ruleset_that_is_not_there_is_not_found(api, digest):
    for method, path in (("GET", ""), ("POST", "/activate"), ("GET", f"/diff/{'0' * 8}")):
        assert problem(api.ask(method, f"/v1/rulesets/{digest}{path}"))[0] == 404


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────────


def test_a_webhook_is_made_tested_given_a_new_secret_and_removed(fresh):
    made = fresh.post("/v1/webhooks", {"url": URL, "events": ["decision.made", "case.opened"]})
    webhook = made["webhook"]
    assert made["secret"].startswith("whsec_")
    assert webhook["events"] == ["case.opened", "decision.made"]
    path = f"/v1/webhooks/{webhook['id']}"
    assert fresh.get(path) == webhook
    assert fresh.get("/v1/webhooks")["webhooks"] == [webhook]
    assert made["secret"] not in fresh.ask("GET", path).text
    test = fresh.post(f"{path}/test")
    assert (test["type"], test["state"], test["webhook"]) == ("webhook.test", "pending", webhook["id"])
    again = fresh.post(f"{path}/rotate", {"overlap_hours": 1})
    assert again["secret"] not in {made["secret"], ""}
    fresh.post("/v1/leads", {"email": "ana@bluebird.example"})
    listed = fresh.get("/v1/deliveries")["deliveries"]
    assert [each["type"] for each in listed] == ["decision.made", "webhook.test"]
    first = fresh.get("/v1/deliveries?limit=1")
    second = fresh.get(f"/v1/deliveries?limit=1&cursor={first['next']}")
    assert [*first["deliveries"], *second["deliveries"]] == listed
    assert fresh.get("/v1/deliveries?state=dead")["deliveries"] == []
    assert problem(fresh.ask("POST", f"/v1/deliveries/{test['id']}/replay"))[:2] == (409, "conflict")
    fresh.delete(path)
    assert problem(fresh.ask("GET", path))[0] == 404
    dead = fresh.get(f"/v1/deliveries?state=dead&webhook={webhook['id']}")["deliveries"]
    assert {each["last_error"] for each in dead} == {"the webhook was removed"}
    assert len(dead) == 2
    assert problem(fresh.ask("POST", f"/v1/deliveries/{test['id']}/replay"))[:2] == (409, "conflict")
    kinds = [kind for kind in fresh.log() if kind.startswith("webhook.")]
    assert kinds == ["webhook.added", "webhook.tested", "webhook.rotated", "webhook.removed"]


@pytest.mark.parametrize(
    ("url", "events", "where"),
    [
        ("http://203.0.114.9/", ["*"], "url"),
        ("https://127.0.0.1/", ["*"], "url"),
        ("https://169.254.169.254/latest/meta-data", ["*"], "url"),
        ("https://[::ffff:10.0.0.1]/", ["*"], "url"),
        ("https://203.0.114.9:22/", ["*"], "url"),
        ("https://me@203.0.114.9/", ["*"], "url"),
        ("javascript:alert(1)", ["*"], "url"),
        (URL, ["lead.eaten"], "events"),
        (URL, [], "$.events"),
    ],
)
def test_a_webhook_that_could_never_work_is_refused(api, url, events, where):
    answer = api.ask("POST", "/v1/webhooks", {"url": url, "events": events})
    assert problem(answer) == (422, "invalid-input", where)
    assert api.get("/v1/webhooks")["webhooks"] == []


@pytest.mark.parametrize("number", ["0", "-1", "9" * 18, "9" * 40, "x", "%20"])
def test_a_delivery_that_is_not_there_is_not_found(api, number):
    assert problem(api.ask("POST", f"/v1/deliveries/{number}/replay"))[0] == 404


def test_a_cursor_that_is_none_is_refused(api):
    assert problem(api.ask("GET", "/v1/deliveries?cursor=x")) == (422, "invalid-input", "cursor")


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_is_made_works_and_is_revoked(fresh):
    made = fresh.post("/v1/keys", {"name": "web site", "scopes": ["lists:read"], "networks": ["127.0.0.0/8"]})
    key = made["key"]
    assert (key["scopes"], key["networks"], key["created_by"]) == (["lists:read"], ["127.0.0.0/8"], fresh.key_id())
    assert "token" not in str(fresh.get("/v1/keys"))
    assert key in fresh.get("/v1/keys")["keys"]
    fresh.service.key_ring.refresh()
    bearer = f"Bearer {made['token']}"
    assert fresh.ask("GET", "/v1/lists", Authorization=bearer).status_code == 200
    fresh.delete(f"/v1/keys/{key['id']}")
    fresh.service.key_ring.refresh()
    assert fresh.ask("GET", "/v1/lists", Authorization=bearer).status_code == 401
    assert problem(fresh.ask("DELETE", f"/v1/keys/{key['id']}"))[0] == 404
    ids = [each["id"] for each in fresh.get("/v1/keys")["keys"]]
    first = fresh.get("/v1/keys?limit=1")
    second = fresh.get(f"/v1/keys?cursor={first['next']}")
    assert [each["id"] for each in (*first["keys"], *second["keys"])] == ids
    assert second["next"] is None
    assert fresh.log().count("key.revoked") == 1
    assert fresh.log().count("key.created") == len(ids)


def test_a_key_gives_only_what_it_has(api):
    body = {"name": "x", "scopes": ["keys:read"]}
    assert api.ask("POST", "/v1/keys", body, role="keys:read keys:write").status_code == 201
    more = {"name": "x", "scopes": ["rep"]}
    answer = api.ask("POST", "/v1/keys", more, role="keys:read keys:write")
    assert problem(answer) == (403, "not-allowed", "scopes")
    assert api.ask("POST", "/v1/keys", more, role="admin").status_code == 201


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": []}, "$.scopes"),
        ({"name": "\n"}, "name"),
        ({"networks": ["here"]}, "networks"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"secret": "mine"}, None),
    ],
)
def test_a_key_that_cannot_be_is_refused(api, change, where):
    answer = api.ask("POST", "/v1/keys", {"name": "x", "scopes": ["ingest"], **change})
    assert problem(answer) == (422, "invalid-input", where)


# ── all of them ──────────────────────────────────────────────────────────────────────────────────

MODULES = (
    *(lists, rules, rulesets, webhooks, incidents, keys, systems, off_limits, policy, consent, permits, serving),
    reconciliations,
)

#: Every route and the scope it needs, written down once more by hand.
TABLE = [
    ("GET", "/v1/lists", "lists:read"),
    ("POST", "/v1/lists", "lists:write"),
    ("POST", "/v1/lists/import", "lists:write"),
    ("POST", "/v1/lists/preview", "lists:read"),
    ("GET", "/v1/lists/none", "lists:read"),
    ("DELETE", "/v1/lists/none", "lists:write"),
    ("GET", "/v1/rules/drafts", "rules:read"),
    ("POST", "/v1/rules/drafts", "rules:write"),
    ("GET", "/v1/rules/drafts/none", "rules:read"),
    ("PUT", "/v1/rules/drafts/none", "rules:write"),
    ("DELETE", "/v1/rules/drafts/none", "rules:write"),
    ("POST", "/v1/rules/check", "rules:read"),
    ("POST", "/v1/rules/test", "rules:read"),
    ("GET", "/v1/rulesets", "rulesets:read"),
    ("POST", "/v1/rulesets", "rulesets:write"),
    ("GET", "/v1/rulesets/live", "rulesets:read"),
    ("GET", "/v1/rulesets/none", "rulesets:read"),
    ("POST", "/v1/rulesets/none/activate", "rulesets:write"),
    ("GET", "/v1/rulesets/none/diff/none", "rulesets:read"),
    ("GET", "/v1/rulesets/rollback", "rulesets:read"),
    ("POST", "/v1/rulesets/rollback", "rulesets:write"),
    ("GET", "/v1/rulesets/rollbacks/1", "rulesets:read"),
    ("GET", "/v1/rulesets/rollbacks/1/leads", "rulesets:read"),
    ("GET", "/v1/webhooks", "webhooks:read"),
    ("POST", "/v1/webhooks", "webhooks:write"),
    ("GET", "/v1/webhooks/none", "webhooks:read"),
    ("DELETE", "/v1/webhooks/none", "webhooks:write"),
    ("POST", "/v1/webhooks/none/test", "webhooks:write"),
    ("POST", "/v1/webhooks/none/rotate", "webhooks:write"),
    ("GET", "/v1/deliveries", "webhooks:read"),
    ("POST", "/v1/deliveries/none/replay", "webhooks:write"),
    ("GET", "/v1/incidents", "incidents:read"),
    ("GET", "/v1/incidents/none", "incidents:read"),
    ("POST", "/v1/incidents/none/close", "incidents:write"),
    ("POST", "/v1/incidents", "incidents:write"),
    ("POST", "/v1/incidents/none/steps", "incidents:write"),
    ("POST", "/v1/incidents/none/notes", "incidents:write"),
    ("POST", "/v1/incidents/none/links", "incidents:write"),
    ("POST", "/v1/incidents/none/leads", "incidents:write"),
    ("GET", "/v1/incidents/none/leads", "incidents:read"),
    ("GET", "/v1/incidents/none/report", "incidents:read"),
    ("GET", "/v1/incidents/none/report.txt", "incidents:read"),
    ("POST", "/v1/permits", "permits:write"),
    ("POST", "/v1/permits/verify", "permits:write"),
    ("GET", "/v1/permits/none-0", "permits:read"),
    ("POST", "/v1/reconciliations", "permits:read"),
    ("POST", "/v1/serve-checks", "serve:read"),
    ("GET", "/v1/serve-checks", "serve:read"),
    ("POST", "/v1/ai-decisions", "ai-decisions:write"),
    ("GET", "/v1/ai-decisions/7", "decisions:read"),
    ("GET", "/v1/off-limits/dropped", "policy:read"),
    ("GET", "/v1/ai-systems", "systems:read"),
    ("POST", "/v1/ai-systems", "systems:write"),
    ("POST", "/v1/ai-systems/classify", "systems:read"),
    ("GET", "/v1/ai-systems/none", "systems:read"),
    ("PUT", "/v1/ai-systems/none", "systems:write"),
    ("POST", "/v1/ai-systems/none/review", "systems:write"),
    ("POST", "/v1/ai-systems/none/retire", "systems:write"),
    ("GET", "/v1/policy", "policy:read"),
    ("GET", "/v1/policy/packs", "policy:read"),
    ("GET", "/v1/policy/changes?on=2100-01-01", "policy:read"),
    ("GET", "/v1/policy/changes/leads?on=2100-01-01", "decisions:read"),
    ("GET", "/v1/policy/changes/sends?on=2100-01-01", "permits:read"),
    ("POST", "/v1/policy/check", "policy:read"),
    ("POST", "/v1/consent-events", "consent:write"),
    ("POST", "/v1/consent/search", "consent:read"),
    ("GET", "/v1/consent/47", "consent:read"),
    ("POST", "/v1/consent/imports", "consent:write"),
    ("POST", "/v1/consent/merges", "consent:write"),
    ("POST", "/v1/consent/unmerges", "consent:write"),
    ("POST", "/v1/consent/confirmations", "consent:write"),
    ("GET", "/v1/keys", "keys:read"),
    ("POST", "/v1/keys", "keys:write"),
    ("DELETE", "/v1/keys/none", "keys:write"),
]


#: What no key does whatever its role: people have to prove anew who they are (test_incidents.py).
FOR_PEOPLE = {("POST", "/v1/incidents/none/close")}


def test_the_table_has_every_route():
    handlers = [handler for module in MODULES for handler in module.ROUTES]
    assert len(handlers) == len(TABLE)
    assert sorted(access_of(handler).scope for handler in handlers) == sorted(scope for _, _, scope in TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_of_roles_says_and_nothing_else(api, role):
    for method, path, scope in TABLE:
        body: dict[str, str] | None = {} if method in {"POST", "PUT"} else None
        status = api.ask(method, path, body, role=role).status_code
        if Scope(scope) in ROLES[role] and (method, path) not in FOR_PEOPLE:
            assert status in {200, 404, 409, 422}, (method, path)
        else:
            assert status == 403, (method, path)


def test_nobody_gets_in_without_a_key(api):
    for method, path, _ in TABLE:
        if (method, path) in FOR_PEOPLE:
            assert problem(api.ask(method, path, Authorization="Bearer none"))[:2] == (403, "not-allowed")
            continue
        assert problem(api.ask(method, path, Authorization="Bearer none"))[:2] in {
            (401, "unauthenticated"),
            (429, "too-many-requests"),  # which is what guessing comes to
        }


def test_a_repeated_write_is_carried_out_once(fresh):
    writes: list[tuple[str, str, Any, str]] = [
        ("POST", "/v1/lists", ENTRY, "list.added"),
        ("POST", "/v1/rules/drafts", RULE, "rule-draft.added"),
        ("POST", "/v1/webhooks", {"url": URL, "events": ["*"]}, "webhook.added"),
        ("POST", "/v1/keys", {"name": "x", "scopes": ["ingest"]}, "key.created"),
    ]
    before = fresh.log().count("key.created")
    for method, path, body, kind in writes:
        first = fresh.ask(method, path, body, Idempotency_Key=f"once-{kind}")
        second = fresh.ask(method, path, body, Idempotency_Key=f"once-{kind}")
        assert first.status_code == second.status_code == 201
        assert first.content == second.content
        assert second.headers["idempotency-replayed"] == "true"
        assert fresh.log().count(kind) == 1 + (before + 1 if kind == "key.created" else 0)
        other = fresh.ask(method, path, {**body, "x": 1}, Idempotency_Key=f"once-{kind}")
        assert problem(other)[:2] == (409, "idempotency-mismatch")


def naughty_requests(text):
    """A request to every route that takes text, with the text wherever one goes."""
    entry = {**ENTRY, "value": text, "owner": text, "reason": text}
    rule = {**RULE, "when": text, "text": text, "owner": text, "reason": text}
    odd = {**RULE, "examples": [{"values": {text: text}}]}
    yield "POST", "/v1/lists", {**ENTRY, "id": text}
    yield "POST", "/v1/lists", {**ENTRY, "owner": text, "reason": text}
    for kind in ("email", "domain", "company", "device", "phone", "cidr", "message"):
        yield "POST", "/v1/lists/preview", {"entry": {**entry, "kind": kind}}
    yield "POST", "/v1/rules/drafts", rule
    yield "POST", "/v1/rules/drafts", {**RULE, "text": text, "owner": text}
    yield "POST", "/v1/rules/check", {"rule": rule}
    yield "POST", "/v1/rules/check", {"rule": odd}
    yield "POST", "/v1/rules/check", {"toml": text}
    yield "POST", "/v1/rules/test", {"rule": {**RULE, "id": text}}
    yield "POST", "/v1/rulesets", {"toml": text}
    yield "POST", "/v1/rulesets", {"document": {"id": text, text: text, "rules": [odd]}}
    yield "POST", "/v1/webhooks", {"url": text, "events": ["*"]}
    yield "POST", "/v1/webhooks", {"url": f"https://{text}/", "events": [text]}
    yield "POST", "/v1/keys", {"name": text, "scopes": [text], "networks": [text]}
    yield "POST", "/v1/keys", {"name": text, "scopes": ["ingest"]}


def test_no_text_makes_the_service_fail(fresh):
    fresh.post("/v1/leads", {"email": "ana@bluebird.example"})
    resolved: list[str] = []
    fresh.served.state.desks.webhooks._check_url = resolved.append  # no names are looked up here
    for text in NAUGHTY[::8]:
        for method, path, body in naughty_requests(text):
            status = fresh.ask(method, path, body).status_code
            assert status < 500, (method, path, text)
        quoted = quote(text[:300].encode("utf-8", "surrogatepass"), safe="")
        for path in ("/v1/lists", "/v1/rules/drafts", "/v1/rulesets", "/v1/webhooks", "/v1/keys"):
            assert fresh.ask("DELETE", f"{path}/{quoted}").status_code < 500, (path, text)
            assert fresh.ask("GET", f"{path}?cursor={quoted}").status_code < 500, (path, text)
    assert resolved
    for path, name in (("lists", "entries"), ("rules/drafts", "drafts"), ("webhooks", "webhooks"), ("keys", "keys")):
        assert fresh.get(f"/v1/{path}")[name]
