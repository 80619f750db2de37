"""A study as a whole: how often it is what is asked for, and a stretch of it."""

import pytest

from tests.support.histories import study_of


@pytest.mark.parametrize(("truth", "rate"), [([True, False, False, True], 0.5), ([False], 0.0), ([], 0.0)])
def test_the_rate_is_that_of_all_its_leads(truth, rate):
    assert study_of("junk", truth, {"visits": [1.0] * len(truth)}).rate == rate


def test_a_part_is_a_study_of_its_own():
    part = study_of("junk", [True, True, False, False], {"visits": [1.0, 2.0, 3.0, 4.0]}).part(1, 3)
    assert (len(part), part.rate, part.columns, part.ids) == (2, 0.5, {"visits.value": [2.0, 3.0]}, ["1", "2"])
