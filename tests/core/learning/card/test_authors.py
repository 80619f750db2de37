"""A card counts the authors of labels and names none."""

import pytest

from winnow.core.learning.card.authors import authors_check, holdout_doubts
from winnow.core.learning.feedback.caps import Caps, Held
from winnow.core.learning.feedback.outliers import Examined, Outlier
from winnow.core.learning.feedback.safeguard import Safeguard

EVE = Outlier("eve", "fair", 50, 50, 500, 25, 1e-9)
HELD = Held("author", "eve", True, "contrary", 50, 50.0, 2.5)


def found(*, odd=(), untested=(), held=(), authors=4, holdout=0) -> Safeguard:
    return Safeguard(Caps(), (1.0,), (1.0,), Examined(odd, (), untested), held, (), authors, 0, holdout)


@pytest.mark.parametrize(
    ("safeguard", "result", "note"),
    [
        (found(), "passed", "of 4 authors 0 judge unlike the others; the labels of 0 count for less"),
        (found(odd=(EVE,), held=(HELD, HELD)), "reported", "1 judge unlike the others; the labels of 1 count for less"),
        (found(untested=("ana",), authors=1), "not testable", "; 1 cannot be compared with anybody"),
        (found(untested=("ana",)), "passed", "; 1 cannot be compared with anybody"),
        (found(authors=0), "not testable", "no label names its author"),
    ],
)
def test_authors_are_counted(safeguard, result, note):
    check = authors_check(safeguard)
    assert (check.result, note in check.note) == (result, True)
    assert "eve" not in check.note


@pytest.mark.parametrize(("odd", "said"), [(0, []), (9, []), (10, ["10% of the hold-out was labelled by authors"])])
def test_a_holdout_much_of_which_is_by_outliers_is_doubted(odd, said):
    doubts = list(holdout_doubts(found(odd=(EVE,), holdout=odd), 100))
    assert [part in doubt for part, doubt in zip(said, doubts, strict=True)] == [True] * len(said)
