"""How often somebody may ask: token buckets in little memory, atomic because one thread runs the loop.

A bucket is one number, the time at which it will be full again (the generic cell rate algorithm: it grants and
refuses exactly as a bucket of tokens does). A full bucket needs no memory, so most names have none.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

#: Names remembered by a limit: some 10 MB when an attacker fills it.
MOST_NAMES = 65_536

#: Of an IPv6 address the first 64 bits are a network one subscriber has, all addresses of which are theirs.
_SUBSCRIBER_BITS = 64
_ALL_BITS = 128

Taken = tuple[bool, float]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many a second in the long run, and how many at once after a pause."""

    per_second: float
    burst: float


class Limit:
    """One rate for many names, each on its own.

    Never remembers more than twice `most_names`: names are kept in two generations, and when the younger one is
    full the elder is forgotten. A forgotten name starts with a full bucket; to make that happen somebody needs
    `most_names` other names, and those would have served them as well.
    """

    def __init__(self, rate: Rate, *, most_names: int = MOST_NAMES) -> None:
        self._interval = 1.0 / rate.per_second
        self._window = rate.burst * self._interval
        self._most = most_names
        self._young: dict[Hashable, float] = {}
        self._old: dict[Hashable, float] = {}

    def take(self, name: Hashable, now: float, amount: float = 1.0) -> Taken:
        """Take tokens: whether there were enough, and if not, in how many seconds there will be; `now` is monotonic.

        A refusal takes nothing. More than the burst is never granted, and then the wait is infinite.
        """
        full_at = self._full_at(name, now) + amount * self._interval
        wait = full_at - now - self._window
        if wait > _ROUNDING:
            return False, wait if amount * self._interval <= self._window + _ROUNDING else float("inf")
        self._remember(name, full_at)
        return True, 0.0

    def wait(self, name: Hashable, now: float) -> float:
        """Seconds until one token could be taken; zero when one can be."""
        wait = self._full_at(name, now) + self._interval - now - self._window
        return wait if wait > _ROUNDING else 0.0

    def __len__(self) -> int:
        """How many names are remembered."""
        return len(self._young) + len(self._old)

    def _full_at(self, name: Hashable, now: float) -> float:
        known = self._young.get(name)
        if known is None:
            known = self._old.get(name)
        return now if known is None or known < now else known

    def _remember(self, name: Hashable, full_at: float) -> None:
        young = self._young
        if len(young) >= self._most and name not in young:
            self._old = young
            young = self._young = {}
        young[name] = full_at


#: Sums of times are not exact; nobody waits for less than this many seconds.
_ROUNDING = 1e-9


def origin_of(ip: str) -> str:
    """The name under which an address is limited: itself, or the /64 of an IPv6 one; cheap to ask again and again."""
    return _subscriber(ip) if ":" in ip else ip


@lru_cache(maxsize=4096)
def _subscriber(ip: str) -> str:
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return "unreadable"
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    return f"{int(address) >> (_ALL_BITS - _SUBSCRIBER_BITS):x}"
