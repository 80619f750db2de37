"""First run, signing in and out, a session that ends while somebody types, proving anew who one is."""

import base64

import pytest
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, installed, signed_in
from winnow.core.people import totp


def sign_in(page, email, password=PASSWORD):
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def code_of(secret, winnow):
    return totp.code(base64.b32decode(secret.replace(" ", "")), totp.step_at(winnow.service.clock.now()))


def test_the_first_link_makes_an_account_once_and_leads_in(browser, watched, tmp_path):
    watched.may_be_refused = True
    with installed(tmp_path) as fresh, signed_in(browser, fresh) as context:
        page = context.new_page()
        watched.watch(page)
        page.goto(f"/setup/{fresh.service.first_run.token()}")
        page.get_by_label("Your name").fill("Mia Ruiz")
        page.get_by_label("Mail address").fill("mia@people.example")
        page.get_by_label("Password").fill("short")
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_role("alert")).to_contain_text("12 to 256")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Today")
        expect(page.get_by_role("link", name="Mia Ruiz").first).to_be_visible()
        page.goto("/setup/anything")
        expect(page.get_by_role("heading", level=1)).to_have_text("This link is no longer good")


def test_signing_in_leads_where_one_wanted_to_go(winnow, page_of, watched):
    watched.may_be_refused = True
    page = page_of()
    page.goto("/account")
    assert page.url.endswith("/sign-in?next=/account")
    sign_in(page, winnow.person("reviewer"), "not the password")
    expect(page.get_by_role("alert")).to_contain_text("is wrong")
    assert page.get_by_label("Mail address").input_value() == winnow.person("reviewer")
    sign_in(page, winnow.person("reviewer"))
    expect(page).to_have_url(f"{winnow.url}/account")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_text("You have signed out.")).to_be_visible()
    page.goto("/account")
    assert "/sign-in" in page.url


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(winnow, page_of, there):
    page = page_of()
    page.goto(f"/sign-in?next={there}")
    sign_in(page, winnow.person("reviewer"))
    expect(page).to_have_url(f"{winnow.url}/")


def test_what_was_typed_survives_the_end_of_a_session(winnow, page_of, watched):
    watched.may_be_refused = True
    page = page_of("reviewer")
    page.goto("/account")
    page.get_by_label("Password so far").fill(PASSWORD)
    page.get_by_label("New password").fill("short")
    winnow.end_sessions()
    page.get_by_role("button", name="Change the password").click()
    dialog = page.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible()
    assert page.get_by_label("New password").input_value() == "short"
    dialog.get_by_label("Password").fill("wrong words again")
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog.get_by_role("alert")).to_contain_text("is wrong")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog).to_be_hidden()
    # the very same was sent again, and is judged now
    expect(page.locator("#page").get_by_role("alert")).to_contain_text("12 to 256")


def test_an_authenticator_is_begun_tried_and_dropped(winnow, page_of, watched):
    watched.may_be_refused = True
    page = page_of("auditor", name="Two Steps")
    page.goto("/account")
    page.get_by_role("button", name="Use an authenticator").click()
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Ask for codes").click()
    expect(page.get_by_role("alert")).to_contain_text("not the code")
    page.get_by_label("Code", exact=True).fill(code_of(secret, winnow))
    page.get_by_role("button", name="Ask for codes").click()
    expect(page.get_by_text("From now on a code")).to_be_visible()
    page.get_by_role("button", name="Use no authenticator").click()
    expect(page.get_by_text("Codes are no longer asked for.")).to_be_visible()


def test_offline_nothing_can_be_sent_and_the_page_says_so(page_of):
    page = page_of("reviewer")
    page.goto("/account")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    expect(page.get_by_role("button", name="Change the password")).to_be_disabled()
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="Change the password")).to_be_enabled()
    expect(page.get_by_text("You are offline.")).to_be_hidden()


def test_keys_lead_to_pages_unless_somebody_types_or_switched_them_off(winnow, page_of):
    page = page_of("reviewer")
    page.goto("/account")
    page.get_by_label("Password so far").press_sequentially("gt?")
    assert page.url.endswith("/account")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard keys")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Switch single keys off").click()
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard keys")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Go to").fill("tod")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{winnow.url}/")
