"""What administrators and auditors do, in a browser: keys, webhooks, people, and whether the log holds."""

import json
import re
import threading

from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, offences
from tests.support.serving import Client
from winnow.adapters.db.connections import writing
from winnow.adapters.db.people_tables import sessions
from winnow.adapters.db.program_tables import deliveries
from winnow.adapters.db.tables import leaves
from winnow.bootstrap import log_check
from winnow.bootstrap.auditing import verify_log
from winnow.core.deliveries import State


def asked(winnow, token):
    """The status of a lead sent with a key."""
    client = Client(int(winnow.url.rpartition(":")[2]), token)
    answer = client.send("POST", "/v1/leads", {"full_name": "Ana Kovač", "email": "genuine@winnow.example"})
    client.close()
    return answer.status


def become_unsure(winnow):
    """As if everybody's last proof of who they are were long ago."""
    with writing(winnow.service.engine) as connection:
        connection.execute(sessions.update().values(confirmed_at=0))


def test_a_key_is_made_copied_used_and_revoked(page_of, winnow, watched):
    watched.may_be_refused = True
    page = page_of("admin", permissions=["clipboard-read", "clipboard-write"])
    page.goto("/integrations")
    page.get_by_role("link", name="Make a key").first.click()
    become_unsure(winnow)
    page.get_by_label("Which program will use it").fill("shop")
    page.get_by_role("checkbox", name="Sender of leads").check()
    page.get_by_role("button", name="Make the key").click()
    dialog = page.get_by_role("dialog", name="Is it you?")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="The new key")).to_be_visible()
    assert offences(page) == []
    page.get_by_role("button", name="Copy: Key").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    token = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"wk_\w+_\w{40,}", token)
    winnow.service.key_ring.refresh()
    assert asked(winnow, token) == 200
    page.get_by_role("link", name="Done").click()
    page.get_by_role("link", name="shop").click()
    page.get_by_text("Revoke this key …").click()
    page.get_by_role("button", name="Yes, revoke “shop”").click()
    expect(page.get_by_text("The key was revoked.")).to_be_visible()
    expect(page.get_by_role("link", name="shop")).to_have_count(0)
    winnow.service.key_ring.refresh()
    assert asked(winnow, token) == 401


def test_what_was_typed_for_a_key_stays_when_something_is_wrong(page_of, watched):
    watched.may_be_refused = True
    page = page_of("admin")
    page.goto("/integrations/keys/new")
    page.get_by_label("Which program will use it").fill("shop")
    page.get_by_role("checkbox", name="Reviewer").check()
    page.get_by_label("Networks it may be used from").fill("the office")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("alert").first).to_contain_text("the is not a network")
    expect(page.get_by_label("Which program will use it")).to_have_value("shop")
    expect(page.get_by_role("checkbox", name="Reviewer")).to_be_checked()


def test_a_webhook_is_made_its_delivery_given_up_and_sent_again(page_of, winnow, monkeypatch):
    monkeypatch.setattr(winnow.desks.webhooks, "_check_url", lambda _: None)
    page = page_of("admin")
    page.goto("/integrations/webhooks")
    page.get_by_role("link", name="Make a webhook").first.click()
    page.get_by_label("Address that is told").fill("https://crm.example/winnow")
    page.get_by_role("checkbox", name="a lead was decided").check()
    page.get_by_role("button", name="Make the webhook").click()
    expect(page.get_by_label("Secret", exact=True)).to_contain_text("whsec_")
    page.get_by_role("link", name="Done").click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("A test event is on its way")).to_be_visible()
    with writing(winnow.service.engine) as connection:
        over = {"state": State.DEAD.value, "last_error": "answered 500", "attempts": 10, "finished_at": 1}
        connection.execute(deliveries.update().values(over))
    page.goto("/integrations/deliveries")
    row = page.get_by_role("row").filter(has_text="https://crm.example/winnow")
    expect(row).to_contain_text("given up")
    expect(row).to_contain_text("answered 500")
    page.get_by_role("button", name="Send all given-up ones again").click()
    expect(page.get_by_text("Sent again, each from the beginning of its schedule.")).to_be_visible()
    expect(row).to_contain_text("on its way")
    page.goto("/integrations/webhooks")
    page.get_by_role("link", name="https://crm.example/winnow").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused. It is sent nothing")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("in use")).to_be_visible()


