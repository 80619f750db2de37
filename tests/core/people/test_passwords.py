"""Long passwords that nobody tries first are taken, others are refused with a reason."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.people.passwords import LONGEST, SHORTEST, check_password, normal
from winnow.errors import InvalidInputError

EMAIL = "Ana.Kovac@bluebird.example"


@pytest.mark.parametrize(
    "password",
    [
        "seven quiet lighthouses",
        "tr0mbone-Käfig",
        "correct horse battery staple",
        "839201748392",  # no rule asks for kinds of characters
        "пароль не угадать",
        "秘" * 4 + "密の合言葉を選ぶ",
        "x y z " * 2 + "q",
        "a1" * 6 + "zebra!" + "z" * (LONGEST - 18),
    ],
)
def test_good_ones(password):
    check_password(password, EMAIL)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "elevenchars",
        "x1y2z3" * 50,
        "with a\nnewline in it",
        "with a \ud800 surrogate",
        "password1234",
        "Password2026!",
        "1234welcome5678",
        "qwertyuiop123",
        "QWERTYUIOPAS",
        "123456789012",
        "210987654321",
        "abcdefghijklm",
        "aaaaaaaaaaaa",
        "ababababababab",
        "abc1abc1abc1",
        "************",
        "ana.kovac@bluebird.example",
        "ANA.KOVAC@bluebird.example2026",
        "ana.kovac123456",
        "winnow2026!!!",
    ],
)
def test_bad_ones(password):
    with pytest.raises(InvalidInputError) as caught:
        check_password(password, EMAIL)
    assert caught.value.where == "password"
    assert password not in caught.value.what or len(password) < 6


def test_the_shortest_and_the_longest():
    long = "".join(chr(0x4E00 + number) for number in range(LONGEST + 1))
    for length, taken in ((SHORTEST - 1, False), (SHORTEST, True), (LONGEST, True), (LONGEST + 1, False)):
        if taken:
            check_password(long[:length], EMAIL)
        else:
            with pytest.raises(InvalidInputError):
                check_password(long[:length], EMAIL)


def test_two_keyboards_type_the_same():
    assert normal(unicodedata.normalize("NFD", "Käfig-Trompete")) == normal("Käfig-Trompete")


@given(st.text(), st.text())
def test_any_text_is_taken_or_refused(password, email):
    try:
        check_password(password, email)
    except InvalidInputError:
        return
    assert len(normal(password)) >= SHORTEST
