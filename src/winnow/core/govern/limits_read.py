"""From the tables of a policy to its limits; every mistake is named with its place and the nearest right word."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from winnow.core.govern.limits import (
    CATEGORIES,
    ORDINARY_DATA,
    OWN,
    PROHIBITED_INFERENCES,
    PURPOSES,
    SHIPPED_PACKS,
    Cap,
    ConsentRule,
    Limits,
    PolicyExample,
    Proxy,
    Purpose,
    PurposeKind,
    Reach,
    Retention,
    Told,
    Wording,
)
from winnow.core.govern.requirement import place_of
from winnow.core.govern.terms import Channel, Needed
from winnow.core.lead import FIELD_NAMES
from winnow.core.outcome import ACQUISITION_SCOPES, Scope
from winnow.core.tables import Table
from winnow.errors import InvalidRulesetError

Word = TypeVar("Word", bound=StrEnum)
T = TypeVar("T")

#: What `needed` is written as.
NEEDED: Mapping[str, Needed] = {each.word: each for each in Needed}

#: How relationships without an end are written.
NO_END = "no-end"

_FIELDS = tuple(name for name in FIELD_NAMES if name != "id")
_OWN_FIELDS = ("custom.", "utm.")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}", re.ASCII)
_MOST_DAYS = 36_525


def limits_from(table: Table) -> Limits:
    """The limits in a policy's table, whose other keys are left to whoever calls; what is missing is the default."""
    categories = categories_of(table, "off_limits_categories", frozenset())
    purposes = _purposes(table, categories)
    names = tuple(purpose.name for purpose in purposes)
    return Limits(
        categories=categories,
        scan_texts=table.flag("scan_texts", default=False),
        proxies=_each(table, "proxies", _proxy),
        inferences=categories_of(table, "prohibited_inferences", PROHIBITED_INFERENCES),
        cleared_labels=frozenset(table.texts("cleared_labels")),
        purposes=purposes,
        consent=_distinct(table, "consent", _each(table, "consent", lambda each: _consent(each, names))),
        caps=_distinct(table, "caps", _each(table, "caps", lambda each: _cap(each, names))),
        block_scopes=_block_scopes(table),
        gpc_covers=tuple(_reach(table, "gpc_covers", each, names) for each in table.texts("gpc_covers")),
        retention=_retention(table.table("retention")),
        protected=frozenset(table.texts("protected_attributes")),
        packs=tuple(dict.fromkeys(table.texts("packs"))) if table.has("packs") else SHIPPED_PACKS,
        wordings=_distinct(table, "wordings", _each(table, "wordings", lambda each: _wording(each, names))),
        examples=_each(table, "examples", lambda each: example_from(each, names)),
    )


def words_of(table: Table, key: str, kind: type[Word]) -> frozenset[Word]:
    """A list of words out of a fixed set; empty when the key is missing."""
    return frozenset(kind(one_of(table, key, each, [*kind])) for each in table.texts(key))


def needed_from(table: Table, key: str) -> Needed | None:
    """What a contact needs; None when the key is missing."""
    return NEEDED[one_of(table, key, table.text(key), NEEDED)] if table.has(key) else None


def places_of(table: Table, key: str) -> frozenset[str]:
    """Countries and parts of them, in the codes of ISO 3166."""
    return frozenset(_place(table, key, each) for each in table.texts(key))


def days_of(table: Table, key: str) -> dict[str, int | None]:
    """Relationships and for how many days each is taken for consent; `no-end` is without an end."""
    inside = table.table(key)
    return {name: None if inside.value(name) == NO_END else days_in(inside, name) for name in inside.content}


def _each(table: Table, key: str, read: Callable[[Table], T]) -> tuple[T, ...]:
    """Every table of a list, read to its last key."""
    found = []
    for each in table.tables(key):
        found.append(read(each))
        each.finish()
    return tuple(found)


Named = TypeVar("Named", Cap, ConsentRule, Wording)


def _distinct(table: Table, key: str, items: tuple[Named, ...]) -> tuple[Named, ...]:
    need_distinct(table.at(key), "id", [item.id for item in items])
    return items


def need_distinct(path: str, key: str, names: Iterable[str]) -> None:
    """Refuse a name given twice: grounds name what they rest on by it."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            raise InvalidRulesetError(f"`{name}` is there twice", where=f"{path}[{index}].{key}", fix="rename one")
        seen.add(name)


def one_of(table: Table, key: str, word: str, known: Collection[str]) -> str:
    """The word, if it is one of those known; a slip is refused with the nearest of them."""
    if word not in known:
        near = get_close_matches(word, known, n=1)
        fix = f"did you mean `{near[0]}`?" if near else f"use {', '.join(known)}"
        raise InvalidRulesetError(f"`{word}` is not known here", where=table.at(key), fix=fix)
    return word


def name_of(table: Table, key: str) -> str:
    """What grounds and addresses call something; refused where it could not be written into them."""
    found = table.text(key)
    if not _NAME.fullmatch(found):
        fix = "use small letters, digits, dots, hyphens and underscores"
        raise InvalidRulesetError(f"`{found}` is no name", where=table.at(key), fix=fix)
    return found


def categories_of(table: Table, key: str, default: frozenset[str]) -> frozenset[str]:
    """Categories of data; those of one's own begin with `custom.`, so that a slip is not taken for one."""
    return frozenset(_category(table, key, each) for each in table.texts(key)) if table.has(key) else default


def _category(table: Table, key: str, word: str) -> str:
    return word if word.startswith(OWN) else one_of(table, key, word, CATEGORIES)


def _purposes(table: Table, off_limits: frozenset[str]) -> tuple[Purpose, ...]:
    found = _each(table, "purposes", lambda each: _purpose(each, off_limits)) if table.has("purposes") else PURPOSES
    need_distinct(table.at("purposes"), "name", [purpose.name for purpose in found])
    return found


