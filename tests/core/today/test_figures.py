"""Numbers of sources add up to those of all, and the estimate is that of the blind sample."""

from datetime import date, timedelta

import pytest

from winnow.core.learning.proof.blind import LEAST_LABELLED, Released, false_reject_rate
from winnow.core.today.figures import Counted, DayLine, Spared, by_source, overall, waits, wrongly, wrongly_before
from winnow.core.today.measures import Measure
from winnow.core.today.tally import wait_bin
from winnow.core.today.window import window_of

M = Measure
WINDOW = window_of(7, date(2026, 11, 22))
DAY = WINDOW.last
COUNTED = Counted(
    now={"web": {M.LEADS: 5, M.REJECTED: 2, M.BY_MACHINE: 2}, "fair": {M.LEADS: 9, M.JUNKED: 1}},
    before={"web": {M.LEADS: 4}, "gone": {M.LEADS: 3}},
    days=[DayLine(DAY, "web", 5, 2, 0), DayLine(DAY, "fair", 8, 0, 1), DayLine(DAY - timedelta(1), "fair", 1, 1, 0)],
    waits={wait_bin(60): 3, wait_bin(6_000): 2},
    waits_before={},
    spared=[Spared("web", 0.03, None, 2), Spared("web", 0.03, genuine=True, number=1)],
    spared_before=[Spared("gone", 0.05, genuine=False, number=4)],
)


def test_all_sources_together():
    found = overall(COUNTED, WINDOW)
    assert (found.now[M.LEADS], found.now[M.STOPPED], found.before[M.LEADS]) == (14, 3, 7)
    assert [each[2:] for each in found.days] == [(0, 0, 0)] * 5 + [(1, 1, 0), (13, 2, 1)]
    assert (found.wrongly.stopped, found.wrongly.labelled, found.wrongly.unlabelled) == (2, 1, 2)
    assert wrongly_before(COUNTED).labelled == 4


def test_each_source_with_the_busiest_first():
    found = by_source(COUNTED, WINDOW)
    assert list(found) == ["fair", "web", "gone"]
    assert (found["web"].now[M.STOPPED], found["fair"].now[M.STOPPED], found["gone"].now[M.LEADS]) == (2, 1, 0)
    assert (found["gone"].before[M.LEADS], found["fair"].wrongly.labelled) == (3, 0)
    assert [each.leads for each in found["fair"].days][-2:] == [1, 8]


def test_how_long_people_took():
    found = waits(COUNTED)
    assert found.now == pytest.approx(60, rel=0.05)
    assert found.before is None


def test_too_few_labels_say_nothing_and_how_many_are_missing():
    found = wrongly({M.BY_MACHINE: 100}, [Spared("web", 0.03, genuine=False, number=LEAST_LABELLED - 1)])
    assert (found.missing, found.found, found.leads) == (1, None, None)
    assert wrongly({}, ()).leads == (0, 0, 0)


def test_the_estimate_is_that_of_the_sample_for_all_that_was_stopped():
    spared = [Spared("web", 0.02, genuine=True, number=2), Spared("fair", 0.05, genuine=False, number=60)]
    found = wrongly({M.BY_MACHINE: 1_000}, [*spared, Spared("web", 0.02, None, 5)])
    truth = [Released(0.02, genuine=True)] * 2 + [Released(0.05, genuine=False)] * 60
    expected = false_reject_rate([*truth, *[Released(0.02, None)] * 5])
    assert (found.found, found.missing, found.unlabelled) == (expected, 0, 5)
    about, low, high = found.leads or (0, 0, 0)
    assert about == pytest.approx(1_000 * 100 / 1_300)
    assert (low, high) == (expected.low * 1_000, expected.high * 1_000)
    assert 0 < low < about < high < 1_000
