"""The Merkle tree of RFC 6962: what a head commits to, and how it grows without keeping what it has grown from."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256

from winnow.errors import BrokenLogError

HASH_BYTES = 32
#: Entries and pairs are hashed differently, so that neither passes for the other (RFC 6962 section 2.1).
_LEAF = b"\x00"
_NODE = b"\x01"
_SIZE_BYTES = 8


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry (RFC 6962 section 2.1), 32 bytes."""
    return sha256(_LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbouring subtrees (RFC 6962 section 2.1), 32 bytes."""
    return sha256(_NODE + left + right).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """How many entries a log has and the one hash that commits to all of them and their order."""

    size: int
    root: bytes


#: The head of a log without entries (RFC 6962 section 2.1).
EMPTY = Head(0, sha256(b"").digest())


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that is needed of a log to append to it: a hash for each complete subtree, the largest first.

    There is one for each 1 in the binary form of the size, so a log of a billion entries needs at most 30.
    """

    size: int = 0
    edge: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.edge) != self.size.bit_count():
            what = f"{len(self.edge)} hashes are no right edge of a log of {self.size} entries"
            raise BrokenLogError(what, fix="rebuild it from the entries")

    def append(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """The log with these leaves added; two hashes are combined for each leaf on average."""
        size, edge = self.size, list(self.edge)
        pop, push = edge.pop, edge.append
        for leaf in leaf_hashes:
            # Every trailing 1 of the size is a subtree that the new leaf completes.
            whole, carry = leaf, size
            while carry & 1:
                whole = sha256(_NODE + pop() + whole).digest()
                carry >>= 1
            push(whole)
            size += 1
        return Frontier(size, tuple(edge))

    def extended(self, entries: Iterable[bytes]) -> "Frontier":
        """The log with these entries added; they are read once and not kept."""
        return self.append(sha256(_LEAF + entry).digest() for entry in entries)

    @property
    def root(self) -> bytes:
        """The hash that commits to everything (RFC 6962 section 2.1)."""
        return folded(self.edge) if self.edge else EMPTY.root

    @property
    def head(self) -> Head:
        """Size and root."""
        return Head(self.size, self.root)

    def to_bytes(self) -> bytes:
        """For keeping: the size as 8 bytes, the most significant first, and the hashes."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self.edge)

    @classmethod
    def from_bytes(cls, content: bytes) -> "Frontier":
        """The frontier that `to_bytes` kept; raises BrokenLogError when it cannot be one."""
        if len(content) < _SIZE_BYTES or len(content) % HASH_BYTES != _SIZE_BYTES:
            raise BrokenLogError(f"{len(content)} bytes are no kept frontier", fix="rebuild it from the entries")
        return cls(int.from_bytes(content[:_SIZE_BYTES], "big"), hashes_in(content[_SIZE_BYTES:]))


def folded(edge: tuple[bytes, ...]) -> bytes:
    """The hash of the subtree that these complete ones, the largest first, make up; there must be one at least."""
    return reduce(lambda right, left: node_hash(left, right), reversed(edge))


def hashes_in(content: bytes) -> tuple[bytes, ...]:
    """The hashes that stand in these bytes one after the other."""
    return tuple(content[start : start + HASH_BYTES] for start in range(0, len(content), HASH_BYTES))
