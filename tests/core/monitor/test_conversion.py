"""Guards over accepted leads: what counts as usual, who may give an alarm how often, and what is said."""

from datetime import date, timedelta

import pytest

from winnow.core.monitor.conversion import RENEWED_DAYS, allowances, course, falling
from winnow.core.monitor.drop import YEAR, Cohort
from winnow.core.monitor.finding import Finding, Guard, Severity, TooFew

FIRST = date(2026, 1, 1)


def days(*spans):
    """Spans of (days, leads, good) one after another."""
    counts = [(leads, good) for number, leads, good in spans for _ in range(number)]
    return [Cohort(FIRST + timedelta(days=index), *each) for index, each in enumerate(counts)]


@pytest.mark.parametrize(
    ("spans", "usual", "watched"),
    [
        ([(27, 500, 50)], None, None),  # too few days
        ([(28, 500, 50)], 28, 0),
        ([(40, 500, 50)], 28, 12),
        ([(60, 20, 2)], 50, 10),  # a hundred good ones take 50 days
        ([(60, 20, 0)], None, None),
        ([], None, None),
        ([(28 + YEAR, 500, 50)], 28, YEAR),
        ([(28 + YEAR + 5, 500, 50)], RENEWED_DAYS, 5),  # the watch begins anew
        ([(28 + 2 * YEAR + 5, 500, 50)], RENEWED_DAYS, 5),
        ([(28, 500, 50), (YEAR + 5, 500, 0)], 28, YEAR),  # nothing good for a year: nothing to renew by
    ],
)
def test_what_is_usual_and_what_is_watched(spans, usual, watched):
    found = course(days(*spans))
    assert (None, None) if found is None else (len(found.usual), len(found.watched)) == (usual, watched)
    assert (found is None) == (usual is None)


@pytest.mark.parametrize(
    ("leads", "shares"),
    [
        ({}, {None: 0.01}),
        ({"web": 500}, {None: 0.01}),
        ({"web": 0, "fair": 0}, {None: 0.01}),
        ({"web": 300, "fair": 100, "none": 0}, {None: 0.005, "web": 0.00375, "fair": 0.00125}),
    ],
)
def test_false_alarms_are_shared_out(leads, shares):
    assert allowances(leads) == pytest.approx(shares)


def test_a_fall_is_told_in_plain_words_and_pauses():
    found = falling(Guard.CONVERSION, "web", days((50, 500, 50), (30, 500, 38)))
    assert isinstance(found, Finding)
    assert (found.guard, found.source, found.severity, found.pauses) == ("conversion", "web", Severity.ALARM, True)
    assert found.since == FIRST + timedelta(days=50)
    assert found.size == 30 * 500
    first, second, third = found.figures
    assert first == "source `web`: of 15,000 accepted leads since 2026-02-20, 1,140 converted (7.6 %)"
    assert second == "before, 2,500 of 25,000 did (10.0 %)"
    assert third.startswith("a fall explains this ")


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([(80, 500, 50)], None),
        ([(20, 500, 3)], TooFew(Guard.GENUINE, None, 60, 100)),
    ],
)
def test_nothing_is_found_where_nothing_is(spans, said):
    assert falling(Guard.GENUINE, None, days(*spans)) == said


def test_all_sources_and_leads_without_one_are_named():
    fallen = days((50, 500, 450), (30, 500, 380))
    said = {source: falling(Guard.GENUINE, source, fallen) for source in (None, "")}
    assert said[None].figures[0].startswith("all sources: of 15,000 accepted leads with a verdict since")
    assert said[""].figures[0].startswith("leads without a source: ")
