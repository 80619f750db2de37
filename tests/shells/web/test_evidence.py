"""Bars of a waterfall from decisions as documents, with numbers and without; and moments to put a case off to."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import ruleset
from winnow.core.policy import Policy
from winnow.core.review.shown import without_numbers
from winnow.shells.web.queue.evidence import NARROWEST, WIDTH, evidence_of, not_used
from winnow.shells.web.queue.snoozes import SNOOZES

POINTS = st.lists(st.integers(-5_000, 5_000), max_size=12)


def reason(points, number=0, source="scorecard"):
    return {"code": f"form.{number}", "family": "form", "points": points, "text": f"Reason {number}", "source": source}


def decision(points, base=-600, **more):
    reasons = [reason(each, number) for number, each in enumerate(points)]
    said = {"base": base, "score": base + sum(points), "probability": 0.9, "reasons": reasons, "decided_by": "score"}
    return {**said, "threshold_band": "review", "unknown": [], "skipped_rules": [], **more}


@given(POINTS, st.integers(-3_000, 3_000))
def test_bars_lead_from_the_base_to_the_score(points, base):
    found = evidence_of(decision(points, base))
    assert [line.after for line in found.lines][-1:] in ([], [found.score])
    assert sum(line.points or 0 for line in found.lines) + base == found.score
    assert [abs(line.points or 0) for line in found.lines] == sorted(
        (abs(each) for each in points if each), reverse=True
    )
    for bar in [found.first, *(line.bar for line in found.lines)]:
        assert bar.width >= NARROWEST
        assert 0 <= bar.start <= bar.start + bar.width <= WIDTH
        assert 0 <= bar.zero <= WIDTH
    assert len(found.lines) + len(found.spoken) == len(points)


@given(POINTS)
def test_without_numbers_there_is_none_and_bars_have_three_lengths(points):
    found = evidence_of(without_numbers(decision(points)))
    assert (found.withheld, found.base, found.first, found.score, found.probability) == (True, None, None, None, None)
    assert all(line.points is None and line.after is None and line.strength for line in found.lines)
    assert len({line.bar.width for line in found.lines}) <= 3
    assert {line.code: line.towards for line in found.lines} == {
        f"form.{number}": "junk" if each > 0 else "genuine" for number, each in enumerate(points) if each
    }


def test_what_spoke_without_points_says_whether_it_decided():
    entry = reason(0, 1, "list:le_1")
    found = evidence_of(decision([500], reasons=[reason(500), entry], score=-100, decided_by="list:le_1"))
    assert [(each.source, each.decided) for each in found.spoken] == [("list:le_1", True)]


def test_what_was_not_used_tells_limits_from_what_is_not_known():
    made = ruleset(policy=Policy(owner="Mia", off_limits=frozenset({"form_fill_seconds", "custom.religion"})))
    unknown = ["form.fill_seconds", "net.ip_class", "gone.signal"]
    found = not_used(decision([], unknown=unknown, skipped_rules=["fast"]), made)
    assert found.owner == "Mia"
    assert found.off_limits[:2] == ("form_fill_seconds", "religion")
    assert len(found.off_limits) == 3
    assert "gone.signal" in found.unknown
    assert (len(found.unknown), found.rules) == (2, ("fast",))


@pytest.mark.parametrize(
    ("code", "now", "then"),
    [
        ("hour", "2026-11-22T23:30", "2026-11-23T00:30"),
        ("tomorrow", "2026-11-22T23:30", "2026-11-24T07:00"),  # in Berlin the next day has begun
        ("tomorrow", "2026-03-28T12:00", "2026-03-29T06:00"),  # the night in which clocks go forward
        ("monday", "2026-11-22T12:00", "2026-11-23T07:00"),  # a Sunday
        ("monday", "2026-11-23T12:00", "2026-11-30T07:00"),  # a Monday
        ("week", "2026-11-22T12:00", "2026-11-29T07:00"),
    ],
)
def test_a_case_is_put_off_to_a_morning_where_people_are(code, now, then):
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert SNOOZES[code][1](at, ZoneInfo("Europe/Berlin")) == datetime.fromisoformat(then).replace(tzinfo=UTC)
