"""Round cuts, few bins and shapes that keep their direction."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.learning.fitting.bins import bent, frequent, round_between, smoothed
from winnow.core.learning.study import Shape

finite = st.floats(allow_nan=False, allow_infinity=False)
some_bins = st.lists(st.tuples(st.floats(-3, 3), st.integers(0, 50)), min_size=2, max_size=12)


def shape_of(rows) -> Shape:
    logits, counts = zip(*rows, strict=True)
    cuts = tuple(float(place) for place in range(1, len(rows)))
    return Shape("a.b", cuts, None, (*logits, 0.5), (*counts, 3))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(2, 3, 3), (-1, 2, 0), (-2, 0, 0), (0, 0.5, 0.2), (1234, 1290, 1260), (99.5, 100.2, 100), (0.1234, 0.1279, 0.126)],
)
def test_a_cut_has_few_digits(low, high, expected):
    assert round_between(low, high) == expected


@given(finite, finite)
def test_a_round_cut_parts_the_same_values(one, other):
    low, high = sorted((one, other))
    if low < high:
        assert low < round_between(low, high) <= high


def test_rare_values_are_not_kept():
    column = ["a"] * 5 + ["b"] * 3 + [None] * 9 + ["c"] * 3 + ["d"]
    assert frequent(column, least=3, most=9) == ("a", "b", "c")
    assert frequent(column, least=3, most=2) == ("a", "b")
    assert frequent([], least=1, most=2) == ()


def test_neighbours_that_hardly_differ_become_one():
    shape = shape_of([(0.10, 10), (0.11, 30), (0.105, 0), (0.3, 5), (0.11, 5)])
    found = smoothed(shape, 0.01)
    assert (found.cuts, found.counts) == ((3.0, 4.0), (40, 5, 5, 3))
    assert found.logits == pytest.approx((0.1075, 0.3, 0.11, 0.5))


def test_empty_neighbours_become_their_middle():
    assert smoothed(shape_of([(0.1, 0), (0.2, 0), (9.0, 1)]), 0.1).logits == pytest.approx((0.15, 9.0, 0.5))


def test_values_have_no_neighbours():
    shape = Shape("a.b", None, ("x", "y"), (0.1, 0.1, 0.1, 0.1), (1, 1, 1, 1))
    assert smoothed(shape, 1.0) is shape


@given(some_bins, st.floats(0, 1))
def test_no_lead_is_moved_beyond_the_tolerance(rows, tolerance):
    shape = shape_of(rows)
    found = smoothed(shape, tolerance)
    for start, logit in zip((0.0, *(shape.cuts or ())), shape.logits, strict=False):
        code = sum(cut <= start for cut in found.cuts or ())
        assert abs(found.logits[code] - logit) <= tolerance + 1e-9
    assert sum(found.counts) == sum(shape.counts)


@given(some_bins, st.booleans())
def test_a_bent_shape_keeps_its_direction_and_its_mean(rows, rising):
    shape = shape_of(rows)
    found = bent(shape, rising=rising)
    for before, after in pairwise(found.logits[:-1]):
        assert before <= after + 1e-12 if rising else before >= after - 1e-12
    leads = list(zip(shape.logits, found.logits, shape.counts, strict=True))[:-1]
    assert sum(count * (old - new) for old, new, count in leads) == pytest.approx(0, abs=1e-6)
    assert (found.logits[-1], found.counts, found.cuts) == (shape.logits[-1], shape.counts, shape.cuts)


def test_bending_by_hand():
    found = bent(shape_of([(0.0, 1), (0.4, 1), (0.1, 2), (0.5, 9)]), rising=True)
    assert found.logits == pytest.approx((0.0, 0.2, 0.2, 0.5, 0.5))


def test_yes_and_no_are_bent_and_the_rest_is_left():
    shape = Shape("a.b", None, (False, True), (0.3, 0.1, 7.0, 8.0), (1, 3, 0, 1))
    assert bent(shape, rising=True).logits == pytest.approx((0.15, 0.15, 7.0, 8.0))
    assert bent(shape, rising=False) == shape
