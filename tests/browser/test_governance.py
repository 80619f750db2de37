"""Governance in a browser, by keyboard alone: stopped in seconds, started again by two, an incident from end to end."""

from datetime import timedelta
from time import monotonic

from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, offences_by_day_and_night, overflow
from winnow.core.govern.stop import StopScope
from winnow.core.monitor.finding import Severity
from winnow.core.monitor.incident import Kind

#: For how long nobody is asked for the password again.
LASTS = "winnow.core.people.accounts.CONFIRMED_FOR"
#: Somebody under stress has so long; what they type is theirs.
SECONDS = 10


def agreed(page, reason, monkeypatch):
    """Agree to a restart by keyboard, the password included."""
    monkeypatch.setattr(LASTS, timedelta(0))
    page.get_by_label("What was found out, and why it may go on").focus()
    page.keyboard.type(reason)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Is it you?")
    expect(dialog).to_be_visible()
    monkeypatch.undo()
    dialog.get_by_label("Password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


def test_one_key_one_line_and_it_is_stopped_and_two_people_start_again(winnow, page_of, watched, monkeypatch):
    watched.may_be_refused = True
    winnow.waiting()
    page = page_of("rep", name="Mika")
    page.goto("/queue")
    begun = monotonic()
    page.keyboard.press("!")
    expect(page.get_by_label("Why, in a few words")).to_be_focused()
    page.keyboard.type("good leads are rejected")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is stopped, everywhere.")).to_be_visible()
    assert monotonic() - begun < SECONDS
    expect(page.get_by_role("note", name="State of the service")).to_contain_text(
        "STOPPED everything automatic by Mika"
    )
    assert winnow.desks.stop.status().everything
    first, second = page_of("approver", name="Jonas"), page_of("privacy-officer", name="Aiko")
    for who, reason, said in (
        (first, "the rule is mended", "You have agreed. It starts again once a second person agrees, too."),
        (second, "looked at it, too", "It goes on, everywhere within a second."),
    ):
        who.goto("/stop")
        link = who.get_by_role("link", name="Agree to a restart")
        link.focus()
        who.keyboard.press("Enter")
        agreed(who, reason, monkeypatch)
        expect(who.get_by_text(said)).to_be_visible()
    assert winnow.desks.stop.status().standing == ()
    first.goto("/stop")
    expect(first.get_by_text("Nothing is stopped.")).to_be_visible()


def test_it_stops_without_scripts_too(winnow, page_of):
    page = page_of("reviewer", name="Rosa", java_script_enabled=False)
    page.goto("/account")
    page.get_by_role("link", name="Stop !").click()
    page.keyboard.type("good leads are rejected")
    page.get_by_role("button", name="Stop it now").click()
    expect(page.get_by_text("It is stopped, everywhere.")).to_be_visible()
    stop = winnow.desks.stop.status().standing[0].stop.id
    for name in ("Jonas", "Aiko"):
        person = winnow.desks.people.desk.called(winnow.person("approver", name=name))
        winnow.desks.stop.lift(stop, "the test is over", person)


def test_an_incident_by_keyboard_from_end_to_end(winnow, page_of):
    lead = winnow.screened(full_name="Bo", email="genuine@winnow.example")["id"]
    page = page_of("approver", name="Jonas")
    page.goto("/governance")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.get_by_role("link", name="Open one").press("Enter")
    page.get_by_label("What it is about").select_option("bias")
    page.get_by_label("What happened").focus()
    page.keyboard.type("leads of one region were rejected")
    page.get_by_role("radio", name="Severe.").press("Space")
    page.get_by_role("button", name="Open it").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Some people are treated worse than others")).to_be_visible()
    page.get_by_text("Name leads").press("Enter")
    page.get_by_label("Numbers of leads").focus()
    page.keyboard.type(str(lead))
    page.get_by_role("button", name="Name them").press("Enter")
    expect(page.get_by_role("link", name=str(lead), exact=True)).to_be_visible()
    page.get_by_role("button", name="It is contained").press("Enter")
    expect(page.get_by_role("button", name="It is contained")).to_have_count(0)
    page.get_by_label("What was found out, and what was done").focus()
    page.keyboard.type("the rule is mended")
    page.get_by_label("What will be done otherwise").focus()
    page.keyboard.type("an example of each region")
    page.get_by_role("button", name="Close the incident").press("Enter")
    expect(page.get_by_text("Closed. If rejecting was paused")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Report as text").click()
    assert "an example of each region" in download.value.path().read_text(encoding="utf-8")


def test_the_pages_can_be_used_by_everybody(winnow, page_of):
    stop = winnow.desks.stop.engage(StopScope.SOURCE, "w" * 200, "x" * 300, "tests").stop.id
    incident = winnow.desks.incidents.open(Kind.BIAS, "x" * 300, Severity.SEVERE, "tests", source="w" * 200).id
    paths = ("/governance", "/stop", f"/stop/{stop}", "/stop/past", "/stop/past?drills=on", "/stop/drill",
             "/incidents", "/incidents/_open", f"/incidents/{incident}")  # fmt: skip
    page = page_of("approver", name="Jonas", viewport={"width": 320, "height": 700})
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert offences_by_day_and_night(page) == [], path
        assert overflow(page) == 0, path
