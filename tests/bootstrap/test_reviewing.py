"""The settings of the review queue, and what is wrong with them."""

import pytest

from winnow.bootstrap.reviewing import second_share, worth
from winnow.config import load
from winnow.core.review.waiting import Worth
from winnow.errors import InvalidInputError


def test_what_leads_may_be_worth_is_read():
    values = {"review.source_values": "fair=5000, web = 800", "review.usual_value": "400"}
    assert worth(load(flags={"review.value_field": "budget", **values})) == Worth(
        "budget", {"fair": 5000.0, "web": 800.0}, 400.0
    )
    assert worth(load()) == Worth()
    assert second_share(load()) == 0.1
    assert second_share(load(flags={"review.second_percent": "0"})) == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("review.usual_value", "0"),
        ("review.usual_value", "much"),
        ("review.source_values", "fair"),
        ("review.source_values", "fair=-1"),
        ("review.second_percent", "101"),
        ("review.second_percent", "nan"),
    ],
)
def test_a_setting_that_says_nothing_is_refused(name, text):
    config = load(flags={name: text})
    reads = second_share if name == "review.second_percent" else worth
    with pytest.raises(InvalidInputError) as caught:
        reads(config)
    assert caught.value.where == name
