"""No sample lead may name, reach or accuse anybody who exists."""

import re

import pytest

from winnow.demo import stream
from winnow.demo.tables import table

_DOMAINS = table("addresses")["domains"]
_SHARED = {
    *(provider for market in table("markets")["market"] for provider in market["free"]),
    *_DOMAINS["disposable"],
    *_DOMAINS["alias"],
    *_DOMAINS["slip"],
}
#: RFC 2606 and 6761, and the name every new registry has to withhold.
_RESERVED = re.compile(r"(^|\.)(example|test|example\.com|example\.[a-z]+)$")
_LINK = re.compile(r"(?:https?://|www\.)([^/\s\"'\]}<>,]+)")
_BARE_DOMAIN = re.compile(r"\b[a-z0-9-]+\.(?:com|net|org|io|de|fr|ru|cn|co)\b")


@pytest.fixture(scope="module")
def leads():
    return list(stream(leads=12_000, seed=11))


def test_company_domains_are_reserved_and_all_others_are_shared_by_millions(leads):
    for lead in leads:
        domain = lead.email.partition("@")[2].lower()
        assert not domain or domain in _SHARED or _RESERVED.search(domain), lead.email


def test_no_gmail_address_can_exist(leads):
    """Gmail allows neither underscore nor hyphen."""
    local = [lead.email.partition("@")[0] for lead in leads if lead.email.endswith("@gmail.com")]
    assert len(local) > 1000
    assert all("_" in each or "-" in each for each in local)


def test_web_addresses_are_reserved(leads):
    for lead in leads:
        for host in _LINK.findall(f"{lead.message} {lead.website}"):
            assert _RESERVED.search(host), host
        assert not _BARE_DOMAIN.search(lead.message), lead.message


#: Ranges set aside for fiction; a mistyped number lacks its last digit.
_FICTION = {
    "+1": re.compile(r"1\d{3}55501\d{1,2}$"),
    "+44": re.compile(r"44(20794|292018|191498|1(13|14|16|17|18|21|31|41|51|61)496)\d{3,5}$"),
    "+33": re.compile(r"33(19900|26191|35301|46571|53649)\d{3,4}$"),
    "+49": re.compile(r"49(3023125|6990009|4066969|2214710|8999998|17139200|176040690)\d{1,3}$"),
    "+61": re.compile(r"61[2378]5550\d{3,4}$"),
}  # fmt: skip


def test_phone_numbers_are_of_ranges_set_aside_for_fiction(leads):
    checked = 0
    for lead in leads:
        pattern = next((pattern for code, pattern in _FICTION.items() if re.match(rf"\{code}[ \d]", lead.phone)), None)
        digits = re.sub(r"\D", "", lead.phone)
        if pattern and not re.search("1111111|0000000", digits) and len(digits) > 9:
            checked += 1
            assert pattern.match(digits), lead.phone
    assert checked > 1000
