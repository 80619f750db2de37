"""Keys of programs: what one may do, from where and until when; how a secret is recognised without being kept.

A token is `wk_ID_SECRET`; the id of its key is `wk_ID`. Stored is a keyed hash of the token, so that a stolen
database opens nothing.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple, Protocol, TypeAlias

from winnow.errors import InvalidInputError

Network: TypeAlias = IPv4Network | IPv6Network

#: What the id of every key begins with, and so every token: a leaked one is found by those who search for such.
PREFIX = "wk"

#: 22 letters and digits can hold 128 bits; the upper ends keep a hostile header short.
_TOKEN = re.compile(rf"({PREFIX}_[0-9A-Za-z]{{1,64}})_([0-9A-Za-z]{{22,128}})", re.ASCII)
_DIGEST_BYTES = 32
_PERSON = b"winnow api key"
_SHOWN = 40


class Scope(StrEnum):
    """One thing a key may do; nothing is implied by another, `admin` included."""

    LEADS_WRITE = "leads:write"
    DECISIONS_READ = "decisions:read"
    FEEDBACK_WRITE = "feedback:write"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    LISTS_READ = "lists:read"
    LISTS_WRITE = "lists:write"
    RULES_READ = "rules:read"
    RULES_WRITE = "rules:write"
    RULESETS_READ = "rulesets:read"
    RULESETS_WRITE = "rulesets:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    KEYS_READ = "keys:read"
    KEYS_WRITE = "keys:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    INCIDENTS_READ = "incidents:read"
    INCIDENTS_WRITE = "incidents:write"
    LOG_READ = "log:read"
    TODAY_READ = "today:read"
    POLICY_READ = "policy:read"
    CONSENT_READ = "consent:read"
    CONSENT_WRITE = "consent:write"
    PERMITS_WRITE = "permits:write"
    PERMITS_READ = "permits:read"
    SERVE_READ = "serve:read"
    SYSTEMS_READ = "systems:read"
    SYSTEMS_WRITE = "systems:write"
    AI_DECISIONS_WRITE = "ai-decisions:write"
    PROPOSALS_WRITE = "proposals:write"
    SIGN_OFFS_WRITE = "sign-offs:write"
    STOP_READ = "stop:read"
    STOP_WRITE = "stop:write"
    STOP_LIFT = "stop:lift"
    ADMIN = "admin"


_READ_ALL = frozenset(scope for scope in Scope if scope.value.endswith(":read"))

#: What everybody has who works with Winnow and may do more than look: one person stops, whoever it is.
_EVERYBODY = (Scope.TODAY_READ, Scope.POLICY_READ, Scope.STOP_READ, Scope.STOP_WRITE)

#: The one table of rights, of programs and people alike: the roles people know, as scopes. Only `decisions:read`
#: shows lead data, and an admin does not have it.
ROLES: Mapping[str, frozenset[Scope]] = {
    "ingest": frozenset({Scope.LEADS_WRITE}),
    "ai-tool": frozenset({Scope.PERMITS_WRITE, Scope.SERVE_READ, Scope.AI_DECISIONS_WRITE, Scope.STOP_READ}),
    "rep": frozenset({
        *(Scope.DECISIONS_READ, Scope.FEEDBACK_WRITE, Scope.CASES_READ, Scope.CASES_WRITE),
        *(Scope.CONSENT_READ, Scope.CONSENT_WRITE, Scope.SERVE_READ),
        *_EVERYBODY,
    }),
    "reviewer": frozenset({
        *(Scope.DECISIONS_READ, Scope.FEEDBACK_WRITE, Scope.CASES_READ, Scope.CASES_WRITE),
        *(Scope.LISTS_READ, Scope.LISTS_WRITE),
        *(Scope.CONSENT_READ, Scope.CONSENT_WRITE, Scope.SERVE_READ),
        *_EVERYBODY,
    }),
    "rule-author": frozenset({
        *(Scope.DECISIONS_READ, Scope.LISTS_READ, Scope.LISTS_WRITE),
        *(Scope.RULES_READ, Scope.RULES_WRITE, Scope.RULESETS_READ, Scope.PROPOSALS_WRITE),
        *(Scope.SYSTEMS_READ, Scope.SYSTEMS_WRITE),
        *_EVERYBODY,
    }),
    "approver": frozenset({
        *(Scope.DECISIONS_READ, Scope.LISTS_READ, Scope.RULES_READ),
        *(Scope.RULESETS_READ, Scope.RULESETS_WRITE, Scope.PROPOSALS_WRITE, Scope.SIGN_OFFS_WRITE),
        *(Scope.SYSTEMS_READ, Scope.SYSTEMS_WRITE, Scope.PERMITS_READ),
        *(Scope.INCIDENTS_READ, Scope.INCIDENTS_WRITE, Scope.STOP_LIFT),
        *_EVERYBODY,
    }),
    "privacy-officer": frozenset({
        *(Scope.DECISIONS_READ, Scope.LISTS_READ, Scope.RULES_READ, Scope.LOG_READ),
        *(Scope.RULESETS_READ, Scope.PROPOSALS_WRITE, Scope.SIGN_OFFS_WRITE),
        *(Scope.CONSENT_READ, Scope.CONSENT_WRITE, Scope.PERMITS_READ, Scope.SERVE_READ),
        *(Scope.SYSTEMS_READ, Scope.SYSTEMS_WRITE),
        *(Scope.INCIDENTS_READ, Scope.INCIDENTS_WRITE, Scope.STOP_LIFT),
        *_EVERYBODY,
    }),
    "auditor": _READ_ALL,
    "admin": frozenset({
        *(Scope.ADMIN, Scope.KEYS_READ, Scope.KEYS_WRITE, Scope.WEBHOOKS_READ, Scope.WEBHOOKS_WRITE),
        *(Scope.PEOPLE_READ, Scope.PEOPLE_WRITE),
        *(Scope.RULESETS_READ, Scope.SYSTEMS_READ, Scope.INCIDENTS_READ, Scope.LOG_READ, Scope.STOP_LIFT),
        *_EVERYBODY,
    }),
}  # fmt: skip


class Caller(Protocol):
    """Whoever asks for something, a program with its key or a person who signed in."""

    @property
    def id(self) -> str:
        """Whom the decision log names for what is done."""
        ...

    @property
    def scopes(self) -> frozenset[Scope]:
        """What they may do."""
        ...


class Denial(StrEnum):
    """Why a key that was recognised may not do something; the value is what its owner is told."""

    REVOKED = "the key was revoked"
    EXPIRED = "the key has expired"
    WRONG_NETWORK = "the key may not be used from this address"
    OUT_OF_SCOPE = "the key does not have the scope for this"


class Token(NamedTuple):
    """What a program shows: the id of its key, and the secret that proves it."""

    id: str
    secret: str

    def __str__(self) -> str:
        return f"{self.id}_{self.secret}"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret.

    digest: what `digest` makes of its token
    networks: where it may be used from; empty is anywhere
    created_at, expires_at, revoked_at: aware; it is dead from the moment it expires
    """

    id: str
    digest: bytes
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    created_by: str
    networks: tuple[Network, ...] = ()
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


