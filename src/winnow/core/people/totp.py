"""Codes of an authenticator: time-based one-time passwords (RFC 6238: HMAC-SHA-1, 6 digits, 30 seconds)."""

import base64
import hmac
from datetime import UTC, datetime, timedelta

#: The length RFC 4226 recommends for a secret, in bytes.
SECRET_BYTES = 20
DIGITS = 6
_STEP = timedelta(seconds=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ASCII = 128


def step_at(now: datetime) -> int:
    """The number of the step that a moment lies in."""
    return (now - _EPOCH) // _STEP


def code(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a step (RFC 4226 section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def matching_step(secret: bytes, given: str, now: datetime) -> int | None:
    """The step whose code was given, of this one and its neighbours (RFC 6238 section 5.2); None when it is none.

    Which steps were used before is for the caller to know: each is good for once.
    """
    current = step_at(now)
    typed = "".join(given.split()).encode("utf-8", "surrogatepass")
    found = [
        step for step in (current, current - 1, current + 1) if hmac.compare_digest(code(secret, step).encode(), typed)
    ]
    return found[0] if found else None


def shown(secret: bytes) -> str:
    """The secret as people type it into an authenticator: Base32."""
    return base64.b32encode(secret).decode("ascii")


def address(secret: bytes, account: str, issuer: str = "Winnow") -> str:
    """What authenticators read from a picture: the `otpauth:` address that they all know."""
    return f"otpauth://totp/{_quoted(issuer)}:{_quoted(account)}?secret={shown(secret)}&issuer={_quoted(issuer)}"


def _quoted(text: str) -> str:
    """Percent-encoded (RFC 3986 section 2.1), all but letters and digits of ASCII."""
    return "".join(chr(byte) if chr(byte).isalnum() and byte < _ASCII else f"%{byte:02X}" for byte in text.encode())
