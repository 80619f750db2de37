"""Texts from outside, made fit to be shown: nothing in them may steer a page, a drawing or a terminal."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate
from typing import Any

#: Joiners are invisible, yet emoji and several scripts are misspelt without them.
_JOINERS = "\u200c\u200d"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_WIDE = "WF"
_MONTHS = tuple("January February March April May June July August September October November December".split())


def shown(text: str) -> str:
    """The text without control characters, direction overrides and halves of surrogate pairs."""
    return "".join(letter if letter.isprintable() or letter in _JOINERS else _REPLACEMENT for letter in text)


def shown_all(document: Any) -> Any:  # noqa: ANN401  # whatever JSON holds
    """A document whose texts are all fit to be shown, its keys too."""
    if isinstance(document, str):
        return shown(document)
    if isinstance(document, Mapping):
        return {shown(str(key)): shown_all(value) for key, value in document.items()}
    return [shown_all(each) for each in document] if isinstance(document, list) else document


def width(text: str) -> int:
    """Columns a text takes where every letter is as wide as the next, East Asian ones twice as wide."""
    return sum(_columns(letter) for letter in text)


def cut(text: str, columns: int) -> str:
    """The text, ended by `…` where it would take more columns than there are."""
    ends = list(accumulate(map(_columns, text[: 8 * columns])))
    if len(text) <= len(ends) and (not ends or ends[-1] <= columns):
        return text
    kept = sum(end <= columns - 1 for end in ends)
    return f"{text[:kept].rstrip()}…"


def _columns(letter: str) -> int:
    if letter in _JOINERS or unicodedata.combining(letter) or unicodedata.category(letter) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in _WIDE else 1


def day(moment: str) -> str:
    """A moment in ISO 8601 as `5 January 2026`; anything else as it is, `not known` for nothing."""
    at = _moment(moment)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}" if at else moment or "not known"


def short_day(moment: str) -> str:
    """The same, short enough for an axis: `5 Jan 26`."""
    at = _moment(moment)
    return f"{at.day} {_MONTHS[at.month - 1][:3]} {at.year % 100:02}" if at else moment


def _moment(text: str) -> datetime | None:
    """A date or moment with hyphens; a bare number is no date, though ISO 8601 allows it."""
    try:
        return datetime.fromisoformat(text) if "-" in text[1:] else None
    except ValueError:
        return None


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
