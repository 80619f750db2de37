"""Which addresses belong to the public internet, by tables of our own.

`ipaddress.is_global` is not asked alone: on Python 3.11 it calls public what leads back inside (6to4, NAT64,
IPv4-compatible and site-local addresses), what is nobody's host (multicast, unallocated space, documentation
3fff::/20, discard 100:0:0:1::/64, segment routing 5f00::/16), and its answers change between releases.

Sources: the IANA IPv4 and IPv6 Special-Purpose Address Registries; the IANA registry of IPv6 unicast space,
of which 2000::/3 is all that is given out.
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Each with what it is for; somebody who is refused is told.
_NOT_PUBLIC_4 = {
    "0.0.0.0/8": "this host",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared by a provider's customers",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "the host agent of Azure",  # looks public, and serves secrets to the machine it is asked from
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "AS112 service",
    "192.52.193.0/24": "automatic multicast tunnelling",
    "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "AS112 service",
    "198.18.0.0/15": "benchmarks",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved or broadcast",
}
_NOT_PUBLIC_6 = {
    "2001::/23": "protocol assignments, Teredo among them",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "AS112 service",
    "3ffe::/16": "the retired 6bone",
    "3fff::/20": "documentation",
    # what is named only so that the refusal is clear: it lies outside 2000::/3
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::ffff:0:0/96": "IPv4-mapped",
    "::/96": "IPv4-compatible",
    "64:ff9b::/96": "NAT64",
    "64:ff9b:1::/48": "NAT64",
    "100::/63": "discard",
    "5f00::/16": "segment routing",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
_SPECIAL: tuple[tuple[Network, str], ...] = tuple(
    (ipaddress.ip_network(text), use) for text, use in (*_NOT_PUBLIC_4.items(), *_NOT_PUBLIC_6.items())
)
_GIVEN_OUT_6 = ipaddress.IPv6Network("2000::/3")

#: The upper half of an interface identifier that carries an IPv4 address (RFC 5214 section 6.1, ISATAP).
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})


def why_not_public(address: Address) -> str | None:
    """What an address is for when it is not a host of the public internet; None when it is one."""
    for network, use in _SPECIAL:
        if address.version == network.version and address in network:
            return use
    if isinstance(address, ipaddress.IPv6Address):
        if address not in _GIVEN_OUT_6:
            return "not given out"
        if (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
            return "an IPv4 address inside (ISATAP)"
    return None if address.is_global and not address.is_multicast else "special"
