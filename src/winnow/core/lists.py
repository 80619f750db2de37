"""Allow and block entries: what a lead matches, and which entry wins in a scope."""

import ipaddress
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from winnow.core.keys import company_key, email_key
from winnow.core.outcome import ACQUISITION_SCOPES, Outcome, Scope
from winnow.errors import InvalidRulesetError


class ListKind(StrEnum):
    """What an entry is matched by."""

    EMAIL = "email"
    PHONE = "phone"
    DEVICE = "device"
    MESSAGE = "message"
    IP = "ip"
    HOST = "host"
    DOMAIN = "domain"
    COMPANY = "company"
    CIDR = "cidr"
    ASN = "asn"


class ListAction(StrEnum):
    """What an entry does."""

    ALLOW = "allow"
    BLOCK = "block"


#: The lead field each kind is about; when that field is off-limits, its entries are not used.
KIND_FIELDS = {
    ListKind.EMAIL: "emails",
    ListKind.HOST: "emails",
    ListKind.DOMAIN: "emails",
    ListKind.PHONE: "phones",
    ListKind.COMPANY: "company",
    ListKind.DEVICE: "device_id",
    ListKind.MESSAGE: "message",
    ListKind.IP: "ip",
    ListKind.CIDR: "ip",
    ListKind.ASN: "ip",
}

#: From one person (high) to a whole network (low). A network's prefix length refines CIDR.
_SPECIFICITY = {
    ListKind.EMAIL: 6,
    ListKind.PHONE: 6,
    ListKind.DEVICE: 6,
    ListKind.MESSAGE: 6,
    ListKind.IP: 5,
    ListKind.HOST: 4,
    ListKind.DOMAIN: 3,
    ListKind.COMPANY: 3,
    ListKind.CIDR: 2,
    ListKind.ASN: 1,
}

