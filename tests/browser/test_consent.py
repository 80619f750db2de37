"""Consent and the gate in a browser: looked up, asked about and recorded by keyboard alone, and usable by everybody."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import offences_by_day_and_night, overflow
from tests.support.gatekeeping import ASK, agree, knowing_the_mailer, recipient
from winnow.core.govern.terms import Channel
from winnow.services.gatekeep import Asking

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
BOTH = ("reviewer", "privacy-officer")


@pytest.fixture(scope="module")
def seeded(winnow):
    """A lead, a permit and a refusal; the paths of pages about them."""
    lead = winnow.screened(email="ana@bluebird.example", phone="+493012345678", full_name="Ana", company="Bluebird")
    yes, no = recipient("bo@bluebird.example"), recipient("ana@bluebird.example")
    agree(winnow.service, [yes])
    with knowing_the_mailer(winnow.desks, winnow.service) as keeper:
        permit, refusal, both = (keeper.ask(ASK, people, Asking("tests")) for people in ([yes], [no], [yes, no]))
        subject, links = permit.kept.subjects[0], winnow.desks.consent.links
        links._pages = winnow.url
        leave = links.unsubscribe_link(subject, Channel.EMAIL, None).url.replace("/u/", "/unsubscribe/")
        answers = [f"/gate/{given.kept.terms.answer}" for given in (permit, refusal, both)]
        consent = ["/consent", f"/consent/{subject}", "/consent/import"]
        gate = ["/gate", *answers, "/gate/verify", "/gate/ai-decisions", "/gate/reconcile"]
        yield {"lead": f"/leads/{lead['id']}", "paths": [*consent, *gate, leave], "token": permit.token(0)}


def tab_to(page, role, name):
    """Tab until something has the focus."""
    wanted = page.get_by_role(role, name=name)
    expect(wanted.first).to_be_visible()
    for _ in range(120):
        if wanted.first.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name}")


def test_a_no_is_recorded_by_keyboard_alone_and_stays_hidden_in_no_address(page_of):
    page = page_of(*BOTH)
    page.goto("/")
    expect(page.get_by_role("link", name="Consent").first).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Consent")
    tab_to(page, "textbox", "Mail address or phone number")
    page.keyboard.type("cy@bluebird.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("cy@bluebird.example")
    assert "bluebird" not in page.url
    tab_to(page, "button", "Ask")
    page.keyboard.press("Enter")
    expect(page.locator("#answer-title")).to_be_focused()
    expect(page.locator("#answer-title")).to_contain_text("stands in the way")
    tab_to(page, "textbox", "Where it can be seen")
    page.keyboard.type(HOSTILE)
    tab_to(page, "button", "Record it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded. It is in force at once.")).to_be_visible()
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    assert "bluebird" not in page.url


def test_a_lead_is_opted_out_in_two_presses(seeded, page_of):
    page = page_of("rep")
    page.goto(seeded["lead"])
    page.locator("summary", has_text="They want no more").press("Enter")
    page.get_by_role("button", name="No more e-mail").press("Enter")
    expect(page.get_by_text("They are not contacted that way any more")).to_be_visible()
    page.get_by_role("link", name="All about consent of ana@bluebird.example").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("ana@bluebird.example")


def test_a_token_is_checked_and_a_file_compared(seeded, page_of, tmp_path):
    page = page_of("privacy-officer")
    page.goto("/gate/verify")
    page.get_by_label("Token").fill(seeded["token"])
    page.get_by_role("button", name="Check it").press("Enter")
    expect(page.locator("#holds-title")).to_be_focused()
    file = tmp_path / "activities.csv"
    file.write_text("email,when,channel,by\nnobody@bluebird.example,2026-11-20T09:30:00Z,email,crm\n")
    page.goto("/gate/reconcile")
    page.get_by_label("File").set_input_files(file)
    expect(page.get_by_label("Or its text")).to_have_value(file.read_text())
    page.get_by_role("button", name="Compare").press("Enter")
    expect(page.locator("#report-title")).to_have_text("1 contact without a permit")


def test_the_pages_can_be_used_by_everybody(seeded, page_of):
    page = page_of(*BOTH, viewport={"width": 320, "height": 700})
    for path in (*seeded["paths"], seeded["lead"]):
        page.goto(path)
        assert offences_by_day_and_night(page) == [], path
        assert overflow(page) == 0, path
