"""Internet addresses drawn from ranges of a known kind, so that network signals have something to find."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_network

from winnow.demo.dice import Dice
from winnow.demo.tables import texts

_IPV6 = 6


@dataclass(frozen=True, slots=True)
class AddressRange:
    """A range of addresses; `size` is the count of its addresses (IPv4) or /64 networks (IPv6)."""

    version: int
    base: int
    size: int

    def address(self, dice: Dice) -> str:
        """One address of the range, in its usual text form."""
        offset = int(dice.random() * self.size)
        if self.version == _IPV6:
            return str(IPv6Address(self.base + (offset << 64) + dice.whole(1, 2**52)))
        number = self.base + offset
        host = min(max(number & 255, 1), 254)
        return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{host}"


def parse_range(cidr: str) -> AddressRange:
    """Read a range in CIDR notation."""
    network = ip_network(cidr)
    size = network.num_addresses >> 64 if network.version == _IPV6 else network.num_addresses
    return AddressRange(network.version, int(network.network_address), size)


def parse_ranges(cidrs: list[str]) -> tuple[AddressRange, ...]:
    """Read several ranges."""
    return tuple(parse_range(cidr) for cidr in cidrs)


class Networks:
    """The ranges that belong to no country in particular."""

    def __init__(self) -> None:
        self.hosting, self.flood, self.vpn, self.tor, self.gateway, self.coworking, relay4, relay6 = (
            parse_ranges(list(texts("networks", kind)))
            for kind in ("hosting", "flood", "vpn", "tor", "gateway", "coworking", "relay", "relay6")
        )
        self.relay = relay4 * 2 + relay6 * 8
