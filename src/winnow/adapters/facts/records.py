"""Understands what one row of an IP table says, whoever published it.

Publishers name the same thing differently; understood are the nested layout of MaxMind and DB-IP
(`country.iso_code`, `autonomous_system_number`, `is_anonymous_vpn`, `traits.user_type`) and the flat
ones of IPinfo and similar (`country_code` or `country`, `asn` as `AS64500`, `vpn`, `hosting`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from winnow.core.ruleset import ReferenceSource

#: Flags in the order in which the most telling one wins; a residential proxy's address is also a household's.
_FLAGS = (
    ("relay", ("is_relay", "relay")),
    ("tor", ("is_tor_exit_node", "is_tor", "tor")),
    ("vpn", ("is_anonymous_vpn", "is_vpn", "vpn", "is_public_proxy", "is_proxy", "proxy")),
    ("hosting", ("is_hosting_provider", "is_hosting", "hosting")),
    ("mobile", ("is_mobile", "mobile")),
)

_CLASS_OF_USE = {
    "business": "corporate",
    "cellular": "mobile",
    "content_delivery_network": None,
    "hosting": "hosting",
    "isp": "residential",
    "mobile": "mobile",
    "residential": "residential",
}
_USES = ("user_type", "connection_type", "usage_type")

#: Where publishers nest what others keep flat.
_GROUPS = ("traits", "privacy", "as", "asn", "geo")

_COUNTRY_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Record:
    """What one file says about an address; None is not known."""

    ip_class: str | None = None
    country: str | None = None
    asn: int | None = None


class Table(Protocol):
    """A table that can be asked about an address."""

    @property
    def source(self) -> ReferenceSource:
        """Its edition."""
        ...

    def find(self, ip: str) -> Record | None:
        """What it says about an address in text form."""
        ...


def understood(row: Mapping[str, object]) -> Record:
    """Read a row in any of the layouts."""
    flat = dict(row)
    for group in _GROUPS:
        nested = row.get(group)
        if isinstance(nested, dict):
            flat.update(nested)
    return Record(_class(flat), _country(row, flat), _asn(row, flat))


def _class(flat: Mapping[str, object]) -> str | None:
    for ip_class, names in _FLAGS:
        if any(flat.get(name) is True for name in names):
            return ip_class
    for name in _USES:
        use = flat.get(name)
        if isinstance(use, str) and use.lower() in _CLASS_OF_USE:
            return _CLASS_OF_USE[use.lower()]
    return None


def _country(row: Mapping[str, object], flat: Mapping[str, object]) -> str | None:
    for name in ("country", "country_code", "registered_country"):
        value = row.get(name, flat.get(name))
        code = value.get("iso_code") if isinstance(value, dict) else value
        if isinstance(code, str) and len(code) == _COUNTRY_LENGTH and code.isascii() and code.isalpha():
            return code.upper()
    return None


def _asn(row: Mapping[str, object], flat: Mapping[str, object]) -> int | None:
    for name in ("autonomous_system_number", "asn", "as_number"):
        value = row.get(name)
        number = _number(flat.get(name) if isinstance(value, dict) or value is None else value)
        if number is not None:
            return number
    return None


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value > 0 else None
    digits = value.strip().upper().removeprefix("AS") if isinstance(value, str) else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len(str(1 << 32)) else None
