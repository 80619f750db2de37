"""A form's country becomes a code, or nothing: never a wrong one."""

import pytest

from winnow.core.mapping.countries import _CODES, _TABLE, country_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("India", "IN"),
        ("in", "IN"),
        ("IND", "IN"),
        ("  united   states ", "US"),
        ("U.S.A.", "US"),
        ("The Netherlands", "NL"),
        ("Côte d’Ivoire", "CI"),
        ("cote d'ivoire", "CI"),
        ("Korea, Republic of", "KR"),
        ("Korea, Democratic People's Republic of", "KP"),
        ("Virgin Islands, U.S.", "VI"),
        ("Trinidad & Tobago", "TT"),
        ("St. Lucia", "LC"),
        ("St Lucia", "LC"),
        ("Guinea-Bissau", "GW"),
        ("Guinea", "GN"),
        ("Türkiye", "TR"),
        ("Deutschland", "DE"),
        ("日本", "JP"),
        ("Asia/Pacific Region", None),
        ("unknown", None),
        ("Europe", None),
        ("", None),
        ("Georgia, USA", None),
        ("\ud800", None),
    ],
)
def test_names_and_codes(text, code):
    assert country_code(text) == code


def test_the_table_is_whole_and_unambiguous():
    lines = [line.split(" ", 2) for line in _TABLE.splitlines()]
    assert len(lines) == 250  # ISO 3166-1 and Kosovo
    assert [line[0] for line in lines] == sorted({line[0] for line in lines})
    assert len({line[1] for line in lines}) == 250
    for alpha2, alpha3, names in lines:
        for name in (alpha2, alpha3, *names.split(";")):
            assert country_code(name) == alpha2, name
    assert len(set(_CODES.values())) == 250
