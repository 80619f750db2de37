"""Hours and value, and how far they are known."""

import pytest

from winnow.core.learning.figures.measures import wilson
from winnow.core.outcome import Outcome
from winnow.core.whatif.cost import Estimate, Prices, cost
from winnow.core.whatif.past import Truth
from winnow.core.whatif.tally import Move, Tally
from winnow.errors import InvalidInputError

ACCEPT, TAG, REVIEW, REJECT = Outcome


def tally(**moves):
    counts = {}
    for name, count in moves.items():
        before, after, truth = name.upper().split("_")
        counts[Move(Outcome[before], Outcome[after], Truth[truth])] = count
    return Tally(counts, {}, [], [])


def test_shares_among_the_judged_stand_for_all():
    found = cost(
        tally(accept_review_junk=30, tag_reject_converted=10, accept_review_unknown=40, review_accept_junk=6),
        Prices(junk_minutes=10, review_minutes=3, conversion_value=100),
    )
    assert (found.stopped, found.stopped_judged, found.passed, found.passed_judged) == (80, 40, 6, 6)
    assert found.hours_saved.value == pytest.approx((80 * 30 / 40 - 6) * 10 / 60)
    low, high = wilson(30, 40)
    assert found.hours_saved.low == pytest.approx((80 * low - 6 * wilson(6, 6)[1]) * 10 / 60)
    assert found.hours_saved.high == pytest.approx((80 * high - 6 * wilson(6, 6)[0]) * 10 / 60)
    assert found.review_hours == pytest.approx((70 - 6) * 3 / 60)
    assert found.conversions_lost == Estimate(20.0, 80 * wilson(10, 40)[0], 80 * wilson(10, 40)[1])
    assert found.value_lost == found.conversions_lost.times(100)
    assert found.value_won == found.conversions_won.times(100)
    assert found.conversions_won == Estimate(0.0, 6 * wilson(0, 6)[0], 6 * wilson(0, 6)[1])


def test_what_no_judged_lead_supports_is_not_known():
    found = cost(tally(accept_review_unknown=40), Prices())
    assert found.conversions_lost == Estimate(None, 0.0, 40.0)
    assert found.hours_saved.value is None
    assert (found.value_lost, found.value_won) == (None, None)


def test_no_change_costs_nothing():
    found = cost(tally(accept_accept_converted=40, review_review_junk=3, accept_tag_junk=2), Prices())
    assert found.hours_saved == found.conversions_lost == found.conversions_won == Estimate(0.0, 0.0, 0.0)
    assert found.review_hours == 0


@pytest.mark.parametrize("price", ["junk_minutes", "review_minutes", "conversion_value"])
@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf")])
def test_nothing_has_a_price_below_zero_or_beyond_all_numbers(price, amount):
    with pytest.raises(InvalidInputError):
        Prices(**{price: amount})
