"""Recognising a request that was sent before, so that a retry never does a thing twice."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from winnow.errors import ConflictError
from winnow.shells.http.problem import INVALID_IDEMPOTENCY_KEY, RefusedRequestError

#: Visible ASCII, as in the field values of RFC 9110 section 5.5, and no blanks that somebody might trim.
_VISIBLE = re.compile(rb"[\x21-\x7e]{1,255}")
_LENGTH_BYTES = 8


def idempotency_key(header: bytes | None) -> str | None:
    """The key a client chose, None without one; raises RefusedRequestError unless it is 1 to 255 visible ASCII."""
    if header is None:
        return None
    if _VISIBLE.fullmatch(header) is None:
        raise RefusedRequestError(
            INVALID_IDEMPOTENCY_KEY,
            "the Idempotency-Key is not 1 to 255 visible ASCII characters",
            where="Idempotency-Key",
            fix="use a random UUID for each new request, and the same one when you repeat it",
        )
    return header.decode("ascii")


def slot(api_key_id: str, key: str) -> bytes:
    """Where the answer to a request is kept, 32 bytes: clients may choose equal keys without meeting."""
    return _hashed(api_key_id.encode(), key.encode())


def fingerprint(method: str, path: str, body: bytes, api_key_id: str) -> bytes:
    """What makes two requests the same one, 32 bytes.

    path: with the query string, as it was sent; it may hold any text
    """
    return _hashed(method.encode(), path.encode(errors="surrogatepass"), api_key_id.encode(), body)


def until(moment: datetime) -> Mapping[str, str]:
    """The header of an answer that holds until before a moment (aware); after that no retry is told it again."""
    return {"expires": format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)}


def need_current(headers: Iterable[tuple[bytes, bytes]], now: datetime) -> None:
    """Raise ConflictError when the answer with these headers does not hold any more at `now` (aware)."""
    expires = dict(headers).get(b"expires")
    if expires is not None and parsedate_to_datetime(expires.decode("ascii")) <= now:
        what = "what this request was answered holds no more"
        raise ConflictError(what, fix="ask anew, with another Idempotency-Key")


def _hashed(*parts: bytes) -> bytes:
    """A hash of the parts and where one ends, so that nothing can be moved from one to the next."""
    lengths = b"".join(len(part).to_bytes(_LENGTH_BYTES, "big") for part in parts)
    return hashlib.blake2b(b"".join((lengths, *parts)), digest_size=32, person=b"winnow request").digest()
