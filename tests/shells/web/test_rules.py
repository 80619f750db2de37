"""The pages of the rules: drafts are kept and tried, what is typed is checked, and nothing typed gets lost."""

import re

import pytest

from tests.support.seeing import text_of

HOSTILE = '"><script>alert(1)</script>%(x)s'
RULE = {
    "id": "fast-and-free", "when": "email.free && form.fill_seconds < 3", "effect": "points", "points": "700",
    "scopes": ["sales"], "text": "Sent in under three seconds", "reason": "burst in March", "owner": "Mia Ruiz",
    "expires_at": "2027-03-01", "daily_cap": "50",
    "fires": "email.free = true, form.fill_seconds = 1.5", "quiet": "email.free = true, form.fill_seconds = 9",
}  # fmt: skip


@pytest.fixture(autouse=True)
def rules(seen):
    """The desk of the rules, without drafts at the end."""
    desk = seen.served.state.desks.rules
    yield desk
    for draft in desk.page(None, 100).items:
        desk.remove(draft.id, "tests")


def kept(seen, rules, **changed):
    answer = seen.post("/rules/new", "rule-author", fields={**RULE, **changed})
    assert answer.status_code == 303, text_of(answer)
    [draft] = rules.page(None, 9).items
    assert answer.headers["location"] == f"/rules/drafts/{draft.id}?said=draft-kept"
    return draft


def test_live_rules_are_told_with_what_is_odd_about_them(seen):
    told = text_of(seen.get("/rules", "approver"))
    assert "mailing" in told
    assert "The rule never expires" in told
    assert "No drafts" in told
    page = seen.get("/rules/live/mailing", "approver")
    assert "velocity.message_day" in page.text
    assert "Make a draft of it" not in page.text
    assert 'href="/rules/new?of=mailing"' in seen.get("/rules/live/mailing", "rule-author").text
    assert seen.get("/rules/live/nothing", "approver").status_code == 404


def test_a_draft_is_kept_as_it_was_typed_and_shown_so_again(seen, rules):
    draft = kept(seen, rules)
    assert draft.author == seen.person("rule-author")
    assert draft.document == {
        **{name: RULE[name] for name in ("id", "when", "text", "reason", "owner", "scopes")},
        "points": 700,
        "deterministic": False,
        "daily_cap": 50,
        "expires_at": "2027-03-01T00:00:00+00:00",
        "examples": [
            {"values": {"email.free": True, "form.fill_seconds": 1.5}, "fires": True},
            {"values": {"email.free": True, "form.fill_seconds": 9}, "fires": False},
        ],
    }
    page = seen.get(f"/rules/drafts/{draft.id}", "rule-author").text
    for shown in (
        'value="2027-03-01"',
        'value="700"',
        "email.free = true, form.fill_seconds = 1.5",
        'value="sales" checked',
    ):
        assert shown in page
    assert 'value="support" checked' not in page
    assert seen.served("GET", f"/v1/rules/drafts/{draft.id}").status_code == 200  # programs can read it, too


def test_a_live_rule_can_be_begun_from(seen):
    page = seen.get("/rules/new?of=mailing", "rule-author").text
    assert 'value="mailing"' in page
    assert "velocity.message_day" in page
    assert 'value="review" selected' in page


def test_who_may_not_write_rules_reads_a_draft(seen, rules):
    draft = kept(seen, rules)
    page = seen.get(f"/rules/drafts/{draft.id}", "auditor")
    assert "fires: email.free = true" in text_of(page)
    assert "<textarea" not in page.text
    assert "/rulesets/with-draft" not in page.text
    assert "/rulesets/with-draft" in seen.get(f"/rules/drafts/{draft.id}", "approver").text


def test_a_draft_is_changed_only_from_what_was_read(seen, rules):
    draft = kept(seen, rules)
    path = f"/rules/drafts/{draft.id}"
    changed = {**RULE, "points": "800", "edition": draft.edition}
    assert seen.post(path, "rule-author", fields=changed).status_code == 303
    late = seen.post(path, "rule-author", fields={**changed, "points": "900"})
    assert late.status_code == 422
    assert "was changed since it was read" in text_of(late)
    assert 'value="900"' in late.text
    assert rules.draft(draft.id).document["points"] == 800


