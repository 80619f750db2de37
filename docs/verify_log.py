#!/usr/bin/env python3
"""Check a decision log, or the receipt of one decision, without trusting whoever runs the log.

    python verify_log.py receipt RECEIPT.json --key NAME+ID+KEY [--show]
    python verify_log.py log FOLDER --key NAME+ID+KEY [--since OLD_CHECKPOINT]...

It needs Python 3.11 and the package `cryptography`, and nothing of Winnow. Get the key and the old checkpoints from
somewhere else than the log: whoever can change all three can tell you anything.
Exit code: 0 everything fits together, 2 wrong usage, 3 something does not.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256  # hashes or entries in a file


class Broken(Exception):  # noqa: N818 - what it says is the verdict
    """Something does not fit together."""


class Head(NamedTuple):
    """How many entries were signed, and the hash that stands for all of them."""

    size: int
    root: bytes


def sha256(*parts: bytes) -> bytes:
    """The hash of some bytes one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def unbase64(text: str) -> bytes:
    """Strict Base64."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Broken(f"`{text[:60]}` is not Base64") from None


# ── Signed checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint) ──────────────────────────


def signed_head(note: str, key: str) -> Head:
    """The head in a checkpoint, once its signature is checked."""
    name, key_id, public = key.split("+", 2)
    typed_key = unbase64(public)
    if typed_key[:1] != b"\x01" or sha256(name.encode(), b"\n", typed_key)[:4].hex() != key_id:
        raise Broken("the key is no Ed25519 verifier key, or was copied wrong")
    text, _, signatures = note.rpartition("\n\n")
    wanted = f"— {name} "
    blobs = [unbase64(line.removeprefix(wanted)) for line in signatures.splitlines() if line.startswith(wanted)]
    ours = [blob[4:] for blob in blobs if blob[:4].hex() == key_id]
    if not ours:
        raise Broken(f"the checkpoint is not signed by {name}")
    try:
        for signature in ours:
            Ed25519PublicKey.from_public_bytes(typed_key[1:]).verify(signature, f"{text}\n".encode())
    except (InvalidSignature, ValueError):
        raise Broken(f"the signature of {name} under the checkpoint is false") from None
    origin, size, root = [*text.split("\n"), "", ""][:3]
    if origin != name or not (size.isascii() and size.isdecimal()):
        raise Broken(f"the checkpoint is of the log `{origin}`, not of {name}, or counts nothing")
    return Head(int(size), unbase64(root))


# ── The tree (RFC 6962 section 2.1) ──────────────────────────────────────────────────────────────


class Tree:
    """Takes leaf hashes in and knows the root; keeps only the roots of complete subtrees with their sizes."""

    def __init__(self, leaves: list[bytes] | None = None) -> None:
        self.peaks: list[tuple[int, bytes]] = []
        for leaf in leaves or []:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        """Append a leaf, merging subtrees of equal size."""
        size, found = 1, leaf
        while self.peaks and self.peaks[-1][0] == size:
            found = sha256(b"\x01", self.peaks.pop()[1], found)
            size *= 2
        self.peaks.append((size, found))

    def root(self) -> bytes:
        """The hash of everything taken in."""
        if not self.peaks:
            return sha256()
        found = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            found = sha256(b"\x01", left, found)
        return found


def root_by_proof(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """Where a proof leads from a leaf, following the definition from the root down."""
    if size == 1:
        if proof:
            raise Broken("the proof is too long")
        return leaf
    if not proof:
        raise Broken("the proof is too short")
    left = 1 << (size - 1).bit_length() - 1
    if index < left:
        return sha256(b"\x01", root_by_proof(leaf, index, left, proof[:-1]), proof[-1])
    return sha256(b"\x01", proof[-1], root_by_proof(leaf, index - left, size - left, proof[:-1]))


# ── A log in a folder (c2sp.org/tlog-tiles) ──────────────────────────────────────────────────────


def read(folder: Path, level: str, index: int, width: int) -> bytes | None:
    """A file of the log; the full one where the partial one is gone."""
    digits = str(index).zfill(-(-len(str(index)) // 3) * 3)
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    full = folder.joinpath("tile", level, *(f"x{group}" for group in groups[:-1]), groups[-1])
    partial = full.with_name(f"{full.name}.p") / str(width)
    for path in (full,) if width == WIDTH else (partial, full):
        if path.is_file():
            return path.read_bytes()
    return None


def entries(folder: Path, index: int, width: int) -> Iterator[bytes]:
    """The entries of one bundle, each after its length in two bytes."""
    content = read(folder, "entries", index, width) or b""
    at = 0
    for number in range(index * WIDTH, index * WIDTH + width):
        start = at + 2
        at = start + int.from_bytes(content[at:start], "big")
        if not start <= at <= len(content):
            raise Broken(f"entry {number} is missing")
        yield content[start:at]


def check_log(folder: Path, head: Head, old: list[Head]) -> None:
    """Read every entry and hold it against the tiles, the checkpoint and the older checkpoints."""
    signed: dict[int, set[bytes]] = {}
    for each in (head, *old):
        signed.setdefault(each.size, set()).add(each.root)
    if max(signed) > head.size:
        raise Broken(f"entry {head.size} is missing: an older checkpoint counts {max(signed)} entries")
    tree, above = Tree(), list[bytes]()
    good = check_root(tree, 0, signed, 0)
    for first in range(0, head.size, WIDTH):
        width = min(WIDTH, head.size - first)
        tile, leaves = read(folder, "0", first // WIDTH, width) or b"", list[bytes]()
        for place, entry in enumerate(entries(folder, first // WIDTH, width)):
            leaves.append(sha256(b"\x00", entry))
            if leaves[-1] != tile[32 * place : 32 * place + 32]:
                raise Broken(f"entry {first + place} is not what its tile says")
            tree.add(leaves[-1])
            good = check_root(tree, first + place + 1, signed, good)
        above += [Tree(leaves).root()] if width == WIDTH else []
    check_upper_tiles(folder, above)


def check_root(tree: Tree, size: int, signed: dict[int, set[bytes]], good: int) -> int:
    """Up to where the entries are known to be those that were signed, after this many of them."""
    if size not in signed:
        return good
    if signed[size] != {tree.root()}:
        raise Broken(f"entry {good} or one after it, before entry {max(size, 1)}, is not what was signed")
    return size


def check_upper_tiles(folder: Path, hashes: list[bytes]) -> None:
    """Each hash in a tile above the lowest stands for a full tile below."""
    level = 1
    while hashes:
        full = []
        for start in range(0, len(hashes), WIDTH):
            part = hashes[start : start + WIDTH]
            tile = read(folder, str(level), start // WIDTH, len(part)) or b""
            for place, found in enumerate(part):
                if tile[32 * place : 32 * place + 32] != found:
                    first = (start + place) * WIDTH**level
                    raise Broken(f"the tile over entry {first} and those after it is not what the entries say")
            full += [Tree(part).root()] if len(part) == WIDTH else []
        hashes, level = full, level + 1


# ── Receipts ─────────────────────────────────────────────────────────────────────────────────────


def check_receipt(receipt: dict[str, Any], key: str) -> bytes | None:
    """Check a receipt; gives the record it is about, None when that was erased."""
    head = signed_head(receipt["checkpoint"], key)
    index, entry = int(receipt["index"]), unbase64(receipt["entry"])
    if not 0 <= index < head.size:
        raise Broken(f"entry {index} is not among the {head.size} that were signed")
    proof = [bytes.fromhex(each) for each in receipt["proof"]]
    if root_by_proof(sha256(b"\x00", entry), index, head.size, proof) != head.root:
        raise Broken(f"entry {index} is not what was signed")
    said = json.loads(entry)
    if (receipt["kind"], receipt["tree_size"]) != (said["kind"], head.size):
        raise Broken("the receipt says something else than its entry and its checkpoint")
    if receipt["record"] is None:
        return None
    record, nonce = unbase64(receipt["record"]), bytes.fromhex(receipt["nonce"])
    if len(nonce) != 32 or sha256(b"winnow/record/v1\n", nonce, record).hex() != said["commitment"]:  # noqa: PLR2004
        raise Broken(f"the record is not the one that entry {index} is about")
    return record


# ── The command ──────────────────────────────────────────────────────────────────────────────────


def old_heads(path: Path, key: str) -> list[Head]:
    """The heads in a file: one checkpoint as it is, or one in each line of JSON as they are pushed."""
    text = path.read_text(encoding="utf-8")
    if not text.startswith("{"):
        return [signed_head(text, key)]
    return [signed_head(json.loads(line)["note"], key) for line in text.splitlines() if line.endswith("}")]


def run(arguments: argparse.Namespace) -> str:
    """Do what was asked; gives what to tell."""
    if arguments.what == "receipt":
        receipt = json.loads(arguments.path.read_text(encoding="utf-8"))
        record = check_receipt(receipt, arguments.key)
        shown = f"\n{record.decode('utf-8', 'replace')}" if record is not None and arguments.show else ""
        about = "its record was erased" if record is None else "its record is the one that was logged"
        return f"ok: entry {receipt['index']} of {receipt['tree_size']} is a {receipt['kind']}, {about}{shown}"
    head = signed_head((arguments.path / "checkpoint").read_text(encoding="utf-8"), arguments.key)
    old = [each for path in arguments.since for each in old_heads(path, arguments.key)]
    check_log(arguments.path, head, old)
    return f"ok: {head.size} entries fit the signed checkpoint and {len(old)} older ones"


def main(argv: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="what", required=True)
    for name in ("receipt", "log"):
        command = commands.add_parser(name)
        command.add_argument("path", type=Path)
        command.add_argument("--key", required=True, help="the verifier key of the log: NAME+ID+KEY")
    commands.choices["receipt"].add_argument("--show", action="store_true", help="print the record")
    commands.choices["log"].add_argument("--since", type=Path, action="append", default=[], help="an older checkpoint")
    arguments = parser.parse_args(argv)
    try:
        print(run(arguments))
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}")
    except Broken as error:
        print(f"BROKEN: {error}", file=sys.stderr)
        return 3
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"BROKEN: this is not what a log or a receipt looks like ({error})", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
