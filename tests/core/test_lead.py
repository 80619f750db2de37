"""A lead without its off-limits fields is a lead that never had them."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import LEADS, lead
from winnow.core.lead import FIELD_NAMES, Lead

CUSTOM = {"religion": "none of your business", "team": "red"}


def test_a_lead_knows_only_its_id_until_told_more():
    blank = Lead("7")
    assert {name: getattr(blank, name) for name in FIELD_NAMES if getattr(blank, name)} == {"id": "7"}
    assert tuple(each.name for each in fields(Lead) if each.init) == FIELD_NAMES


@pytest.mark.parametrize(
    ("fields", "email", "phone"),
    [
        ({}, None, None),
        ({"emails": ("a@b.example", "c@d.example"), "phones": ("+1", "+2")}, "a@b.example", "+1"),
    ],
)
def test_the_first_address_and_number_count(fields, email, phone):
    someone = lead(**fields)
    assert (someone.email, someone.phone) == (email, phone)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, None),
        ({"full_name": "Ana Lima", "first_name": "Bea"}, "Ana Lima"),
        ({"first_name": "Ana", "last_name": "Lima"}, "Ana Lima"),
        ({"last_name": "Lima"}, "Lima"),
        ({"full_name": "", "first_name": ""}, None),
        ({"full_name": " ", "first_name": "Ana", "last_name": "\t"}, "Ana"),
    ],
)
def test_the_name_comes_from_whichever_fields_were_given(fields, name):
    assert lead(**fields).name == name


@pytest.mark.parametrize(
    ("off_limits", "changed"),
    [
        (set(), {}),
        ({"unheard_of", "custom.unheard_of", "utm"}, {}),
        ({"id"}, {}),
        ({"message"}, {"message": None}),
        ({"emails", "phones"}, {"emails": (), "phones": ()}),
        ({"custom.religion"}, {"custom": {"team": "red"}}),
        ({"custom.religion", "custom.team"}, {"custom": {}}),
        ({"custom"}, {"custom": {}}),
        ({"custom", "custom.religion"}, {"custom": {}}),
    ],
)
def test_masking(off_limits, changed):
    someone = lead(message="hello", emails=("a@b.example",), phones=("+1",), custom=CUSTOM)
    assert someone.masked(off_limits) == lead(
        **{"message": "hello", "emails": ("a@b.example",), "phones": ("+1",), "custom": CUSTOM, **changed}
    )


def test_campaign_parameters_are_masked_one_by_one_too():
    assert lead(utm={"source": "x", "term": "y"}).masked({"utm.term"}).utm == {"source": "x"}


def test_without_off_limits_fields_nothing_is_copied():
    someone = lead(message="hello")
    assert someone.masked(set()) is someone
    assert someone.masked({"custom.religion"}) is someone


@given(LEADS, st.sets(st.sampled_from(FIELD_NAMES)), st.sets(st.sampled_from(FIELD_NAMES)))
def test_masking_leaves_nothing_behind_and_touches_nothing_else(someone, some, more):
    masked = someone.masked(some)
    assert not [name for name in some - {"id"} if getattr(masked, name)]
    assert all(getattr(masked, name) == getattr(someone, name) for name in set(FIELD_NAMES) - some)
    assert masked.masked(more) == someone.masked(some | more)
