"""Lists in a browser: an entry is looked at, added and removed; a customer is never blocked; a file is imported."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import installed, offences_by_day_and_night, overflow

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


@pytest.fixture(scope="module")
def winnow(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    (folder / "customers.txt").write_text("vip@bluebird.example\n")
    with installed(folder, screen__customers=str(folder / "customers.txt")) as running:
        running.screened(email="one@spam.example", full_name="Bo")
        running.screened(email="vip@bluebird.example", full_name="Ana")
        yield running


def fill(page, kind, value, why="flood of March"):
    page.get_by_label("What it matches").select_option(kind)
    page.get_by_label("Value").fill(value)
    page.get_by_label("Why").fill(why)


def test_an_entry_is_looked_at_added_found_and_removed(page_of, watched):
    watched.may_be_refused = True
    page = page_of("reviewer")
    page.goto("/lists")
    page.get_by_role("link", name="Add an entry").first.click()
    fill(page, "domain", "spam.example", HOSTILE)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Nothing was added yet.")).to_be_visible()
    expect(page.get_by_role("heading", name="It would have matched 1 lead")).to_be_visible()
    assert page.get_by_label("Why").input_value() == HOSTILE
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("The entry was added.")).to_be_visible()
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("SPAM.EX")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Remove spam.example").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove this entry?")
    page.get_by_role("button", name="Remove spam.example").click()
    expect(page.get_by_text("The entry was removed.")).to_be_visible()
    expect(page.get_by_text("No entries yet")).to_be_visible()


def test_whom_it_would_match_is_shown_while_one_writes_and_customers_stop_it(winnow, page_of, watched):
    watched.may_be_refused = True
    page = page_of("reviewer")
    page.goto("/lists/add")
    fill(page, "domain", "bluebird.example")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("so this cannot be added")).to_be_visible()
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#page").get_by_role("alert").first).to_contain_text("customers are not blocked")
    assert page.get_by_label("Value").input_value() == "bluebird.example"
    assert winnow.desks.lists.page(None, 9).items == ()
    page.get_by_label("Value").fill("nothing")
    page.get_by_role("button", name="Look").click()
    expect(page.locator("#preview .wrong")).to_contain_text("is not a valid domain")


def test_a_file_is_read_checked_and_imported(winnow, page_of, watched, tmp_path):
    watched.may_be_refused = True
    file = tmp_path / "lists.csv"
    file.write_text("action,kind,value,owner,reason\nblock,domain,nothing,Mia,x\n")
    page = page_of("reviewer")
    page.goto("/lists/import")
    page.get_by_label("File").set_input_files(file)
    expect(page.get_by_label("Or its text")).to_have_value(file.read_text())
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("#page").get_by_role("alert")).to_contain_text("Line 2: nothing is not a valid domain")
    page.get_by_label("Or its text").fill(file.read_text().replace("nothing", "a.example"))
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", name="1 entry would be added")).to_be_focused()
    page.get_by_role("button", name="Add 1 entry").click()
    expect(page.get_by_text("All entries were added.")).to_be_visible()
    winnow.desks.lists.remove(winnow.desks.lists.page(None, 9).items[0].id, "tests")


def test_the_pages_can_be_used_by_everybody(winnow, page_of):
    entry = winnow.desks.lists.add(
        {"action": "allow", "kind": "company", "value": "A" * 150, "owner": "Mia " * 40, "reason": "w" * 300}, "tests"
    )
    page = page_of("reviewer", viewport={"width": 320, "height": 700})
    for path in ("/lists", "/lists/add", "/lists/import", "/lists/tidy", f"/lists/entries/{entry.id}/remove"):
        page.goto(path)
        assert offences_by_day_and_night(page) == [], path
        assert overflow(page) == 0, path
    winnow.desks.lists.remove(entry.id, "tests")
