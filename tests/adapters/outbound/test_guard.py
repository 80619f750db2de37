"""Which URLs and addresses a webhook may lead to: the tables, and the laws behind them."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.forbidden import ADDRESSES, GLOBAL_TO_PYTHON, PUBLIC, SPELLINGS
from winnow.adapters.outbound.addresses import why_not_public
from winnow.adapters.outbound.guard import Guard, Target, allowed_networks, allowed_ports
from winnow.errors import InvalidInputError

ANY_4 = st.ip_addresses(v=4)
ANY_6 = st.ip_addresses(v=6)


def judged(*addresses, url="https://crm.example/", **settings):
    return Guard(lambda *_: addresses, **settings).target(url, 5)


@pytest.mark.parametrize(("address", "why"), ADDRESSES)
def test_an_address_that_is_not_public_is_refused_and_not_shown(address, why):
    assert why in (why_not_public(ipaddress.ip_address(address)) or "")
    for addresses in ((address,), ("8.8.8.8", address), (address, "2606:4700::1111")):
        with pytest.raises(InvalidInputError, match=r"not public \(") as caught:
            judged(*addresses)
        assert address not in str(caught.value)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_let_through(address):
    parsed = ipaddress.ip_address(address)
    assert why_not_public(parsed) is None
    assert judged("8.8.8.8", address).addresses == (ipaddress.ip_address("8.8.8.8"), parsed)
    with pytest.raises(InvalidInputError, match="need TLS"):
        judged(address, url="http://crm.example:443/")


def test_the_standard_library_alone_would_let_these_through():
    """Should a later Python know better, this table of its gaps gets shorter; ours stays."""
    listed = [text for text, _ in ADDRESSES]
    assert set(GLOBAL_TO_PYTHON) <= set(listed)
    now = {text for text in listed if ipaddress.ip_address(text).is_global}
    assert now <= set(GLOBAL_TO_PYTHON)
    assert len(now) > 20


@given(ANY_4 | ANY_6)
def test_whatever_the_standard_library_calls_special_is_refused(address):
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        assert why_not_public(address) is not None


@given(ANY_6)
def test_of_ipv6_only_what_is_given_out_is_public(address):
    if int(address) >> 125 != 1:
        assert why_not_public(address) is not None


@given(ANY_4)
def test_no_ipv6_form_of_an_ipv4_address_is_public(address):
    number = int(address)
    forms = [number, 0xFFFF << 32 | number, 0xFFFF << 48 | number]  # compatible, mapped, translated
    forms += [0x64FF9B << 96 | number, 0x64FF9B0001 << 80 | number]  # NAT64
    forms += [0x2002 << 112 | number << 80, 0x2001 << 112 | (number ^ 0xFFFFFFFF)]  # 6to4, Teredo
    forms += [0x2A00145000000000 << 64 | 0x5EFE << 32 | number]  # ISATAP
    assert [ipaddress.IPv6Address(form) for form in forms if why_not_public(ipaddress.IPv6Address(form)) is None] == []


@pytest.mark.parametrize("url", SPELLINGS)
def test_a_spelling_that_hides_an_address_is_refused(url):
    """`localhost` is a plain name; it is the address it has that is refused."""

    def resolve(host, *_):
        assert host.lower().startswith("localhost")
        return ["127.0.0.1", "::1"]

    with pytest.raises(InvalidInputError) as caught:
        Guard(resolve, ports=frozenset({443, 8443})).target(url.replace("PORT", "8443"), 5)
    assert caught.value.fix


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://crm.example", ("crm.example", 443, "/", "crm.example")),
        ("https://crm.example:443/a", ("crm.example", 443, "/a", "crm.example")),
        ("https://crm.example:8443/a?b=c&d=%20", ("crm.example", 8443, "/a?b=c&d=%20", "crm.example:8443")),
        ("HTTPS://CRM.Example/A", ("crm.example", 443, "/A", "crm.example")),
        ("https://xn--bcher-kva.example/", ("xn--bcher-kva.example", 443, "/", "xn--bcher-kva.example")),
        ("https://crm_1.a-b.example/?x", ("crm_1.a-b.example", 443, "/?x", "crm_1.a-b.example")),
        ("https://1password.example/", ("1password.example", 443, "/", "1password.example")),
        ("https://3com/", ("3com", 443, "/", "3com")),
        ("https://8.8.8.8/", ("8.8.8.8", 443, "/", "8.8.8.8")),
        ("https://[2606:4700:0::1111]:8443/", ("2606:4700::1111", 8443, "/", "[2606:4700::1111]:8443")),
    ],
)
def test_what_is_plain_is_understood(url, expected):
    target = judged("1.1.1.1", url=url, ports=frozenset({443, 8443}))
    assert (target.host, target.port, target.path, target.authority) == expected
    assert target.tls
    assert len(target.addresses) == 1


def test_an_address_in_the_url_is_not_looked_up():
    target = Guard(lambda *_: pytest.fail("looked up")).target("https://8.8.8.8/", 5)
    assert target == Target("8.8.8.8", 443, True, "/", (ipaddress.ip_address("8.8.8.8"),))


def test_every_answer_is_looked_up_anew_and_once():
    asked = []

    def resolve(*asks):
        asked.append(asks)
        return ["8.8.8.8"]

    guard = Guard(resolve)
    for _ in range(2):
        guard.target("https://crm.example/", 3.5)
    assert asked == [("crm.example", 443, 3.5)] * 2


INSIDE = frozenset({ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00::/8")})


@pytest.mark.parametrize(
    ("url", "addresses", "told"),
    [
        ("https://crm.inside/", ("10.1.2.3",), None),
        ("http://crm.inside/", ("10.1.2.3", "fd00::5"), None),
        ("http://10.1.2.3/", (), None),
        ("http://[fd00::5]/", (), None),
        ("https://crm.inside/", ("10.1.2.3", "8.8.8.8"), None),
        ("http://crm.inside/", ("10.1.2.3", "8.8.8.8"), "webhooks to public addresses need TLS"),
        ("https://crm.inside/", ("10.1.2.3", "10.2.0.1"), "not public (private)"),
        ("https://crm.inside/", ("::ffff:10.1.2.3",), "not public (IPv4-mapped)"),
        ("https://crm.inside/", ("fd00::5%eth0",), "not public (private)"),
        ("http://169.254.169.254/", (), "not public (link-local)"),
        ("http://crm.inside:8080/", ("10.1.2.3",), "port 8080 is not open to webhooks"),
    ],
)
def test_networks_that_are_allowed_on_purpose(url, addresses, told):
    settings = {"allow": INSIDE, "ports": frozenset({80, 443})}
    if told is None:
        assert judged(*addresses, url=url, **settings).host
    else:
        with pytest.raises(InvalidInputError) as caught:
            judged(*addresses, url=url, **settings)
        assert told in str(caught.value)


def test_the_settings_are_checked():
    assert allowed_networks(["10.1.0.0/16", "fd00::/8"]) == INSIDE
    assert allowed_ports(["443", "8443"]) == {443, 8443}
    for text in ("10.1.0.1/16", "inside", "10.0.0.0/33", ""):
        with pytest.raises(InvalidInputError, match=r"webhooks\.allow_networks"):
            allowed_networks([text])
    for text in ("0", "65536", "-1", "http", "", "４４３", "1" * 5000):
        with pytest.raises(InvalidInputError, match=r"webhooks\.ports"):
            allowed_ports(["443", text])
