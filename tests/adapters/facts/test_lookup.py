"""One look-up joins what reference data, lists, customers and earlier leads say about each lead."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from tests.support.cases import entry, lead
from winnow.adapters.facts.history import SlidingHistory
from winnow.adapters.facts.lookup import BatchFacts, seen
from winnow.adapters.facts.reference import Reference
from winnow.core.facts import Facts, History, Seen
from winnow.core.keys import message_key
from winnow.core.lead import Lead
from winnow.core.lists import ListEntry, ListIndex, checked

NOW = datetime(2026, 11, 1, tzinfo=UTC)
MESSAGE = "please tell us more about it"


@pytest.fixture(scope="module")
def reference():
    return Reference()


@pytest.fixture
def look_up(reference):
    """Facts about one lead, with the given customers and list entries."""

    def look_up(someone: Lead, customers: frozenset[str] | None = None, *entries: ListEntry) -> Facts:
        index = ListIndex(map(checked, entries))
        facts = BatchFacts(reference, SlidingHistory(), now=lambda: NOW, index=lambda: index, customers=customers)
        return facts.facts_for([someone])[0]

    return look_up


@pytest.mark.parametrize(
    ("emails", "customer"),
    [
        (("Ana@Acme.de",), True),
        (("bo@acme.de",), False),
        (("bo@mail.beta.de",), True),
        (("bo@eu.gamma.de",), True),
        (("bo@gamma.de",), False),
        (("bo@xn--bcher-kva.de",), True),
        (("bo@bücher.de",), True),
        (("known@gmail.com",), True),
        (("other@gmail.com",), False),
        (("other@mailinator.com",), False),
        (("other@duck.com",), False),
        (("not an address",), False),
        (("other@nobody.de", "ana@acme.de"), True),
        ((), None),
    ],
)
def test_a_customer_is_known_by_address_or_by_a_domain_of_its_own(look_up, emails, customer):
    known = {"ana@acme.de", "beta.de", "eu.gamma.de", "bücher.de", "xn--bcher-kva.de", "known@gmail.com"}
    shared = {"gmail.com", "mailinator.com", "duck.com"}  # as a careless export has them
    assert look_up(lead(emails=emails), frozenset(known | shared)).is_customer is customer


def test_without_a_list_nobody_can_tell_who_is_a_customer(look_up):
    assert look_up(lead(emails=("ana@acme.de",))).is_customer is None


SOMEBODY = {
    "emails": ("ana@mail.acme.co.uk", "a2@beta.de"),
    "phones": ("+44 20 7946 0123",),
    "ip": "1.1.1.1",
    "company": "Acme, Inc.",
    "device_id": "d-1",
    "message": MESSAGE,
}


@pytest.mark.parametrize(
    ("kind", "value", "hit"),
    [
        ("email", "Ana@mail.acme.co.uk", True),
        ("email", "a2@beta.de", True),
        ("host", "mail.acme.co.uk", True),
        ("domain", "acme.co.uk", True),
        ("domain", "co.uk", False),
        ("host", "acme.co.uk", False),
        ("phone", "+442079460123", True),
        ("ip", "1.1.1.1", True),
        ("cidr", "1.1.0.0/16", True),
        ("cidr", "1.2.0.0/16", False),
        ("company", "ACME", True),
        ("device", "d-1", True),
        ("message", message_key(MESSAGE), True),
    ],
)
def test_list_entries_find_a_lead_by_all_it_is_known_by(look_up, kind, value, hit):
    listed = entry(kind=kind, value=value)
    found = look_up(lead(**SOMEBODY), None, listed)
    assert [each.id for each in found.list_hits] == [listed.id] * hit


def test_a_lead_that_says_nothing_matches_nothing_and_is_all_unknown(look_up):
    listed = [
        entry(kind=kind, value=value, id=kind)
        for kind, value in [("company", "Acme"), ("device", "d"), ("cidr", "0.0.0.0/0")]
    ]
    assert look_up(lead(), frozenset(), *listed) == Facts(now=NOW)


def test_the_present_of_a_lead_is_when_it_came(look_up):
    came = datetime(2026, 3, 1, tzinfo=UTC)
    assert look_up(lead(received_at=came)).now == came
    assert look_up(lead()).now == NOW


def test_everything_else_comes_from_the_reference_data(look_up):
    found = look_up(lead(**SOMEBODY, full_name="Ana Kovač", timezone="Europe/Oslo", user_agent="curl/8.5.0"))
    assert (found.email.registrable, found.email.local) == ("acme.co.uk", "ana")
    assert found.network.network == "1.1.1.0/24"
    assert found.phone.e164 == "+442079460123"
    assert found.agent_class == "tool"
    assert (found.name_similarity, found.company_similarity) == (1.0, 1.0)
    assert "NO" in found.timezone_countries
    assert look_up(lead(emails=("ana@gmail.com",), company="Gmail")).company_similarity is None, "nobody's own domain"


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"message": "short"}, {}),
        ({"message": MESSAGE}, {"message": message_key(MESSAGE)}),
        ({"device_id": "d"}, {"device": "d"}),
        ({"emails": ("Ana@ACME.de",)}, {"email": "ana@acme.de", "domain": "acme.de"}),
        ({"emails": ("ana@gmail.com",)}, {"email": "ana@gmail.com"}),
        ({"emails": ("ana@duck.com",)}, {"email": "ana@duck.com"}),
        ({"emails": ("nonsense",)}, {"email": "nonsense"}),
        ({"ip": "192.0.2.7"}, {"ip": "192.0.2.7", "network": "192.0.2.0/24"}),
        ({"ip": "nonsense"}, {}),
        ({"phones": ("+49 30 901820",)}, {"phone": "+4930901820"}),
        ({"phones": ("nonsense",)}, {}),
        ({"received_at": datetime(1970, 1, 2, tzinfo=UTC)}, {"at": 86400.0}),
    ],
)
def test_what_velocity_is_counted_by(reference, fields, counted):
    facts = BatchFacts(reference, SlidingHistory(), now=lambda: NOW)
    someone = lead(**fields)
    assert seen(someone, *facts.known(someone)) == Seen(**{"at": None, **counted})


def test_history_is_asked_once_for_a_whole_batch(reference):
    asked = []

    class Counting:
        def counts(self, batch: Sequence[Seen]) -> list[History]:
            asked.append(len(batch))
            return [History(ip_hour=place) for place in range(len(batch))]

    found = BatchFacts(reference, Counting(), now=lambda: NOW).facts_for([lead(), lead(), lead()])
    assert asked == [3]
    assert [each.history.ip_hour for each in found] == [0, 1, 2]
