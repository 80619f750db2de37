"""From the tables of a law pack to its rules; every mistake is named with its place."""

from datetime import date

from winnow.core.govern.limits import PurposeKind
from winnow.core.govern.limits_read import days_of, need_distinct, needed_from, places_of, words_of
from winnow.core.govern.packs import Hours, LawPack, LawRule
from winnow.core.govern.terms import Channel, Needed
from winnow.core.tables import Table
from winnow.errors import InvalidRulesetError

_DAY = 24


def pack_from(table: Table, name: str) -> LawPack:
    """The pack of that name; raises InvalidRulesetError with the place of what is wrong."""
    places = places_of(table, "places")
    pack = LawPack(
        id=name,
        title=table.text("title"),
        as_of=_day(table, "as_of"),
        rules=tuple(_rule(each, places) for each in table.tables("rules")),
    )
    table.finish()
    need_distinct("rules", "id", [rule.id for rule in pack.rules])
    return pack


def _rule(table: Table, places: frozenset[str]) -> LawRule:
    rule = LawRule(
        id=table.text("id"),
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
        signals=frozenset(table.texts("signals")),
        heed_days=table.optional_integer("heed_days"),
        infers=frozenset(table.texts("infers")),
        inputs=frozenset(table.texts("inputs")),
        systems=frozenset(table.texts("systems")),
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
