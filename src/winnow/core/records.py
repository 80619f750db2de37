"""What a leaf of the decision log says: that something was recorded and when, and nothing about a person.

The entry commits to the record by a hash over a random nonce and the record, so that nobody can guess a record
from its entry; and to the sealed record, as it is stored, by its hash. Once the key of the sealed record is
destroyed, the nonce in it is gone too: the entry still proves that there was a record, and can tell nothing more.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from winnow.errors import BrokenLogError, InvalidInputError

NONCE_BYTES = 32
HASH_BYTES = 32

#: Keeps these hashes apart from all others over the same bytes.
_DOMAIN = b"winnow/record/v1\n"
_KIND = re.compile(r"[a-z][a-z0-9_.-]{0,39}")
_ENTRY = re.compile(
    rb'\{"v":1,"kind":"(?P<kind>[a-z][a-z0-9_.-]{0,39})","at":(?P<at>0|[1-9][0-9]{0,18}),'
    rb'"commitment":"(?P<commitment>[0-9a-f]{64})","sealed":"(?P<sealed>[0-9a-f]{64})"\}'
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what kind of record, when (microseconds since 1970 UTC), and the two hashes of 32 bytes."""

    kind: str
    at_us: int
    commitment: bytes
    sealed: bytes


def commitment(nonce: bytes, record: bytes) -> bytes:
    """SHA-256 over a domain tag, the nonce of 32 random bytes and the record."""
    if len(nonce) != NONCE_BYTES:
        raise InvalidInputError(f"a nonce of {len(nonce)} bytes", fix=f"draw {NONCE_BYTES} random bytes")
    return sha256(_DOMAIN + nonce + record).digest()


def sealed_hash(sealed: bytes) -> bytes:
    """SHA-256 of a record as it is stored, encrypted."""
    return sha256(sealed).digest()


def entry(kind: str, at_us: int, commitment: bytes, sealed_hash: bytes) -> bytes:
    """The bytes of a leaf: JSON without blanks, its keys always in this order, so that equal leaves are equal bytes.

    Args:
        kind: what was recorded, such as `decision`: lower-case letters, digits, `_`, `-` and `.`, 40 at most.
        at_us: when, in microseconds since 1970 UTC.
        commitment: see `commitment`.
        sealed_hash: SHA-256 of the record as it is stored.
    """
    if len(commitment) != HASH_BYTES or len(sealed_hash) != HASH_BYTES or at_us < 0:
        raise InvalidInputError(
            "an entry needs two SHA-256 hashes and a time from 1970 on", fix="hash the whole record"
        )
    return (
        f'{{"v":1,"kind":"{_checked(kind)}","at":{at_us:d},'
        f'"commitment":"{commitment.hex()}","sealed":"{sealed_hash.hex()}"}}'
    ).encode("ascii")


@lru_cache(maxsize=256)
def _checked(kind: str) -> str:
    if not _KIND.fullmatch(kind):
        raise InvalidInputError(f"`{kind}` is no kind of record", fix="use lower-case letters, digits, _, - and .")
    return kind


def parse_entry(content: bytes) -> Entry:
    """What an entry says; raises BrokenLogError unless its bytes are exactly what `entry` writes."""
    found = _ENTRY.fullmatch(content)
    if not found:
        raise BrokenLogError("these bytes are no entry of a decision log", fix="compare them with a copy")
    hashes = (bytes.fromhex(found[name].decode()) for name in ("commitment", "sealed"))
    return Entry(found["kind"].decode(), int(found["at"]), *hashes)


def check_record(content: bytes, nonce: bytes, record: bytes) -> Entry:
    """What an entry says, once it is shown to be about this record; raises BrokenLogError otherwise."""
    stated = parse_entry(content)
    if commitment(nonce, record) != stated.commitment:
        raise BrokenLogError("the record is not the one that was logged", fix="compare it with a copy")
    return stated


def check_sealed(content: bytes, sealed: bytes) -> Entry:
    """What an entry says, once it is shown to be about what is stored; raises BrokenLogError otherwise."""
    stated = parse_entry(content)
    if sealed_hash(sealed) != stated.sealed:
        raise BrokenLogError("the stored record is not the one that was logged", fix="restore it from a backup")
    return stated
