"""The exact tests agree with counting out every case, and their promises hold under chance."""

from fractions import Fraction
from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.learning.figures.exact import Split, dealt, deviations, holm, tails


@st.composite
def splits(draw):
    own, others = draw(st.integers(0, 12)), draw(st.integers(0, 12))
    return Split(own, draw(st.integers(0, own)), others, draw(st.integers(0, others)))


def counted(split):
    """The distribution in fractions: how many of the ways to deal the junk out give each count."""
    marked, of = split.own_junk + split.others_junk, split.own + split.others
    return {
        k: Fraction(comb(marked, k) * comb(of - marked, split.own - k), comb(of, split.own))
        for k in range(split.own + 1)
    }


@given(st.lists(splits(), min_size=1, max_size=3))
def test_tails_are_those_of_every_way_to_deal_the_verdicts(several):
    chances = {0: Fraction(1)}
    for split in several:
        added: dict[int, Fraction] = {}
        for count, chance in chances.items():
            for more, other in counted(split).items():
                added[count + more] = added.get(count + more, Fraction(0)) + chance * other
        chances = added
    found = sum(split.own_junk for split in several)
    few = sum(chance for count, chance in chances.items() if count <= found)
    many = sum(chance for count, chance in chances.items() if count >= found)
    assert list(tails(several)) == pytest.approx([float(few), float(many)])


@given(st.lists(splits(), min_size=1, max_size=3))
def test_deviations_are_those_of_the_distributions(several):
    off, variance = Fraction(0), Fraction(0)
    for split in several:
        chances = counted(split)
        mean = sum(count * chance for count, chance in chances.items())
        off += split.own_junk - mean
        variance += sum((count - mean) ** 2 * chance for count, chance in chances.items())
    assert deviations(several) == pytest.approx(abs(off) / sqrt(variance) if variance else 0.0, abs=1e-9)


def test_thousands_of_leads_are_no_trouble():
    few, many = tails([Split(3_000, 350, 30_000, 3_000)] * 5)
    assert few == pytest.approx(1.0)
    assert 0 < many < 1e-9


def test_a_distribution_is_whole():
    low, chances = dealt(30, 25, 40)
    assert low == 15
    assert len(chances) == 11
    assert sum(chances) == pytest.approx(1.0)


def test_what_is_expected_is_at_the_rate_of_the_others():
    assert Split(30, 5, 60, 20).expected == 10
    assert Split(30, 5, 0, 0).expected == 0


@pytest.mark.parametrize(
    ("chances", "named"),
    [
        ([0.2, 0.004, 0.0001], {"2": 0.0003, "1": 0.008}),
        ([0.006, 0.006], {}),
        ([0.001, 0.006], {"0": 0.002, "1": 0.006}),
        ([], {}),
    ],
)
def test_holm_names_what_stands_out(chances, named):
    found = dict(holm(((str(place), chance) for place, chance in enumerate(chances)), 0.01))
    assert found == {name: pytest.approx(chance) for name, chance in named.items()}
