"""From the tables of a law pack to its rules; every mistake is named with its place."""

from datetime import date

from winnow.core.govern.examples import contradiction, named
from winnow.core.govern.limits import Limits, Purpose, PurposeKind
from winnow.core.govern.limits_read import (
    categories_of,
    days_in,
    days_of,
    example_from,
    name_of,
    need_distinct,
    needed_from,
    one_of,
    places_of,
    words_of,
)
from winnow.core.govern.packs import SIGNALS, Hours, LawPack, LawRule
from winnow.core.govern.risk import Trait
from winnow.core.govern.terms import Channel, Needed
from winnow.core.tables import Table
from winnow.errors import InvalidRulesetError

_DAY = 24
_KINDS = tuple(each.value for each in PurposeKind)
#: What examples of a pack are worked out with: a purpose of each kind, and nothing of any organisation.
_NOTHING_OWN = Limits(purposes=tuple(Purpose(each.value, each) for each in PurposeKind), packs=())


def pack_from(table: Table, name: str) -> LawPack:
    """The pack of that name; raises InvalidRulesetError with the place of what is wrong."""
    places = places_of(table, "places")
    pack = LawPack(
        id=name,
        title=table.text("title"),
        as_of=_day(table, "as_of"),
        rules=tuple(_rule(each, places) for each in table.tables("rules")),
    )
    examples = list(table.tables("examples"))
    table.finish()
    need_distinct("rules", "id", [rule.id for rule in pack.rules])
    if not pack.rules:
        raise InvalidRulesetError("the pack has no rules", where="rules", fix="add [[rules]]")
    for each in examples:
        _check_example(each, pack)
    return pack


def _check_example(table: Table, pack: LawPack) -> None:
    """Refuse a pack that does not ask for what an example of it says; its purposes are `marketing` and the like."""
    example = example_from(table, _KINDS)
    table.finish()
    wrong = contradiction(_NOTHING_OWN, (pack,), example)
    if wrong is not None:
        what = f"the example {named(example)} does not hold: {wrong}"
        raise InvalidRulesetError(what, where=table.path, fix="mend the rules, or what the example expects")


def _rule(table: Table, places: frozenset[str]) -> LawRule:
    rule = LawRule(
        id=name_of(table, "id"),
        article=table.text("article"),
        effective=_day(table, "effective"),
        until=table.day("until"),
        places=places_of(table, "places") or places,
        text=table.text("text"),
        source=table.text("source"),
        channels=words_of(table, "channels", Channel),
        purposes=words_of(table, "purposes", PurposeKind),
        needed=needed_from(table, "needed"),
        implied_days=days_of(table, "implied_days"),
        hours=_hours(table),
        signals=frozenset(one_of(table, "signals", each, SIGNALS) for each in table.texts("signals")),
        heed_days=days_in(table, "heed_days") if table.has("heed_days") else None,
        infers=categories_of(table, "infers", frozenset()),
        inputs=categories_of(table, "inputs", frozenset()),
        systems=frozenset(one_of(table, "systems", each, [*Trait]) for each in table.texts("systems")),
    )
    table.finish()
    with table.placing():
        _check(rule)
    return rule


def _check(rule: LawRule) -> None:
    if not rule.places:
        raise InvalidRulesetError("the rule holds nowhere", fix="give the rule or the pack its places")
    if (rule.needed is Needed.IMPLIED) is not bool(rule.implied_days):
        fix = "name the relationships with needed = implied, and with nothing else"
        raise InvalidRulesetError("`needed` and `implied_days` do not go together", fix=fix)
    if rule.until is not None and rule.until <= rule.effective:
        raise InvalidRulesetError("the rule ends before it begins", fix="give an `until` after `effective`")


def _day(table: Table, key: str) -> date:
    found = table.day(key)
    if found is None:
        raise InvalidRulesetError(f"`{key}` is missing", where=table.path or None, fix=f"add {key} = 2027-01-31")
    return found


def _hours(table: Table) -> Hours | None:
    found = table.value("hours")
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != 2 or not all(type(each) is int for each in found):  # noqa: PLR2004
        raise InvalidRulesetError("expected two hours", where=table.at("hours"), fix="write hours = [8, 21]")
    start, end = found
    if not 0 <= start < end <= _DAY:
        raise InvalidRulesetError("these are no hours of one day", where=table.at("hours"), fix="write hours = [8, 21]")
    return Hours(start, end)
