"""Whose network an address is, pinned for addresses whose operator is known."""

import ipaddress

import iporigin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from iporigin import _data

from winnow.adapters.facts.networks import Addresses
from winnow.adapters.facts.records import Record
from winnow.core.facts import NetworkFacts
from winnow.core.ruleset import ReferenceSource
from winnow.errors import InvalidInputError, WinnowError

ADDRESSES = Addresses()


class Table:
    """A table that says the same about every address."""

    source = ReferenceSource("table", "1")

    def __init__(self, **answer):
        self.answer = Record(**answer)

    def find(self, _):
        return self.answer


@pytest.mark.parametrize(
    ("ip", "expected", "why"),
    [
        # rented servers
        ("52.95.110.1", "hosting", "Amazon"),
        ("3.5.140.2", "hosting", "Amazon"),
        ("34.80.0.1", "hosting", "Google Cloud"),
        ("20.50.0.1", "hosting", "Azure"),
        ("159.65.0.1", "hosting", "DigitalOcean"),
        ("88.198.0.1", "hosting", "Hetzner"),
        ("51.68.0.1", "hosting", "OVHcloud"),
        ("172.235.224.5", "hosting", "Linode"),
        ("129.150.33.1", "hosting", "Oracle Cloud"),
        ("66.249.66.1", "hosting", "Googlebot runs on servers"),
        ("2a01:4f8::1", "hosting", "Hetzner"),
        ("2600:1f18::1", "hosting", "Amazon"),
        ("51.158.1.1", "hosting", "Scaleway"),
        ("45.76.1.1", "hosting", "Vultr"),
        ("193.32.248.66", "vpn", "Mullvad"),
        # households and offices: no table knows them, and none may pretend to
        ("73.10.20.30", None, "Comcast"),
        ("98.207.1.1", None, "Comcast"),
        ("84.130.1.1", None, "Deutsche Telekom"),
        ("80.187.1.1", None, "Deutsche Telekom, mobile"),
        ("172.58.1.1", None, "T-Mobile US"),
        ("90.84.1.1", None, "Orange"),
        ("49.36.1.1", None, "Jio"),
        ("2003:c0::1", None, "Deutsche Telekom"),
        ("78.208.1.1", None, "Free, home lines the packaged table counts as Scaleway's servers"),
        ("81.57.1.1", None, "the same"),
        ("37.161.1.1", None, "Iliad Italia, telephones, the same"),
        ("2a01:e10::1", None, "Free, the same"),
        ("2002:5000::1", None, "6to4, which the packaged table counts as Vultr's"),
        ("38.140.1.1", None, "Cogent carries whole offices"),
        ("104.16.1.1", None, "Cloudflare's edge says nothing about a visitor"),
        ("23.32.0.1", None, "Akamai's edge says nothing about a visitor"),
        # iCloud Private Relay: iPhones
        ("104.28.40.1", "relay", "by Cloudflare"),
        ("146.75.128.1", "relay", "by Fastly"),
        ("172.224.226.5", "relay", "by Akamai"),
        ("2a02:26f7:b000:4000::1", "relay", "by Akamai"),
        # gateways of companies
        ("165.225.10.1", "corporate", "Zscaler"),
        ("136.226.50.1", "corporate", "Zscaler"),
        ("163.116.130.1", "corporate", "Netskope"),
        ("146.112.1.1", "corporate", "Cisco Umbrella"),
        # Tor
        ("185.220.101.1", "tor", "a known group of exits"),
        # nobody's
        ("10.1.2.3", "private", ""),
        ("192.168.0.1", "private", ""),
        ("172.16.0.1", "private", ""),
        ("172.32.0.1", None, "just outside"),
        ("100.64.0.1", "private", "carrier-grade NAT, seen from inside"),
        ("127.0.0.1", "private", ""),
        ("169.254.1.1", "private", ""),
        ("192.0.2.1", "private", "documentation"),
        ("224.0.0.1", "private", "multicast"),
        ("255.255.255.255", "private", ""),
        ("0.0.0.0", "private", ""),
        ("::1", "private", ""),
        ("fe80::1", "private", ""),
        ("fd00::1", "private", ""),
        ("2001:db8::1", "private", "documentation"),
        ("::ffff:10.0.0.1", "private", "IPv4 inside IPv6"),
        ("::ffff:52.95.110.1", "hosting", "IPv4 inside IPv6"),
    ],
)
def test_the_address_is_whose_it_should_be(ip, expected, why):
    assert ADDRESSES.facts(ip).ip_class == expected, why


@pytest.mark.parametrize(
    ("text", "ip", "network"),
    [
        ("8.8.8.8", "8.8.8.8", "8.8.8.0/24"),
        (" 8.8.8.8 ", "8.8.8.8", "8.8.8.0/24"),
        ("2A02:0Db8:0001:0000:0000:0000:0000:0001", "2a02:db8:1::1", "2a02:db8:1::/48"),
        ("2001:4860:4860::8888", "2001:4860:4860::8888", "2001:4860:4860::/48"),
        ("2001:0:0:1::", "2001:0:0:1::", "2001::/48"),
        ("::ffff:8.8.8.8", "8.8.8.8", "8.8.8.0/24"),
        ("::1", "::1", "::/48"),
        ("::8.8.8.8", "::808:808", "::/48"),
        ("64:ff9b::808:808", "64:ff9b::808:808", "64:ff9b::/48"),
    ],
)
def test_an_address_is_normalised(text, ip, network):
    facts = ADDRESSES.facts(text)
    assert (facts.ip, facts.network) == (ip, network)


