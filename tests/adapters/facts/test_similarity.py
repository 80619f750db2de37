"""Names and addresses that fit together do so whatever alphabet, mark or order they are written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.adapters.facts.similarity import company_similarity, name_similarity


@pytest.mark.parametrize(
    ("name", "local", "least", "most"),
    [
        ("Ana Kovač", "ana.kovac", 1.0, 1.0),
        ("Ana Kovač", "kovac", 1.0, 1.0),
        ("Łukasz Żółć", "lukasz77", 1.0, 1.0),
        ("Þórður Æsir", "thordur", 0.8, 1.0),
        ("Søren Ærø", "soren", 1.0, 1.0),
        ("GÜNTHER", "guenther", 0.7, 0.95),
        ("Maria de la Cruz", "mcruz", 1.0, 1.0),
        ("ANA", "ANA", 1.0, 1.0),
        ("Bob Smith", "xq7zk", 0.0, 0.35),
        ("Jonathan Miller", "jmiller2", 1.0, 1.0),
    ],
)
def test_how_much_of_a_name_is_in_an_address(name, local, least, most):
    assert least <= name_similarity(name, local) <= most


@pytest.mark.parametrize(
    ("name", "local"),
    [(None, "ana"), ("Ana", None), ("", "ana"), ("Ana", ""), ("山田太郎", "yamada"), ("Al Bo", "al"), ("Ana", "12345")],
)
def test_what_cannot_be_compared_is_unknown(name, local):
    assert name_similarity(name, local) is None


@pytest.mark.parametrize(
    ("company", "domain", "least", "most"),
    [
        ("Acme, Inc.", "acme.com", 1.0, 1.0),
        ("Müller & Söhne GmbH", "muller-sohne.de", 0.9, 1.0),
        ("Northwind Traders Ltd", "northwind.example", 1.0, 1.0),
        ("HP", "hp.com", 1.0, 1.0),
        ("Acme", "zzyx.example", 0.0, 0.4),
    ],
)
def test_how_much_of_a_company_is_in_a_domain(company, domain, least, most):
    assert least <= company_similarity(company, domain) <= most


@pytest.mark.parametrize(
    ("company", "domain"),
    [(None, "acme.com"), ("Acme", None), ("", "acme.com"), ("株式会社", "acme.com"), ("Acme", "123.com")],
)
def test_a_company_that_cannot_be_compared_is_unknown(company, domain):
    assert company_similarity(company, domain) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_it_is_a_share_or_unknown(one, other):
    for share in (name_similarity(one, other), company_similarity(one, other)):
        assert share is None or 0 <= share <= 1


@pytest.mark.parametrize(
    ("company", "domain", "similar"),
    [
        ("Oakfield Construction", "oakfield-construction.example", 1.0),
        ("Оаkfiеld Cоnstruction", "oakfield-construction.example", None),  # Cyrillic letters earn nothing
        ("Müller Bau", "mueller-bau.example", 0.77),
        ("Škoda", "skoda.example", 1.0),
    ],
)
def test_look_alike_letters_are_not_taken_for_the_letters_they_look_like(company, domain, similar):
    assert company_similarity(company, domain) == (None if similar is None else pytest.approx(similar, abs=0.15))
