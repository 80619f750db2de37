"""Where a lead came from; people who are elsewhere on purpose are not blamed for it."""

import pytest

from tests.support.cases import facts, lead, value
from winnow.core.facts import AGENT_CLASSES, IP_CLASSES, NetworkFacts


def known(ip_class=None, country=None, asn=None):
    return facts(network=NetworkFacts("192.0.2.7", "192.0.2.0/24", ip_class, country, asn))


@pytest.mark.parametrize("ip_class", [None, *IP_CLASSES])
def test_the_class_of_the_network_is_looked_up(ip_class):
    assert value("net.ip_class", known=known(ip_class)) == ip_class


@pytest.mark.parametrize("asn", [None, 0, 64500, 4294967295])
def test_the_operator_is_looked_up(asn):
    assert value("net.asn", known=known(asn=asn)) == asn


@pytest.mark.parametrize("country", [None, "DE"])
def test_the_country_of_the_network_is_looked_up(country):
    assert value("net.ip_country", known=known(country=country)) == country


@pytest.mark.parametrize("signal", ["net.ip_class", "net.asn", "net.ip_country", "net.country_match"])
def test_without_an_address_the_network_is_unknown(signal):
    assert value(signal, lead(country="DE")) is None


@pytest.mark.parametrize(
    ("ip_class", "network", "stated", "expected"),
    [
        (None, "DE", "DE", True),
        (None, "DE", "FR", False),
        (None, None, "DE", None),
        (None, "DE", None, None),
        ("residential", "DE", "FR", False),
        ("mobile", "DE", "FR", False),
        ("hosting", "DE", "DE", True),
        ("relay", "DE", "FR", None),
        ("vpn", "DE", "FR", None),
        ("corporate", "DE", "FR", None),
        ("tor", "DE", "FR", None),
        ("private", "DE", "DE", None),
    ],
)
def test_countries_are_compared_where_the_network_tells_the_place(ip_class, network, stated, expected):
    assert value("net.country_match", lead(country=stated), known(ip_class, network)) is expected


@pytest.mark.parametrize(
    ("stated", "zone", "expected"),
    [
        ("DE", ("DE",), True),
        ("CA", ("US", "CA"), True),
        ("FR", ("DE",), False),
        ("FR", (), None),
        (None, ("DE",), None),
    ],
)
def test_the_time_zone_is_compared_with_the_stated_country(stated, zone, expected):
    assert value("net.timezone_match", lead(country=stated), facts(timezone_countries=zone)) is expected


@pytest.mark.parametrize("agent", [None, *AGENT_CLASSES])
def test_the_program_is_looked_up(agent):
    assert value("net.agent_class", known=facts(agent_class=agent)) == agent
