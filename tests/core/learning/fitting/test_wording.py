"""What bins are called."""

from dataclasses import replace

import pytest

from tests.support.fitted import KIND, LINKS, WAIT
from winnow.core.declared import WEEKDAY_UNIT
from winnow.core.learning.fitting.wording import other_text, range_text, together_text, unknown_text, value_text
from winnow.core.signals.base import Signal

LABEL = "Web addresses in the message"


def measured(unit: str, kind: type[int] | type[float] = float) -> Signal:
    return replace(LINKS, unit=unit, kind=kind)


@pytest.mark.parametrize(
    ("unit", "low", "high", "expected"),
    [
        ("links", None, None, "any number"),
        ("links", None, 3.0, "under 3 links"),
        ("links", 3.0, None, "3 links or more"),
        ("links", 3.0, 12000.0, "from 3 to under 12,000 links"),
        ("earlier leads", 0.25, None, "0.25 earlier leads or more"),
        ("share 0–1", 0.125, 0.5, "from 12.5 % to under 50 %"),
        ("number", 1.0, 2.0, "from 1 to under 2"),
        ("bits per character", 1.5, None, "1.5 or more"),
        ("hour of the day, UTC", None, 9.0, "under 9"),
        ("yes/no", None, 9.0, "under 9"),
        (WEEKDAY_UNIT, None, None, "Monday to Sunday"),
        (WEEKDAY_UNIT, None, 2.0, "Monday"),
        (WEEKDAY_UNIT, 2.0, 4.5, "Tuesday to Thursday"),
        (WEEKDAY_UNIT, 5.5, None, "Saturday to Sunday"),
        (WEEKDAY_UNIT, 7.0, None, "Sunday"),
        (WEEKDAY_UNIT, 2.2, 2.8, "no day"),
    ],
)
def test_ranges(unit, low, high, expected):
    assert range_text(measured(unit), low, high) == f"{LABEL}: {expected}"


def test_one_whole_number_is_said_alone():
    assert range_text(measured("links", int), 3.0, 4.0) == f"{LABEL}: 3 links"
    assert range_text(measured("links", int), 3.0, 5.0) == f"{LABEL}: from 3 to under 5 links"


def test_values_others_and_unknown():
    assert value_text(KIND, "trade fair") == "How they came: trade fair"
    assert [value_text(WAIT, each) for each in (True, False)] == ["Whether they waited: yes", "Whether they waited: no"]
    assert other_text(KIND) == "How they came: any other value"
    assert unknown_text(KIND) == "How they came: not known"
    assert together_text(LINKS, KIND) == f"{LABEL}: together with how they came"
