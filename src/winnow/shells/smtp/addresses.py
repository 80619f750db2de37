"""Addresses of people and of machines: which of them are taken, and from where a password is."""

import re
from ipaddress import ip_address

from winnow.ports.outgoing import Reply
from winnow.shells.smtp import replies

_LONGEST = 254
_ATOM = r"[^\s\x00-\x20\"(),:;<>@\[\\\]%!\x7f]+"
#: `%` and `!` are routes to some servers, and quotes hide what others see (RFC 5321 section 4.1.2).
_PLAIN = re.compile(f"{_ATOM}@{_ATOM}")


def objection_to(address: str, *, utf8: bool) -> Reply | None:
    """What is wrong with an address, whoever it belongs to."""
    if not (_PLAIN.fullmatch(address) and address.isprintable() and len(address) <= _LONGEST):
        return replies.NOT_PLAIN
    return None if utf8 or address.isascii() else replies.NO_UTF8


def address_of(peer: object) -> str:
    """The network address of a connection's other end; empty when it is not known."""
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""


def is_this_machine(peer: object) -> bool:
    """Whether a connection comes from this machine, so that nobody can listen to it."""
    try:
        return ip_address(address_of(peer)).is_loopback
    except ValueError:
        return False
