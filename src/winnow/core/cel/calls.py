"""The few functions a condition may call, and kind words for those who look for another."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from winnow.core.cel.refusal import quoted
from winnow.core.cel.term import Kind

_TEXT: Final = frozenset({str})
_NUMBER: Final = frozenset({int, float})


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes (a method's receiver first), what it gives, and how it looks."""

    takes: tuple[frozenset[type], ...]
    result: Kind
    example: str


FUNCTIONS: Final[Mapping[str, Signature]] = {
    "size": Signature((_TEXT,), int, "size(text)"),
    "int": Signature((_NUMBER,), int, "int(number)"),
    "double": Signature((_NUMBER,), float, "double(number)"),
}
METHODS: Final[Mapping[str, Signature]] = {
    "startsWith": Signature((_TEXT, _TEXT), bool, "text.startsWith('…')"),
    "endsWith": Signature((_TEXT, _TEXT), bool, "text.endsWith('…')"),
    "contains": Signature((_TEXT, _TEXT), bool, "text.contains('…')"),
    "matches": Signature((_TEXT, _TEXT), bool, "text.matches('…')"),
    "size": Signature((_TEXT,), int, "text.size()"),
}

_MACROS: Final = "all exists exists_one existsOne map filter bind transformList transformMap sortBy reduce".split()
_CONVERSIONS: Final = "string bytes uint bool timestamp duration type dyn".split()
_CASES: Final = "lowerAscii upperAscii lower upper toLowerCase toUpperCase".split()
_CUTTING: Final = "substring split replace trim charAt indexOf lastIndexOf join format reverse".split()
_FOREIGN: Final = {
    **dict.fromkeys("length len count".split(), "write `text.size()`"),
    **dict.fromkeys(_MACROS, "a rule has no loops, so that its time is bounded; list the cases with `||` or `in`"),
    **dict.fromkeys(_CONVERSIONS, "compare the signal in its own type; only int(…) and double(…) convert"),
    **dict.fromkeys(_CASES, "to ignore upper and lower case write `text.matches('(?i)…')`"),
    **dict.fromkeys(_CUTTING, "look into a text with `startsWith`, `endsWith`, `contains` or `matches`"),
}
_LONGEST_NAME: Final = 64  # difflib takes time in proportion to the square


def foreign(name: str, *, is_method: bool) -> tuple[str, str]:
    """What is wrong with a function that does not exist, and what to write instead."""
    what = f"the rule language has no {'method' if is_method else 'function'} {quoted(name)}"
    other = (FUNCTIONS if is_method else METHODS).get(name)
    if other is not None:
        return what, f"write `{other.example}`"
    known = [*METHODS, *FUNCTIONS, "has"]
    close = get_close_matches(name[:_LONGEST_NAME], known, n=1)
    fix = f"did you mean {quoted(close[0])}" if close else f"use one of {', '.join(sorted(set(known)))}"
    return what, _FOREIGN.get(name, fix)


def nearest_signal(path: str, declared: Mapping[str, Kind]) -> tuple[str, str]:
    """What is wrong with a name that is no signal, and which signals look like it."""
    what = f"there is no signal {quoted(path)}"
    head, _, tail = path.rpartition(".")
    if path == "null":
        return "`null` is not part of the rule language", "write `!has(signal)` for a signal that is not known"
    if head in declared and tail in METHODS:
        return what, f"write `{head}.{tail}(…)` to call the method"
    if head in declared:
        return what, f"`{head}` is a single value without parts"
    close = get_close_matches(path[:_LONGEST_NAME].lower(), declared, n=2, cutoff=0.7)
    if close:
        return what, f"did you mean {' or '.join(map(quoted, close))}"
    if path.isidentifier():
        return what, "signals are written `family.property`; texts stand in quotes"
    return what, "docs/signals.md lists the signals there are"
