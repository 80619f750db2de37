"""Whom a change of what contacts need touches, as they stand."""

from datetime import UTC, date, datetime

import pytest

from winnow.core.govern.affected import Effect, effect, placed, strongest
from winnow.core.govern.changes import NeedChange, what_changes
from winnow.core.govern.consent import EXPRESS, NOTHING_KNOWN, Ground, Standing, State
from winnow.core.govern.limits import ConsentRule, Limits
from winnow.core.govern.packs import LawPack, LawRule
from winnow.core.govern.requirement import Requirement
from winnow.core.govern.terms import Channel, Needed

_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_LAST_YEAR = datetime(2025, 11, 22, tzinfo=UTC)


def _granted(basis: str) -> Standing:
    return Standing(State.GRANTED, basis, None, "", (), (Ground(basis, _LAST_YEAR, None, False, 1),))


_NO = Standing(State.OPTED_OUT, None, None, "", ())
_BY_NEED = {
    Needed.OPT_OUT: Requirement(Needed.OPT_OUT, ()),
    Needed.IMPLIED: Requirement(Needed.IMPLIED, (), {"purchase": 730}),
    Needed.EXPRESS: Requirement(Needed.EXPRESS, ()),
    Needed.PROHIBITED: Requirement(Needed.PROHIBITED, ()),
}
CLOSED, OPENED, OTHERWISE = Effect


@pytest.mark.parametrize(
    ("before", "after", "standing", "happens"),
    [
        (Needed.OPT_OUT, Needed.EXPRESS, NOTHING_KNOWN, CLOSED),
        (Needed.OPT_OUT, Needed.EXPRESS, _granted(EXPRESS), OTHERWISE),
        (Needed.OPT_OUT, Needed.EXPRESS, _NO, OTHERWISE),
        (Needed.IMPLIED, Needed.EXPRESS, _granted("purchase"), CLOSED),
        (Needed.EXPRESS, Needed.IMPLIED, _granted("purchase"), OPENED),
        (Needed.EXPRESS, Needed.OPT_OUT, NOTHING_KNOWN, OPENED),
        (Needed.EXPRESS, Needed.PROHIBITED, _granted(EXPRESS), CLOSED),
        (Needed.EXPRESS, Needed.IMPLIED, NOTHING_KNOWN, OTHERWISE),
    ],
)
def test_what_a_change_does_to_somebody(before: Needed, after: Needed, standing: Standing, happens: Effect) -> None:
    need = NeedChange(Channel.EMAIL, "marketing", ("DE",), _BY_NEED[before], _BY_NEED[after])
    assert effect(need, standing, _NOW) is happens


def test_what_is_closed_is_told_first() -> None:
    assert [strongest(some) for some in ((OTHERWISE, CLOSED), (OTHERWISE, OPENED), (OPENED, CLOSED), (OTHERWISE,))] == [
        CLOSED,
        OPENED,
        CLOSED,
        OTHERWISE,
    ]


def test_each_place_has_its_change_also_those_that_no_rule_names() -> None:
    """California's law changes what the rest of the country needs only where nobody knows the part."""
    rules = (
        LawRule("a", "", date(2027, 1, 1), frozenset({"US-CA"}), "", "", needed=Needed.EXPRESS),
        LawRule("b", "", date(2020, 1, 1), frozenset({"US"}), "", "", needed=Needed.OPT_OUT),
    )
    limits = Limits(consent=(ConsentRule("own", Needed.OPT_OUT, "", places=frozenset({"US-NY"})),))
    packs = (LawPack("p", "", date(2026, 1, 1), rules),)
    found = what_changes(limits, packs, _NOW.date(), date(2027, 1, 1), ["US-TX", "JP", None])
    places = {place for channel, purpose, place in placed(found.needs) if (channel, purpose) == ("email", "marketing")}
    assert places == {"US", "US-CA", "JP", None}
    whole = (LawRule("c", "", date(2027, 1, 1), frozenset({"US"}), "", "", needed=Needed.EXPRESS),)
    country = what_changes(limits, (LawPack("p", "", date(2026, 1, 1), whole),), _NOW.date(), date(2027, 1, 1))
    assert {place for _, _, place in placed(country.needs)} == {"US", "US-NY", None}
