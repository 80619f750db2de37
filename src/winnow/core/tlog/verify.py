"""Reading a log again from its entries and holding it against every head that was ever signed."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from winnow.core.tlog.tree import Frontier, Head, leaf_hash
from winnow.errors import BrokenLogError


def verify_entries(entries: Iterable[bytes], heads: Sequence[Head], start: Frontier | None = None) -> Frontier:
    """The frontier after the entries; raises BrokenLogError at the first head that they do not lead to.

    Args:
        entries: from `start` on, in their order; those after the last head are counted and not held against anything.
        heads: signed heads in any order. The more there are, the narrower is what an error names.
        start: where an earlier call ended, so that only what is new is read; otherwise the empty log.
    """
    frontier = start or Frontier()
    rest = iter(entries)
    good = frontier.size
    for head in sorted(heads, key=lambda each: each.size):
        if head.size < frontier.size:
            what = f"the checkpoint of {head.size} entries lies before entry {frontier.size}, where reading begins"
            raise BrokenLogError(what, fix="verify from the beginning")
        frontier = _at(head, frontier, rest, good)
        good = head.size
    return frontier.extended(rest)


def _at(head: Head, frontier: Frontier, rest: Iterator[bytes], good: int) -> Frontier:
    reached = frontier.extended(islice(rest, head.size - frontier.size))
    if reached.size < head.size:
        what = f"the log ends after {reached.size} entries, and a signed checkpoint counts {head.size}"
        raise BrokenLogError(what, where=f"entry {reached.size}", fix="restore what was cut off")
    if reached.root != head.root:
        what = f"the first {head.size} entries are not those that were signed"
        first = good if good < head.size else 0  # where reading began is itself not what was signed
        where = f"entries {first} to {max(head.size - 1, 0)}"
        raise BrokenLogError(what, where=where, fix="compare them with a copy")
    return reached


def first_bad_entry(entries: Iterable[bytes], leaf_hashes: Iterable[bytes], start: int = 0) -> int | None:
    """The number of the first entry without its published leaf hash; None when each has its own.

    The leaf hashes end the comparison: entries beyond them are not bad, and missing entries are.
    """
    rest = iter(entries)
    for index, expected in enumerate(leaf_hashes, start):
        entry = next(rest, None)
        if entry is None or leaf_hash(entry) != expected:
            return index
    return None
