"""What changes until a day, and whether a policy does what its examples say."""

from datetime import date

import pytest

from winnow.core.govern.changes import what_changes
from winnow.core.govern.examples import check_limits
from winnow.core.govern.limits import Limits, PolicyExample, Told
from winnow.core.govern.packs import LawPack, LawRule
from winnow.core.govern.terms import Channel, Needed
from winnow.errors import InvalidRulesetError

_TODAY, _NEW_YEAR = date(2026, 11, 22), date(2027, 1, 1)
_EMAIL = frozenset({Channel.EMAIL})
_OLD = LawRule("old", "Art. 1", date(2020, 1, 1), frozenset({"DE", "FR"}), "the old", "", date(2027, 3, 1), _EMAIL,
               needed=Needed.EXPRESS)  # fmt: skip
_NEW = LawRule("new", "Art. 2", _NEW_YEAR, frozenset({"DE"}), "the new", "", needed=Needed.PROHIBITED, channels=_EMAIL)
_AI = LawRule("ai", "Art. 3", date(2026, 12, 2), frozenset({"DE"}), "about AI", "", systems=frozenset({"talks"}))
_PACK = LawPack("law", "a law", _TODAY, (_OLD, _NEW, _AI))


@pytest.mark.parametrize(
    ("on", "rules"),
    [
        (date(2026, 12, 1), []),
        (date(2026, 12, 2), ["ai"]),
        (date(2026, 12, 31), ["ai"]),
        (_NEW_YEAR, ["ai", "new"]),
        (date(2027, 3, 1), ["ai", "new", "old"]),
        (date(2026, 1, 1), []),
        (_TODAY, []),
    ],
)
def test_rules_that_begin_or_end(on: date, rules: list[str]) -> None:
    found = what_changes(Limits(), (_PACK,), _TODAY, on)
    assert [each.rule.id for each in found.rules] == rules
    assert [each.begins for each in found.rules] == [each != "old" for each in rules]


def test_for_whom_a_contact_then_needs_other_things() -> None:
    found = what_changes(Limits(), (_PACK,), _TODAY, _NEW_YEAR)
    assert [(each.channel, each.purpose, each.places) for each in found.needs] == [
        (Channel.EMAIL, purpose, (place,)) for purpose in ("marketing", "service") for place in ("DE", None)
    ]
    first = found.needs[0]
    assert (first.before.needed, first.after.needed) == (Needed.EXPRESS, Needed.PROHIBITED)
    assert first.after.because[0].id == "law.new"
    later = what_changes(Limits(), (_PACK,), _NEW_YEAR, date(2027, 3, 1))
    assert [each.rule.id for each in later.rules] == ["old"]  # what began today has not changed after it
    assert [(each.places, each.after.needed) for each in later.needs[:1]] == [(("FR",), Needed.OPT_OUT)]


def test_places_to_which_the_same_happens_stand_together() -> None:
    rule = LawRule("x", "", _NEW_YEAR, frozenset({"DE", "FR"}), "", "", needed=Needed.EXPRESS)
    found = what_changes(Limits(), (LawPack("law", "", _TODAY, (rule,)),), _TODAY, _NEW_YEAR)
    assert {each.places for each in found.needs} == {("DE", "FR"), (None,)}


def _limits(**more: object) -> Limits:
    return Limits(packs=("law",), examples=(PolicyExample(Channel.EMAIL, "marketing", _TODAY, "FR", **more),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "limits",
    [
        Limits(packs=("law",)),
        _limits(needed=Needed.EXPRESS),
        _limits(allowed=False),
        _limits(told=Told.GRANTED, basis="express", allowed=True, needed=Needed.EXPRESS),
        _limits(told=Told.OPTED_OUT, allowed=False),
    ],
)
def test_examples_that_hold(limits: Limits) -> None:
    check_limits(limits, (_PACK,))


@pytest.mark.parametrize(
    ("limits", "where", "said"),
    [
        (Limits(packs=("lw",)), "policy.packs", "did you mean `law`?"),
        (_limits(needed=Needed.OPT_OUT), "policy.examples[0]", "it needs express (the old)"),
        (_limits(allowed=True), "policy.examples[0]", "it is not allowed, as it needs express (the old)"),
        (
            _limits(allowed=False, told=Told.GRANTED, basis="express"),
            "policy.examples[0]",
            "the example `FR · email · marketing · 2026-11-22` does not hold: it is allowed",
        ),
    ],
)
def test_examples_that_do_not_hold_are_named(limits: Limits, where: str, said: str) -> None:
    with pytest.raises(InvalidRulesetError) as caught:
        check_limits(limits, (_PACK,))
    assert caught.value.where == where
    assert said in str(caught.value)
