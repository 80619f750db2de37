"""Days are counted back from today, and compared with as many before."""

from datetime import date

import pytest

from winnow.core.today.window import WINDOWS, Window, window_of
from winnow.errors import InvalidInputError

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("days", WINDOWS)
def test_a_window_ends_today_and_follows_the_one_before(days):
    window = window_of(days, TODAY)
    assert (window.days[-1], len(window.days), len(window.before.days)) == (TODAY, days, days)
    assert window.before.days + window.days == sorted({*window.before.days, *window.days})


def test_a_week_includes_its_first_and_last_day():
    assert window_of(7, TODAY) == Window(date(2026, 2, 24), TODAY)
    assert window_of(7, TODAY).before == Window(date(2026, 2, 17), date(2026, 2, 23))


@pytest.mark.parametrize("days", [0, -7, 8, 365])
def test_other_numbers_of_days_are_refused(days):
    with pytest.raises(InvalidInputError, match=f"`{days}` is no number") as caught:
        window_of(days, TODAY)
    assert caught.value.fix == "use one of 7, 30, 90"
