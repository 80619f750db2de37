"""What is kept of the facts of a past lead: all that decides, nothing that tells who it was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from tests.support.cases import FACTS, NOW, entry, facts, lead
from winnow.core.facts import Override
from winnow.core.lists import winner
from winnow.core.outcome import Outcome, Scope
from winnow.core.whatif.past import Truth, bearing, check_groupings, grouped, sound, speaks
from winnow.errors import InvalidInputError

OVERRIDE = Override(Outcome.ACCEPT, "Bo", "knows them", NOW + timedelta(days=1))


@given(FACTS)
def test_the_same_entry_wins_in_every_scope(known):
    kept = bearing(known)
    for scope in Scope:
        before, after = winner(known.list_hits, scope, known.now), winner(kept.list_hits, scope, kept.now)
        assert (before and (before.id, before.effect)) == (after and (after.id, after.effect))


def test_nothing_of_a_person_and_nothing_expired_is_kept():
    hits = (entry(), entry(kind="cidr", value="192.0.2.0/25", id="net"), entry(id="old", expires_at=NOW))
    kept = bearing(facts(list_hits=hits, override=OVERRIDE, failed=("history",), paused="drift"))
    assert [(each.id, each.value, each.owner, each.reason) for each in kept.list_hits] == [
        ("e1", "", "", ""),
        ("net", "/25", "", ""),
    ]
    assert kept.list_hits[1].specificity == hits[1].specificity
    assert kept.override == Override(Outcome.ACCEPT, "", "")
    assert (kept.failed, kept.paused) == (("facts",), "paused")


@pytest.mark.parametrize(
    ("fields", "stands"),
    [
        ({"override": OVERRIDE}, True),
        ({"override": replace(OVERRIDE, expires_at=None)}, True),
        ({"override": replace(OVERRIDE, expires_at=NOW)}, False),
        ({}, False),
    ],
)
def test_an_override_is_kept_while_it_stands(fields, stands):
    assert (bearing(facts(**fields)).override is not None) is stands


@pytest.mark.parametrize(
    ("fields", "says", "rejectable"),
    [
        ({}, False, True),
        ({"is_customer": None}, False, False),
        ({"is_customer": True}, True, True),
        ({"failed": ("history",)}, True, False),
        ({"paused": "drift"}, False, False),
        ({"list_hits": (entry(),)}, True, True),
        ({"override": OVERRIDE}, True, True),
    ],
)
def test_what_speaks_and_what_stands_in_the_way_of_rejecting(fields, says, rejectable):
    assert (speaks(facts(**fields)), sound(facts(**fields))) == (says, rejectable)


def test_equal_facts_of_different_moments_are_kept_alike():
    assert bearing(facts()) == bearing(facts(now=NOW + timedelta(days=9), source_junk_rate=0.5))


@pytest.mark.parametrize(
    ("word", "truth", "real"),
    [
        ("junk", Truth.JUNK, False),
        ("genuine", Truth.GENUINE, True),
        ("converted", Truth.CONVERTED, True),
        ("lost", Truth.LOST, True),
        (None, Truth.UNKNOWN, False),
        ("?", Truth.UNKNOWN, False),
    ],
)
def test_a_lost_lead_was_real(word, truth, real):
    assert (Truth.parse(word), truth.real) == (truth, real)
    assert Truth.parse(truth.word) is truth


def test_leads_are_counted_by_what_many_share():
    someone = lead(country="DE", custom={"tier": "gold"})
    names = ("source", "country", "custom.tier", "utm.term")
    check_groupings(names)
    assert grouped(someone, names) == {"source": "web", "country": "DE", "custom.tier": "gold", "utm.term": None}
    for name in ("emails", "message", "id", "customs"):
        with pytest.raises(InvalidInputError):
            check_groupings([name])
