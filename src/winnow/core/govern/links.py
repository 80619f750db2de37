"""Links by which a person unsubscribes or confirms: they name what they are for, and only Winnow can make them.

Within is the keyed hash of the address, never the address itself, since links end up in the logs of web servers.
"""

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from winnow.core.govern.terms import Channel

_PERSON = b"winnow consent"
_MAC_BYTES = 20
_OUT, _IN = "u", "c"
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a link to unsubscribe is for; None is every channel, or every purpose. It is good for ever."""

    subject: int
    channel: Channel | None
    purpose: str | None


@dataclass(frozen=True, slots=True)
class Joining:
    """What a link to confirm is for.

    wording: the edition of the words the person is asked to agree to · asked_at, until: aware; it is good in between
    """

    subject: int
    channels: tuple[Channel, ...]
    purpose: str
    wording: str
    asked_at: datetime
    until: datetime


def leaving_token(link: Leaving, pepper: bytes) -> str:
    """What a link to unsubscribe ends in; `pepper`: 16 to 64 secret bytes."""
    return _token([_OUT, link.subject, link.channel and link.channel.value, link.purpose], pepper)


def joining_token(link: Joining, pepper: bytes) -> str:
    """What a link to confirm ends in; `pepper`: 16 to 64 secret bytes."""
    times = [link.asked_at.isoformat(), link.until.isoformat()]
    channels = [channel.value for channel in link.channels]
    return _token([_IN, link.subject, channels, link.purpose, link.wording, *times], pepper)


def leaving(token: str, pepper: bytes) -> Leaving | None:
    """What a token to unsubscribe is for; None for what is none, or was made by somebody else."""
    parts = _parts(token, pepper, _OUT)
    if parts is None:
        return None
    subject, channel, purpose = parts
    return Leaving(subject, None if channel is None else Channel(channel), purpose)


def joining(token: str, pepper: bytes) -> Joining | None:
    """What a token to confirm is for; None as above. Whether it is too late is for the caller to see."""
    parts = _parts(token, pepper, _IN)
    if parts is None:
        return None
    subject, channels, purpose, wording, asked_at, until = parts
    times = datetime.fromisoformat(asked_at), datetime.fromisoformat(until)
    return Joining(subject, tuple(map(Channel, channels)), purpose, wording, *times)


def _token(parts: Sequence[object], pepper: bytes) -> str:
    content = base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")
    return f"{content}.{_mac(content, pepper)}"


def _parts(token: str, pepper: bytes, kind: str) -> list[Any] | None:
    """What a token says, once it is known that it was made here."""
    content, _, mac = token.partition(".")
    known = len(token) <= _LONGEST and token.isascii()
    if not known or not hmac.compare_digest(_mac(content, pepper).encode(), mac.encode()):
        return None
    first, *parts = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    return parts if first == kind else None


def _mac(content: str, pepper: bytes) -> str:
    return blake2b(content.encode(), key=pepper, digest_size=_MAC_BYTES, person=_PERSON).hexdigest()
