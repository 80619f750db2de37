"""Tails of distributions, against published tables and against counting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.monitor.chance import chi_square_limit, chi_square_tail, normal_tail, rise, spread


@pytest.mark.parametrize(
    ("x", "degrees", "tail"),
    [  # Abramowitz & Stegun, tables 26.7 and 26.8, and closed forms for two degrees
        (3.84146, 1, 0.05),
        (18.3070, 10, 0.05),
        (2.70554, 1, 0.1),
        (124.342, 100, 0.05),
        (29.5883, 10, 0.001),
        (3.94030, 10, 0.95),
        (2.0, 2, 0.36787944),
        (100.0, 2, 1.9287498e-22),
        (0.0, 3, 1.0),
        (-1.0, 3, 1.0),
    ],
)
def test_the_tail_is_that_of_the_tables(x, degrees, tail):
    assert chi_square_tail(x, degrees) == pytest.approx(tail, rel=2e-5)


@given(st.floats(1e-12, 0.99), st.integers(1, 200))
def test_the_limit_is_exceeded_with_that_chance(chance, degrees):
    assert chi_square_tail(chi_square_limit(chance, degrees), degrees) == pytest.approx(chance, rel=1e-3)


@pytest.mark.parametrize(("z", "tail"), [(0.0, 0.5), (1.644854, 0.05), (5.0, 2.8665e-7), (-1.0, 0.841345)])
def test_the_normal_tail(z, tail):
    assert normal_tail(z) == pytest.approx(tail, rel=1e-4)


@pytest.mark.parametrize(
    ("counts", "z"),
    [
        ((60, 100, 400, 1000), 3.8269),  # as the signed root of G² = 14.645 in any table of two shares
        ((40, 100, 400, 1000), 0.0),
        ((0, 0, 400, 1000), 0.0),
        ((5, 10, 0, 0), 0.0),
    ],
)
def test_how_surprising_a_rise_is(counts, z):
    assert rise(*counts) == pytest.approx(z, abs=0.01)


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 500), st.integers(1, 500))
def test_a_fall_is_the_rise_of_the_others(found, rest, found_before, rest_before):
    of, of_before = found + rest, found_before + rest_before
    up = rise(found, of, found_before, of_before)
    down = rise(rest, of, rest_before, of_before)
    assert up == pytest.approx(-down, abs=1e-5)
    assert (up > 1e-5) <= (found / of > found_before / of_before)


@pytest.mark.parametrize(
    ("days", "varied"),
    [
        ([(10, 100)] * 20, 1.0),  # as alike as can be
        ([(0, 100), (20, 100)] * 10, 11.696),  # 20 days, each 10 off: 20 · 100 / 9 / 19
        ([(9, 100), (11, 100)] * 10, 1.0),
        ([(10, 100)], 1.0),
        ([(0, 100)] * 5, 1.0),
        ([(0, 0)] * 5, 1.0),
        ([], 1.0),
    ],
)
def test_how_much_days_vary_beyond_chance(days, varied):
    assert spread(days) == pytest.approx(varied, rel=1e-3)