@pytest.mark.parametrize(
    "text",
    [
        "", "nonsense", "732758368.8", "732758368", "8.8.8", "8.8.8.8.8", "256.1.1.1", "08.8.8.8", "0x8.8.8.8",
        "8.8.8.8/24", "8.8.8.8:443", "[::1]", "fe80::1%eth0", "8.8.8.8, 1.1.1.1", "8.8.8.8\x00", "８.８.８.８",
        ":::", "::g", "1::2::3", "localhost", "9" * 100_000, "\ud800",
    ],
)  # fmt: skip
def test_what_is_no_address_has_no_facts(text):
    assert ADDRESSES.facts(text) is None


@given(
    st.one_of(
        st.ip_addresses().map(str),
        st.ip_addresses(v=6).map(lambda ip: ip.exploded),
        st.text("0123456789abcdf.:", max_size=20),
    )
)
def test_addresses_are_read_as_python_reads_them(text):
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        assert ADDRESSES.facts(text) is None
        return
    address = getattr(address, "ipv4_mapped", None) or address
    facts = ADDRESSES.facts(text)
    assert facts.ip == str(address)
    assert facts.network == str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))


OVERRULED = {"private": "private", "corporate": "corporate", "doubted": None}
_KINDS = {"hosting": "hosting", "bot": "hosting", "vpn": "vpn", "tor": "tor"}


@given(st.data(), st.sampled_from(["v4", "v6"]))
def test_the_packaged_table_is_read_right(data, version):
    table = _data.dataset()
    firsts, lasts = getattr(table, f"{version}_starts"), getattr(table, f"{version}_ends")
    index = data.draw(st.integers(0, len(firsts) - 1))
    number = data.draw(st.integers(firsts[index], lasts[index]))
    address = ipaddress.IPv4Address(number) if version == "v4" else ipaddress.IPv6Address(number)
    origin = iporigin.classify(address)
    expected = {"Apple Private Relay": "relay", "DataCamp": "hosting", "Cogent": None}.get(
        origin.provider, _KINDS.get(origin.kind)
    )
    overruled = (ADDRESSES._v4 if version == "v4" else ADDRESSES._v6)[1].find(number)
    assert ADDRESSES.facts(str(address)).ip_class == (expected if overruled is None else OVERRULED[overruled])


def test_a_table_that_cannot_be_read_is_reported(monkeypatch):
    monkeypatch.setattr(_data, "dataset", object)
    with pytest.raises(WinnowError, match="the address table of the package `iporigin` cannot be read"):
        Addresses()


@pytest.mark.parametrize(
    ("ip", "answer", "expected", "why"),
    [
        ("73.10.20.30", {"ip_class": "residential"}, "residential", "a table may know more"),
        ("52.95.110.1", {"ip_class": "vpn"}, "vpn", "the user's table is newer than ours"),
        ("104.28.40.1", {"ip_class": "vpn"}, "relay", "but a relay stays one"),
        ("104.28.40.1", {"ip_class": "hosting"}, "relay", "the same"),
        ("52.95.110.1", {"ip_class": "relay"}, "relay", "and so does one that only the table knows"),
        ("165.225.10.1", {"ip_class": "vpn"}, "corporate", "as do gateways of companies"),
        ("10.0.0.1", {"ip_class": "residential"}, "private", "and private addresses"),
        ("203.0.114.1", {"asn": 24940}, "hosting", "an autonomous system of a hoster"),
        ("203.0.114.1", {"asn": 24940, "ip_class": "residential"}, "residential", "the table knows the address better"),
        ("203.0.114.1", {"asn": 22616, "ip_class": "vpn"}, "corporate", "an autonomous system of a company gateway"),
        ("203.0.114.1", {"asn": 3320}, None, "a carrier says nothing"),
    ],
)
def test_tables_are_weighed(ip, answer, expected, why):
    assert Addresses([Table(**answer)]).facts(ip).ip_class == expected, why


def test_each_question_is_answered_by_the_first_table_that_can():
    addresses = Addresses([Table(country="DE"), Table(country="FR", asn=3320), Table(ip_class="mobile", asn=1)])
    assert addresses.facts("203.0.114.9") == NetworkFacts("203.0.114.9", "203.0.114.0/24", "mobile", "DE", 3320)
    assert [source.name for source in addresses.sources()].count("table") == 3


def test_own_networks_come_first():
    own = Addresses(own={"10.0.0.0/8": "corporate", "52.95.110.0/24": "corporate", "2003:c0::/32": "mobile"})
    assert own.facts("10.1.1.1").ip_class == "corporate"
    assert own.facts("52.95.110.1").ip_class == "corporate"
    assert own.facts("52.95.111.1").ip_class == "hosting"
    assert own.facts("2003:c0::1").ip_class == "mobile"
    assert own.sources()[-1].name == "added/networks"


def test_a_wrong_own_network_is_reported():
    with pytest.raises(InvalidInputError, match=r"`10\.0\.0\.1/8` is not a network"):
        Addresses(own={"10.0.0.1/8": "corporate"})
    with pytest.raises(InvalidInputError, match=r"10\.0\.0\.0/8: `office` is no class of addresses; use one of res"):
        Addresses(own={"10.0.0.0/8": "office"})
