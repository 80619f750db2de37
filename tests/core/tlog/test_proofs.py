import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.logs import entries, head_of, mth, nodes
from tests.support.rfc6962 import CONSISTENCIES, LEAVES, PATHS, ROOTS
from winnow.core.tlog import (
    EMPTY,
    Frontier,
    Head,
    consistency_proof,
    frontier_at,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from winnow.errors import BrokenLogError, InvalidInputError

MOST = 40


def vector_head(size: int) -> Head:
    return Head(size, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_the_published_paths(index, size, path):
    proof = inclusion_proof(index, size, nodes(LEAVES))
    assert [each.hex() for each in proof] == path
    verify_inclusion(leaf_hash(LEAVES[index]), index, vector_head(size), proof)


@pytest.mark.parametrize(("old", "new", "expected"), CONSISTENCIES)
def test_the_published_consistency_proofs(old, new, expected):
    proof = consistency_proof(old, new, nodes(LEAVES))
    assert [each.hex() for each in proof] == expected
    verify_consistency(vector_head(old), vector_head(new), proof)


def test_the_frontier_of_every_size():
    log = entries(MOST)
    for size in range(MOST + 1):
        assert frontier_at(size, nodes(log)) == Frontier().extended(log[:size])


@pytest.mark.parametrize("size", range(1, MOST + 1))
@pytest.mark.no_cover
def test_every_entry_of_every_small_log_is_proven(size):
    log = entries(MOST)[:size]
    for index, entry in enumerate(log):
        proof = inclusion_proof(index, size, nodes(log))
        verify_inclusion(leaf_hash(entry), index, head_of(log), proof)
        for other in range(size):
            if other != index:
                with pytest.raises(BrokenLogError):
                    verify_inclusion(leaf_hash(entry), other, head_of(log), proof)


@pytest.mark.parametrize("new", range(MOST + 1))
def test_every_small_log_continues_every_smaller_one(new):
    log = entries(MOST)
    for old in range(new + 1):
        proof = consistency_proof(old, new, nodes(log[:new]))
        verify_consistency(head_of(log[:old]), head_of(log[:new]), proof)


SIZES = st.integers(1, 600).flatmap(lambda new: st.tuples(st.integers(0, new - 1), st.just(new)))


def flipped(content: bytes, bit: int) -> bytes:
    at, shift = divmod(bit % (8 * len(content)), 8)
    return content[:at] + bytes([content[at] ^ 1 << shift]) + content[at + 1 :]


@given(SIZES, st.integers(0, 8 * 32 * 10))
def test_a_path_with_a_bit_flipped_anywhere_proves_nothing(sizes, bit):
    index, size = sizes
    log = entries(600)[:size]
    leaf, head, proof = leaf_hash(log[index]), head_of(log), inclusion_proof(index, size, nodes(log))
    verify_inclusion(leaf, index, head, proof)
    with pytest.raises(BrokenLogError):
        verify_inclusion(flipped(leaf, bit), index, head, proof)
    with pytest.raises(BrokenLogError):
        verify_inclusion(leaf, index, Head(size, flipped(head.root, bit)), proof)
    if proof:
        with pytest.raises(BrokenLogError):
            verify_inclusion(leaf, index, head, with_flip(proof, bit))


@given(SIZES, st.integers(0, 8 * 32 * 10))
def test_a_consistency_proof_with_a_bit_flipped_anywhere_proves_nothing(sizes, bit):
    old_size, size = sizes[0] + 1, sizes[1]
    log = entries(600)[:size]
    old, new = head_of(log[:old_size]), head_of(log)
    proof = consistency_proof(old_size, size, nodes(log))
    verify_consistency(old, new, proof)
    bad_heads = [(Head(old.size, flipped(old.root, bit)), new), (old, Head(new.size, flipped(new.root, bit)))]
    for pair in bad_heads:
        with pytest.raises(BrokenLogError):
            verify_consistency(*pair, proof)
    if proof:
        with pytest.raises(BrokenLogError):
            verify_consistency(old, new, with_flip(proof, bit))


def with_flip(proof: tuple[bytes, ...], bit: int) -> tuple[bytes, ...]:
    content = flipped(b"".join(proof), bit)
    return tuple(content[start : start + 32] for start in range(0, len(content), 32))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 13])
def test_a_proof_too_long_or_too_short_proves_nothing(size):
    log = entries(MOST)[:size]
    for index in range(size):
        proof = inclusion_proof(index, size, nodes(log))
        for wrong in ((*proof, bytes(32)), (bytes(32), *proof), *([proof[:-1], proof[1:]] if proof else [])):
            with pytest.raises(BrokenLogError, match=f"entry {index}"):
                verify_inclusion(leaf_hash(log[index]), index, head_of(log), wrong)
    for old in range(1, size + 1):
        proof = consistency_proof(old, size, nodes(log))
        for wrong in ((*proof, bytes(32)), (bytes(32), *proof), *([proof[:-1], proof[1:]] if proof else [])):
            with pytest.raises(BrokenLogError, match="does not continue"):
                verify_consistency(head_of(log[:old]), head_of(log), wrong)


def test_a_log_that_shrank_is_not_the_same_log():
    log = entries(MOST)
    with pytest.raises(BrokenLogError, match="had 9 entries and has 8"):
        verify_consistency(head_of(log[:9]), head_of(log[:8]), ())


def test_everything_continues_the_empty_log_and_only_that():
    new = head_of(entries(5))
    verify_consistency(EMPTY, new, ())
    verify_consistency(EMPTY, EMPTY, ())
    for old, proof in [(Head(0, new.root), ()), (EMPTY, (bytes(32),))]:
        with pytest.raises(BrokenLogError):
            verify_consistency(old, new, proof)


def test_two_logs_of_one_size_are_one_log_or_a_split_view():
    one, two = head_of(entries(5)), head_of([*entries(4), b"other"])
    verify_consistency(one, one, ())
    for proof in [(), (bytes(32),), (one.root,)]:
        with pytest.raises(BrokenLogError, match="its past was changed"):
            verify_consistency(one, two, proof)


@pytest.mark.parametrize("index", [-1, 5, 6])
def test_an_entry_that_is_not_there_has_no_proof(index):
    with pytest.raises(InvalidInputError, match="there is no entry"):
        inclusion_proof(index, 5, nodes(entries(5)))
    with pytest.raises(BrokenLogError, match="is not in a log of 5 entries"):
        verify_inclusion(bytes(32), index, head_of(entries(5)), ())


@pytest.mark.parametrize(("old", "new"), [(-1, 5), (6, 5)])
def test_sizes_that_make_no_sense_have_no_proof(old, new):
    with pytest.raises(InvalidInputError, match="swap the sizes"):
        consistency_proof(old, new, nodes(entries(5)))


def test_a_proof_for_a_million_entries_is_short():
    asked = []

    def read(level: int, index: int) -> bytes:
        asked.append((level, index))
        return bytes(32)

    assert len(inclusion_proof(654_321, 1_000_000, read)) == 20
    assert len(consistency_proof(654_321, 1_000_000, read)) <= 21
    assert len(asked) < 80


def test_the_definition_used_by_these_tests_is_the_published_one():
    assert mth(LEAVES).hex() == ROOTS[8]