#: Only what a person decided may reject by itself; evidence gathered by a machine asks for review.
ACCOUNTABLE_SOURCES = frozenset({"person", "import"})
SOURCES = ACCOUNTABLE_SOURCES | {"feedback", "rule"}


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One allow or block entry; `value` is canonical once it went through `entry`.

    source: `person`, `import`, `feedback` or `rule`
    expires_at: aware, UTC; None stands until removed
    """

    id: str
    action: ListAction
    kind: ListKind
    value: str
    owner: str
    reason: str
    scopes: frozenset[Scope] = ACQUISITION_SCOPES
    source: str = "person"
    created_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def specificity(self) -> tuple[int, int]:
        """How narrow the entry is; a greater one is narrower."""
        prefix = int(self.value.partition("/")[2]) if self.kind is ListKind.CIDR else 0
        return _SPECIFICITY[self.kind], prefix

    @property
    def effect(self) -> Outcome:
        """The outcome the entry asks for."""
        if self.action is ListAction.ALLOW:
            return Outcome.ACCEPT
        return Outcome.REJECT if self.source in ACCOUNTABLE_SOURCES else Outcome.REVIEW

    def active(self, now: datetime) -> bool:
        """Whether the entry has not expired at `now`."""
        return self.expires_at is None or now < self.expires_at


def checked(entry: ListEntry) -> ListEntry:
    """The entry with its value in canonical form; raises InvalidRulesetError when it can match nothing."""
    if not entry.owner or not entry.reason:
        raise InvalidRulesetError(
            f"list entry `{entry.id}` has no owner or no reason", fix="say who answers for it and why it exists"
        )
    if entry.source not in SOURCES:
        raise InvalidRulesetError(
            f"list entry `{entry.id}` has the source `{entry.source}`", fix=f"use one of {', '.join(sorted(SOURCES))}"
        )
    if not entry.scopes:
        raise InvalidRulesetError(f"list entry `{entry.id}` has no scope", fix="name at least one, such as sales")
    return replace(entry, value=_canonical(entry))


def _canonical(entry: ListEntry) -> str:
    value = entry.value.strip()
    try:
        canonical = _CANONICAL[entry.kind](value)
    except ValueError:
        canonical = ""
    if not canonical:
        raise InvalidRulesetError(
            f"list entry `{entry.id}`: `{entry.value}` is not a valid {entry.kind}", fix=_EXAMPLES[entry.kind]
        )
    return canonical


#: ITU-T E.164: at most fifteen digits; no country has numbers of fewer than seven.
_E164_DIGITS = range(7, 16)


def _email(value: str) -> str:
    local, at, host = value.rpartition("@")
    return email_key(value) if local and at and host else ""


def _domain(value: str) -> str:
    name = value.lower().removeprefix("@").rstrip(".")
    return name.encode("idna").decode() if "." in name else ""


def _phone(value: str) -> str:
    digits = "".join(letter for letter in value if letter in "0123456789")
    return f"+{digits}" if value.startswith("+") and len(digits) in _E164_DIGITS else ""


def _message(value: str) -> str:
    return f"{int(value, 16):016x}" if len(value) == len("0123456789abcdef") else ""


def _cidr(value: str) -> str:
    return str(ipaddress.ip_network(value, strict=False))


def _asn(value: str) -> str:
    return str(int(value.upper().removeprefix("AS")))


_CANONICAL: dict[ListKind, Callable[[str], str]] = {
    ListKind.EMAIL: _email,
    ListKind.PHONE: _phone,
    ListKind.DEVICE: lambda value: value,
    ListKind.MESSAGE: _message,
    ListKind.IP: lambda value: str(ipaddress.ip_address(value)),
    ListKind.HOST: _domain,
    ListKind.DOMAIN: _domain,
    ListKind.COMPANY: company_key,
    ListKind.CIDR: _cidr,
    ListKind.ASN: _asn,
}

_EXAMPLES = {
    ListKind.EMAIL: "write it like `ana@example.com`",
    ListKind.PHONE: "write it with the country code, like `+493012345678`",
    ListKind.DEVICE: "give the device id the form sends",
    ListKind.MESSAGE: "give the 16 hexadecimal digits that `winnow explain` prints",
    ListKind.IP: "write it like `192.0.2.7`; use kind `cidr` for a network",
    ListKind.HOST: "write it like `mail.example.com`",
    ListKind.DOMAIN: "write it like `example.com`",
    ListKind.COMPANY: "give the company's name",
    ListKind.CIDR: "write it like `192.0.2.0/24`",
    ListKind.ASN: "write the number, like `64500`",
}


class ListIndex:
    """Entries arranged so that looking up a lead costs the same for ten entries and for a million."""

    def __init__(self, entries: Iterable[ListEntry] = ()) -> None:
        self._exact: dict[tuple[ListKind, str], ListEntry | tuple[ListEntry, ...]] = {}
        self._networks: dict[tuple[int, int], dict[int, list[ListEntry]]] = {}
        for entry in entries:
            if entry.kind is ListKind.CIDR:
                self._add_network(entry)
            else:
                self._add_exact(entry)

    def __bool__(self) -> bool:
        return bool(self._exact or self._networks)

    def _add_exact(self, entry: ListEntry) -> None:
        key = (entry.kind, entry.value)
        present = self._exact.get(key)
        if present is None:
            self._exact[key] = entry  # nearly every key has one entry: no tuple around it
        else:
            self._exact[key] = (*(present if isinstance(present, tuple) else (present,)), entry)

    def _add_network(self, entry: ListEntry) -> None:
        network = ipaddress.ip_network(entry.value)
        shift = network.max_prefixlen - network.prefixlen
        block = int(network.network_address) >> shift
        self._networks.setdefault((network.version, shift), {}).setdefault(block, []).append(entry)

    def of_kind(self, kind: ListKind) -> Iterator[ListEntry]:
        """Every entry of a kind, but for networks, which are not kept by it."""
        for (its_kind, _), entry in self._exact.items():
            if its_kind is kind:
                yield from entry if isinstance(entry, tuple) else (entry,)

    def hits(self, keys: Iterable[tuple[ListKind, str]]) -> tuple[ListEntry, ...]:
        """Every entry that matches one of the keys of a lead, in a stable order."""
        found: list[ListEntry] = []
        for key in keys:
            entry = self._exact.get(key)
            if entry is not None:
                found.extend(entry if isinstance(entry, tuple) else (entry,))
            if key[0] is ListKind.IP and self._networks:
                found.extend(self._network_hits(key[1]))
        return tuple(found)

    def _network_hits(self, ip: str) -> Iterator[ListEntry]:
        address = ipaddress.ip_address(ip)
        number = int(address)
        for (version, shift), blocks in self._networks.items():
            if version == address.version:
                yield from blocks.get(number >> shift, ())


def winner(hits: Iterable[ListEntry], scope: Scope, now: datetime) -> ListEntry | None:
    """The entry that decides in a scope; None when no active entry applies to it.

    Allow beats block at the same or a narrower specificity; among equals the one with the smallest id decides,
    so that the order of look-up never matters.
    """
    active = [entry for entry in hits if scope in entry.scopes and entry.active(now)]
    allow = _narrowest(entry for entry in active if entry.action is ListAction.ALLOW)
    block = _narrowest(entry for entry in active if entry.action is ListAction.BLOCK)
    if allow is None or block is None:
        return allow or block
    return allow if allow.specificity >= block.specificity else block


def _narrowest(entries: Iterable[ListEntry]) -> ListEntry | None:
    return min(entries, key=_narrowest_first, default=None)


def _narrowest_first(entry: ListEntry) -> tuple[int, int, int, str]:
    rank, prefix = entry.specificity
    return -rank, -prefix, -entry.effect, entry.id
