"""The pages of incidents: opened, contained, fixed, with what was done and whom it concerns, and closed."""

import pytest

from tests.support.seeing import text_of
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import incident_of

HOSTILE = '"><script>alert(1)</script>%(x)s'


@pytest.fixture
def opened(seen):
    """The path of a new incident, which somebody with the role of approver opened."""
    fields = {"kind": "bias", "what": HOSTILE, "severity": "severe", "source": "web"}
    answer = seen.post("/incidents/_open", "approver", fields=fields)
    path, _, said = answer.headers["location"].partition("?")
    assert said == "said=incident-opened"
    return path


def state_of(seen, path):
    return seen.served.state.desks.guards.incident(path.rpartition("/")[2]).state


def test_one_is_opened_contained_fixed_and_closed_with_lessons(seen, opened):
    page = seen.get(opened, "privacy-officer")
    told = text_of(page)
    for words in ("Some people are treated worse than others", "severe", "open", "approver", "It is contained", "web"):
        assert words in told
    assert "<script>alert" not in page.text
    for step in ("contained", "fixed"):
        seen.post(f"{opened}/step", "privacy-officer", fields={"step": step})
        assert state_of(seen, opened) == step
    assert "It is fixed" not in text_of(seen.get(opened, "privacy-officer"))
    twice = seen.post(f"{opened}/step", "privacy-officer", fields={"step": "fixed"})
    assert twice.status_code == 422
    hasty = seen.post(f"{opened}/close", "approver", fields={"reason": "rule mended"})
    assert hasty.status_code == 422
    assert "not closed without lessons" in text_of(hasty)
    assert "rule mended" in hasty.text
    closed = seen.post(f"{opened}/close", "approver", fields={"reason": "rule mended", "lessons": "an example each"})
    assert closed.headers["location"] == f"{opened}?said=incident-closed"
    told = text_of(seen.get(opened, "auditor"))
    assert "rule mended" in told
    assert "an example each" in told
    assert "Close the incident" not in told
    assert opened not in seen.get("/incidents", "auditor").text
    assert opened in seen.get("/incidents?all=on", "auditor").text


def test_closing_needs_the_password_anew(seen, opened, monkeypatch):
    said = {"reason": "mended", "lessons": "an example each"}
    with monkeypatch.context() as patched:
        patched.setattr("winnow.core.people.accounts.Session.confirmed", lambda *_: False)
        asked = seen.post(f"{opened}/close", "approver", fields=said)
        assert (asked.status_code, asked.headers["x-ask"]) == (403, "confirm")
        assert seen.post(f"{opened}/note", "approver", fields={"text": "looked"}).status_code == 303
    assert state_of(seen, opened) == "open"
    assert seen.post(f"{opened}/close", "approver", fields=said).status_code == 303
    twice = seen.post(f"{opened}/close", "approver", fields=said)
    assert (twice.status_code, "closed" in text_of(twice)) == (422, True)


def test_what_is_not_there_is_looked_up_on_a_page(seen):
    assert "the ids on the page /incidents?all=on" in text_of(seen.get("/incidents/inc_none", "auditor"))


def test_what_was_done_is_written_down_and_linked(seen, opened):
    seen.post(f"{opened}/note", "approver", fields={"text": HOSTILE})
    stop = seen.served.state.desks.stop.drill(seen.person("rep"), seconds=0, dry=True).stop.id
    seen.post(f"{opened}/link", "approver", fields={"kind": "stop", "id": stop})
    seen.post(f"{opened}/link", "approver", fields={"kind": "unlearning", "id": HOSTILE})
    page = seen.get(opened, "approver")
    assert f'href="/stop/{stop}"' in page.text
    assert page.text.count("alert(1)") == 3
    assert "<script>alert" not in page.text
    assert "entry" in text_of(seen.get(opened, "privacy-officer"))


