"""The proof that one thing was recorded, to be kept and verified by anybody, years later and offline."""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from winnow.core.records import Entry, check_record, parse_entry
from winnow.core.tlog import (
    VerifierKey,
    Verify,
    checkpoint_from,
    leaf_hash,
    open_checkpoint,
    parse_note,
    verify_inclusion,
)
from winnow.errors import InvalidInputError

T = TypeVar("T")

VERSION = 1
#: A path through a tree of 2 ** 63 leaves.
_LONGEST_PROOF = 63
_HEX_32 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry of the log, what leads from it to a signed checkpoint, and what was recorded.

    index: number of the entry, from 0 · proof: hashes of 32 bytes · checkpoint: the signed note
    record, nonce: None when the record was erased; the receipt then proves only that there was one
    """

    index: int
    entry: bytes
    proof: tuple[bytes, ...]
    checkpoint: str
    record: bytes | None = None
    nonce: bytes | None = None


def receipt_document(receipt: Receipt) -> dict[str, object]:
    """The receipt as JSON can hold it; docs/log.md describes its fields."""
    checkpoint = checkpoint_from(parse_note(receipt.checkpoint).text)
    return {
        "v": VERSION,
        "origin": checkpoint.origin,
        "index": receipt.index,
        "kind": parse_entry(receipt.entry).kind,
        "entry": b64encode(receipt.entry).decode(),
        "record": None if receipt.record is None else b64encode(receipt.record).decode(),
        "nonce": None if receipt.nonce is None else receipt.nonce.hex(),
        "proof": [each.hex() for each in receipt.proof],
        "tree_size": checkpoint.head.size,
        "checkpoint": receipt.checkpoint,
    }


def receipt_from(document: object) -> Receipt:
    """The receipt in a document; raises InvalidInputError when it is none or contradicts itself."""
    if not isinstance(document, Mapping) or document.get("v") != VERSION:
        raise _no_receipt(f'it does not say "v": {VERSION}')
    proof = _read(document, "proof", list)
    if len(proof) > _LONGEST_PROOF:
        raise _no_receipt(f"its proof has {len(proof)} hashes, and {_LONGEST_PROOF} are the most")
    receipt = Receipt(
        _read(document, "index", int),
        _base64(_read(document, "entry", str)),
        tuple(map(_hash, proof)),
        _read(document, "checkpoint", str),
        _optional(document, "record", _base64),
        _optional(document, "nonce", _hash),
    )
    if (receipt.record is None) != (receipt.nonce is None):
        raise _no_receipt("it has a record without a nonce, or a nonce without a record")
    if receipt_document(receipt) != dict(document):
        raise _no_receipt("its fields contradict each other")
    return receipt


def verify_receipt(receipt: Receipt, key: VerifierKey, verify: Verify) -> Entry:
    """What the receipt proves; raises BrokenLogError when it proves nothing.

    It proves that the log of this key holds the entry, and that the entry is about the record.
    """
    head = open_checkpoint(receipt.checkpoint, key, verify).head
    verify_inclusion(leaf_hash(receipt.entry), receipt.index, head, receipt.proof)
    if receipt.record is None or receipt.nonce is None:
        return parse_entry(receipt.entry)
    return check_record(receipt.entry, receipt.nonce, receipt.record)


def _read(document: Mapping[str, object], key: str, kind: type[T]) -> T:
    found = document.get(key)
    if not isinstance(found, kind) or isinstance(found, bool):
        raise _no_receipt(f"`{key}` is missing or of the wrong kind")
    return found


def _optional(document: Mapping[str, object], key: str, read: Callable[[str], bytes]) -> bytes | None:
    return None if document.get(key) is None else read(_read(document, key, str))


def _base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise _no_receipt("what should be Base64 is not") from None


def _hash(text: object) -> bytes:
    if not isinstance(text, str) or not _HEX_32.fullmatch(text):
        raise _no_receipt("what should be 64 hexadecimal digits is not")
    return bytes.fromhex(text)


def _no_receipt(why: str) -> InvalidInputError:
    return InvalidInputError(f"this is no receipt: {why}", fix="ask for it again")
