"""One round over what was counted: each guard sees its own, and what people have dealt with is left out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from winnow.core.monitor.finding import Finding, Guard, TooFew
from winnow.core.monitor.incident import Incident, Pause, State, incident_of, pause_of
from winnow.core.monitor.rounds import Counted, DayCount, Round
from winnow.core.outcome import Outcome

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def counted(*spans, source="web", about="", bin_=0, until=1):
    """Spans of (days, number) one after another, up to `until` days before today."""
    numbers = [number for days, number in spans for _ in range(days)]
    first = TODAY - timedelta(days=len(numbers) - 1 + until)
    return [DayCount(first + timedelta(days=index), source, about, bin_, each) for index, each in enumerate(numbers)]


def findings(counts, **more):
    return [each for each in Round(counts, TODAY, **more).verdicts() if isinstance(each, Finding)]


def said(counts, **more):
    return [(each.guard, each.source, each.about) for each in findings(counts, **more)]


FALLEN = {
    Counted.ACCEPTED: [*counted((80, 400)), *counted((80, 400), source="fair")],
    Counted.CONVERTED: [*counted((50, 40), (30, 25)), *counted((80, 40), source="fair")],
}
JUMPED = {
    Counted.DECIDED: [
        *counted((29, 500), bin_=Outcome.ACCEPT, until=0),
        *counted((28, 20), (1, 90), bin_=Outcome.REJECT, until=0),
        *counted((29, 500), source="fair", until=0),
    ]
}
SPREAD = [
    *counted((28, 100), (7, 20), about="card a.b", bin_=0, source=""),
    *counted((28, 100), (7, 180), about="card a.b", bin_=2, source=""),
    *counted((35, 100), about="card a.c", source=""),
    *counted((35, 100), about="card a.c", bin_=1, source=""),
    *counted((28, 100), about="old a.d", source="", until=60),
]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, []),
        (FALLEN, [("conversion", None, ""), ("conversion", "web", "")]),
        ({Counted.VERDICTS: FALLEN[Counted.ACCEPTED], Counted.GENUINE: FALLEN[Counted.CONVERTED]}, "genuine"),
        (JUMPED, [("reject-rate", "web", "")]),
        ({Counted.REVERSED: [*counted((35, 30)), *counted((28, 3), (7, 30), bin_=1)]}, [("overrides", "web", "")]),
        ({Counted.JUNK: [*counted((35, 30)), *counted((28, 3), (7, 30), bin_=1)]}, [("source-junk", "web", "")]),
        ({Counted.CODES: SPREAD}, [("signal-drift", None, "a.b")]),
        (
            {Counted.SCORES: [each._replace(about="card") for each in SPREAD if each.about == "card a.b"]},
            [("score-drift", None, "")],
        ),
        (
            {Counted.PROMISED: counted((20, 50), about="card", bin_=20), Counted.HELD: counted((20, 20), about="card")},
            [("calibration", None, "")],
        ),
        ({Counted.PROMISED: counted((20, 50), about="card", bin_=20, until=60)}, []),
    ],
)
def test_each_guard_sees_its_own(counts, expected):
    if expected == "genuine":
        expected = [("genuine", None, ""), ("genuine", "web", "")]
    assert said(counts) == expected


def test_too_little_is_said_to_be_too_little():
    few = {Counted.ACCEPTED: counted((5, 400)), Counted.CONVERTED: counted((5, 4))}
    assert next(iter(Round(few, TODAY).verdicts())) == TooFew(Guard.CONVERSION, None, 20, 100)


def test_a_histogram_is_compared_with_two_weeks_at_least():
    young = [*counted((13, 100), (7, 20), about="card a.b"), *counted((13, 100), (7, 180), about="card a.b", bin_=1)]
    last = list(Round({Counted.CODES: young}, TODAY).verdicts())[-1]
    assert last == TooFew(Guard.SIGNAL_DRIFT, None, 13, 14, "a.b")


def test_of_histograms_only_whole_days_count():
    today = [DayCount(TODAY, "", "card a.c", 0, 100_000)]
    assert said({Counted.CODES: [*SPREAD, *today]}) == [("signal-drift", None, "a.b")]


def test_changes_of_rulesets_make_the_watch_quicker():
    changed = TODAY - timedelta(days=30)
    (slow, *_), (quick, *_) = findings(FALLEN), findings(FALLEN, changes={changed})
    assert quick.figures[2] != slow.figures[2]


def closed(finding, when, *, renew):
    incident = incident_of(finding, "inc_1", NOW)
    return replace(incident, state=State.CLOSED, closed_at=when, renewed=renew)


@pytest.mark.parametrize("renew", [False, True])
def test_what_people_have_dealt_with_is_not_found_again(renew):
    for finding in findings(FALLEN):
        others = [each for each in said(FALLEN) if each[1] != finding.source]
        assert said(FALLEN, closed=[closed(finding, NOW, renew=renew)]) == others
    (drift,) = findings({Counted.CODES: SPREAD})
    assert said({Counted.CODES: SPREAD}, closed=[closed(drift, NOW, renew=renew)]) == []
    (jump,) = findings(JUMPED)
    assert said(JUMPED, closed=[closed(jump, NOW, renew=renew)]) == []


def test_what_comes_after_is_found():
    """Closed after the first half of a fall, the second half counts."""
    finding = findings(FALLEN)[1]
    half = NOW - timedelta(days=20)
    assert ("conversion", "web", "") in said(FALLEN, closed=[closed(finding, half, renew=False)])
    still_open = replace(closed(finding, NOW, renew=False), closed_at=None)
    assert ("conversion", "web", "") in said(FALLEN, closed=[still_open])


def test_a_finding_becomes_an_incident_and_a_pause():
    pausing, notice = findings(FALLEN)[1], replace(findings(FALLEN)[1], pauses=False)
    incident = incident_of(pausing, "inc_1", NOW)
    assert incident == Incident(
        "inc_1",
        Guard.CONVERSION,
        "web",
        "",
        pausing.severity,
        pausing.size,
        pausing.since,
        pausing.figures,
        NOW,
        State.CONTAINED,
        NOW,
    )
    assert incident.pauses
    reason = "rejecting is paused by the guard `conversion`, incident inc_1"
    assert pause_of(incident) == Pause("web", reason, "inc_1")
    quiet = incident_of(notice, "inc_2", NOW)
    assert (quiet.state, quiet.pauses) == (State.OPEN, False)
