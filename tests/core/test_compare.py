"""What changes when one ruleset takes the place of another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import facts, lead, ruleset, scored
from winnow.core.compare import compare
from winnow.core.decide import decide
from winnow.core.outcome import Outcome
from winnow.core.thresholds import Bands, Thresholds
from winnow.errors import WinnowError

ACCEPT, TAG, REVIEW, REJECT = Outcome
STRICT = ruleset(id="strict", thresholds=Thresholds(Bands(-500, 0)))


def decided(laws, bands):
    return [decide(*scored(band), laws) for band in bands]


def test_nothing_is_compared_when_there_is_nothing():
    found = compare([], [])
    assert (found.counts, found.changed, found.total, found.stricter, found.milder) == ({}, (), 0, 0, 0)


def test_counts_say_from_where_to_where():
    bands = [ACCEPT, TAG, TAG, REVIEW]
    before, after = decided(ruleset(), bands), decided(STRICT, bands)
    found = compare(before, after)
    assert found.counts == {(ACCEPT, ACCEPT): 1, (TAG, REVIEW): 2, (REVIEW, REVIEW): 1}
    assert (found.total, found.stricter, found.milder) == (4, 2, 0)
    back = compare(after, before)
    assert (back.stricter, back.milder) == (0, 2)


def test_changed_leads_are_named():
    laws = ruleset()
    before = [decide(lead(id=name, form_fill_seconds=9.0), facts(), laws) for name in "ab"]
    after = [decide(lead(id=name, form_fill_seconds=seconds), facts(), laws) for name, seconds in (("a", 9), ("b", 1))]
    assert compare(iter(before), iter(after)).changed == ("b",)


@given(st.lists(st.sampled_from(Outcome), max_size=6))
def test_every_lead_is_milder_stricter_or_unchanged(bands):
    found = compare(decided(ruleset(), bands), decided(STRICT, bands))
    same = sum(count for (before, after), count in found.counts.items() if before is after)
    assert found.total == found.stricter + found.milder + same == len(bands)
    assert len(found.changed) == found.stricter + found.milder


def test_different_leads_are_not_compared():
    one, other = (decide(lead(id=name), facts(), ruleset()) for name in ("a", "b"))
    with pytest.raises(WinnowError) as caught:
        compare([one], [other])
    assert str(caught.value) == "lead `a` is compared with `b`; give both in the same order"


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 1), (0, 1)])
def test_sides_of_different_length_are_not_compared(before, after):
    some = decided(ruleset(), [ACCEPT, ACCEPT])
    with pytest.raises(WinnowError) as caught:
        compare(some[:before], some[:after])
    expected = "one side has more leads than the other; decide the same leads with both rulesets"
    assert str(caught.value) == expected
