"""Rules and rulesets in a browser: a condition is checked while it is typed, a draft is tried, a ruleset goes live."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, offences_by_day_and_night, overflow
from tests.support.signing import agreed

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'

#: For how long nobody is asked for the password again.
LASTS = "winnow.core.people.accounts.CONFIRMED_FOR"


@pytest.fixture
def draft(winnow):
    """A draft of a rule, gone at the end."""
    document = {
        "id": "hostile",
        "when": "email.free",
        "text": HOSTILE,
        "owner": HOSTILE,
        "reason": HOSTILE,
        "points": 700,
    }
    made = winnow.desks.rules.add(document, "tests")
    yield made
    winnow.desks.rules.remove(made.id, "tests")


def test_a_condition_is_checked_while_it_is_typed(page_of):
    page = page_of("rule-author")
    page.goto("/rules/new")
    when = page.get_by_label("When", exact=True)
    when.press_sequentially("form.fil_seconds < 3")
    expect(page.locator("#checked .wrong")).to_contain_text("Did you mean form.fill_seconds")
    when.fill("")
    expect(page.locator("#checked")).to_be_empty()
    page.get_by_label("Search").fill("seconds time")
    page.get_by_role("button", name="form.fill_seconds").click()
    expect(when).to_be_focused()
    page.keyboard.type(" < 3 &&")
    page.get_by_label("Search").fill("free")
    page.get_by_role("button", name="email.free").click()
    expect(when).to_have_value("form.fill_seconds < 3 && email.free")
    expect(page.locator("#checked")).to_contain_text("The condition can be used.")
    expect(page.locator("#checked")).to_contain_text("number: seconds")
    page.get_by_label("Search").fill("no such thing")
    expect(page.get_by_text("Nothing is called so.")).to_be_visible()


def test_a_draft_is_tried_kept_and_nothing_typed_gets_lost(winnow, page_of, watched):
    watched.may_be_refused = True
    winnow.screened(email="ana@gmail.com", full_name="Ana")
    page = page_of("rule-author")
    page.goto("/rules/new")
    page.get_by_label("Name", exact=True).fill("from-free-mail")
    page.get_by_label("When", exact=True).fill("email.free")
    page.get_by_label("What it does then").select_option("review")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="It would have held for 1 lead")).to_be_visible()
    page.get_by_label("Must fire for").fill("email.free is true")
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.locator("#fires-wrong")).to_contain_text("Line 1 is no case")
    page.get_by_label("Must fire for").fill("email.free = true")
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.get_by_text("The draft was kept.")).to_be_visible()
    expect(page.get_by_label("Must fire for")).to_have_value("email.free = true")
    page.get_by_role("link", name="Forget the draft").click()
    page.get_by_role("button", name="Forget from-free-mail").click()
    expect(page.get_by_text("No drafts")).to_be_visible()


def test_a_ruleset_with_a_draft_goes_live_after_the_password_and_is_rolled_back(
    winnow, page_of, watched, draft, monkeypatch
):
    watched.may_be_refused = True
    monkeypatch.setattr(LASTS, timedelta(0))
    page = page_of("approver")
    page.goto(f"/rules/drafts/{draft.id}")
    page.get_by_role("button", name="Make a ruleset with it").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    made = page.url.rpartition("/")[2].partition("?")[0]
    expect(page.get_by_text("It may not be put in force yet.")).to_be_visible()
    agreed(winnow.service, made, winnow.person_id("rule-author"), winnow.person_id("privacy-officer"))
    page.goto(f"/rulesets/{made}")
    page.get_by_role("button", name="Put starter-1-with-hostile in force").click()
    dialog = page.get_by_role("dialog", name="Is it you?")
    expect(dialog).to_be_visible()
    assert winnow.desks.rulesets.live().known.id == "starter-1"
    monkeypatch.setattr(LASTS, timedelta(hours=1))
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("The ruleset is live.")).to_be_visible()
    assert winnow.desks.rulesets.live().known.id == "starter-1-with-hostile"
    page.goto("/rulesets")
    page.locator("#page").get_by_role("link", name="starter-1", exact=True).click()
    page.get_by_role("link", name="Roll back to starter-1").click()
    page.get_by_label("What was wrong").fill("too strict")
    page.get_by_role("button", name="Roll back to starter-1 now").click()
    expect(page.get_by_role("heading", name="Report of a roll-back")).to_be_visible()
    assert winnow.desks.rulesets.live().known.id == "starter-1"


def test_the_pages_can_be_used_by_everybody(winnow, page_of, draft):
    live = winnow.desks.rulesets.live().known.hash
    looks = {"viewport": {"width": 320, "height": 700}}
    author, approver = page_of("rule-author", **looks), page_of("approver", **looks)
    of_rules = (
        "/rules",
        "/rules/new",
        f"/rules/drafts/{draft.id}",
        f"/rules/drafts/{draft.id}/remove",
        "/rules/live/mailing",
    )
    of_rulesets = ("/rulesets", "/rulesets/put-in", f"/rulesets/{live}", f"/rules/drafts/{draft.id}", "/rules/tidy",
                   f"/rulesets/compare?before={live}&after={live}")  # fmt: skip
    for page, paths in ((author, of_rules), (approver, of_rulesets)):
        for path in paths:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            assert offences_by_day_and_night(page) == [], path
            assert overflow(page) == 0, path
