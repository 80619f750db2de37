import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.learning.reading.split import ids_hash, need_enough, split_place
from winnow.core.learning.study import Study
from winnow.errors import InvalidInputError


def study(truth: list[bool]) -> Study:
    size = len(truth)
    return Study("junk", (), {}, truth, [1.0] * size, (), list(map(str, range(size))), [None] * size)


@pytest.mark.parametrize(
    ("times", "size", "place"),
    [
        ((), 10, 8),
        ((), 1, 1),
        (range(10), 10, 8),
        ([0, 0, 0, 0, 0, 0, 0, 7, 7, 9], 10, 7),  # the leads of one moment stay together
        ([0, 0, 0, 0, 0, 0, 0, 7, 7, 7], 10, 7),
        ([0] * 10, 10, 8),  # unless they are all of one moment
        ([0, 1, 1, 1, 1, 1, 1, 1, 1, 2], 10, 9),
        ([0, 1, 1, 1, 1, 1, 1, 1, 1, 1], 10, 8),
    ],
)
def test_the_newest_fifth_is_set_aside(times, size, place):
    assert split_place(times, size, 0.2) == place


@given(st.lists(st.integers(0, 20), min_size=2, max_size=60).map(sorted), st.floats(0.05, 0.5))
def test_the_split_stays_near_the_share_that_was_asked_for(times, share):
    place = split_place(times, len(times), share)
    assert abs(place - (len(times) - round(len(times) * share))) <= len(times) * share / 2


def test_the_hash_of_ids_depends_on_their_order():
    assert ids_hash(["a", "b"]) == ids_hash(("a", "b")) != ids_hash(["b", "a"])


@pytest.mark.parametrize(
    ("truth", "split", "complaint"),
    [
        ([True] * 199 + [False] * 300, 499, "only 199 leads to learn from are junk, and 200 are needed; bring 1 more"),
        ([True] * 300 + [False] * 20, 320, "only 20 leads to learn from are not junk"),
        (
            [True, False] * 200 + [True] * 50 + [False] * 19,
            400,
            "only 19 leads in the hold-out, the newest part, are not",
        ),
        ([True, False] * 200 + [False] * 50, 400, "only 0 leads in the hold-out, the newest part, are junk"),
    ],
)
def test_too_few_labels_are_refused_with_how_many_are_missing(truth, split, complaint):
    with pytest.raises(InvalidInputError) as refused:
        need_enough(study(truth), split)
    assert complaint.replace(", the newest part, are", ", the newest part are") in str(refused.value)


def test_enough_is_enough():
    need_enough(study([True, False] * 220), 400)
