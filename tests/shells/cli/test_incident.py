"""`winnow incident`: what it says of an installation, its exit codes, and closing."""

import json
from datetime import date

import pytest

from tests.support.command import winnow
from winnow.adapters.db.incidents import StoredIncidents
from winnow.bootstrap.people import make_people
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import incident_of

FINDING = Finding(Guard.CONVERSION, "web", 5010, date(2026, 11, 10), ("of 5,010 leads",), Severity.ALARM, pauses=True)


PASSWORD = "seven quiet lighthouses"


def close(at, name, *more, role="approver", password=PASSWORD):
    proven = ("--as", f"{role}@x.example", "--password-stdin")
    return winnow("incident", "close", name, *more, *proven, *at, stdin=f"{password}\n".encode())


@pytest.fixture
def at(tmp_path):
    """An installation with one incident."""
    service = open_service(load(flags={"data.folder": str(tmp_path / "data")}))
    people = make_people(service).desk
    for role in ("approver", "reviewer"):
        people.create(f"{role}@x.example", "P", [role], PASSWORD, "tests")
    now = service.clock.now()
    StoredIncidents(service.engine, service.journal).open(incident_of(FINDING, "inc_1", now), "guards", now)
    service.close()
    return ("--data", tmp_path / "data")


def test_an_incident_is_listed_shown_and_closed(at):
    listed = winnow("incident", "list", *at)
    assert listed.code == 3
    assert listed.text == "inc_1  contained  alarm  conversion  since 2026-11-10  of 5,010 leads\n"
    shown = winnow("incident", "show", "inc_1", *at).text
    assert "rejecting without a person was paused for it" in shown
    assert json.loads(winnow("incident", "list", "--json", *at).text)[0]["figures"] == ["of 5,010 leads"]
    closed = close(at, "inc_1", "--reason", "mended [the] form", "--renew")
    assert (closed.code, closed.messages) == (0, "closed inc_1; rejecting is no longer paused for it\n")
    assert close(at, "inc_1", "--reason", "again").code == 1
    none = winnow("incident", "list", *at)
    assert (none.code, none.text, none.messages) == (0, "", "no incident\n")
    everything = winnow("incident", "list", "--all", "--json", *at)
    assert everything.code == 0
    closer = json.loads(everything.text)[0]["closed_by"]
    assert closer.startswith("us_")
    assert f"by {closer}: mended [the] form" in winnow("incident", "show", "inc_1", *at).text
    assert json.loads(winnow("incident", "show", "inc_1", "--json", *at).text)["renewed"] is True


def test_without_a_reason_nothing_is_closed(at):
    assert close(at, "inc_1", "--reason", " ").code == 2
    unknown = close(at, "inc_9", "--reason", "x")
    assert (unknown.code, "fix:   see the ids with `winnow incident list --all`" in unknown.messages) == (1, True)
    assert winnow("incident", "show", "inc_9", *at).code == 1
    assert winnow("incident", "list", *at).code == 3


@pytest.mark.parametrize(
    ("role", "password"), [("reviewer", PASSWORD), ("approver", "guessed it"), ("nobody", PASSWORD)]
)
def test_somebody_who_may_answers_for_closing(at, role, password):
    refused = close(at, "inc_1", "--reason", "mended", role=role, password=password)
    assert refused.code == 5, refused.messages
    assert winnow("incident", "list", *at).code == 3


def test_a_mistyped_folder_is_no_installation_without_incidents(tmp_path):
    ran = winnow("incident", "list", "--data", tmp_path / "typo")
    assert (ran.code, "there is no installation here" in ran.messages) == (2, True)
    assert not (tmp_path / "typo").exists()


def test_guards_can_be_asked_to_look_now(at):
    looked = winnow("incident", "check", *at)
    assert (looked.code, looked.messages) == (0, "found: 0 new, 0 known · too few to say: 2\n")
    said = json.loads(winnow("incident", "check", "--json", *at).text)
    assert (said["opened"], said["standing"]) == ([], [])
    assert said["too_few"][0] == {"guard": "conversion", "source": None, "about": "", "size": 0, "needed": 100}


def test_what_somebody_has_seen_is_opened_dealt_with_and_exported(at):
    opened = winnow("incident", "open", "bias", "--what", "a region was rejected", "--severity", "severe", *at)
    name = opened.messages.split()[1]
    assert winnow("incident", "step", name, "contained", *at).messages == f"{name} is contained\n"
    assert winnow("incident", "note", name, "asked the web team", *at).code == 0
    assert winnow("incident", "link", name, "roll-back", "0123abcd", *at).code == 0
    assert winnow("incident", "people", name, "1", *at).code == 1
    assert close(at, name, "--reason", "mended").code == 2
    assert close(at, name, "--reason", "mended", "--lessons", "test more").code == 0
    text = winnow("incident", "export", name, *at).text
    assert "  roll-back to 0123abcd" in text
    assert "Lessons\n  test more" in text
    assert json.loads(winnow("incident", "export", name, "--json", *at).text)["links"][0]["id"] == "0123abcd"