def test_an_invitation_leads_in_and_roles_say_what_is_seen(page_of, winnow, watched):
    watched.may_be_refused = True
    page = page_of("admin")
    page.goto("/admin")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Mail address").fill("nora@people.example")
    page.get_by_label("Name").fill("Nora New")
    page.get_by_role("checkbox", name="Sales rep").check()
    page.get_by_role("button", name="Invite").click()
    link = page.get_by_label("Link", exact=True).text_content().strip()
    assert link.startswith(winnow.url)
    hers = page_of()
    hers.goto(link)
    hers.get_by_label("Password").fill("some quite unrelated words")
    hers.get_by_role("button", name="Go on").click()
    expect(hers.get_by_role("link", name="Nora New").first).to_be_visible()
    expect(hers.get_by_role("link", name="Lists")).to_have_count(0)
    page.goto("/admin")
    page.get_by_role("link", name="Nora New").click()
    page.get_by_role("checkbox", name="Reviewer").check()
    page.get_by_role("button", name="Change the roles").click()
    expect(page.get_by_text("The roles were changed.")).to_be_visible()
    hers.reload()
    expect(hers.get_by_role("link", name="Lists").first).to_be_visible()
    page.get_by_text("Shut this person out …").click()
    page.get_by_role("button", name="Yes, shut Nora New out").click()
    expect(page.get_by_text("Shut out. All sessions have ended")).to_be_visible()
    hers.reload()
    expect(hers.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_log_is_verified_and_a_changed_entry_is_a_red_banner(page_of, winnow):
    number = int(winnow.screened(full_name="Ana", email="genuine@winnow.example")["id"])
    page = page_of("auditor")
    page.goto("/log")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text(re.compile(r"[\d,]+ entries, all there\."))).to_be_visible()
    page.get_by_label("Number of an entry").fill(str(number))
    page.get_by_role("button", name="Go to it").click()
    expect(page.get_by_text("It is in the signed log, exactly so.")).to_be_visible(timeout=15_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the proof").click()
    assert json.loads(download.value.path().read_text())["index"] == number
    with writing(winnow.service.engine) as connection:
        good = connection.execute(leaves.select().where(leaves.c.id == number)).one().entry
        spoilt = bytes(good).replace(b'"at":1', b'"at":2')
        connection.execute(leaves.update().where(leaves.c.id == number).values(entry=spoilt))
    page.goto("/log")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("alert").first).to_contain_text("The decision log does not hold.")
    assert offences(page) == []
    with writing(winnow.service.engine) as connection:
        connection.execute(leaves.update().where(leaves.c.id == number).values(entry=good))


def test_a_long_verification_shows_how_far_it_is_and_its_end_by_itself(page_of, monkeypatch):
    go_on = threading.Event()
    real = verify_log

    def slow(service, *, records, progress):
        progress("entries", 7)
        go_on.wait(20)
        return real(service, records=records, progress=progress)

    monkeypatch.setattr(log_check, "verify_log", slow)
    monkeypatch.setattr(log_check, "_NOTED_EVERY", 0.0)
    page = page_of("auditor")
    page.goto("/log")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("Verifying …")).to_be_visible()
    expect(page.get_by_role("button", name="Verify")).to_have_count(0)
    go_on.set()
    expect(page.get_by_text(re.compile(r"[\d,]+ entries, all there\."))).to_be_visible()
    expect(page.get_by_role("button", name="Verify")).to_be_enabled()
