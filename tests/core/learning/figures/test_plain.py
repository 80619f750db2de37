"""Numbers in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.learning.figures.plain import (
    counted,
    grouped,
    in_hundred,
    listed,
    moved,
    per_hundred,
    signed,
    small,
    spread,
)


@pytest.mark.parametrize(
    ("rate", "words", "number"),
    [
        (0.0, "none", "0"),
        (1.0, "all", "100"),
        (0.06, "6 in 100", "6"),
        (0.5, "50 in 100", "50"),
        (0.004, "4 in 1,000", "0.4"),
        (0.9953, "995 in 1,000", "99.5"),
        (0.0002, "fewer than 1 in 1,000", "under 0.1"),
        (0.9999, "more than 999 in 1,000", "over 99.9"),
    ],
)
def test_a_share_is_told_as_a_count(rate, words, number):
    assert in_hundred(rate) == words
    assert per_hundred(rate) == number


@given(st.floats(0, 1))
def test_a_share_that_is_not_none_is_never_told_as_none_and_one_that_is_not_all_never_as_all(rate):
    assert (in_hundred(rate) == "none") == (rate == 0)
    assert (in_hundred(rate) == "all") == (rate == 1)
    assert (per_hundred(rate) == "0") == (rate == 0)
    assert (per_hundred(rate) == "100") == (rate == 1)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (grouped(1234567), "1,234,567"),
        (counted(1, "lead"), "1 lead"),
        (counted(2300, "lead"), "2,300 leads"),
        (counted(2, "entry", "entries"), "2 entries"),
        (signed(1500), "+1,500"),
        (signed(-40), "−40"),
        (signed(0), "0"),
        (small(-0.00002), "−0.00002"),
        (small(0.00001), "+0.00001"),
        (spread(0.57, 0.66), " (between 57 and 66)"),
        (spread(None, 0.66), ""),
        (spread(0.57, None), ""),
        (listed(()), ""),
        (listed(("a",)), "a"),
        (listed(("a", "b", "c")), "a, b and c"),
        (listed("abcdefgh"), "a, b, c, d, e, f and 2 more"),
    ],
)
def test_words(made, text):
    assert made == text


def test_points_move_a_share():
    assert moved(0.5, 0) == pytest.approx(0.5)
    assert moved(0.5, 1000) == pytest.approx(0.7311, abs=1e-4)
    assert moved(0.5, -1000) == pytest.approx(0.2689, abs=1e-4)
    assert moved(0.5, 10**9) == pytest.approx(1.0)
    assert (moved(0.0, 500), moved(1.0, -500)) == (0.0, 1.0)
