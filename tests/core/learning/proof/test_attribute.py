"""What an audit of an attribute says: found, not shown with its power, never passed."""

import pytest

from winnow.core.learning.proof.attribute import ALARM, FEWEST, Trial, deals_needed, findings, values_to_test

NULL = [0.46 + 0.001 * (place % 80) for place in range(400)]


def trial(value, auc, null=NULL):
    return Trial(value, 100, auc, (auc - 0.05, auc + 0.05), null, (("plz", auc),))


def test_what_chance_never_does_is_found():
    (found,) = findings([trial("yes", 0.7)])
    assert (found.found, found.chance) == (True, 1 / 401)
    assert found.said.startswith("`yes` can be told: AUC 0.700 (95 % interval 0.650 to 0.750)")


def test_what_chance_does_too_is_not_shown_and_its_power_is_said():
    (found,) = findings([trial("yes", 0.52)])
    assert (found.found, found.chance) == (False, None)
    assert 0.53 < found.findable < 0.58
    assert f"an AUC from {found.findable:.3f} up would have been found" in found.said
    assert "pass" not in found.said


def test_many_values_are_held_to_a_stricter_measure():
    weak = [0.4 + 0.002 * place for place in range(100)]  # 0.59 is beaten by four in a hundred
    alone = findings([trial("a", 0.591, weak)])
    among = findings([trial(name, 0.591 if name == "a" else 0.5, weak) for name in "abcdef"])
    assert [each.found for each in alone] == [True]
    assert [each.found for each in among] == [False] * 6
    assert among[0].findable >= alone[0].findable


def test_so_many_deals_that_something_can_be_found_at_all():
    for values in (1, 2, 7, 40):
        assert values / (1 + deals_needed(values)) < ALARM


@pytest.mark.parametrize(
    ("counts", "values"),
    [
        ({}, ()),
        ({"yes": 1000}, ()),
        ({"yes": FEWEST - 1, "no": 1000}, ()),
        ({"yes": FEWEST, "no": FEWEST + 1}, ("yes",)),
        ({"a": 500, "b": 40, "c": 40, "d": 2}, ("a", "b", "c")),
    ],
)
def test_a_value_is_tested_where_enough_have_it_and_enough_have_not(counts, values):
    assert values_to_test(counts) == values