@pytest.mark.parametrize(
    ("changed", "where", "told"),
    [
        ({"when": "email.fre"}, "when", "There is no signal email.fre"),
        ({"when": ""}, "when", ""),
        ({"points": "many"}, "points", "is no whole number"),
        ({"points": "100001"}, "points", "-100,000 to 100,000"),
        ({"daily_cap": "0"}, "daily_cap", "at least 1"),
        ({"expires_at": "soon"}, "expires_at", "is no day"),
        ({"fires": "email.free"}, "fires", "Line 1 is no case"),
        ({"quiet": "email.free = true\n" + "[" * 1_900}, "quiet", "Line 2 is no case"),
        ({"quiet": "email.free = 2026-01-01"}, "quiet", "Line 1 is no case"),
        ({"quiet": "form.fill_seconds = inf"}, "quiet", "Line 1 is no case"),
        ({"quiet": "\n".join(["email.free = true"] * 51)}, "examples", "up to 50"),
        ({"effect": "explode"}, "outcome", "Choose what it does"),
        ({"id": "x" * 65}, "id", "up to 64"),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(seen, rules, changed, where, told):
    page = seen.post("/rules/new", "rule-author", fields={**RULE, "reason": HOSTILE, **changed})
    assert page.status_code == 422
    assert told in text_of(page)
    assert f'id="{where}-wrong"' in page.text or where in {"examples", "outcome"}
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text
    assert rules.page(None, 9).items == ()


def check(seen, **changed):
    return seen.post("/rules/check", "rule-author", fields={**RULE, **changed}, hx_request="true")


def test_what_is_typed_is_checked_with_place_fix_and_meaning(seen):
    told = text_of(check(seen))
    assert "The condition can be used" in told
    assert "form.fill_seconds number: seconds" in told
    assert "the time it took to fill in the form".capitalize() in told
    wrong = check(seen, when="email.free &&\n form.fil_seconds < 3")
    assert "Line 2, column 2" in text_of(wrong)
    assert "Did you mean form.fill_seconds" in text_of(wrong)
    assert "^" in re.findall(r"<pre>.*?</pre>", wrong.text, re.DOTALL)[0]
    assert "email.free yes or no" in text_of(wrong)
    assert text_of(check(seen, when="")) == ""


def test_the_condition_is_checked_also_when_the_rest_cannot_be_read(seen):
    told = text_of(check(seen, when="email.fre", fires="[" * 1_900))
    assert "There is no signal email.fre" in told
    assert "Line 1 is no case" in told
    assert "can be used" not in told


def test_what_is_odd_or_missing_is_told_and_hostile_texts_are_texts(seen):
    told = text_of(check(seen, owner="", quiet="email.free = true, form.fill_seconds = 1"))
    assert "The rule has no owner" in told
    found = check(seen, when=f"email.tld == '{HOSTILE}' && `{HOSTILE}`")
    assert "<script>alert" not in found.text
    assert found.status_code == 200


def test_a_rule_is_tried_on_past_leads_and_leads_to_them(seen):
    number = seen.served.screened(email="ana@gmail.com", full_name="Ana")
    page = seen.post(
        "/rules/try", "rule-author", fields={**RULE, "when": "email.free", "effect": "review", "points": ""}
    )
    told = text_of(page)
    assert "It would have held for" in told
    assert "accepted for review" in told
    assert f'href="/leads/{number.get("decision", number.get("id"))}"' in page.text
    wrong = seen.post("/rules/try", "rule-author", fields={**RULE, "when": "email.fre"})
    assert "There is no signal" in text_of(wrong)


def test_a_draft_is_forgotten_after_it_was_named(seen, rules):
    draft = kept(seen, rules)
    assert "Forget fast-and-free" in text_of(seen.get(f"/rules/drafts/{draft.id}/remove", "rule-author"))
    answer = seen.post(f"/rules/drafts/{draft.id}/remove", "rule-author")
    assert answer.headers["location"] == "/rules?said=draft-removed"
    assert rules.page(None, 9).items == ()


def test_which_rules_may_go_is_told(seen, monkeypatch):
    pytest.importorskip("numpy")
    monkeypatch.setattr("winnow.core.whatif.garden._LOOKED_AT", 1)
    page = seen.get("/rules/tidy", "approver")
    assert "never matched" in text_of(page)
    assert "Make a ruleset without it" in text_of(page)
    assert "Make a ruleset without it" not in text_of(seen.get("/rules/tidy", "rule-author"))
