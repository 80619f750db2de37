"""One spelling for an address, and never one for two people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.govern.identity import AddressKind, email_identity, identity_of, is_plain, phone_identity


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        (" Ana@BlueBird.example. ", "ana@bluebird.example"),
        ("<ana@bluebird.example>", "ana@bluebird.example"),
        ("A.N.A+news@GoogleMail.com", "ana@gmail.com"),
        ("ana+news@outlook.com", "ana@outlook.com"),
        ("a.na@outlook.com", "a.na@outlook.com"),
        ("alice-work@proton.me", "alice-work@proton.me"),
        ("alice+work@protonmail.com", "alice@protonmail.com"),
        ("ana+news@bluebird.example", "ana+news@bluebird.example"),
        ("a.na@bluebird.example", "a.na@bluebird.example"),
        ("+news@gmail.com", "+news@gmail.com"),
        ("...@gmail.com", "...@gmail.com"),
        ('"ana"@bluebird.example', "ana@bluebird.example"),
        ('"a na"@gmail.com', '"a na"@gmail.com'),
        ('".ana"@bluebird.example', '".ana"@bluebird.example'),
        ('"a..b"@bluebird.example', '"a..b"@bluebird.example'),
        ('"@bluebird.example', '"@bluebird.example'),
        ("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("ana@MU\u0308NCHEN.example", "ana@xn--mnchen-3ya.example"),
        ("ana@xn--mnchen-3ya.example", "ana@xn--mnchen-3ya.example"),
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@strasse.example", "ana@strasse.example"),
        ("ana@bluebird\u3002example", "ana@bluebird.example"),
        ("ana@ｂluebird.example", "ana@bluebird.example"),
        ("ana@[192.0.2.1]", "ana@[192.0.2.1]"),
        ("ana@" + "ü" * 80 + ".example", "ana@" + "ü" * 80 + ".example"),
        ("jose\u0301@bluebird.example", "josé@bluebird.example"),
        ("Ana Bird <Ana@bluebird.example>", "ana@bluebird.example"),
        ("Ana<ana@bluebird.example>", "ana@bluebird.example"),
        ("mailto:ana@bluebird.example", "ana@bluebird.example"),
        ("<MAILTO:ana@bluebird.example>", "ana@bluebird.example"),
        ("ana\u200b@blue\u00adbird.example\ufeff", "ana@bluebird.example"),
        ("\u202aana@bluebird.example\u202c", "ana@bluebird.example"),
        ("\u2063an\u034fa@blue\ufe0fbird.example\U000e0061", "ana@bluebird.example"),
        ("\u00a0ana@bluebird.example\u00a0", "ana@bluebird.example"),
        ("STRASSE@bluebird.example", "strasse@bluebird.example"),
        ("straße@bluebird.example", "straße@bluebird.example"),
        ("\u212aim@bluebird.example", "kim@bluebird.example"),
        ("Nobody", "nobody"),
        ("@bluebird.example", "@bluebird.example"),
        ("ana@", "ana@"),
    ],
)
def test_an_e_mail_address(text, identity):
    assert email_identity(text) == identity


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("+49 (0)30 / 123-45678", "+493012345678"),
        ("0049 30 12345678", "+493012345678"),
        ("tel:+49-30-12345678;ext=5", "+493012345678"),
        ("+49 30 12345678 ext. 5", "+493012345678"),
        ("+49 30 12345678 x5", "+493012345678"),
        ("０30 12345678", "03012345678"),
        ("\u202d+49 30 12345678\u202c", "+493012345678"),
        ("＋49 30 12345678", "+493012345678"),
        ("030 12345678", "03012345678"),
        ("+39 06 1234567", "+39061234567"),
        ("+1234567890123456", "1234567890123456"),
        ("Call me", "call me"),
        ("", ""),
    ],
)
def test_a_telephone_number(text, identity):
    assert phone_identity(text) == identity


def test_numbers_of_two_countries_are_not_one():
    assert len({phone_identity(text) for text in ("030 12345678", "+49 30 12345678", "+43 30 12345678")}) == 3


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ana@bluebird.example", True),
        ("o'brien+news@mail-2.bluebird.example", True),
        ("josé@münchen.example", True),
        ("ana@localhost", True),
        ('"ana"@bluebird.example', True),
        ('"an\\a"@bluebird.example', False),
        ('"a..na"@bluebird.example', False),
        ("ana@bluebird.example,", False),
        ("ana@bluebird.example;", False),
        ("bo@wren.example,ana@bluebird.example", False),
        ("(x)ana@bluebird.example", False),
        ("ana@bluebird.example(x)", False),
        ("ana%bluebird.example@relay.example", False),
        ("bluebird.example!ana@relay.example", False),
        ("ana@bluebird.example@relay.example", False),
        ("mailto:ana@bluebird.example?subject=hi", False),
        ("'ana@bluebird.example'", False),
        ("ana@bluebird.example:25", False),
        ("ana@[192.0.2.1]", False),
        ("ana@bluebird..example", False),
        ("an\u200da@bluebird.example", False),
        ("an\u2028a@bluebird.example", False),
        ("an\na@bluebird.example", False),
        ("ana@" + "ü" * 80 + ".example", False),
        ("nobody", False),
        ("", False),
    ],
)
def test_what_every_mail_program_takes_for_the_same_one_address(text, plain):
    assert is_plain(email_identity(text)) is plain


def test_each_kind_has_its_own_spelling():
    assert identity_of(AddressKind.EMAIL, "A@B.example") == "a@b.example"
    assert identity_of(AddressKind.PHONE, "00 49 30 1") == "+49301"


@given(st.text(max_size=60))
def test_the_spelling_of_a_spelling_is_itself(text):
    assert email_identity(email_identity(text)) == email_identity(text)
    assert phone_identity(phone_identity(text)) == phone_identity(text)


LOCAL = st.text("abcdefghijklmnopqrstuvwxyz0123456789._-+", min_size=1, max_size=12)


@given(LOCAL, LOCAL)
def test_where_no_provider_says_so_two_names_are_two_people(one, other):
    same = email_identity(f"{one}@bluebird.example") == email_identity(f"{other}@bluebird.example")
    assert same == (one == other)
