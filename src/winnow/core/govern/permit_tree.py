"""The tree of one answer of the gate: a leaf for each person asked about, and one signature over all of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import shake_256

from winnow.core.govern.permit import (
    HASH_BYTES,
    NONCE_BYTES,
    Leaf,
    Terms,
    Token,
    leaf_content,
    refused_part,
    subject_hash,
)
from winnow.core.tlog import Checkpoint, Head, frontier_at, inclusion_proof, leaf_hash, node_hash


@dataclass(frozen=True, slots=True)
class Tree:
    """The leaves of one answer with every complete subtree over them: levels[0] are the leaf hashes."""

    levels: tuple[tuple[bytes, ...], ...]

    @property
    def head(self) -> Head:
        """How many leaves there are, and the root over them."""
        return frontier_at(len(self.levels[0]), self._node).head

    def proof(self, number: int) -> tuple[bytes, ...]:
        """What leads from a leaf to the root."""
        return inclusion_proof(number, len(self.levels[0]), self._node)

    def _node(self, level: int, index: int) -> bytes:
        return self.levels[level][index]


def tree_of(leaves: Sequence[bytes]) -> Tree:
    """The tree over the contents of some leaves, at least one."""
    level = tuple(map(leaf_hash, leaves))
    levels = [level]
    while len(level) > 1:
        level = tuple(map(node_hash, level[::2], level[1::2]))
        levels.append(level)
    return Tree(tuple(levels))


def signed(terms: Terms, head: Head, origin: str, sign: Callable[[str], str]) -> str:
    """The note over the root of an answer and its terms.

    origin: name of the key · sign: makes the signed note of a text that ends in a newline
    """
    return sign(Checkpoint(origin, head, (terms.line,)).text)


@dataclass(frozen=True, slots=True)
class Results:
    """What is kept of the results of one answer, from which every leaf can be made again.

    seed: what the nonces are made of · commitments: `subject_hash` of each person in the order asked, end to end
    refused: of those refused, by their place, the names of the checks that failed
    """

    seed: bytes
    commitments: bytes
    refused: Mapping[int, tuple[str, ...]]

    def tree(self) -> Tree:
        """The tree over all of them."""
        count = len(self.commitments) // HASH_BYTES
        nonces, subjects = _written(nonces_of(self.seed, count), NONCE_BYTES), _written(self.commitments, HASH_BYTES)
        said = {names: refused_part(names) for names in set(self.refused.values())}
        refused = [""] * count
        for place, names in self.refused.items():
            refused[place] = said[names]
        return tree_of(list(map(leaf_content, range(count), nonces, subjects, refused)))

    def leaf(self, place: int) -> Leaf:
        """What was answered about one person."""
        subject = self.commitments[place * HASH_BYTES : (place + 1) * HASH_BYTES]
        return Leaf(place, nonce_of(self.seed, place), subject, self.refused.get(place, ()))

    def token(self, place: int, tree: Tree, note: str) -> str:
        """The token of one person's leaf, in the tree of these results, which the note signs."""
        return str(Token(self.leaf(place), tree.proof(place), note))


def commitments_of(seed: bytes, addresses: Sequence[str]) -> bytes:
    """The `subject_hash` of each canonical address under the nonce of its place, end to end."""
    nonces = nonces_of(seed, len(addresses))
    each = [nonces[at : at + NONCE_BYTES] for at in range(0, len(nonces), NONCE_BYTES)]
    return b"".join(map(subject_hash, each, addresses))


def nonces_of(seed: bytes, count: int) -> bytes:
    """The nonces of so many leaves, end to end: as good as random to whoever does not have the seed."""
    blocks = [_block(seed, number) for number in range(-(-count // _OF_BLOCK))]
    return b"".join(blocks)[: count * NONCE_BYTES]


def nonce_of(seed: bytes, place: int) -> bytes:
    """The nonce of one leaf."""
    number, at = divmod(place, _OF_BLOCK)
    return _block(seed, number)[at * NONCE_BYTES : (at + 1) * NONCE_BYTES]


#: Nonces that one hash yields.
_OF_BLOCK = 64


def _block(seed: bytes, number: int) -> bytes:
    return shake_256(b"%s %d" % (seed, number)).digest(_OF_BLOCK * NONCE_BYTES)


def _written(content: bytes, width: int) -> list[str]:
    """Parts of so many bytes, each in hex."""
    return content.hex(" ", width).split(" ")
