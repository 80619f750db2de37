"""Proofs of a few hundred bytes: that an entry is in a log, and that a log has only grown since an earlier head."""

from collections.abc import Callable, Iterator, Sequence

from winnow.core.tlog.tree import EMPTY, Frontier, Head, folded, node_hash
from winnow.errors import BrokenLogError, InvalidInputError

#: The hash of the complete subtree over the entries `index << level` to `(index + 1) << level`.
ReadNode = Callable[[int, int], bytes]


def _complete(read: ReadNode, start: int, end: int) -> tuple[bytes, ...]:
    """The complete subtrees, largest first, over a range that itself begins where a subtree of its size does."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(read(level, start >> level))
        start += 1 << level
    return tuple(found)


def frontier_at(size: int, read: ReadNode) -> Frontier:
    """The frontier of the first `size` entries."""
    return Frontier(size, _complete(read, 0, size))


def _halves(start: int, end: int) -> int:
    """Where a range is cut: after the largest power of two smaller than it (RFC 6962 section 2.1)."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, read: ReadNode) -> tuple[bytes, ...]:
    """What leads from the entry `index`, counted from 0, to the root of `size` entries (RFC 6962 section 2.1.1)."""
    if not 0 <= index < size:
        raise InvalidInputError(f"there is no entry {index} among {size}", fix="ask for one that is in the log")
    siblings = []
    start, end = 0, size
    while end - start > 1:
        middle = _halves(start, end)
        if index < middle:
            siblings.append((middle, end))
            end = middle
        else:
            siblings.append((start, middle))
            start = middle
    return tuple(folded(_complete(read, *sibling)) for sibling in reversed(siblings))


def consistency_proof(old: int, new: int, read: ReadNode) -> tuple[bytes, ...]:
    """What shows that the first `old` of `new` entries are the same as before (RFC 6962 section 2.1.2)."""
    if not 0 <= old <= new:
        raise InvalidInputError(f"a log of {new} entries is not older than one of {old}", fix="swap the sizes")
    return tuple(folded(_complete(read, *part)) for part in _parts_since(old, new))


def _parts_since(old: int, new: int) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    start, end = 0, new
    while 0 < old < end:
        middle = _halves(start, end)
        if old <= middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((start, middle))
            start = middle
    # The old tree is not proven to those who know its root already.
    return [*([(start, end)] if start else []), *reversed(parts)]


def verify_inclusion(leaf: bytes, index: int, head: Head, proof: Sequence[bytes]) -> None:
    """Raise BrokenLogError unless the proof leads from this leaf hash at this place to the head's root.

    This is the algorithm of RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < head.size:
        raise BrokenLogError(f"entry {index} is not in a log of {head.size} entries", fix="get a newer checkpoint")
    root, node, last = leaf, index, head.size - 1
    for sibling in proof:
        if last == 0:
            raise _not_proven(f"entry {index}")
        if node & 1 or node == last:
            root = node_hash(sibling, root)
            node, last = _up_from_right(node, last)
        else:
            root = node_hash(root, sibling)
        node, last = node >> 1, last >> 1
    if last or root != head.root:
        raise _not_proven(f"entry {index}")


def _up_from_right(node: int, last: int) -> tuple[int, int]:
    """A node that has no right sibling is its own parent, as often as that is so."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def verify_consistency(old: Head, new: Head, proof: Sequence[bytes]) -> None:
    """Raise BrokenLogError unless the proof shows that the new head only adds to the old one.

    This is the algorithm of RFC 9162 section 2.1.4.2; anything is consistent with the empty log.
    """
    if old.size > new.size:
        what = f"the log had {old.size} entries and has {new.size}"
        raise BrokenLogError(what, fix="it was cut off or restored from an old backup")
    if old.size in {0, new.size}:
        if proof or old.root != (new if old.size else EMPTY).root:
            raise _not_consistent(old, new)
        return
    if _roots_by(old.size, new.size, _path(old, proof)) != (old.root, new.root):
        raise _not_consistent(old, new)


def _path(old: Head, proof: Sequence[bytes]) -> Iterator[bytes]:
    """The proof with its beginning: the root of an old tree that is one complete subtree is left out."""
    if old.size & (old.size - 1) == 0:
        yield old.root
    yield from proof


def _roots_by(old: int, new: int, path: Iterator[bytes]) -> tuple[bytes, bytes] | None:
    """The old and the new root that the path leads to; None when it is too short or too long."""
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_root = new_root = next(path, b"")
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            old_root, new_root = node_hash(sibling, old_root), node_hash(sibling, new_root)
            node, last = _up_from_right(node, last)
        else:
            new_root = node_hash(new_root, sibling)
        node, last = node >> 1, last >> 1
    return None if last else (old_root, new_root)


def _not_proven(what: str) -> BrokenLogError:
    return BrokenLogError(f"the proof does not show that {what} is in the log", fix="ask for the receipt again")


def _not_consistent(old: Head, new: Head) -> BrokenLogError:
    what = f"the log of {new.size} entries does not continue the log of {old.size} entries"
    return BrokenLogError(what, fix="its past was changed: compare it with a copy")
