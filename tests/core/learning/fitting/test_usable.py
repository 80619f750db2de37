import pytest

from tests.support.histories import Column, study_of
from winnow.core.learning.fitting.usable import later, useless

FIT = 1000


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ([None] * FIT, "never known"),
        ([1.0] * 19 + [None] * (FIT - 19), "known of 19 of 1,000 leads only"),
        ([1.0] * 20 + [None] * (FIT - 20), None),
        (["a"] * FIT, "nearly always the same"),
        (["a"] * (FIT - 19) + ["b"] * 19, "nearly always the same"),
        (["a"] * (FIT - 20) + ["b"] * 20, None),
        (["a"] * (FIT - 20) + [None] * 20, None),
    ],
)
def test_what_tells_no_leads_apart_is_of_no_use(column, why):
    study = study_of("junk", [True, False] * (FIT // 2 + 100), {"x": [*column, *["c", "d"] * 100]})
    assert useless(study, FIT) == ({"x.value": why} if why else {})


def test_rare_is_not_useless_in_a_long_history():
    size = 100_000
    study = study_of("junk", [True, False] * (size // 2), {"x": ["a"] * (size - 50) + ["b"] * 50})
    assert useless(study, size) == {}


def test_times_after_the_lead_are_found_and_small_differences_of_clocks_forgiven():
    truth = [True, False] * 500
    columns: dict[str, Column] = {
        "paid.seconds_since": [-60.0] * 6 + [5.0] * 984 + [None] * 10,
        "seen.seconds_since": [-60.0] * 5 + [5.0] * 995,
        "never.seconds_since": [None] * 1000,
        "debt": [-5.0] * 1000,
    }
    found = later(study_of("junk", truth, columns))
    assert found == {"paid.seconds_since": "its time lies after the lead came for 6 of 990 leads"}
