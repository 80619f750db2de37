"""Classifies the IP address a lead came from: whose network it is, and what that says about the person.

The first table that knows the address decides, in this order: the user's own networks, private and
corporate ranges, privacy relays, the configured MMDB files, the offline table of hosting, VPN and Tor
ranges, and the autonomous system. Relays and corporate gateways come before anything that would call
them VPN or hosting, for ordinary people sit behind them. An address no table knows has no class.
"""

import socket
from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv6Address

from winnow.adapters.facts.hosting import Hosting
from winnow.adapters.facts.ranges import Networks, Ranges, parsed
from winnow.adapters.facts.records import Record, Table
from winnow.adapters.facts.sources import added, shipped
from winnow.core.facts import IP_CLASSES, NetworkFacts
from winnow.core.ruleset import ReferenceSource
from winnow.errors import InvalidInputError

#: Distinct addresses remembered; about 500 bytes each.
_REMEMBERED = 20_000

_BYTES_OF_IPV4 = 4

#: The longest text form of an address.
_LONGEST = 45

_NOTHING = Record()

#: What the offline table says of such a network is not believed.
_DOUBTED = "doubted"


class Addresses:
    """Answers about IP addresses, each worked out once.

    own: the user's networks in CIDR notation, each with one of IP_CLASSES
    """

    def __init__(self, tables: Sequence[Table] = (), own: Mapping[str, str] | None = None) -> None:
        self._tables = tuple(tables)
        self._own = {network.strip(): _checked(network, ip_class) for network, ip_class in (own or {}).items()}
        private, corporate = shipped("private_networks"), shipped("corporate_networks")
        hosting_asns, corporate_asns = shipped("hosting_asns"), shipped("corporate_asns")
        doubted = shipped("not_hosting")
        self._lists = (private, corporate, doubted, hosting_asns, corporate_asns)
        self._hosting = Hosting()
        first = _networks(
            {
                **dict.fromkeys(doubted.lines, _DOUBTED),
                **dict.fromkeys(corporate.lines, "corporate"),
                **dict.fromkeys(private.lines, "private"),
            }
        )
        mine = _networks(self._own)
        self._v4, self._v6 = (mine.v4, first.v4, self._hosting.v4), (mine.v6, first.v6, self._hosting.v6)
        self._asns = {
            **dict.fromkeys(map(int, hosting_asns.lines), "hosting"),
            **dict.fromkeys(map(int, corporate_asns.lines), "corporate"),
        }
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._look_up)

    def sources(self) -> tuple[ReferenceSource, ...]:
        """The editions of all tables behind the answers."""
        return (
            self._hosting.source,
            *(each.source for each in self._lists),
            *(each.source for each in self._tables),
            *added("networks", (f"{network} {ip_class}" for network, ip_class in self._own.items())),
        )

    def facts(self, text: str) -> NetworkFacts | None:
        """What is known about an address; None when the text, blanks around it apart, is none."""
        text = text.strip()
        return self._remembered(text) if len(text) <= _LONGEST else None

    def _look_up(self, text: str) -> NetworkFacts | None:
        packed = _packed(text)
        if packed is None:
            return None
        if len(packed) == _BYTES_OF_IPV4:
            ip, layers = socket.inet_ntoa(packed), self._v4
            network = f"{ip.rpartition('.')[0]}.0/24"
        else:
            ip, layers = _written(packed), self._v6
            network = f"{_written(packed[:6] + bytes(10))}/48"
        record = self._record(ip) if self._tables else _NOTHING
        ip_class = self._class(int.from_bytes(packed), layers, record)
        return NetworkFacts(ip, network, ip_class, record.country, record.asn)

    def _class(self, number: int, layers: tuple[Ranges, Ranges, Ranges], record: Record) -> str | None:
        mine, ours, hosting = layers
        named = mine.find(number) or ours.find(number)
        if named is not None and named != _DOUBTED:
            return named
        listed = None if named == _DOUBTED else hosting.find(number)
        system = self._asns.get(record.asn or 0)
        if listed == "relay" or record.ip_class == "relay":
            return "relay"
        if system == "corporate":
            return system
        return record.ip_class or listed or system

    def _record(self, ip: str) -> Record:
        """For each question the answer of the first file that has one."""
        rows = [row for row in (table.find(ip) for table in self._tables) if row is not None]
        return Record(
            next((row.ip_class for row in rows if row.ip_class), None),
            next((row.country for row in rows if row.country), None),
            next((row.asn for row in rows if row.asn), None),
        )


def _networks(rows: Mapping[str, str]) -> Networks:
    return Networks((parsed(network), ip_class) for network, ip_class in rows.items())


def _packed(text: str) -> bytes | None:
    """The bytes of an address in strict text form, IPv4 inside IPv6 taken out.

    The C library is ten times as fast as the ipaddress module; `inet_aton` also reads shortened and
    octal forms, which are refused by writing the address back.
    """
    try:
        if ":" not in text:
            packed = socket.inet_aton(text)
            return packed if socket.inet_ntoa(packed) == text else None
        packed = socket.inet_pton(socket.AF_INET6, text)
    except (OSError, ValueError):  # ValueError: a NUL or a letter outside ASCII
        return None
    if "%" in text:  # a zone, meaningful only on the machine that wrote it; some C libraries read it
        return None
    if packed[0]:
        return packed
    mapped = IPv6Address(packed).ipv4_mapped
    return mapped.packed if mapped is not None else packed


def _written(packed: bytes) -> str:
    """IPv6 as RFC 5952 writes it; below 100:: C libraries differ in mixing in dotted IPv4."""
    return socket.inet_ntop(socket.AF_INET6, packed) if packed[0] else str(IPv6Address(packed))


def _checked(network: str, ip_class: str) -> str:
    if ip_class not in IP_CLASSES:
        raise InvalidInputError(
            f"`{ip_class}` is no class of addresses", where=network, fix=f"use one of {', '.join(IP_CLASSES)}"
        )
    return ip_class
