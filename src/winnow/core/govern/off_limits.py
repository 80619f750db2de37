"""What nobody may look at: told by the field's name, by what a field is called, or by what is written in it.

A set of forbidden things holds names of lead fields (`message`, `custom.religion`); `category.religion` for whatever
is called after that category; `text.religion` for what tells it in a text. Masking a lead by such a set comes before
anything else sees the lead.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from winnow.core.govern.labels import spoken_of, words_of
from winnow.core.govern.limits import OWN, Proxy
from winnow.core.govern.off_limits_text import scan
from winnow.core.govern.off_limits_words import NAMES
from winnow.core.lead import FIELD_NAMES, Lead

#: How a category is named among forbidden fields.
CATEGORY = "category."
#: And how what tells one in a text.
TEXT = "text."

_GROUPS = ("utm", "custom")
_NOT_FIELDS = frozenset({CATEGORY[:-1], TEXT[:-1]})

#: The fields of a lead that are such data themselves.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "contact": ("full_name", "first_name", "last_name", "emails", "phones"),
    "company": ("company", "job_title", "website"),
    "message": ("message",),
    "behaviour": ("form_fill_seconds", "form_pasted_fields", "form_honeypot", "form_focus_changes"),
    "campaign": ("utm",),
    "network": ("ip", "user_agent", "device_id"),
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A lead without what is off limits; `dropped` names each thing that was there, never its value."""

    lead: Lead
    dropped: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def forbidden_by(
    fields: frozenset[str],
    categories: frozenset[str],
    proxies: tuple[Proxy, ...],
    scan_texts: bool,  # noqa: FBT001  # of a policy
) -> frozenset[str]:
    """Everything that a policy forbids to look at, as one set: its fields, proxies and categories."""
    of_categories = {field for category in categories for field in _FIELDS.get(category, ())}
    named = {f"{CATEGORY}{category}" for category in categories}
    told = {f"{TEXT}{category}" for category in categories} if scan_texts else set()
    return fields | {proxy.field for proxy in proxies} | of_categories | named | told


def scanned_in(forbidden: frozenset[str]) -> frozenset[str]:
    """The categories that texts are searched for."""
    return frozenset(each.removeprefix(TEXT) for each in forbidden if each.startswith(TEXT))


def fields_in(forbidden: Iterable[str]) -> frozenset[str]:
    """Only the fields, of the lead or one's own."""
    return frozenset(each for each in forbidden if not each.startswith((CATEGORY, TEXT)))


def cleaned(lead: Lead, forbidden: frozenset[str]) -> Cleaned:
    """The lead as if what is forbidden had never been sent; what tells it in texts is masked.

    `id` and `source` name the lead and stay.
    """
    if not forbidden:
        return Cleaned(lead)
    parts = _parts(forbidden)
    dropped = [name for name in parts.fields if getattr(lead, name)]
    kept = lead.masked(forbidden)
    if lead.utm or lead.custom:
        kept = _without_named(lead, kept, forbidden, dropped)
    return _scanned(kept, parts.scanned, dropped) if parts.scanned else Cleaned(kept, tuple(dropped))


def masked(lead: Lead, forbidden: frozenset[str]) -> Lead:
    """The same without the names of what was dropped."""
    return cleaned(lead, forbidden).lead


def why_forbidden(field: str, forbidden: frozenset[str]) -> str | None:
    """What forbids a field of a lead, such as `custom.Religion`: an entry of the set, or None."""
    group, _, name = field.partition(".")
    if field in forbidden:
        return field
    if group in forbidden:
        return group
    return called(name, forbidden) if name and group in _GROUPS else None


def may_look(fields: Iterable[str], forbidden: frozenset[str]) -> bool:
    """Whether nothing of what a signal reads is forbidden."""
    return not forbidden or not any(why_forbidden(field, forbidden) for field in fields)


@lru_cache(maxsize=8192)
def called(name: str, forbidden: frozenset[str]) -> str | None:
    """What forbids a thing because of what it is called, however that is written; None when nothing does.

    name: of a column, or of a field of one's own
    """
    words = words_of(name)
    for each in sorted(forbidden):
        head, _, own = each.partition(".")
        if head not in _NOT_FIELDS and words and words_of(own or head) == words:
            return each
        if head == CATEGORY[:-1] and tells(name, own):
            return each
    return None


@lru_cache(maxsize=8192)
def tells(name: str, category: str) -> bool:
    """Whether something of this name is data of a category."""
    words = words_of(name)
    own = words_of(category.removeprefix(OWN))
    if (own and _within(own, words)) or category in spoken_of(name):
        return True
    named = any(_fits(entry, words, name) for entry in NAMES.get(category, ()))
    return named or bool(scan(" ".join(words), frozenset({category})).found)  # words by which people tell it


def _fits(entry: str, words: tuple[str, ...], name: str) -> bool:
    return entry in name if not entry.isascii() else _within(tuple(re.split("[_ ]", entry)), words)


def _within(wanted: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether words stand in a name one after the other; one that ends in `*` is a beginning."""
    starts = range(len(words) - len(wanted) + 1)
    return any(all(_same(each, words[start + at]) for at, each in enumerate(wanted)) for start in starts)


def _same(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


class _Parts(NamedTuple):
    """What a set forbids: whole fields of the lead, and categories in texts."""

    fields: tuple[str, ...]
    scanned: frozenset[str]


@lru_cache(maxsize=64)
def _parts(forbidden: frozenset[str]) -> _Parts:
    return _Parts(tuple(sorted(forbidden.intersection(FIELD_NAMES) - {"id"})), scanned_in(forbidden))


def _without_named(lead: Lead, kept: Lead, forbidden: frozenset[str], dropped: list[str]) -> Lead:
    """The masked lead without what in `utm` and `custom` is forbidden by its name; what forbids it is noted."""
    changes: dict[str, Any] = {}
    for group, values in (("utm", lead.utm), ("custom", lead.custom)):
        if not values or group in forbidden:
            continue
        whys = {name: called(name, forbidden) for name in values}
        dropped += [why for name, why in whys.items() if why is not None and values[name]]
        if any(whys.values()):
            changes[group] = {name: value for name, value in values.items() if whys[name] is None}
    return replace(kept, **changes) if changes else kept


def _scanned(lead: Lead, categories: frozenset[str], dropped: list[str]) -> Cleaned:
    changes: dict[str, Any] = {}
    if lead.message:
        message = scan(lead.message, categories)
        if message.found:
            changes["message"] = message.text
            dropped += _noted(message.found)
    for group in _GROUPS:
        texts = {name: scan(value, categories) for name, value in getattr(lead, group).items()}
        if any(each.found for each in texts.values()):
            changes[group] = {name: each.text for name, each in texts.items()}
            dropped += [noted for each in texts.values() for noted in _noted(each.found)]
    return Cleaned(replace(lead, **changes) if changes else lead, tuple(dropped))


def _noted(found: Mapping[str, int]) -> list[str]:
    return [f"{TEXT}{category}" for category, count in found.items() for _ in range(count)]
