"""The ledger of consent on both databases."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select

from tests.support.consenting import machine
from winnow.adapters.db import consent, consent_rows
from winnow.adapters.db.connections import reading
from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.consent_tables import consent_addresses, consent_events
from winnow.adapters.db.log import Journal, LogReader
from winnow.adapters.db.tables import events, leaves
from winnow.core.govern.consent import EXPRESS, Act, Capture, State, fold
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address, Told
from winnow.errors import ConflictError, NotFoundError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANA, BEA, CARO = (Address(AddressKind.EMAIL, f"{name}@bluebird.example") for name in ("ana", "bea", "caro"))


@pytest.fixture
def ledger(store, vault):
    return StoredConsent(store, vault, Journal(vault))


def no(about, *, days=0.0, **fields):
    said = {"channel": Channel.EMAIL, "purpose": "marketing", "occurred_at": NOW + timedelta(days=days), **fields}
    return Told(about, Act.OPT_OUT, Capture.LINK, **said)


def yes(about, *, days=0.0, how=Capture.FORM, **fields):
    said = {"channel": Channel.EMAIL, "purpose": "marketing", "occurred_at": NOW + timedelta(days=days), **fields}
    return Told(about, Act.GRANT, how, **{"basis": EXPRESS, "wording": "news@1", **said})


def confirmed(about, **fields):
    return yes(about, **{"how": Capture.DOUBLE_OPT_IN, **fields})


def state(ledger, address, *, days=0.0, channel=Channel.EMAIL):
    subject = ledger.subject(address)
    return fold(ledger.events_of([subject]).get(subject, ()), channel, "marketing", NOW + timedelta(days=days)).state


def test_what_is_told_is_found_again_and_each_is_a_leaf(ledger, store):
    numbers = ledger.record([yes(ANA, days=-1, evidence="form 7"), no(BEA)], "us_1", NOW)

    assert numbers == (0, 1)
    assert LogReader(store).frontier().size == 2
    assert (state(ledger, ANA), state(ledger, BEA), state(ledger, CARO)) == (
        State.GRANTED,
        State.OPTED_OUT,
        State.UNKNOWN,
    )
    (event,) = ledger.history(ledger.subject(ANA))
    assert (event.evidence, event.captured_by, event.occurred_at) == ("form 7", "us_1", NOW - timedelta(days=1))
    assert ledger.address(ledger.subject(ANA)) == ANA
    assert [(each.number, address) for each, address in ledger.recorded(-1, 10)] == [(0, ANA), (1, BEA)]


def test_nothing_personal_is_readable_in_the_database(ledger, store):
    ledger.record([yes(ANA, evidence="ana said please write to me")], "us_1", NOW)
    ledger.merge((ANA, BEA), "ana wrote from both", "us_1", NOW)

    with reading(store) as connection:
        content = "".join(
            repr(tuple(row))
            for table in (consent_events, consent_addresses, events, leaves)
            for row in connection.execute(select(table))
        )
    assert "ana" not in content
    assert "bluebird" not in content


def test_a_denial_counts_for_every_linked_address_and_a_grant_for_its_own(ledger):
    ledger.record([no(ANA, days=-2), yes(BEA, days=-3)], "us_1", NOW)
    assert state(ledger, BEA) is State.GRANTED

    ledger.merge((ANA, BEA), "one account", "us_1", NOW)
    assert (state(ledger, ANA), state(ledger, BEA)) == (State.OPTED_OUT, State.OPTED_OUT)

    ledger.record([confirmed(ANA, days=-1)], "wk_1", NOW)
    assert (state(ledger, ANA), state(ledger, BEA)) == (State.GRANTED, State.OPTED_OUT)


def test_denials_told_after_a_merge_reach_all_and_stay_after_it_is_undone(ledger):
    ledger.merge((ANA, BEA), "one account", "us_1", NOW)
    ledger.merge((BEA, CARO), "one telephone", "us_1", NOW)
    ledger.record([no(ANA)], "us_1", NOW)
    assert state(ledger, CARO) is State.OPTED_OUT

    ledger.unmerge((ledger.subject(CARO), ledger.subject(BEA)), "two people", "us_1", NOW)
    assert state(ledger, CARO) is State.OPTED_OUT
    assert ledger.links(ledger.subject(CARO)) == ()
    (link,) = ledger.links(ledger.subject(ANA))
    assert (link.other, link.evidence) == (ledger.subject(BEA), "one account")

    ledger.record([no(ANA, channel=Channel.SMS)], "us_1", NOW)
    assert state(ledger, BEA, channel=Channel.SMS) is State.OPTED_OUT
    assert state(ledger, CARO, channel=Channel.SMS) is State.UNKNOWN


def test_links_that_are_there_or_not_there(ledger):
    ledger.merge((ANA, BEA), "one account", "us_1", NOW)
    with pytest.raises(ConflictError, match="already"):
        ledger.merge((BEA, ANA), "again", "us_1", NOW)
    with pytest.raises(NotFoundError):
        ledger.unmerge((ledger.subject(ANA), ledger.subject(CARO)), "two people", "us_1", NOW)
    ledger.unmerge((ledger.subject(ANA), ledger.subject(BEA)), "two people", "us_1", NOW)
    ledger.merge((ANA, BEA), "one after all", "us_1", NOW)
    assert len(ledger.links(ledger.subject(ANA))) == 1


def test_a_chain_of_links_has_an_end(ledger, monkeypatch):
    monkeypatch.setattr(consent, "MOST_LINKED", 4)
    many = [Address(AddressKind.EMAIL, f"p{number}@bluebird.example") for number in range(5)]
    for one, other in pairwise(many[:-1]):
        ledger.merge((one, other), "chained", "us_1", NOW)
    with pytest.raises(ConflictError, match="more than 4"):
        ledger.merge((many[-2], many[-1]), "one too many", "us_1", NOW)


def test_suppression_survives_erasure_and_nothing_else_does(ledger):
    ledger.record([yes(ANA, evidence="she said so"), no(BEA, evidence="he wrote")], "us_1", NOW)
    subjects = [ledger.subject(ANA), ledger.subject(BEA)]
    ledger.merge((BEA, CARO), "one account", "us_1", NOW)

    ledger.erase(subjects, "us_2", NOW)

    assert (state(ledger, ANA), state(ledger, BEA), state(ledger, CARO)) == (
        State.UNKNOWN,
        State.OPTED_OUT,
        State.OPTED_OUT,
    )
    assert [ledger.address(subject) for subject in subjects] == [None, None]
    assert all(event.evidence is None for subject in subjects for event in ledger.history(subject))
    assert ledger.links(ledger.subject(CARO)) == ()
    assert [address for _, address in ledger.recorded(-1, 10)] == [None, None, None]

    ledger.record([yes(ANA, days=1)], "wk_1", NOW + timedelta(days=2))
    assert state(ledger, ANA, days=2) is State.GRANTED


def test_whoever_was_erased_and_comes_back_by_a_form_is_left_alone_until_they_confirm(ledger):
    ledger.record([confirmed(ANA, days=-3), no(ANA, days=-2)], "us_1", NOW)
    ledger.erase([ledger.subject(ANA)], "us_2", NOW)
    later = NOW + timedelta(days=2)
    ledger.record([yes(ANA, days=1)], "leads", later)
    assert state(ledger, ANA, days=2) is State.OPTED_OUT
    ledger.record([confirmed(ANA, days=2)], "link", later)
    assert state(ledger, ANA, days=2) is State.GRANTED
    assert [event.basis for event in ledger.history(ledger.subject(ANA))][-2:] == [EXPRESS, EXPRESS]


def test_a_twin_that_is_merged_late_brings_its_no_to_who_confirmed_before(ledger):
    ledger.record([confirmed(ANA, days=-1)], "link", NOW - timedelta(days=1))
    ledger.record([no(BEA)], "link", NOW)
    ledger.merge((ANA, BEA), "one account", "us_1", NOW)
    assert state(ledger, ANA) is State.OPTED_OUT


def test_many_are_told_and_looked_up_at_once(ledger, monkeypatch):
    for module in (consent, consent_rows):
        monkeypatch.setattr(module, "AT_ONCE", 100)
    addresses = [Address(AddressKind.EMAIL, f"p{number}@bluebird.example") for number in range(250)]
    ledger.record([no(each) for each in addresses], "us_1", NOW)
    found = ledger.events_of([ledger.subject(each) for each in addresses])
    assert len(found) == len(addresses)
    assert ledger.record([], "us_1", NOW) == ()
    assert ledger.count() == len(addresses)


def test_whatever_happens_a_no_stands_until_the_person_takes_it_back(store):
    """A short run; the long one is in tests/proofs."""
    few = settings(max_examples=5, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine(store), settings=few)
