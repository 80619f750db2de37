"""Decision logs for tests: entries, a signer whose key is always the same, and the tree as RFC 6962 defines it."""

import importlib.util
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.project import ROOT
from winnow.adapters.keys import LogSigner
from winnow.adapters.tiles import EntriesFrom, TileFolder
from winnow.core import records
from winnow.core.receipt import Receipt
from winnow.core.tlog import Frontier, Head, ReadNode

SIGNER = LogSigner("winnow.example/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = LogSigner("winnow.example/log", Ed25519PrivateKey.from_private_bytes(bytes(32)))
KEY = SIGNER.key


def nonce(number: int) -> bytes:
    return sha256(b"nonce %d" % number).digest()


def record(number: int) -> bytes:
    return b'{"lead_id":"lead-%d","outcome":"review"}' % number


def entry(number: int) -> bytes:
    committed = records.commitment(nonce(number), record(number))
    return records.entry("decision", 1_700_000_000_000_000 + number, committed, sha256(b"%d" % number).digest())


@cache
def entries(count: int) -> tuple[bytes, ...]:
    return tuple(entry(number) for number in range(count))


def mth(entries: Sequence[bytes]) -> bytes:
    """The Merkle tree hash, word for word as RFC 6962 section 2.1 defines it."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    cut = 1
    while cut * 2 < len(entries):
        cut *= 2
    return sha256(b"\x01" + mth(entries[:cut]) + mth(entries[cut:])).digest()


def nodes(entries: Sequence[bytes]) -> ReadNode:
    """Any complete subtree of these entries."""

    def read(level: int, index: int) -> bytes:
        start, end = index << level, (index + 1) << level
        assert end <= len(entries), "a proof asks only for what is complete"
        return mth(entries[start:end])

    return read


def head_of(entries: Sequence[bytes]) -> Head:
    return Frontier().extended(entries).head


def from_list(entries: Sequence[bytes]) -> EntriesFrom:
    return lambda start, end: entries[start:end]


def published(path: Path, entries: Sequence[bytes], signer: LogSigner = SIGNER) -> TileFolder:
    folder = TileFolder(path)
    folder.publish(signer.sign_head(head_of(entries)), from_list(entries))
    return folder


def receipt(folder: TileFolder, number: int) -> Receipt:
    """The receipt of an entry that `entries` made."""
    checkpoint, note = folder.checkpoint(), folder.note()
    assert checkpoint
    assert note
    proof = folder.inclusion_proof(number, checkpoint.head.size)
    return Receipt(number, entry(number), proof, note, record(number), nonce(number))


@cache
def verify_log() -> ModuleType:
    """docs/verify_log.py, which is no part of any package."""
    spec = importlib.util.spec_from_file_location("verify_log", ROOT / "docs" / "verify_log.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
