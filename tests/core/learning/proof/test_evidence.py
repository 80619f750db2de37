import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.learning.figures.bounds import Count, counted
from winnow.core.learning.proof.evidence import evidence, repeated, unseen
from winnow.core.learning.study import Study


def study(truth, weights=None, faces=()) -> Study:
    size = len(truth)
    return Study(
        "junk", (), {}, truth, weights or [1.0] * size, (), list(map(str, range(size))), [None] * size, faces=faces
    )


@pytest.mark.parametrize(
    ("truth", "weights", "kinds", "count"),
    [
        ("jjjj", None, "abcd", Count(4, 4)),
        ("jjjj", None, "aaab", Count(2, 2)),
        ("jjgg", None, "abcc", Count(3, 1.5)),  # of the leads a half is right, of the distinct ones two thirds
        ("jjjg", None, "aaab", Count(2, 1)),
        ("jjjgj", None, "aaaab", Count(2, 1)),  # one that is genuine makes the copies an error
        ("jjjj", [1.0, 0.2, 1.0, 1.0], "aabc", counted([True] * 3, [0.2, 1.0, 1.0])),
        ("gjg", [0.5, 9.0, 2.0], "aab", Count(counted([True] * 2, [0.5, 2.0]).total, 0.0)),
        ("", None, "", Count(0, 0)),
    ],
)
def test_a_lead_counts_once_however_often_it_is_there(truth, weights, kinds, count):
    held = study([each == "j" for each in truth], weights)
    found = evidence(held, [ord(each) for each in kinds], range(len(held)))
    assert (found.total, found.right) == pytest.approx((count.total, count.right))


LEADS = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), max_size=40)


@given(leads=LEADS)
def test_a_file_twice_over_proves_what_it_does_once_and_copies_never_prove_more(leads):
    truth, kinds = [junk for junk, _ in leads], [kind for _, kind in leads]
    once = evidence(study(truth), kinds, range(len(leads)))
    twice = evidence(study(truth * 2), kinds * 2, range(2 * len(leads)))
    assert (twice.total, twice.right) == pytest.approx((once.total, once.right))
    alone = counted(truth, [1.0] * len(truth))
    assert once.total <= alone.total + 1e-9
    assert once.precision <= alone.precision + 1e-9


@given(leads=LEADS)
def test_without_copies_every_label_counts(leads):
    truth = [junk for junk, _ in leads]
    assert evidence(study(truth), range(len(leads)), range(len(leads))) == counted(truth, [1.0] * len(leads))


def test_junk_that_repeats_what_was_learned_from_proves_nothing_and_errors_stay():
    whole = study([True, False, True, False, True], faces=[1, 2, 1, 1, 3])
    assert unseen(whole, 2).ids == ["3", "4"]
    assert unseen(whole, 3).ids == ["3", "4"]
    assert list(unseen(study([True] * 3), 1).ids) == ["1", "2"]
    assert repeated([1, 2, 1, 1, 3], range(4)) == 2
