"""The tree of one answer of the gate: a leaf for each person asked about, and one signature over all of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from winnow.core.govern.permit import NONCE_BYTES, Leaf, Terms, Token, permitted
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
        level = tuple([node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)])
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

    seed: what the nonces are made of · commitments: `subject_hash` of each person in the order asked
    refused: of those refused, by their place, the names of the checks that failed
    """

    seed: bytes
    commitments: Sequence[bytes]
    refused: Mapping[int, tuple[str, ...]]

    def tree(self, nonces: Sequence[bytes] = ()) -> Tree:
        """The tree over all of them; `nonces`: see `nonces_of`, for whoever has made them already."""
        drawn = nonces or nonces_of(self.seed, len(self.commitments))
        refused = self.refused
        return tree_of(
            [
                Leaf(place, nonce, subject, refused[place]).content
                if place in refused
                else permitted(place, nonce, subject)
                for place, (nonce, subject) in enumerate(zip(drawn, self.commitments, strict=True))
            ]
        )

    def leaf(self, place: int) -> Leaf:
        """What was answered about one person."""
        return Leaf(place, nonce_of(self.seed, place), self.commitments[place], self.refused.get(place, ()))

    def token(self, place: int, tree: Tree, note: str) -> str:
        """The token of one person's leaf, in the tree of these results, which the note signs."""
        return str(Token(self.leaf(place), tree.proof(place), note))


def nonces_of(seed: bytes, count: int) -> list[bytes]:
    """The nonces of so many leaves."""
    return [nonce_of(seed, place) for place in range(count)]


def nonce_of(seed: bytes, place: int) -> bytes:
    """The nonce of one leaf: as good as random to whoever does not have the seed, and need not be kept."""
    return sha256(b"%s %d" % (seed, place)).digest()[:NONCE_BYTES]