def parse_token(text: str) -> Token | None:
    """The token a text is, or None."""
    found = _TOKEN.fullmatch(text)
    return Token(found[1], found[2]) if found else None


def digest(token: Token, pepper: bytes) -> bytes:
    """The keyed hash that is stored (BLAKE2b, RFC 7693); the id is hashed too, so no row can lend it to another.

    pepper: 16 to 64 secret bytes that are kept outside the database
    """
    return hashlib.blake2b(str(token).encode(), key=pepper, digest_size=_DIGEST_BYTES, person=_PERSON).digest()


def proves(token: Token, key: ApiKey, pepper: bytes) -> bool:
    """Whether the token's secret is that of the key; takes as long for a near miss as for any other."""
    return hmac.compare_digest(digest(token, pepper), key.digest)


def denial(key: ApiKey, scope: Scope, now: datetime, ip: str | None) -> Denial | None:
    """Why the key may not do what needs the scope, at `now` (aware), from the address; None when it may.

    A key bound to networks is of no use from an address that is not known.
    """
    if key.revoked_at is not None:
        return Denial.REVOKED
    if key.expires_at is not None and now >= key.expires_at:
        return Denial.EXPIRED
    if key.networks and not _within(ip, key.networks):
        return Denial.WRONG_NETWORK
    return None if scope in key.scopes else Denial.OUT_OF_SCOPE


def may(key: ApiKey, scope: Scope, now: datetime, ip: str | None) -> bool:
    """Whether nothing speaks against it; see `denial`."""
    return denial(key, scope, now, ip) is None


def scopes_of(words: Iterable[str]) -> frozenset[Scope]:
    """The scopes that words name, each a scope or a role; raises InvalidInputError for one that is neither."""
    found: set[Scope] = set()
    for word in words:
        if word in ROLES:
            found |= ROLES[word]
        elif word in _SCOPES:
            found.add(Scope(word))
        else:
            known = (*ROLES, *sorted(_SCOPES - ROLES.keys()))
            near = get_close_matches(word, known, n=1)
            fix = f"did you mean `{near[0]}`?" if near else f"use some of {', '.join(known)}"
            raise InvalidInputError(f"`{word[:_SHOWN]}` is neither a scope nor a role", where="scopes", fix=fix)
    return frozenset(found)


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks that texts name in CIDR notation; raises InvalidInputError for one that is none."""
    return tuple(map(_network, texts))


def _network(text: str) -> Network:
    try:
        return ip_network(text.strip())
    except ValueError:
        raise InvalidInputError(
            f"`{text[:_SHOWN]}` is not a network", where="networks", fix="write it like 203.0.113.0/24"
        ) from None


def _within(ip: str | None, networks: tuple[Network, ...]) -> bool:
    try:
        address = ip_address(ip or "")
    except ValueError:
        return False
    return any(_plain(address) in network for network in networks)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address also when it came in IPv6 clothes (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2)."""
    return getattr(address, "ipv4_mapped", None) or address


_SCOPES = frozenset(Scope)
