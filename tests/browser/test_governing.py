"""AI systems and the policy in a browser, by keyboard alone: entered with the answer seen, checked, kept as a draft."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import offences, overflow
from tests.support.governed import POLICY, govern, system

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 320, "height": 700}
ADDRESSES = (
    *("/systems", "/systems/_add", "/systems/hostile", "/systems/hostile/change", "/systems/hostile/retire"),
    *("/systems/winnow-screening", "/policy", "/policy/needed?place=DE&channel=email&purpose=newsletter"),
    *("/policy/dropped", "/policy/packs", "/policy/packs/eu", "/policy/changes?on=2027-12-31", "/policy/check"),
)
#: More elements than any of these pages has that take the focus.
_MOST = 150


@pytest.fixture(scope="module")
def governed(winnow):
    """A policy in force and a system, with something hostile wherever people write."""
    govern(winnow.service, HOSTILE)
    winnow.desks.systems.add(system("hostile", name=HOSTILE, purpose=HOSTILE, vendor=HOSTILE), "tests")
    winnow.screened(email="ana@bluebird.example", custom={"religion": "x", "health_condition": "y"})


def reached(page, locator):
    """Tab until something has the focus."""
    for _ in range(_MOST):
        if locator.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab reaches {locator}")


def typed(page, label, text):
    reached(page, page.get_by_label(label, exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


@pytest.mark.usefixtures("governed")
def test_a_system_is_entered_and_reviewed_by_keyboard(winnow, page_of):
    page = page_of("rule-author")
    page.goto("/policy")
    page.keyboard.press("g")
    page.keyboard.press("y")
    expect(page.get_by_role("heading", name="AI systems", level=1)).to_be_visible()
    reached(page, page.get_by_role("link", name="Enter a system"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Enter a system", level=1)).to_be_visible()
    for label, text in (("Short name", "key-board"), ("Name", "Keyboard"), ("What it is for", "try"), ("Version", "1")):
        typed(page, label, text)
    for number in range(4):
        box = page.get_by_label("None of these" if number < 3 else "It talks or writes with them by itself")
        reached(page, box.nth(number) if number < 3 else box)
        page.keyboard.press("Space")
    reached(page, page.get_by_role("button", name="See what this comes to"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing was kept yet.")).to_be_visible()
    expect(page.get_by_text("EU AI Act, Article 50(1)")).to_be_visible()
    reached(page, page.get_by_role("button", name="Enter it so"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Keyboard", level=1)).to_be_visible()
    assert winnow.desks.systems.registered("key-board").system.risk == "limited"
    typed(page, "What you looked at", "ten answers")
    reached(page, page.get_by_role("button", name="It still is so"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="ten answers")).to_be_visible()


@pytest.mark.usefixtures("governed")
def test_high_risk_is_refused_and_what_was_typed_stays(page_of, watched):
    watched.may_be_refused = True
    page = page_of("rule-author")
    page.goto("/systems/_add")
    for label, text in (("Short name", "credit"), ("Name", "Credit"), ("What it is for", "lend"), ("Version", "1")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("A loan, a limit").check()
    for number in (1, 2, 3):
        page.get_by_label("None of these").nth(number).check()
    page.get_by_role("button", name="Enter it", exact=True).click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("This may not stand in the register.")
    expect(refusal).to_contain_text("EU AI Act, Annex III(5)(b)")
    expect(refusal).to_be_focused()
    expect(page.get_by_label("What it is for", exact=True)).to_have_value("lend")
    expect(page.get_by_label("A loan, a limit")).to_be_checked()


@pytest.mark.usefixtures("governed")
def test_a_policy_is_checked_and_kept_by_keyboard(winnow, page_of, watched):
    watched.may_be_refused = True
    page = page_of("rule-author")
    page.goto("/systems")
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="Policy", level=1)).to_be_visible()
    typed(page, "Where the person is", "DE")
    reached(page, page.get_by_role("button", name="What is needed?"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A yes is needed, or a relationship that counts.")).to_be_visible()
    reached(page, page.get_by_role("link", name="Check a text"))
    page.keyboard.press("Enter")
    area = page.get_by_label("Text of the policy (TOML)")
    reached(page, area)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(POLICY.replace('"uk"', '"ukk"'))
    reached(page, page.get_by_role("button", name="Check it"))
    page.keyboard.press("Enter")
    expect(page.locator("#toml-wrong")).to_contain_text("Line 8, policy.packs: there is no law pack ukk")
    reached(page, area)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(POLICY.replace("most = 2", "most = 1"))
    reached(page, page.get_by_role("button", name="Check it"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing is wrong with it")).to_be_focused()
    reached(page, page.get_by_role("button", name="Keep it as a draft ruleset"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    kept = winnow.desks.rulesets.known(page.url.partition("?")[0].rpartition("/")[2])
    assert not kept.live


@pytest.mark.usefixtures("governed")
def test_the_pages_are_usable_by_everybody_and_down_to_320_pixels(page_of):
    wrong = {}
    for looks in ({"color_scheme": "light", "viewport": WIDE}, {"color_scheme": "dark", "viewport": NARROW}):
        page = page_of("rule-author", "privacy-officer", **looks)
        for address in ADDRESSES:
            page.goto(address)
            if found := [*offences(page), *([f"{overflow(page)} px too wide"] if overflow(page) else [])]:
                wrong[looks["color_scheme"], address] = found
    assert wrong == {}
