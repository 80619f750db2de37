"""Counts that blame nobody for sharing an address with others."""

import pytest

from tests.support.cases import facts, value
from winnow.core.facts import IP_CLASSES, EmailFacts, History, NetworkFacts

COUNTS = History._fields
OF_ADDRESS = [name for name in COUNTS if name.startswith(("ip_", "network_"))]
OF_DOMAIN = [name for name in COUNTS if name.startswith("domain_")]
OF_ONE = [name for name in COUNTS if name not in OF_ADDRESS + OF_DOMAIN]
SHARED = {"mobile", "corporate", "relay", "private"}


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("count", [None, 0, 1, 1000])
def test_every_count_of_the_history_is_a_signal(name, count):
    assert value(f"velocity.{name}", known=facts(history=History(**{name: count}))) == count


@pytest.mark.parametrize("name", COUNTS)
def test_every_signal_reads_its_own_count(name):
    history = History(**{other: 1 + place for place, other in enumerate(COUNTS)})
    assert value(f"velocity.{name}", known=facts(history=history)) == 1 + COUNTS.index(name)


@pytest.mark.parametrize("name", OF_ADDRESS)
@pytest.mark.parametrize("ip_class", [None, *IP_CLASSES])
def test_counts_on_a_shared_address_are_unknown(name, ip_class):
    network = NetworkFacts("192.0.2.7", "192.0.2.0/24", ip_class)
    found = value(f"velocity.{name}", known=facts(network=network, history=History(**{name: 9})))
    assert found == (None if ip_class in SHARED else 9)


@pytest.mark.parametrize("name", OF_DOMAIN)
@pytest.mark.parametrize(
    ("email", "count"),
    [
        (EmailFacts(True, "ana", "acme.example"), 9),
        (EmailFacts(True, "ana", "acme.example", free=False, relay=False), 9),
        (EmailFacts(True, "ana", "gmail.com", free=True), None),
        (EmailFacts(True, "ana", "duck.com", relay=True), None),
        (EmailFacts(False), 9),
    ],
)
def test_counts_on_a_shared_domain_are_unknown(name, email, count):
    assert value(f"velocity.{name}", known=facts(email=email, history=History(**{name: 9}))) == count


@pytest.mark.parametrize("name", OF_ONE)
def test_counts_of_a_person_a_device_or_a_text_do_not_depend_on_who_shares_what(name):
    shared = facts(
        email=EmailFacts(True, "ana", "gmail.com", free=True),
        network=NetworkFacts("192.0.2.7", "192.0.2.0/24", "mobile"),
        history=History(**{name: 9}),
    )
    assert value(f"velocity.{name}", known=shared) == 9


@pytest.mark.parametrize("rate", [None, 0.0, 0.35, 1.0])
def test_the_junk_rate_of_the_source_is_looked_up(rate):
    assert value("source.junk_rate", known=facts(source_junk_rate=rate)) == rate
