"""The same person, company and text are found again; two different ones are never taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.keys import company_key, email_key, message_key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("ana@acme.example", "ana@acme.example"),
        (" Ana.Lima@ACME.example\n", "ana.lima@acme.example"),
        ("ana+news@acme.example", "ana+news@acme.example"),
        ("a.n.a@gmail.com", "a.n.a@gmail.com"),
        ("", ""),
    ],
)
def test_an_address_keeps_all_but_case_and_blanks_around_it(address, key):
    assert email_key(address) == key


@pytest.mark.parametrize(
    ("company", "key"),
    [
        ("Acme", "acme"),
        ("ACME, Inc.", "acme"),
        ("acme  inc", "acme"),
        ("Acme GmbH & Co. KG", "acme"),
        ("Müller & Söhne", "müller söhne"),
        ("STRASSE AG", "strasse"),
        ("Straße AG", "strasse"),
        ("Inc.", "inc"),
        ("The Limited Co", "the"),
        ("株式会社アクメ", "株式会社アクメ"),
        ("3M", "3m"),
        ("", ""),
        ("!?", ""),
    ],
)
def test_a_company_loses_case_punctuation_and_legal_form(company, key):
    assert company_key(company) == key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hello there", "hello   THERE\n", True),
        ("Straße", "STRASSE", True),
        ("Hello there", "Hello, there", False),
        ("", " ", True),
        ("", "a", False),
        ("\ud800", "\ud801", False),
    ],
)
def test_a_message_is_the_same_but_for_case_and_white_space(one, other, same):
    assert (message_key(one) == message_key(other)) is same


def test_a_message_key_never_changes():
    assert message_key("Hello there") == "12998c017066eb0d"


@given(st.text())
def test_keys_are_stable_and_settled(text):
    assert email_key(email_key(text)) == email_key(text)
    assert company_key(company_key(text)) == company_key(text)
    assert len(message_key(text)) == 16
    assert int(message_key(text), 16) >= 0
