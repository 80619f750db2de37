"""Looking a lead up among ten list entries and among a million."""

import resource
import time
from ipaddress import ip_network

from winnow.core.lists import ListAction, ListEntry, ListIndex, ListKind

_LOOK_UPS = 20_000
_KEYS = [
    (ListKind.EMAIL, "ana@d77.example"),
    (ListKind.HOST, "d77.example"),
    (ListKind.DOMAIN, "d77.example"),
    (ListKind.IP, "10.7.7.7"),
    (ListKind.ASN, "64500"),
    (ListKind.PHONE, "+4930123456"),
    (ListKind.COMPANY, "bluebird"),
]


def entries(count: int) -> list[ListEntry]:
    """Domains mostly, with some networks of several lengths among them."""
    found = []
    for number in range(count):
        kind, value = ListKind.DOMAIN, f"d{number}.example"
        if number % 10 == 0:
            kind, value = ListKind.CIDR, f"10.{number >> 8 & 255}.{number & 255}.0/{20 + number % 5}"
        if kind is ListKind.CIDR:
            value = _network(value)
        found.append(ListEntry(str(number), ListAction.BLOCK, kind, value, "bench", "bench"))
    return found


def _network(text: str) -> str:
    return str(ip_network(text, strict=False))


def run() -> dict[str, float]:
    """Microseconds a look-up, their ratio, and what a million entries weigh."""
    small, large = _microseconds(ListIndex(entries(10))), 0.0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    index = ListIndex(entries(1_000_000))
    building = time.process_time() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    large = _microseconds(index)
    return {
        "10 entries, µs a lead": small,
        "1,000,000 entries, µs a lead": large,
        "times slower": large / small,
        "building the index, s": building,
        "memory, MB": grown / 1024,
    }


def _microseconds(index: ListIndex) -> float:
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(_LOOK_UPS):
            index.hits(_KEYS)
        best = min(best, time.process_time() - start)
    return best / _LOOK_UPS * 1e6