def _purpose(table: Table, off_limits: frozenset[str]) -> Purpose:
    data = categories_of(table, "data", ORDINARY_DATA - off_limits)
    if data & off_limits:
        what = f"`{min(data & off_limits)}` is off-limits"
        raise InvalidRulesetError(what, where=table.at("data"), fix="take it out here or out of off_limits_categories")
    return Purpose(
        name=name_of(table, "name"),
        kind=PurposeKind(one_of(table, "kind", table.text("kind"), [*PurposeKind])),
        data=data,
        channels=words_of(table, "channels", Channel) if table.has("channels") else frozenset(Channel),
        text=table.text("text", ""),
    )


def _proxy(table: Table) -> Proxy:
    field = table.text("field")
    if not field.startswith(_OWN_FIELDS):
        one_of(table, "field", field, _FIELDS)
    return Proxy(field, _category(table, "stands_for", table.text("stands_for")))


def _consent(table: Table, purposes: Collection[str]) -> ConsentRule:
    needed = NEEDED[one_of(table, "needed", table.text("needed"), NEEDED)]
    days = days_of(table, "implied_days")
    if (needed is Needed.IMPLIED) is not bool(days):
        fix = "name the relationships that count, e.g. implied_days = { purchase = 730 }, with needed = implied alone"
        raise InvalidRulesetError("`needed` and `implied_days` do not go together", where=table.at("needed"), fix=fix)
    return ConsentRule(
        id=name_of(table, "id"),
        needed=needed,
        text=table.text("text"),
        channels=words_of(table, "channels", Channel),
        purposes=_of_purposes(table, purposes),
        places=places_of(table, "places"),
        implied_days=days,
    )


def _reach(table: Table, key: str, text: str, purposes: Collection[str]) -> Reach:
    """A channel, with a purpose behind a colon if it is not every one."""
    channel, colon, purpose = text.partition(":")
    known = Channel(one_of(table, key, channel, [*Channel]))
    return Reach(known, one_of(table, key, purpose, purposes) if colon else None)


def _cap(table: Table, purposes: Collection[str]) -> Cap:
    return Cap(
        id=name_of(table, "id"),
        most=days_in(table, "most"),
        days=days_in(table, "days"),
        channels=words_of(table, "channels", Channel),
        purposes=_of_purposes(table, purposes),
    )


def _wording(table: Table, purposes: Collection[str]) -> Wording:
    channels = words_of(table, "channels", Channel)
    if not channels:
        what, fix = "a wording grants a channel", 'add channels = ["email"]'
        raise InvalidRulesetError(what, where=table.at("channels"), fix=fix)
    return Wording(
        id=table.text("id"),
        channels=channels,
        purpose=one_of(table, "purpose", table.text("purpose"), purposes),
        text=table.text("text"),
        language=table.text("language", ""),
        confirm=table.flag("confirm", default=False),
    )


def example_from(table: Table, purposes: Collection[str]) -> PolicyExample:
    """A case that has to come out, about one of these purposes."""
    on = table.day("on")
    if on is None:
        raise InvalidRulesetError("`on` is missing", where=table.path, fix="add on = 2027-01-31, as laws change")
    example = PolicyExample(
        channel=Channel(one_of(table, "channel", table.text("channel"), [*Channel])),
        purpose=one_of(table, "purpose", table.text("purpose"), purposes),
        on=on,
        place=_place(table, "place", table.text("place")) if table.has("place") else None,
        told=Told(one_of(table, "told", table.text("told", Told.UNKNOWN), [*Told])),
        basis=table.text("basis", ""),
        since=table.day("since"),
        needed=needed_from(table, "needed"),
        allowed=None if table.value("allowed") is None else table.flag("allowed", default=False),
    )
    if example.needed is None and example.allowed is None:
        fix = "add needed = … or allowed = …"
        raise InvalidRulesetError("the example expects nothing", where=table.path, fix=fix)
    return example


def _of_purposes(table: Table, known: Collection[str]) -> frozenset[str]:
    return frozenset(one_of(table, "purposes", each, known) for each in table.texts("purposes"))


def _place(table: Table, key: str, text: str) -> str:
    found = place_of(text)
    if found is None:
        fix = "write a country like `DE`, or a part of one like `US-CA`"
        raise InvalidRulesetError(f"`{text}` is no place", where=table.at(key), fix=fix)
    return found


def _block_scopes(table: Table) -> frozenset[Scope]:
    if not table.has("block_scopes"):
        return ACQUISITION_SCOPES
    found = words_of(table, "block_scopes", Scope)
    if found - ACQUISITION_SCOPES:
        what = f"`{min(found - ACQUISITION_SCOPES)}` serves customers and is closed to none of them"
        fix = f"use some of {', '.join(sorted(ACQUISITION_SCOPES))}"
        raise InvalidRulesetError(what, where=table.at("block_scopes"), fix=fix)
    return found


def _retention(table: Table) -> Retention:
    usual = Retention()
    found = Retention(
        network_days=days_in(table, "network_days", usual.network_days),
        rejected_days=days_in(table, "rejected_days", usual.rejected_days),
        decisions_days=days_in(table, "decisions_days", usual.decisions_days),
    )
    table.finish()
    return found


def days_in(table: Table, key: str, default: int | None = None) -> int:
    """A number of days, or of anything that is counted like them, from 1 to a century's."""
    found = table.integer(key, default)
    if not 1 <= found <= _MOST_DAYS:
        raise InvalidRulesetError(f"`{found}` is out of bounds", where=table.at(key), fix=f"give 1 to {_MOST_DAYS}")
    return found
