"""Law packs: which places they reach, which a policy may name, and how a mistake in one is named."""

from datetime import date

import pytest

from winnow.core.govern.limits import PurposeKind
from winnow.core.govern.packs import Hours, LawPack, chosen, reaches
from winnow.core.govern.packs_read import pack_from
from winnow.core.govern.terms import Channel, Needed
from winnow.core.tables import Table
from winnow.errors import InvalidRulesetError

_RULE: dict[str, object] = {"id": "a", "article": "Art. 1", "effective": "2020-01-01", "text": "t", "source": "s"}
_PACK: dict[str, object] = {"title": "T", "as_of": date(2026, 1, 1), "places": ["DE", "US-CA"]}
_CASE: dict[str, object] = {"channel": "email", "purpose": "marketing", "place": "DE", "on": "2027-01-01",
                            "needed": "opt-out"}  # fmt: skip
_EU, _UK = (LawPack(name, name, date(2026, 1, 1), ()) for name in ("eu", "uk"))


@pytest.mark.parametrize(
    ("places", "place", "reached"),
    [
        (["DE"], "DE", True),
        (["DE"], "DK", False),
        (["US"], "US-CA", True),
        (["US-CA"], "US", True),
        (["US-CA"], "US-TX", False),
        (["US-CA"], "US-C", False),
        ([], "DE", False),
    ],
)
def test_places_hold_their_parts(places: list[str], place: str, reached: bool) -> None:
    assert reaches(places, place) is reached


def test_a_policy_names_packs_that_are_there() -> None:
    assert chosen(["uk", "eu", "uk"], (_EU, _UK)) == (_UK, _EU)
    assert chosen([], (_EU,)) == ()
    for name, fix in (("u-k", "did you mean `uk`?"), ("mars", "use some of eu, uk")):
        with pytest.raises(InvalidRulesetError, match=f"no law pack `{name}`") as caught:
            chosen([name], (_EU, _UK))
        assert caught.value.fix is not None
        assert fix.replace("u-k", "uk") in caught.value.fix


def test_a_pack_is_read_whole() -> None:
    more = {
        "until": date(2027, 1, 1),
        "places": ["FR"],
        "channels": ["email"],
        "purposes": ["partner"],
        "needed": "implied",
        "implied_days": {"purchase": 730, "negotiation": "no-end"},
        "hours": [8, 21],
        "signals": ["gpc"],
        "heed_days": 10,
        "infers": ["health"],
        "inputs": ["biometrics"],
        "systems": ["talks"],
    }
    pack = pack_from(Table({**_PACK, "rules": [_RULE, {**_RULE, **more, "id": "b"}]}), "mine")
    first, second = pack.rules
    assert pack.id == "mine"
    assert first.places == {"DE", "US-CA"}
    assert pack.covers == {"FR"}
    assert second.places == {"FR"}
    assert second.channels == {Channel.EMAIL}
    assert second.purposes == {PurposeKind.PARTNER}
    assert (second.needed, second.implied_days) == (Needed.IMPLIED, {"purchase": 730, "negotiation": None})
    assert (second.hours, second.heed_days) == (Hours(8, 21), 10)
    assert [*second.signals, *second.infers, *second.inputs, *second.systems] == [
        "gpc",
        "health",
        "biometrics",
        "talks",
    ]
    assert [second.holds_on(date(2026, 12, 31)), second.holds_on(date(2027, 1, 1))] == [True, False]
    assert (first.of_contact, second.of_contact) == (False, True)


@pytest.mark.parametrize(
    ("pack", "rule", "where", "said"),
    [
        ({"as_of": None}, {}, None, "`as_of` is missing"),
        ({"titel": ""}, {}, "titel", "did you mean `title`?"),
        ({"places": []}, {}, "rules[0]", "holds nowhere"),
        ({}, {"effective": "then"}, "rules[0].effective", "not a day"),
        ({}, {"effective": None}, "rules[0]", "`effective` is missing"),
        ({}, {"until": "2020-01-01"}, "rules[0]", "ends before it begins"),
        ({}, {"needed": "implied"}, "rules[0]", "do not go together"),
        ({}, {"needed": "much"}, "rules[0].needed", "not known here"),
        ({}, {"hours": [8]}, "rules[0].hours", "expected two hours"),
        ({}, {"hours": 8}, "rules[0].hours", "expected two hours"),
        ({}, {"hours": [True, 9]}, "rules[0].hours", "expected two hours"),
        ({}, {"hours": [21, 8]}, "rules[0].hours", "no hours of one day"),
        ({}, {"heed_days": 0}, "rules[0].heed_days", "out of bounds"),
        ({}, {"heed_days": True}, "rules[0].heed_days", "not a whole number"),
        ({}, {"systems": ["talk"]}, "rules[0].systems", "did you mean `talks`?"),
        ({}, {"signals": ["gcp"]}, "rules[0].signals", "did you mean `gpc`?"),
        ({}, {"infers": ["helth"]}, "rules[0].infers", "did you mean `health`?"),
        ({}, {"inputs": ["biometric"]}, "rules[0].inputs", "did you mean `biometrics`?"),
        ({}, {"channels": ["mail"]}, "rules[0].channels", "did you mean `email`?"),
        ({}, {"purposes": ["newsletter"]}, "rules[0].purposes", "use marketing, partner, service"),
        ({}, {"places": ["EU"]}, "rules[0].places", "`EU` is no place"),
        ({}, {"places": "DE"}, "rules[0].places", "a list of texts"),
        ({}, {"id": "A b"}, "rules[0].id", "no name"),
        ({"examples": [{**_CASE, "needed": "express"}]}, {}, "examples[0]", "does not hold: it needs opt-out"),
        ({"examples": [{**_CASE, "purpose": "newsletter"}]}, {}, "examples[0].purpose", "use marketing, partner"),
        ({"examples": [{**_CASE, "need": "x"}]}, {}, "examples[0].need", "not known here"),
        ({}, {"heed_day": 10}, "rules[0].heed_day", "did you mean `heed_days`?"),
    ],
)
def test_every_mistake_has_its_place(
    pack: dict[str, object], rule: dict[str, object], where: str | None, said: str
) -> None:
    with pytest.raises(InvalidRulesetError) as caught:
        pack_from(Table({**_PACK, **pack, "rules": [{**_RULE, **rule}]}), "mine")
    assert caught.value.where == where
    assert said in str(caught.value)


def test_two_rules_of_a_pack_are_not_called_alike() -> None:
    with pytest.raises(InvalidRulesetError, match="`a` is there twice"):
        pack_from(Table({**_PACK, "rules": [_RULE, _RULE]}), "mine")


def test_a_pack_without_rules_says_nothing() -> None:
    with pytest.raises(InvalidRulesetError, match="the pack has no rules"):
        pack_from(Table({**_PACK}), "mine")


def test_examples_of_a_pack_hold_on_their_day() -> None:
    rule = {**_RULE, "needed": "express", "channels": ["email"], "effective": "2027-01-01"}
    before, after = (
        {**_CASE, "on": on, "needed": needed} for on, needed in (("2026-12-31", "opt-out"), ("2027-01-01", "express"))
    )
    assert pack_from(Table({**_PACK, "rules": [rule], "examples": [before, after]}), "mine").rules