@pytest.mark.parametrize(
    ("act", "fields", "told"),
    [
        ("note", {"text": "ana@bluebird.example called"}, "A mail address is in it"),
        ("note", {"text": " "}, "Nothing but blanks"),
        ("link", {"kind": "moon", "id": "typed before"}, "Nothing was chosen"),
        ("link", {"kind": "unlearning", "id": "a@b"}, "printable characters"),
        ("link", {"kind": "stop", "id": "stop_x"}, "There is no stop stop_x"),
        ("link", {"kind": "roll-back", "id": "0123abcd"}, "0123abcd"),
        ("link", {"kind": "roll-back", "id": "house-2"}, "This is no hash of a ruleset"),
        ("step", {"step": "moon"}, "Nothing was chosen"),
        ("leads", {"leads": "12, twelve"}, "twelve is no number of a lead"),
        ("leads", {"leads": "9999999"}, "9999999"),
        ("close", {"reason": "", "lessons": "typed before"}, "Nothing but blanks"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_gets_lost(seen, opened, act, fields, told):
    page = seen.post(f"{opened}/{act}", "approver", fields=fields)
    assert page.status_code == 422
    assert told in text_of(page)
    if act != "step":
        assert all(value in page.text for name, value in fields.items() if name not in {"kind", "reason"})


def test_whom_it_concerns_are_links_for_who_may_see_leads_and_a_count_for_others(seen, opened):
    lead = seen.served.screened(full_name="Ana Kovač", email="review@winnow.example")["id"]
    answer = seen.post(f"{opened}/leads", "approver", fields={"leads": f"{lead}, {lead}"})
    assert answer.headers["location"] == f"{opened}?said=incident-leads"
    assert f'href="/leads/{lead}"' in seen.get(opened, "approver").text
    admins = seen.get(opened, "admin")
    assert "1 lead" in text_of(admins)
    assert f"/leads/{lead}" not in admins.text
    assert "review@winnow.example" not in seen.get(opened, "approver").text
    assert f"/leads/{lead}" not in seen.get(f"{opened}?after={lead}", "approver").text


def test_the_report_is_downloaded(seen, opened):
    text, data = (seen.get(f"{opened}/report.{ending}", "auditor") for ending in ("txt", "json"))
    name = opened.rpartition("/")[2]
    assert text.headers["content-disposition"] == f'attachment; filename="{name}.txt"'
    assert text.text.startswith(f"Incident {name}: bias")
    assert data.json()["id"] == name
    assert data.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "", "severity": "notice", "what": "typed"}, "Say what it is about"),
        ({"kind": "bias", "severity": "", "what": "typed"}, "Say how bad it is"),
        ({"kind": "bias", "severity": "notice", "what": ""}, "Nothing but blanks"),
        ({"kind": "bias", "severity": "notice", "what": "typed", "since": "2999-01-01"}, "It has not begun yet"),
        ({"kind": "bias", "severity": "notice", "what": "typed", "since": "x"}, "is no day"),
    ],
)
def test_what_cannot_be_opened_says_why(seen, fields, told):
    page = seen.post("/incidents/_open", "approver", fields=fields)
    assert page.status_code == 422
    assert told in text_of(page) or told[0].lower() + told[1:] in text_of(page)
    assert fields["what"] in page.text


def test_who_may_not_does_not(seen, opened):
    assert seen.get("/incidents", "rep").status_code == 403
    assert seen.get("/incidents/_open", "auditor").status_code == 403
    for act in ("step", "note", "link", "leads", "close"):
        assert seen.post(f"{opened}/{act}", "auditor", fields={"reason": "x"}).status_code == 403
    assert "<form" not in seen.get(opened, "auditor").text.partition("<main")[2].partition("</main")[0]
    assert seen.post(f"{opened}/dance", "approver", fields={}).status_code == 404
    assert seen.get("/incidents/inc_none", "auditor").status_code == 404


def test_what_guards_find_is_told_with_its_figures_also_on_today(seen):
    clock, desks = seen.served.service.clock, seen.served.state.desks
    now = clock.now()
    found = []
    for guard in Guard:
        about = "net.ip_class" if guard is not Guard.PERSON else "other"
        finding = Finding(
            guard, None, 40, now.date(), ("31 of 40 were junk",), Severity.ALARM, pauses=False, about=about
        )
        found.append(incident_of(finding, seen.served.service.new_id("inc", now), now))
        desks.guards._store.open(found[-1], "guards", now)
    today = seen.get("/", "approver").text
    for incident in found:
        assert f"/incidents/{incident.id}" in today
        assert "31 of 40 were junk" in text_of(seen.get(f"/incidents/{incident.id}", "approver"))
    assert found[0].id not in seen.get("/", "rep").text
    for incident in found:
        desks.guards.close(incident.id, "the test is over", "tests")
