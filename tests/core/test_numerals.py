import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.numerals import EITHER, NEITHER, SIGNS, plain, sign_in, signs_in


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("1,5", ","),
        (",5", ","),
        ("0,123", ","),
        ("1234,567", ","),
        ("1.234.567", ","),
        ("1.234,5", ","),
        ("1 234,567", ","),
        ("1'234,5", ","),
        ("-1,5", ","),
        ("1.5", "."),
        (".5", "."),
        ("0.123", "."),
        ("1,234,567", "."),
        ("1,234.56", "."),
        ("1\u00a0234.56", "."),
        ("1,2345", ","),
        ("1.5e3", "."),
        ("1.234", EITHER),
        ("1,234", EITHER),
        ("-12.345", EITHER),
        ("1234", NEITHER),
        ("1 234", NEITHER),
        ("1\u202f234", NEITHER),
        ("1’234", NEITHER),
        ("+7", NEITHER),
        ("", None),
        ("-", None),
        ("12 34", None),
        ("1.23.456", None),
        ("1,234.567,8", None),
        ("1 234'567", None),
        ("1_000", None),
        ("ten", None),
        ("NaN", None),
        ("1.2.3", None),
    ],
)
def test_the_sign_a_number_must_have_been_written_with(text, sign):
    assert sign_in(text) == sign


@pytest.mark.parametrize(
    ("text", "decimal", "read"),
    [
        ("1.234,56", ",", "1234.56"),
        ("1,234.56", ".", "1234.56"),
        ("1.234", ",", "1234"),
        ("1,234", ",", "1.2340"),
        ("1.234", ".", "1.2340"),
        ("1,234", ".", "1234"),
        ("1 234,5", ",", "1234.5"),
        ("\u22121’234.5", ".", "-1234.5"),
        (",5", ",", "0.5"),
        ("2,5E+3", ",", "2.5E+3"),
        ("1.5", ",", "1.5"),  # can be read in one way only, and that is no number of this kind
        ("k.A.", ",", "k.A."),
        ("", ",", ""),
    ],
)
def test_a_number_is_written_plainly_and_anything_else_is_left(text, decimal, read):
    assert plain(text, decimal) == read


@given(
    cents=st.integers(-(10**9), 10**9), decimal=st.sampled_from(SIGNS), between=st.sampled_from(["", "other", " ", "'"])
)
def test_whatever_is_written_by_a_sign_is_read_by_it_and_reading_again_changes_nothing(cents, decimal, between):
    other = SIGNS[1 - SIGNS.index(decimal)] if between == "other" else between
    written = f"{cents / 100:,.2f}".replace(",", "\0").replace(".", decimal).replace("\0", other)
    read = plain(written, decimal)
    assert float(read) == cents / 100
    assert sign_in(written) == decimal
    assert [float(plain(read, sign)) for sign in SIGNS] == [cents / 100] * 2


@given(thousandths=st.integers(-(10**7), 10**7), decimal=st.sampled_from(SIGNS))
def test_three_decimals_are_never_taken_for_thousands_when_they_are_read_again(thousandths, decimal):
    read = plain(f"{thousandths / 1000:.3f}".replace(".", decimal), decimal)
    assert [float(plain(read, sign)) for sign in SIGNS] == [thousandths / 1000] * 2


def test_cells_are_counted_by_their_sign():
    assert signs_in({"1,5": 3, "1.234": 2, "12": 4, "ten": 9}) == {",": 3, EITHER: 2, NEITHER: 4}
