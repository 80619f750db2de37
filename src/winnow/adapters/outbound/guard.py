"""Keeps webhooks from being used to reach what only this machine can reach (server-side request forgery).

A name is resolved once for each attempt, every address it has is judged, and the connection is made to one of
these addresses: nothing resolves it again in between. Whoever uses the URL of a `Target` some other way loses that.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from winnow.adapters.outbound.addresses import Address, Network, why_not_public
from winnow.errors import InvalidInputError

#: The addresses of a name as texts, in the order in which to try them; (name, port, seconds it may take).
Resolve = Callable[[str, int, float], Sequence[str]]

HTTPS_PORT, HTTP_PORT = 443, 80

_LONGEST_URL = 2048
_LONGEST_NAME = 253
_SHOWN = 100
# What RFC 3986 lets a URL consist of. Anything else is read differently by different programs.
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]+", flags=re.IGNORECASE)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
# Resolvers take `0x7f.1`, `127.1` and `2130706433` for IPv4 addresses; no top-level domain looks like that.
_NUMBER_AT_THE_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request may go: `addresses` were judged, `host` is the name the certificate must be for.

    path: with the query, as it is sent
    """

    host: str
    port: int
    tls: bool
    path: str
    addresses: tuple[Address, ...]

    @property
    def authority(self) -> str:
        """The Host header: the port is named unless it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = HTTPS_PORT if self.tls else HTTP_PORT
        return host if self.port == usual else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Guard:
    """What this deployment lets webhooks reach.

    resolve: how names are looked up · ports: every port that may be named
    allow: networks that may be reached although they are not public; within them also without TLS
    section: where the settings are that say so
    """

    resolve: Resolve
    allow: frozenset[Network] = frozenset()
    ports: frozenset[int] = frozenset({HTTPS_PORT})
    section: str = "webhooks"

    def target(self, url: str, seconds: float) -> Target:
        """Where a URL leads, judged; looking it up takes `seconds` at most.

        Raises InvalidInputError when it may not be reached, OSError when its name has no address.
        """
        parts = checked_url(url)
        host, port, tls = checked_host(parts), _port(parts), parts.scheme == "https"
        if port not in self.ports:
            fix = f"use one of {', '.join(map(str, sorted(self.ports)))}, or add it to the setting `webhooks.ports`"
            raise InvalidInputError(f"port {port} is not open to webhooks", fix=fix)
        if not tls and not self.allow:
            raise InvalidInputError("webhooks need TLS", fix="give a URL with https://")
        addresses = _literal(host) or self._resolved(host, port, seconds)
        for address in addresses:
            self._judge(address, tls=tls)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(host, port, tls, path, addresses)

    def _resolved(self, host: str, port: int, seconds: float) -> tuple[Address, ...]:
        addresses = tuple(map(ipaddress.ip_address, self.resolve(host, port, seconds)))
        if not addresses:
            raise OSError("the name has no address")
        return addresses

    def _judge(self, address: Address, *, tls: bool) -> None:
        """Raise InvalidInputError unless the address may be reached. It is not shown: names inside are not public."""
        scoped = isinstance(address, ipaddress.IPv6Address) and address.scope_id is not None
        if not scoped and any(address in network for network in self.allow):
            return
        use = why_not_public(address)
        fix = f"use a public address, or add its network to the setting `{self.section}.allow_networks`"
        if use is not None or scoped:
            raise InvalidInputError(f"the URL leads to an address that is not public ({use})", fix=fix)
        if not tls:
            raise InvalidInputError("webhooks to public addresses need TLS", fix="give a URL with https://")


def checked_url(url: str) -> SplitResult:
    """The parts of a URL that has only one reading; raises InvalidInputError for any other."""
    shown = url if len(url) <= _SHOWN else f"{url[:_SHOWN]}…"
    if len(url) > _LONGEST_URL or _URL.fullmatch(url) is None:
        fix = f"give https://host/path in ASCII, at most {_LONGEST_URL} characters, without a fragment"
        raise InvalidInputError(f"`{shown}` is not a URL for a webhook", fix=fix)
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no IPv6 address
        raise InvalidInputError(f"`{shown}` is not a URL for a webhook", fix="check the host") from None
    if "@" in parts.netloc:
        raise InvalidInputError("a webhook's URL holds a user name", fix="leave it out; deliveries are signed")
    return parts


def checked_host(parts: SplitResult) -> str:
    """The host of a URL, lower case; raises InvalidInputError for a spelling that is neither a name nor an address."""
    host = parts.hostname or ""
    if _literal(host):
        return str(ipaddress.ip_address(host))
    plain = len(host) <= _LONGEST_NAME and _NAME.fullmatch(host) is not None and not parts.netloc.startswith("[")
    if not plain or _NUMBER_AT_THE_END.fullmatch(host):
        fix = "give a name (xn--… where it is not ASCII, no dot at its end), 192.0.2.1 or [2001:db8::1]"
        raise InvalidInputError(f"`{host[:_SHOWN]}` is no usual spelling of a host", fix=fix)
    return host


def _literal(host: str) -> tuple[Address, ...]:
    """The address that a host is, if it is one in its plain spelling; a zone (`%eth0`) is none."""
    try:
        return (ipaddress.ip_address(host),) if "%" not in host else ()
    except ValueError:
        return ()


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        raise InvalidInputError("the port of the URL is not a number from 1 to 65,535", fix="check it") from None
    return port if port is not None else HTTPS_PORT if parts.scheme == "https" else HTTP_PORT


def allowed_networks(texts: Iterable[str], where: str = "webhooks.allow_networks") -> frozenset[Network]:
    """The networks of the setting `where`; raises InvalidInputError for what is none."""
    try:
        return frozenset(map(ipaddress.ip_network, texts))
    except ValueError as error:
        fix = "give networks such as 10.1.2.0/24"
        raise InvalidInputError(str(error).lower(), where=where, fix=fix) from None


def allowed_ports(texts: Iterable[str]) -> frozenset[int]:
    """The ports of the setting `webhooks.ports`; raises InvalidInputError for what is none."""
    chosen = list(texts)
    bad = [text for text in chosen if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 1 << 16)]
    if bad:
        raise InvalidInputError(f"`{bad[0][:20]}` is not a port", where="webhooks.ports", fix="give 1 to 65535")
    return frozenset(map(int, chosen))
