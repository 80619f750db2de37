"""`winnow audit offlimits`: what tells an attribute is found, chance is not, and what cannot be tested is said."""

import hashlib
import json

import pytest

from tests.support.command import winnow


@pytest.fixture(scope="module")
def leads(tmp_path_factory):
    """Leads whose postcode tells their faith a little, and whose score does not."""
    lines = ["id,plz,seats,score,note,faith,rare"]
    for number in range(900):
        lot = hashlib.blake2b(b"%d" % number).digest()  # as good as dice, and the same everywhere
        faith = lot[0] < 77
        plz = "ABCD"[lot[1] % 2 + (0 if lot[2] < (192 if faith else 102) else 2)]
        seats = lot[3] % 99 if number % 9 else ""
        told = "yes" if faith else "no"
        rare = "x" if number < 9 else "y"
        lines.append(f"{number},{plz},{seats},{lot[4] / 7:.3f},text {number},{told},{rare}")
    path = tmp_path_factory.mktemp("audit") / "leads.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def asked(leads, *more):
    return winnow("audit", "offlimits", leads, "--permutations", "100", *more)


def test_a_proxy_is_found_and_named(leads):
    ran = asked(leads, "--attribute", "faith", "--json", "--features", "plz,seats,score,note")
    found = json.loads(ran.text)
    assert (ran.code, found["verdict"]) == (3, "predictable")
    (value,) = found["values"]
    assert (value["value"], value["tellers"][0]["column"]) == ("yes", "plz")
    assert value["auc"] > value["findable_auc"] > 0.5
    assert value["p"] == value["p_corrected"] == round(1 / 101, 5)
    assert found["left_out"] == {"note": "nearly every lead has its own text"}
    again = asked(leads, "--attribute", "faith", "--json", "--features", "plz,seats,score,note")
    assert again.text == ran.text


def test_what_is_not_shown_says_what_would_have_been_and_never_passes(leads):
    ran = asked(leads, "--attribute", "faith", "--features", "score,seats")
    assert ran.code == 0
    assert "not shown" in ran.text
    assert "would have been found" in ran.text
    assert "pass" not in (ran.text + ran.messages).lower()
    assert "looked at 900 of 900 leads" in ran.messages


@pytest.mark.parametrize(
    ("attribute", "features", "said"),
    [
        ("race", "", "nothing is known of `race`"),
        ("rare", "", "no value of `rare` has 30 leads"),
        ("faith", "note", "no column is left"),
    ],
)
def test_what_cannot_be_tested_is_said(leads, attribute, features, said):
    ran = asked(leads, "--attribute", attribute, *(("--features", features) if features else ()))
    assert ran.code == 1
    assert f"not testable: {said}" in ran.text
    found = json.loads(asked(leads, "--attribute", attribute, "--features", features, "--json").text)
    assert (found["verdict"], found["values"]) == ("not testable", [])


def test_a_column_that_is_not_there_is_a_mistake(leads):
    assert asked(leads, "--attribute", "faith", "--features", "nowhere").code == 2
    assert asked(leads, "--attribute", "faith", "--features", "faith").code == 2
    assert "can be told" in asked(leads, "--attribute", "faith").text
