"""Address ranges that can be asked in a microsecond: sorted, disjoint, searched by bisection."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from winnow.errors import InvalidInputError

Network = IPv4Network | IPv6Network

#: First address, last address, what is said about them.
Span = tuple[int, int, str]


class Ranges:
    """Disjoint spans of addresses of one protocol version, in ascending order."""

    def __init__(self, spans: Iterable[Span]) -> None:
        rows = list(spans)
        self._values = tuple(sorted({value for _, _, value in rows}))
        code = {value: number for number, value in enumerate(self._values)}
        self._firsts = _packed([first for first, _, _ in rows])
        self._lasts = _packed([last for _, last, _ in rows])
        self._codes = array("B", (code[value] for _, _, value in rows))

    def find(self, address: int) -> str | None:
        """What is said about an address; None when no span holds it."""
        index = bisect_right(self._firsts, address) - 1
        if index < 0 or address > self._lasts[index]:
            return None
        return self._values[self._codes[index]]


class Networks:
    """Ranges of both protocol versions, made from networks in CIDR notation; of two that overlap the narrower wins."""

    def __init__(self, rows: Iterable[tuple[Network, str]]) -> None:
        both: tuple[list[tuple[Network, str]], list[tuple[Network, str]]] = ([], [])
        for network, value in rows:
            both[network.version == 6].append((network, value))  # noqa: PLR2004 - the version
        self.v4, self.v6 = (Ranges(_disjoint(each)) for each in both)


def parsed(text: str) -> Network:
    """Read a network or a single address; raises InvalidInputError with the entry in it."""
    try:
        return ip_network(text.strip())
    except ValueError:
        raise InvalidInputError(
            f"`{text}` is not a network", fix="write it as in `192.0.2.0/24`, the host bits zero"
        ) from None


def _packed(numbers: list[int]) -> Sequence[int]:
    return array("I", numbers) if all(number < 1 << 32 for number in numbers) else numbers


def _disjoint(rows: Sequence[tuple[Network, str]]) -> list[Span]:
    """Networks nest or lie apart, so the open ones form a stack whose top is the narrowest."""
    spans: list[Span] = []
    stack: list[tuple[int, str]] = []
    start = 0
    ordered = sorted(rows, key=lambda row: (int(row[0][0]), -row[0].num_addresses))
    for network, value in ordered:
        first, last = int(network[0]), int(network[-1])
        start = _close_before(first, start, stack, spans)
        if stack and start < first:
            spans.append((start, first - 1, stack[-1][1]))
        stack.append((last, value))
        start = first
    _close_before(1 << 129, start, stack, spans)
    return spans


def _close_before(limit: int, start: int, stack: list[tuple[int, str]], spans: list[Span]) -> int:
    while stack and stack[-1][0] < limit:
        last, value = stack.pop()
        if start <= last:
            spans.append((start, last, value))
        start = max(start, last + 1)
    return start
