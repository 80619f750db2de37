"""Sign-off in a browser, by keyboard alone: proposed by one, signed by another with the password, put in force."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, offences_by_day_and_night, overflow
from winnow.adapters.rulesets import read_ruleset, ruleset_toml
from winnow.core.outcome import Outcome
from winnow.core.rules import Rule
from winnow.shells.web import strip

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
STARTER = read_ruleset(None)
RULE = Rule("free", "email.free", HOSTILE, owner="Mia", reason="robots", outcome=Outcome.TAG)

#: For how long nobody is asked for the password again.
LASTS = "winnow.core.people.accounts.CONFIRMED_FOR"


def put_in(winnow, name):
    """A ruleset that a rule author has put in."""
    ruleset = replace(STARTER, id=name, note=HOSTILE, rules=(RULE,))
    winnow.desks.rulesets.add_text(ruleset_toml(ruleset), winnow.person_id("rule-author"))
    return ruleset.hash


def press(page, role, name):
    """Reach something by keyboard, and press it."""
    found = page.locator("#page").get_by_role(role, name=name).first
    for _ in range(120):
        if found.evaluate("each => each === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(found).to_be_focused()
    page.keyboard.press("Enter")


def test_one_proposes_another_signs_and_it_is_put_in_force_and_rolled_back(winnow, page_of, watched, monkeypatch):
    watched.may_be_refused = True
    digest = put_in(winnow, "wanted")
    winnow.person("privacy-officer")
    author, approver = page_of("rule-author"), page_of("approver")
    author.goto(f"/rulesets/{digest}")
    author.get_by_label("Why it should decide").focus()
    author.keyboard.type(f"Free mailboxes are junk. {HOSTILE}")
    press(author, "button", "Propose it")
    expect(author.get_by_text("Proposed. Somebody else has to sign it.")).to_be_visible()
    expect(author.get_by_role("button", name="Sign exactly this")).to_have_count(0)
    expect(author.get_by_text("Who could sign:")).to_contain_text("Approver")

    monkeypatch.setattr(LASTS, timedelta(0))
    monkeypatch.setattr(strip, "_FRESH", -1.0)
    approver.goto("/proposals")
    press(approver, "link", "wanted")
    expect(approver.get_by_role("heading", name="Ruleset: wanted")).to_be_visible()
    press(approver, "button", "Sign exactly this")
    dialog = approver.get_by_role("dialog", name="Is it you?")
    expect(dialog.get_by_label("Password")).to_be_focused()
    monkeypatch.setattr(LASTS, timedelta(hours=1))
    approver.keyboard.type(PASSWORD)
    approver.keyboard.press("Enter")
    expect(approver.get_by_text("Signed. It may be put in force.")).to_be_visible()
    press(approver, "button", "Put wanted in force")
    expect(approver.get_by_text("The ruleset is live.")).to_be_visible()
    assert winnow.desks.rulesets.live().known.id == "wanted"
    expect(approver.get_by_text("signed by Approver").first).to_be_visible()

    approver.goto(f"/rulesets/{STARTER.hash}")
    press(approver, "link", "Roll back to starter-1 …")
    approver.get_by_label("What was wrong").focus()
    approver.keyboard.type("too strict")
    press(approver, "button", "Roll back to starter-1 now")
    expect(approver.get_by_role("heading", name="Report of a roll-back")).to_be_visible()
    assert winnow.desks.rulesets.live().known.id == "starter-1"


@pytest.fixture(scope="module")
def places(winnow):
    """Every page of sign-off, with something on it, while something decides by break-glass."""
    from tests.support.signing import signed_in  # noqa: PLC0415  # only these pages need sessions without a browser
    from winnow.core.govern.signing import Kind, Side  # noqa: PLC0415
    from winnow.services.signing import Wanted  # noqa: PLC0415

    desks, now = winnow.desks, winnow.service.clock.now()
    people = {role: desks.people.desk.person(winnow.person_id(role)) for role in ("rule-author", "approver")}
    author, approver = (signed_in(person, now) for person in people.values())
    simulation = {"leads": 1200, "changed": 31, "note": HOSTILE * 3}
    waits = desks.signing.propose(
        Wanted(Kind.RULESET, put_in(winnow, "waiting"), HOSTILE * 3, attached={"simulation": simulation}), author
    )
    desks.signing.comment(waits.filed.proposal.id, Side.LEGAL, HOSTILE, approver)
    learned = replace(STARTER, id="learned", scorecard=replace(STARTER.scorecard, kind="learned"), rules=(RULE,))
    desks.rulesets.add_text(ruleset_toml(learned), author.id)
    urgent = desks.signing.propose(Wanted(Kind.BREAK_GLASS, put_in(winnow, "urgent"), HOSTILE), author).filed.proposal
    desks.signing.sign(urgent.id, urgent.hash, approver)
    desks.break_glass.use(urgent.id, approver.id)
    yield (
        "/proposals",
        f"/proposals/{waits.filed.proposal.id}",
        f"/proposals/{waits.filed.proposal.id}/attachments/simulation",
        f"/proposals/{urgent.id}",
        f"/rulesets/{learned.hash}",
        "/rulesets",
        f"/rulesets/{STARTER.hash}/roll-back",
        "/break-glass",
    )
    if desks.break_glass.now():
        desks.break_glass.end("tests")


def test_the_pages_can_be_used_by_everybody(page_of, places, monkeypatch):
    monkeypatch.setattr(strip, "_FRESH", -1.0)
    page = page_of("approver", viewport={"width": 320, "height": 700})
    for path in places:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        for details in page.locator("#page details").all():
            details.evaluate("each => { each.open = true }")
        assert offences_by_day_and_night(page) == [], path
        assert overflow(page) == 0, path
        expect(page.get_by_text("BREAK-GLASS").first).to_be_visible()
