"""Steps of a curve and what they mean."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.learning.figures.measures import wilson
from winnow.core.thresholds import Bands
from winnow.core.whatif.curves import MOST_STEPS, Step, curve, curve_document, step_size
from winnow.core.whatif.past import Truth
from winnow.core.whatif.tally import Load

STEPS = [
    Step(0, {Truth.JUNK: 6, Truth.CONVERTED: 4, Truth.UNKNOWN: 10}, Load(2.0, 3, 4)),
    Step(100, {Truth.JUNK: 3}, Load(0.3, 1, 1)),
    Step(200, {Truth.UNKNOWN: 1}, Load(0.1, 0, 1)),
]
ALL = {Truth.JUNK: 8, Truth.CONVERTED: 5, Truth.UNKNOWN: 12}


@pytest.mark.parametrize(("least", "most", "size"), [(0, 0, 1), (0, 117, 1), (0, 118, 2), (-5000, 6000, 100)])
def test_steps_are_round(least, most, size):
    assert step_size(least, most) == size


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**12))
def test_steps_are_few(least, span):
    size = step_size(least, least + span)
    assert str(size).rstrip("0") in {"1", "2", "5"}
    assert (least + span) // size - least // size + 2 <= MOST_STEPS + 1


def test_points_say_how_right_and_how_complete_a_threshold_is():
    first, second, third = curve(STEPS, ALL, others=4, days=10, bands=Bands(0, 100)).points
    assert (first.share, first.precision, first.recall, first.lost) == (20 / 25, 0.6, 6 / 8, 4 / 5)
    assert first.precision_interval == wilson(6, 10)
    assert first.lost_interval == wilson(4, 5)
    assert (second.precision, second.recall, second.lost) == (1.0, 3 / 8, 0.0)
    assert (third.precision, third.precision_interval) == (None, (0.0, 1.0))


def test_a_curve_of_nothing():
    found = curve([], dict.fromkeys(Truth, 0), others=3, days=0, bands=Bands(0, 100))
    assert (found.points, found.leads, found.others) == ((), 0, 3)


def test_it_can_be_written():
    document: Any = curve_document(curve(STEPS, ALL, others=4, days=10, bands=Bands(0, 100, 300)))
    assert json.loads(json.dumps(document)) == document
    assert document["thresholds"] == {"tag": 0, "review": 100, "reject": 300}
    assert document["points"][1]["per_day"] == {"mean": 0.3, "p95": 1, "most": 1}
    assert [each["threshold"] for each in document["points"]] == [0, 100, 200]
