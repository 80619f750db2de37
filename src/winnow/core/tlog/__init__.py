"""The decision log as mathematics: a Merkle tree whose signed head commits to every entry before it.

The tree and its proofs are those of RFC 6962 and RFC 9162, the files those of c2sp.org/tlog-tiles, the signed
heads those of c2sp.org/tlog-checkpoint and c2sp.org/signed-note; docs/log.md tells users what they are good for.
Whatever does not fit together raises BrokenLogError. Signing and checking signatures is the caller's.
"""

from winnow.core.tlog.note import (
    Checkpoint,
    Note,
    Sign,
    Signature,
    VerifierKey,
    Verify,
    checkpoint_from,
    open_checkpoint,
    open_note,
    parse_note,
    sign_checkpoint,
    sign_note,
    verifier_key,
)
from winnow.core.tlog.proofs import (
    ReadNode,
    consistency_proof,
    frontier_at,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from winnow.core.tlog.tiles import ENTRIES, ReadTile, RightEdge, Tile, bundle, entries_of, node_reader, tile_at
from winnow.core.tlog.tree import EMPTY, Frontier, Head, leaf_hash, node_hash
from winnow.core.tlog.verify import first_bad_entry, verify_entries

__all__ = [
    "EMPTY",
    "ENTRIES",
    "Checkpoint",
    "Frontier",
    "Head",
    "Note",
    "ReadNode",
    "ReadTile",
    "RightEdge",
    "Sign",
    "Signature",
    "Tile",
    "VerifierKey",
    "Verify",
    "bundle",
    "checkpoint_from",
    "consistency_proof",
    "entries_of",
    "first_bad_entry",
    "frontier_at",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "node_reader",
    "open_checkpoint",
    "open_note",
    "parse_note",
    "sign_checkpoint",
    "sign_note",
    "tile_at",
    "verifier_key",
    "verify_consistency",
    "verify_entries",
    "verify_inclusion",
]
