"""Roll-back, the ladder and break-glass: what is seen before each, who may do it, and what is told afterwards."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from tests.support.seeing import text_of
from tests.support.signing import agreed
from winnow.adapters.rulesets import read_ruleset, ruleset_toml
from winnow.core.outcome import Outcome
from winnow.core.rules import Rule
from winnow.shells.web import strip

STARTER = read_ruleset(None)
HOSTILE = '"><script>alert(1)</script>%(x)s'
AUTHOR, APPROVER, OFFICER, READER = "rule-author", "approver", "privacy-officer", "auditor"
RULE = Rule("free", "email.free", "every free mailbox", owner="Mia", reason="robots", outcome=Outcome.TAG)
_numbers = count(1)


@pytest.fixture(autouse=True)
def desks(seen, monkeypatch):
    """The desks; the starter is live again at the end, and the strip is read anew each time."""
    monkeypatch.setattr(strip, "_FRESH", -1.0)
    found = seen.served.state.desks
    seen.person(APPROVER), seen.person(OFFICER)
    yield found
    if found.break_glass.now():
        found.break_glass.end("tests")
    if found.rulesets.live().known.hash != STARTER.hash:
        found.rolling_back.roll_back("tests", "back to the start", STARTER.hash)


def put_in(seen, **change):
    ruleset = replace(STARTER, id=f"step-{next(_numbers)}", **{"note": HOSTILE, **change})
    seen.served.state.desks.rulesets.add_text(ruleset_toml(ruleset), seen.person(AUTHOR))
    return ruleset


def live(seen, **change):
    """A new ruleset that two people agreed to and that decides."""
    ruleset = put_in(seen, **change)
    agreed(seen.served.service, ruleset.hash, seen.person(AUTHOR), seen.person(OFFICER))
    seen.served.state.desks.rulesets.activate(ruleset.hash, seen.person(APPROVER))
    seen.served.service.live.catch_up({})
    return ruleset


# ── roll-back ────────────────────────────────────────────────────────────────────────────────────


def test_a_roll_back_shows_its_difference_and_leads_then_is_done_with_a_report(seen, desks, monkeypatch):
    second = live(seen, rules=(RULE,))
    lead = seen.served.screened(email="ana@gmail.com", full_name="Ana")
    there = f"/rulesets/{STARTER.hash}/roll-back"
    page = seen.get(there, APPROVER)
    for words in ("1 lead was decided since it was live last.", "every free mailbox", "It came with Winnow"):
        assert words in text_of(page), words
    assert f'href="/leads/{lead["id"]}"' in page.text
    for words in ("1 lead was looked at beforehand: 1 would come out otherwise.", "No system is told"):
        assert words in text_of(page), words
    with monkeypatch.context() as patched:
        patched.setattr("winnow.adapters.db.rollbacks.StoredRollbacks.receivers", lambda _: 1)
        assert "1 system is told of each lead" in text_of(seen.get(there, APPROVER))
        assert "That makes 1 message." in text_of(seen.get(there, APPROVER))
    hidden = seen.get(there, "admin")
    assert ("1 would come out otherwise." in text_of(hidden), f"/leads/{lead['id']}" in hidden.text) == (True, False)
    assert "No lead was decided since." in text_of(seen.get(f"{there}?after={lead['id']}", APPROVER))
    assert "What was wrong" not in text_of(seen.get(there, READER))
    form = {"instead_of": second.hash, "because": "tags everybody"}
    for wrong, words in (({"because": " "}, "There is no short reason."), ({"instead_of": ""}, "was not looked at"),
                         ({"instead_of": STARTER.hash}, "Another ruleset went live meanwhile.")):  # fmt: skip
        refused = seen.post(there, APPROVER, fields={**form, **wrong})
        assert refused.status_code == 422
        assert words in text_of(refused)
    assert desks.rulesets.live().known.hash == second.hash
    done = seen.post(there, APPROVER, fields=form)
    report = done.headers["location"].partition("?")[0]
    assert re.fullmatch(r"/rulesets/rollbacks/\d+", report)
    assert desks.rulesets.live().known.hash == STARTER.hash
    while desks.rolling_back.step():
        pass
    page = seen.get(report, APPROVER)
    assert f'href="/leads/{lead["id"]}"' in page.text
    assert "All leads were looked at by" in text_of(page)
    assert "Your role sees no leads." in text_of(seen.get(report, "admin"))
    assert f"/leads/{lead['id']}" not in seen.get(report, "admin").text
    for nothing in ("/rulesets/rollbacks/1", f"/rulesets/rollbacks/{10**30}", "/rulesets/nothing/roll-back"):
        assert seen.get(nothing, READER).status_code == 404


def test_activating_one_that_was_live_before_leads_to_the_roll_back(seen, desks):
    second = live(seen)
    answer = seen.post(f"/rulesets/{STARTER.hash}/activate", APPROVER, fields={"in_place_of": second.hash})
    assert answer.headers["location"] == f"/rulesets/{STARTER.hash}/roll-back"
    assert desks.rulesets.live().known.hash == second.hash
    assert "alert(1)" in text_of(seen.get(f"/rulesets/{STARTER.hash}/roll-back", APPROVER))


def test_nobody_goes_back_to_what_was_never_signed(seen):
    never = put_in(seen)
    assert "was never live by a sign-off" in text_of(seen.get(f"/rulesets/{never.hash}/roll-back", APPROVER))
    assert "is the live one" in text_of(seen.get(f"/rulesets/{STARTER.hash}/roll-back", APPROVER))


# ── the ladder ───────────────────────────────────────────────────────────────────────────────────


def test_a_step_up_is_proposed_signed_and_taken_by_three_and_down_by_one(seen, desks, monkeypatch):
    learned = put_in(seen, scorecard=replace(STARTER.scorecard, kind="learned"))
    there = f"/rulesets/{learned.hash}"
    page = seen.get(there, APPROVER)
    assert "It stands on the rung “only in shadow”." in text_of(page)
    assert f'action="{there}/ladder/promote"' not in page.text
    refused = seen.post(f"{there}/ladder/promote", APPROVER)
    assert refused.status_code == 422
    assert "0 of 7 days on live traffic" in text_of(refused)
    wrong = seen.post(f"{there}/ladder/propose", AUTHOR, fields={"because": "good", "rung": "heaven"})
    assert "is no rung to climb to" in text_of(wrong)
    answer = seen.post(f"{there}/ladder/propose", AUTHOR, fields={"because": HOSTILE, "rung": "tag"})
    path = answer.headers["location"].partition("?")[0]
    page = seen.get(path, OFFICER)
    assert "Step up the ladder" in text_of(page)
    assert "<script>alert" not in page.text
    digest = desks.signing.told(path.rpartition("/")[2]).filed.proposal.hash
    assert seen.post(f"{path}/sign", OFFICER, fields={"hash": digest}).headers["location"].endswith("proposal-signed")
    monkeypatch.setattr("winnow.services.ladder.missing", lambda _, evidence: () if evidence.signed_by else ("a word",))
    assert f'action="{there}/ladder/promote"' in seen.get(there, APPROVER).text
    assert f'action="{there}/ladder/promote"' not in seen.get(there, AUTHOR).text
    assert seen.post(f"{there}/ladder/promote", APPROVER).headers["location"] == f"{there}?said=ladder-up"
    assert "It stands on the rung “may tag”." in text_of(seen.get(there, READER))
    for fields, words in (
        ({"reason": " ", "to": "shadow"}, "There is no reason."),
        ({"reason": "x", "to": ""}, "No rung is chosen."),
        ({"reason": "x", "to": "review"}, "It stands on the rung"),
    ):
        refused = seen.post(f"{there}/ladder/demote", APPROVER, fields=fields)
        assert words in text_of(refused)
    answer = seen.post(f"{there}/ladder/demote", APPROVER, fields={"reason": HOSTILE, "to": "shadow"})
    assert answer.headers["location"] == f"{there}?said=ladder-down"
    assert "It stands on the rung “only in shadow”." in text_of(seen.get(there, READER))


def test_a_rule_that_was_put_down_shows_its_way_up(seen):
    there = f"/rulesets/{put_in(seen, rules=(RULE,)).hash}"
    assert "Nothing of it was put on a rung" in text_of(seen.get(there, APPROVER))
    fields = {"reason": "hits testers", "to": "shadow", "rule": "free"}
    assert seen.post(f"{there}/ladder/demote", APPROVER, fields=fields).headers["location"].endswith("ladder-down")
    told = text_of(seen.get(there, AUTHOR))
    assert "Rule free It stands on the rung “only in shadow”." in told
    assert "Propose this step" in told
    wrong = seen.post(f"{there}/ladder/demote", APPROVER, fields={**fields, "rule": "nothing"})
    assert wrong.status_code == 422
    assert "The ruleset has no rule nothing." in text_of(wrong)


# ── break-glass ──────────────────────────────────────────────────────────────────────────────────


def asked(seen, ruleset, role=AUTHOR, hours="2"):
    fields = {"ruleset": ruleset.hash, "because": HOSTILE, "hours": hours}
    answer = seen.post("/break-glass", role, fields=fields)
    assert answer.headers["location"].endswith("break-glass-asked"), text_of(answer)
    return answer.headers["location"].partition("?")[0]


def grant(seen, desks, path, role=APPROVER):
    digest = desks.signing.told(path.rpartition("/")[2]).filed.proposal.hash
    return seen.post(f"{path}/sign", role, fields={"hash": digest})


def test_an_emergency_is_asked_granted_by_another_used_once_seen_by_all_and_ended(seen, desks):
    ruleset = put_in(seen)
    assert f'value="{ruleset.hash}" selected' in seen.get(f"/break-glass?ruleset={ruleset.hash}", AUTHOR).text
    path = asked(seen, ruleset, APPROVER)
    use = f"/break-glass/{path.rpartition('/')[2]}/use"
    assert "Asked for, and not granted yet" in text_of(seen.get("/break-glass", READER))
    refused = grant(seen, desks, path)
    assert "You proposed it, so somebody else has to sign it." in text_of(refused)
    refused = seen.post(use, APPROVER)
    assert refused.status_code == 422
    assert "Nothing is granted" in text_of(refused)
    assert "Grant it for 2 hours" in text_of(seen.get(path, OFFICER))
    assert grant(seen, desks, path, OFFICER).headers["location"].endswith("proposal-granted")
    assert use not in seen.get(path, OFFICER).text
    assert use in seen.get(path, APPROVER).text
    assert seen.post(use, APPROVER).headers["location"] == "/break-glass?said=break-glass-used"
    assert desks.rulesets.live().known.hash == ruleset.hash
    for page in ("/proposals", path, "/break-glass"):
        found = seen.get(page, READER)
        assert "BREAK-GLASS: a ruleset decides without a sign-off." in text_of(found)
        assert "<script>alert" not in found.text
    assert f"BREAK-GLASS ruleset {ruleset.id} decides until" in text_of(seen.get("/account", "rep"))
    assert "was granted, and used" in text_of(seen.get(path, READER))
    assert 'action="/break-glass/end"' not in seen.get("/break-glass", OFFICER).text
    assert seen.post("/break-glass/end", APPROVER).headers["location"] == "/break-glass?said=break-glass-ended"
    assert "was granted, and used" in text_of(seen.get("/proposals", READER))
    assert desks.rulesets.live().known.hash == STARTER.hash
    refused = seen.post(use, APPROVER)
    assert "It was used already." in text_of(refused)
    assert "Nothing decides by break-glass." in text_of(seen.post("/break-glass/end", APPROVER))


def test_an_emergency_ends_by_itself(seen, desks, monkeypatch):
    path = asked(seen, put_in(seen), hours="1")
    grant(seen, desks, path)
    seen.post(f"/break-glass/{path.rpartition('/')[2]}/use", APPROVER)
    later = seen.served.state.clock.now() + timedelta(hours=1)
    monkeypatch.setattr(type(seen.served.state.clock), "now", lambda _: later)
    assert desks.break_glass.look() is not None
    assert desks.rulesets.live().known.hash == STARTER.hash
    monkeypatch.undo()
    assert "BREAK-GLASS" not in text_of(seen.get("/account", READER))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hours": "5"}, "No such time is granted."),
        ({"hours": ""}, "No such time is granted."),
        ({"ruleset": ""}, "No ruleset is chosen."),
        ({"ruleset": "nothing"}, "This is no hash of a ruleset."),
        ({"because": " "}, "Nothing but blanks."),
    ],
)
def test_what_is_no_emergency_says_why_and_keeps_what_was_typed(seen, fields, words):
    form = {"ruleset": put_in(seen).hash, "because": "queue of 400", "hours": "1", **fields}
    refused = seen.post("/break-glass", AUTHOR, fields=form)
    assert refused.status_code == 422
    assert words in text_of(refused)
    assert form["because"].strip() in refused.text


@pytest.mark.parametrize("path", ["/break-glass", "/break-glass/end", "/break-glass/prop_1/use"])
def test_each_step_takes_the_password_once_more(seen, monkeypatch, path):
    seen.person(APPROVER)
    monkeypatch.setattr("winnow.core.people.accounts.CONFIRMED_FOR", timedelta(0))
    answer = seen.post(path, APPROVER)
    assert (answer.status_code, answer.headers["x-ask"]) == (403, "confirm")
