"""What is off limits by its field, its name or its text is taken out of a lead, and named."""

import pytest

from winnow.core.govern.limits import Limits, Proxy
from winnow.core.govern.off_limits import (
    called,
    cleaned,
    fields_in,
    forbidden_by,
    masked,
    may_look,
    scanned_in,
    tells,
    why_forbidden,
)
from winnow.core.govern.off_limits_text import MASK
from winnow.core.lead import Lead
from winnow.core.policy import Policy

NONE: frozenset[str] = frozenset()
POLICY = Policy(
    off_limits=frozenset({"custom.religion", "company", "utm.term"}),
    limits=Limits(
        categories=frozenset({"health", "age", "network", "custom.shoe_size"}),
        proxies=(Proxy("custom.parish", "religion"),),
        scan_texts=True,
    ),
)
FORBIDDEN = POLICY.forbidden


def test_a_policy_forbids_fields_proxies_categories_and_what_tells_them():
    assert {"custom.religion", "company", "custom.parish", "ip", "category.health", "text.health"} <= FORBIDDEN
    assert scanned_in(FORBIDDEN) == {"health", "age", "network", "custom.shoe_size"}
    quiet = Policy(limits=Limits(categories=frozenset({"health"}))).forbidden
    assert (scanned_in(quiet), fields_in(quiet)) == (NONE, NONE)
    assert Policy().forbidden == NONE
    assert fields_in(FORBIDDEN) == {
        *("custom.religion", "company", "utm.term", "custom.parish", "ip", "user_agent", "device_id"),
    }


@pytest.mark.parametrize(
    ("lead", "left", "dropped"),
    [
        (Lead("1", company="x"), Lead("1"), ("company",)),
        (Lead("1", ip="192.0.2.1"), Lead("1"), ("ip",)),
        (Lead("1", custom={"religion": "x"}), Lead("1"), ("custom.religion",)),
        (Lead("1", custom={"Religion ": "x", "a": "b"}), Lead("1", custom={"a": "b"}), ("custom.religion",)),
        (Lead("1", custom={"religion": ""}), Lead("1"), ()),
        (Lead("1", custom={"parish": "x"}), Lead("1"), ("custom.parish",)),
        (Lead("1", utm={"term": "x", "source": "y"}), Lead("1", utm={"source": "y"}), ("utm.term",)),
        (Lead("1", utm={"isPregnant": "x"}), Lead("1"), ("category.health",)),
        (Lead("1", custom={"Alter": "x", "birthday": "y"}), Lead("1"), ("category.age", "category.age")),
        (Lead("1", custom={"shoe size EU": "44"}), Lead("1"), ("category.custom.shoe_size",)),
        (Lead("1", custom={"生日": "x"}), Lead("1"), ("category.age",)),
        (Lead("1", message="I am pregnant"), Lead("1", message=f"I am {MASK}"), ("text.health",)),
        (
            Lead("1", custom={"note": "hiv hiv"}, utm={"source": "hiv"}),
            Lead("1", custom={"note": f"{MASK} {MASK}"}, utm={"source": MASK}),
            ("text.health", "text.health", "text.health"),
        ),
        (Lead("1", message="hello", custom={"page_views": "3"}), None, ()),
    ],
)
def test_what_is_off_limits_is_taken_out_and_named(lead, left, dropped):
    found = cleaned(lead, FORBIDDEN)
    assert (found.lead, sorted(found.dropped)) == (left or lead, sorted(dropped))
    assert masked(found.lead, FORBIDDEN) == found.lead
    assert cleaned(found.lead, FORBIDDEN).dropped == ()


def test_without_a_policy_the_lead_is_the_very_same():
    lead = Lead("1", company="x", custom={"religion": "y"}, message="I am pregnant")
    assert masked(lead, NONE) is lead


def test_a_whole_group_is_taken_out_at_once():
    found = cleaned(Lead("1", custom={"religion": "x"}), frozenset({"custom", "custom.religion"}))
    assert (found.lead, found.dropped) == (Lead("1"), ("custom",))


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ("company", "company"),
        ("custom.religion", "custom.religion"),
        ("custom.RELIGION", "custom.religion"),
        ("custom.health_score", "category.health"),
        ("custom.company", "company"),
        ("message", None),
        ("email.domain", None),
        ("custom.page_views", None),
        ("custom", None),
    ],
)
def test_why_a_field_is_forbidden(field, why):
    assert why_forbidden(field, FORBIDDEN) == why
    assert may_look(("id", field), FORBIDDEN) is (why is None)


def test_a_signal_reads_what_it_likes_where_nothing_is_forbidden():
    assert may_look(("company",), NONE)
    assert why_forbidden("custom.x", frozenset({"custom"})) == "custom"


@pytest.mark.parametrize(
    ("name", "category", "yes"),
    [
        ("date_of_birth", "age", True),
        ("DateOfBirth", "age", True),
        ("Geburtsdatum", "age", True),
        ("message", "age", False),
        ("page_views", "age", False),
        ("language", "age", False),
        ("Familienstand", "family", True),
        ("estado-civil", "family", True),
        ("sex", "gender", True),
        ("essex_office", "gender", False),
        ("credit score", "finance", True),
        ("score", "finance", False),
        ("home_address", "location", True),
        ("email_address", "location", False),
        ("medical", "health", True),
        ("healthy_margin", "health", True),  # a letter from one: rather dropped than kept
        ("HIV_status", "health", True),
        ("Kirchensteuer", "religion", True),
        ("faceId", "biometrics", True),
        ("credit union", "religion", False),
        ("!!", "custom.", False),
    ],
)
def test_what_a_name_tells(name, category, yes):
    assert tells(name, category) is yes


def test_a_name_without_words_is_called_nothing():
    assert called("!!", FORBIDDEN) is None


def test_the_same_policy_makes_the_same_set():
    assert forbidden_by(NONE, frozenset({"message"}), (), False) == {"message", "category.message"}
