"""The countries leads come from: who lives there, when they are awake, and how they are reached."""

from dataclasses import dataclass
from typing import Any

from winnow.demo.dice import Dice, spread
from winnow.demo.networks import AddressRange, parse_ranges
from winnow.demo.tables import table

#: The ways to write a number: {c} country code, {t} trunk digit, {n} national number, {m} the same without spaces.
_STYLES = ("+{c} {n}", "+{c} {n}", "+{c}{m}", "{t}{n}", "{t}{m}")

#: First ending and step by count of digits; step and power of ten have no common divisor, so that every
#: ending comes once before any comes again.
_ENDINGS = {2: (23, 61), 3: (418, 617), 4: (2719, 6181)}


@dataclass(frozen=True, slots=True)
class Market:
    """One country.

    writes, cultures, zones, free: pools in which frequent members are repeated
    offset: hours from UTC of the largest time zone in August
    phones: (leading digits, count of digits that follow), national form without the trunk digit
    """

    country: str
    weight: float
    language: str
    writes: tuple[str, ...]
    cultures: tuple[str, ...]
    zones: tuple[str, ...]
    offset: float
    calling: str
    trunk: str
    phones: tuple[tuple[str, int], ...]
    free: tuple[str, ...]
    home: tuple[AddressRange, ...]
    mobile: tuple[AddressRange, ...]


def load_markets() -> tuple[Market, ...]:
    """All markets of the shipped table."""
    return tuple(_market(entry) for entry in table("markets")["market"])


def _market(entry: dict[str, Any]) -> Market:
    zones = [zone.split() for zone in entry["zones"]]
    home = [cidr for cidr in entry["home"] for _ in range(4)] + entry.get("home6", [])
    return Market(
        country=entry["country"],
        weight=float(entry["weight"]),
        language=entry["language"],
        writes=spread(entry["writes"]),
        cultures=spread(entry["cultures"]),
        zones=spread({name: float(weight) for name, _, weight in zones}),
        offset=float(zones[0][1]),
        calling=entry["calling"],
        trunk=entry["trunk"],
        phones=tuple((pattern.rstrip("#"), pattern.count("#")) for pattern in entry["phones"]),
        free=spread(entry["free"]),
        home=parse_ranges(home),
        mobile=parse_ranges(entry["mobile"]),
    )


class PhoneBook:
    """Hands out phone numbers, each country's in turn, so that few are given twice.

    Ranges set aside for fiction are small: drawn at random, strangers would soon share numbers.
    """

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def number(self, dice: Dice, market: Market) -> str:
        """The country's next number, written the way people write numbers."""
        count = self._given.get(market.country, 0)
        self._given[market.country] = count + 1
        lead, digits = market.phones[count % len(market.phones)]
        start, step = _ENDINGS[digits]
        national = f"{lead}{(start + count // len(market.phones) * step) % 10**digits:0{digits}d}"
        style = dice.pick(_STYLES)
        return style.format(c=market.calling, t=market.trunk, n=national, m=national.replace(" ", ""))
