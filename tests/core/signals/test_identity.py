"""Who somebody says they are: names of every script are names, and what was not said is unknown."""

import pytest

from tests.support.cases import facts, lead, value
from winnow.core.facts import EmailFacts, PhoneFacts

NAMES = ("words", "placeholder", "has_digits", "has_link", "vowelless", "given")

#: full name → the six signals about it
NAME_CASES = {
    None: (None, None, None, None, None, None),
    "": (None, None, None, None, None, None),
    " \t ": (None, None, None, None, None, None),
    "Ana": (1, False, False, False, False, True),
    "Ana Lima": (2, False, False, False, False, True),
    "  Ana   Lima ": (2, False, False, False, False, True),
    "ANA LIMA": (2, False, False, False, False, True),
    "Wu": (1, False, False, False, False, True),
    "Ng": (1, False, False, False, False, True),
    "O": (1, False, False, False, False, True),
    "Jean-Luc d'Arc": (2, False, False, False, False, True),
    "test": (1, True, False, False, False, True),
    "Test TESTER": (2, True, False, False, False, True),
    "Test Lima": (2, False, False, False, False, True),
    "aaaa": (1, True, False, False, False, True),
    "Xxx": (1, True, False, False, False, True),
    "aa": (1, False, False, False, False, True),
    "111": (1, True, True, False, False, True),
    "Ana2": (1, False, True, False, False, True),
    "Ana https://spam.example": (2, False, False, True, False, True),
    "WWW.spam.example": (1, False, False, True, False, True),
    "Schmidt": (1, False, False, False, False, True),
    "Lynch": (1, False, False, False, False, True),
    "Sdfgh Lima": (2, False, False, False, True, True),
    "SDFGH": (1, False, False, False, True, True),
    "Sdfg": (1, False, False, False, False, True),
    "Sdfg-h": (1, False, False, False, False, True),
    "Krč": (1, False, False, False, None, True),
    "王小明": (1, False, False, False, None, True),
    "Пётр": (1, False, False, False, None, True),
    "محمد علي": (2, False, False, False, None, True),
    "\ud83d": (1, False, False, False, None, True),
}


@pytest.mark.parametrize(("name", "expected"), NAME_CASES.items())
def test_a_name(name, expected):
    assert tuple(value(f"identity.name_{each}", lead(full_name=name)) for each in NAMES) == expected


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first_name": "Ana", "last_name": "Lima"}, 2),
        ({"first_name": "Ana"}, 1),
        ({"last_name": "Lima Souza"}, 2),
        ({"full_name": "", "first_name": "Ana"}, 1),
        ({"full_name": " ", "first_name": " ", "last_name": "Lima"}, 1),
        ({"full_name": "Ana Maria Lima", "first_name": "Ana"}, 3),
        ({"first_name": " ", "last_name": ""}, None),
    ],
)
def test_a_name_may_come_in_parts(fields, words):
    assert value("identity.name_words", lead(**fields)) == words
    assert value("identity.name_given", lead(**fields)) is (True if words else None)


@pytest.mark.parametrize("customer", [None, True, False])
def test_being_a_customer_is_looked_up(customer):
    assert value("customer.known", known=facts(is_customer=customer)) is customer


@pytest.mark.parametrize(
    ("phone", "stated", "valid", "match"),
    [
        (None, "DE", None, None),
        (PhoneFacts(False), "DE", False, None),
        (PhoneFacts(True, "+4930123456", "DE"), "DE", True, True),
        (PhoneFacts(True, "+4930123456", "DE"), "FR", True, False),
        (PhoneFacts(True, "+4930123456", "DE"), None, True, None),
        (PhoneFacts(True, "+80012345678"), "DE", True, None),
    ],
)
def test_a_phone_number(phone, stated, valid, match):
    known = facts(phone=phone)
    assert value("identity.phone_valid", lead(country=stated), known) is valid
    assert value("identity.phone_country_match", lead(country=stated), known) is match


@pytest.mark.parametrize(
    ("signal", "fields", "expected"),
    [
        ("identity.phone_given", {}, None),
        ("identity.phone_given", {"phones": ("+4930123456",)}, True),
        ("identity.company_given", {}, None),
        ("identity.company_given", {"company": ""}, None),
        ("identity.company_given", {"company": "  "}, None),
        ("identity.company_given", {"company": "株式会社"}, True),
    ],
)
def test_what_was_not_given_is_unknown_and_no_no(signal, fields, expected):
    assert value(signal, lead(**fields)) is expected


@pytest.mark.parametrize("similarity", [None, 0.0, 1.0])
def test_similarity_of_company_and_domain_is_looked_up(similarity):
    assert value("identity.company_similarity", known=facts(company_similarity=similarity)) == similarity


ACME = EmailFacts(True, "ana", "mail.acme.example", "acme.example", free=False, relay=False)


@pytest.mark.parametrize(
    ("website", "expected"),
    [
        (None, None),
        ("", None),
        ("acme.example", True),
        ("ACME.Example", True),
        (" www.acme.example ", True),
        ("acme.example.", True),
        ("acme.example:8080", True),
        ("//acme.example", True),
        ("https://acme.example", True),
        ("HTTPS://shop.acme.example/a?b#c", True),
        ("https://ana:secret@acme.example:443/", True),
        ("https://acme.example?next=https://other.example", True),
        ("https://acme.example#https://other.example", True),
        ("https://other.example/acme.example", False),
        ("https://acme.example@other.example/", False),
        ("notacme.example", False),
        ("acme.example.other.example", False),
        ("none", None),
        ("https://", None),
        ("/acme.example", None),
        ("bücher.example", None),
        ("https://アクメ.example", None),
        ("\ud800.example", None),
    ],
)
def test_a_website_belongs_to_the_address_when_its_host_does(website, expected):
    assert value("identity.website_match", lead(website=website), facts(email=ACME)) is expected


@pytest.mark.parametrize(
    "email",
    [
        None,
        EmailFacts(False),
        EmailFacts(True, "ana", "acme.example"),
        EmailFacts(True, "ana", "acme.example", "acme.example", free=True),
        EmailFacts(True, "ana", "acme.example", "acme.example", relay=True),
    ],
)
def test_a_website_says_nothing_about_an_address_of_a_mail_provider(email):
    assert value("identity.website_match", lead(website="acme.example"), facts(email=email)) is None


@pytest.mark.parametrize(
    ("name", "company", "words"),
    [
        (None, None, None),
        (" ", "", None),
        ("Ana", None, 0),
        ("Ана Ковач", None, 0),
        ("Γιώργος", "Acme Ελλάς", 0),
        ("王小明 Wang", None, 0),
        ("Аna", None, 1),  # a Cyrillic first letter
        ("Ana", "oаkfiеld cоnstruction", 2),
        ("Rоb", "Αcme", 2),
        ("Müller", "Škoda", 0),
    ],
)
def test_look_alike_letters_in_name_and_company(name, company, words):
    assert value("identity.confusables", lead(full_name=name, company=company)) == words
