import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.logs import mth
from tests.support.rfc6962 import LEAVES, ROOTS
from winnow.core.tlog import EMPTY, Frontier, Head, leaf_hash, node_hash
from winnow.errors import BrokenLogError

ENTRIES = st.lists(st.binary(max_size=40), max_size=70)


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_of_the_first_eight_trees(size):
    assert Frontier().extended(LEAVES[:size]).root.hex() == ROOTS[size]
    assert mth(LEAVES[:size]).hex() == ROOTS[size]


def test_a_leaf_and_a_pair_are_hashed_apart():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert node_hash(left, right) != leaf_hash(left + right)
    assert Frontier().extended([b"a", b"b"]).root == node_hash(left, right)


@given(ENTRIES)
def test_the_frontier_has_the_root_that_the_definition_has(entries):
    assert Frontier().extended(entries).head == Head(len(entries), mth(entries))


@given(ENTRIES, ENTRIES, ENTRIES)
def test_how_entries_are_grouped_makes_no_difference(one, two, three):
    grouped = Frontier().extended(one).extended(iter(two)).append(leaf_hash(entry) for entry in three)
    assert grouped == Frontier().extended([*one, *two, *three])


@given(ENTRIES)
def test_a_frontier_is_kept_and_comes_back(entries):
    frontier = Frontier().extended(entries)
    kept = frontier.to_bytes()
    assert Frontier.from_bytes(kept) == frontier
    assert len(kept) == 8 + 32 * len(entries).bit_count()


def test_appending_leaves_the_earlier_frontier_as_it_was():
    frontier = Frontier().extended([b"a", b"b", b"c"])
    before = frontier.to_bytes()
    assert frontier.extended([b"d"]).size == 4
    assert frontier.to_bytes() == before


def test_the_empty_log():
    assert Frontier().head == EMPTY
    assert Frontier().to_bytes() == bytes(8)


@pytest.mark.parametrize(
    "kept",
    [b"", bytes(7), bytes(9), bytes(8) + bytes(32), (1).to_bytes(8, "big"), (3).to_bytes(8, "big") + bytes(96)],
)
def test_bytes_that_are_no_frontier_are_refused(kept):
    with pytest.raises(BrokenLogError, match="rebuild it from the entries"):
        Frontier.from_bytes(kept)


def test_a_frontier_of_less_than_nothing_is_refused():
    with pytest.raises(BrokenLogError):
        Frontier(-1, (bytes(32),))
