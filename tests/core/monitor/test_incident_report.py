"""The clock of an incident, and its report."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.support.cases import NOW
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import Kind, State, Step, after_step, incident_of
from winnow.core.monitor.incident_report import Written, kind_of, report, report_text

SEEN = Finding(
    Guard.PERSON,
    "web",
    0,
    date(2026, 11, 1),
    ("a region was rejected",),
    Severity.SEVERE,
    pauses=False,
    about=Kind.BIAS,
)
OPEN = incident_of(SEEN, "inc_1", NOW, "us_1")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("steps", "state", "contained", "fixed"),
    [
        ([Step.CONTAINED], State.CONTAINED, "us_0", None),
        ([Step.FIXED], State.FIXED, "us_0", "us_0"),
        ([Step.CONTAINED, Step.FIXED], State.FIXED, "us_0", "us_1"),
        ([Step.FIXED, Step.CONTAINED], State.FIXED, "us_0", "us_0"),
    ],
)
def test_what_is_fixed_is_contained_too_and_who_said_so_first_is_named(steps, state, contained, fixed):
    incident = OPEN
    for number, step in enumerate(steps):
        incident = after_step(incident, step, f"us_{number}", NOW + number * HOUR)
    assert (incident.state, incident.contained_by, incident.fixed_by) == (state, contained, fixed)
    assert not incident.pauses


def test_a_pause_stays_the_guards_also_when_a_person_says_it_is_fixed():
    paused = incident_of(replace(SEEN, guard=Guard.CONVERSION, pauses=True, about=""), "inc_2", NOW)
    assert paused.pauses
    fixed = after_step(paused, Step.FIXED, "us_1", NOW + HOUR)
    assert (fixed.pauses, fixed.contained_by, fixed.contained_at) == (True, None, NOW)
    assert (kind_of(fixed), kind_of(OPEN)) == ("conversion", "bias")


def test_an_open_one_says_little():
    assert report_text(OPEN, [], 0) == (
        "Incident inc_1: bias, severe, open\n"
        "Where: source `web` · since 2026-11-01 · people concerned: 0\n"
        "\n"
        "What happened\n"
        "  a region was rejected\n"
        "\n"
        "Clock\n"
        "  detected   2026-11-01 12:00:00 UTC  us_1\n"
    )
    assert report(OPEN, [], 0)["clock"] == [{"step": "detected", "at": "2026-11-01T12:00:00+00:00", "by": "us_1"}]


def test_a_closed_one_says_everything():
    paused = replace(OPEN, contained_at=NOW, state=State.CONTAINED)
    fixed = after_step(paused, Step.FIXED, "us_2", NOW + HOUR)
    closed = replace(
        fixed, state=State.CLOSED, closed_at=NOW + 2 * HOUR, closed_by="us_3", reason="mended", lessons="test more"
    )
    written = [
        Written(3, NOW, "us_1", "incident.opened", {}),
        Written(5, NOW, "us_1", "incident.noted", {"text": "asked the web team"}),
        Written(7, NOW, "us_2", "incident.linked", {"stop": "stop_1"}),
    ]
    assert report(closed, written, 1_200) == {
        "format": "winnow incident report 1",
        "id": "inc_1",
        "kind": "bias",
        "severity": "severe",
        "state": "closed",
        "source": "web",
        "what": ["a region was rejected"],
        "clock": [
            {"step": "detected", "at": "2026-11-01T12:00:00+00:00", "by": "us_1"},
            {"step": "contained", "at": "2026-11-01T12:00:00+00:00", "by": "guards"},
            {"step": "fixed", "at": "2026-11-01T13:00:00+00:00", "by": "us_2"},
            {"step": "closed", "at": "2026-11-01T14:00:00+00:00", "by": "us_3"},
        ],
        "people": 1_200,
        "actions": [{"log_entry": 5, "at": "2026-11-01T12:00:00+00:00", "by": "us_1", "text": "asked the web team"}],
        "links": [{"kind": "stop", "id": "stop_1"}],
        "outcome": "mended",
        "lessons": "test more",
        "log_entries": [3, 5, 7],
    }
    told = report_text(closed, written, 1_200)
    for line in (
        "people concerned: 1,200",
        "  2026-11-01 12:00:00 UTC  us_1: asked the web team",
        "  stop stop_1",
        "Outcome\n  mended",
        "Lessons\n  test more",
        "  3, 5, 7",
    ):
        assert line in told
