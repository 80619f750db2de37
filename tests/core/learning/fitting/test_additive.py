"""Reading a fitted model, and keeping it from holding missing answers against people."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fitted import KIND, LINKS, SHAPES, WAIT, fitted_model, study_of
from winnow.core.learning.fitting.additive import bin_codes, from_unknown, guilty, innocent, known_mean, logits
from winnow.core.learning.study import PairShape

CELLS = ((0.1, 0.2, 0.3, 0.4), (0.5, -0.6, 0.7, 0.8), (0.9, 1.0, 1.1, -1.2), (1.3, -1.4, 1.5, 1.6))


def test_codes_of_values():
    assert bin_codes(SHAPES[0], [None, -9, 1.99, 2, 5, 50]) == [3, 0, 0, 1, 2, 2]
    assert bin_codes(SHAPES[1], ["web", "fair", "post", None]) == [0, 1, 2, 3]
    assert bin_codes(SHAPES[2], [False, True, None]) == [0, 1, 3]


def test_a_logit_is_the_sum_of_its_terms():
    paired = replace(fitted_model(), pairs=(PairShape(LINKS.name, KIND.name, CELLS),))
    study = study_of([(3, "fair", None), (None, "web", True)])
    assert logits(paired, study) == pytest.approx([-1 + 0.4 + 0.25 + 0 - 0.6, -1 - 0.3 - 0.5 + 0.25 + 1.3])


def test_only_signals_whose_absence_speaks_for_the_target_are_guilty():
    assert guilty(fitted_model()) == (KIND.name,)
    assert known_mean(SHAPES[1]) == pytest.approx((30 * -0.5 + 10 * 0.25) / 40)
    assert known_mean(replace(SHAPES[1], counts=(0, 0, 0, 7))) == 0
    assert guilty(innocent(fitted_model())) == ()


@pytest.mark.parametrize(
    ("place", "expected"),
    [((3, 0), (LINKS.name,)), ((0, 3), (WAIT.name,)), ((3, 3), (LINKS.name, WAIT.name)), ((0, 0), ())],
)
def test_guilt_may_show_in_a_pair_alone(place, expected):
    cells = [[0.0] * 4 for _ in range(4)]
    cells[place[0]][place[1]] = 0.1
    pair = PairShape(LINKS.name, WAIT.name, tuple(map(tuple, cells)))
    fitted = replace(fitted_model(), shapes=(SHAPES[0], SHAPES[2]), pairs=(pair,))
    assert guilty(fitted) == expected
    assert guilty(innocent(fitted)) == ()


def test_innocence_touches_nothing_but_unknown_bins():
    found = innocent(replace(fitted_model(), pairs=(PairShape(LINKS.name, WAIT.name, CELLS),)))
    assert [shape.logits[:-1] for shape in found.shapes] == [shape.logits[:-1] for shape in SHAPES]
    assert [shape.logits[-1] for shape in found.shapes] == [-0.3, pytest.approx(-0.3125), 0.0]
    assert found.pairs[0].logits == (
        (0.1, 0.2, 0.3, 0.0),
        (0.5, -0.6, 0.7, 0.0),
        (0.9, 1.0, 1.1, -1.2),
        (0.0, -1.4, 0.0, 0.0),
    )


@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(0, 9), st.none() | st.sampled_from(["web", "post"]), st.none() | st.booleans()
        ),
        min_size=1,
    )
)
def test_starting_from_the_unknown_changes_no_logit(rows):
    pairs = (PairShape(LINKS.name, KIND.name, CELLS), PairShape(KIND.name, WAIT.name, CELLS))
    fitted = replace(fitted_model(), pairs=pairs)
    study = study_of(rows)
    found = from_unknown(fitted)
    assert logits(found, study) == pytest.approx(logits(fitted, study))
    assert all(shape.logits[-1] == 0 for shape in found.shapes)
    assert all(abs(cell) < 1e-9 for pair in found.pairs for cell in (*pair.logits[-1], *(r[-1] for r in pair.logits)))
