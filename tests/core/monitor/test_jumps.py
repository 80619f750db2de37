"""Shares that leap, promises that are not kept, queues that grow."""

from datetime import UTC, date, datetime, timedelta

import pytest

from winnow.core.monitor.finding import Finding, Guard, Severity, TooFew
from winnow.core.monitor.jumps import Share, jumped
from winnow.core.monitor.promise import Promised, kept
from winnow.core.monitor.queue import behind

FIRST = date(2026, 11, 1)


def shares(*counts, start=0):
    return [Share(FIRST + timedelta(days=start + index), *each) for index, each in enumerate(counts)]


BEFORE = shares(*[(25, 500)] * 28)


@pytest.mark.parametrize(
    ("guard", "recent", "found"),
    [
        (Guard.REJECT_RATE, (25, 500), None),
        (Guard.REJECT_RATE, (36, 500), None),  # not by half
        (Guard.REJECT_RATE, (60, 500), True),
        (Guard.REJECT_RATE, (4, 50), None),  # by more than half, as chance may do
        (Guard.REJECT_RATE, (10, 49), TooFew(Guard.REJECT_RATE, "web", 49, 50)),
        (Guard.REJECT_RATE, (0, 500), None),
        (Guard.OVERRIDES, (20, 100), True),
        (Guard.SOURCE_JUNK, (14, 100), None),  # significant, and less than ten points
        (Guard.SOURCE_JUNK, (30, 100), False),
    ],
)
def test_a_leap_is_told(guard, recent, found):
    said = jumped(guard, "web", BEFORE, shares(recent, start=28))
    if isinstance(found, bool):
        assert isinstance(said, Finding)
        assert (said.pauses, said.severity) == (found, Severity.ALARM if found else Severity.NOTICE)
        assert (said.size, said.since) == (recent[1], FIRST + timedelta(days=28))
        assert f"{recent[0]} of {recent[1]} since 2026-11-29" in said.figures[0]
        assert said.figures[1] == "before, 700 of 14,000 (5.0 %)"
    else:
        assert said == found


def test_there_must_be_something_to_compare_with():
    few = jumped(Guard.REJECT_RATE, None, BEFORE[:0], shares((60, 500)))
    assert few == TooFew(Guard.REJECT_RATE, None, 0, 500)


def test_many_sources_and_restless_days_need_more():
    recent = shares((50, 500), start=28)
    assert isinstance(jumped(Guard.REJECT_RATE, "web", BEFORE, recent), Finding)
    assert jumped(Guard.REJECT_RATE, "web", BEFORE, recent, among=1000) is None
    restless = shares(*[(0, 500), (50, 500)] * 14)
    assert jumped(Guard.REJECT_RATE, "web", restless, recent) is None


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ([(0.8, 100, 80), (0.2, 100, 20)], None),
        ([(0.8, 100, 80), (0.2, 99, 20)], TooFew(Guard.CALIBRATION, None, 199, 200)),
        ([(0.8, 5000, 3900)], None),  # beyond chance, and only two points
        ([(0.5, 200, 86)], None),  # seven points, as chance may do
        ([(0.8, 500, 300)], True),
        ([(0.2, 500, 200)], False),
        ([(1.0, 300, 100)], None),  # nothing is promised with certainty; then nothing can be said
    ],
)
def test_a_promise_is_kept_or_not(groups, said):
    found = kept(None, [Promised(*each) for each in groups], FIRST)
    if isinstance(said, bool):
        assert isinstance(found, Finding)
        assert found.pauses is said
        word = "good leads are taken for junk" if said else "junk is taken for good leads"
        assert found.figures[-1] == word
        assert found.size == 500
    else:
        assert found == said


@pytest.mark.parametrize(
    ("waiting", "overdue", "found"), [(0, 0, False), (20, 4, False), (100, 9, False), (100, 10, True), (5, 5, True)]
)
def test_a_queue_that_grows_is_told_and_pauses_nothing(waiting, overdue, found):
    due = datetime(2026, 10, 30, 9, 30, tzinfo=UTC)
    said = behind(waiting, overdue, due, FIRST)
    assert (said is not None) == found
    if isinstance(said, Finding):
        assert not said.pauses
        assert said.since == due.date()
        assert said.figures[-1] == "the oldest should have been done by 2026-10-30 09:30 UTC"


def test_a_queue_of_unknown_age_began_today():
    said = behind(10, 10, None, FIRST)
    assert isinstance(said, Finding)
    assert (said.since, len(said.figures)) == (FIRST, 1)
