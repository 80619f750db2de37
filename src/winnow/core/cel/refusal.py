"""Points at the very spot of a condition that cannot be accepted, so that its author can mend it."""

import unicodedata
from dataclasses import dataclass

from winnow.errors import InvalidRuleError, Place

_WINDOW = 100  # characters of a long line that are shown around the spot
_LONGEST_QUOTE = 40
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Text:
    """A condition as written, and what it is called in messages."""

    source: str
    name: str = "rule"

    def place(self, at: int) -> Place:
        """Line and column of the character at the offset `at`, both counted from 1."""
        start = self.source.rfind("\n", 0, at) + 1
        return Place(self.name, self.source.count("\n", 0, at) + 1, at - start + 1)

    def refusal(self, at: int, what: str, fix: str) -> InvalidRuleError:
        """The error to raise for the character at the offset `at`."""
        place = self.place(at)
        line = self.source.split("\n")[(place.line or 1) - 1]
        return InvalidRuleError(what, where=place, fix=fix, excerpt=_excerpt(line, (place.column or 1) - 1))


def quoted(text: str) -> str:
    """The user's own words in backticks, shortened and disarmed."""
    return f"`{disarmed(text if len(text) <= _LONGEST_QUOTE else f'{text[: _LONGEST_QUOTE - 1]}…')}`"


def disarmed(text: str) -> str:
    """The text with nothing in it that a terminal would obey."""
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)


def _excerpt(line: str, column: int) -> str:
    first = max(0, column - _WINDOW // 2)
    shown = "".join(_one_cell(each) for each in line[first : first + _WINDOW].rstrip("\r"))
    caret = " " * sum(_width(each) for each in shown[: column - first])
    return f"{_INDENT}{shown}\n{_INDENT}{caret}^"


def _one_cell(character: str) -> str:
    if character == "\t":
        return " "
    return character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"


def _width(character: str) -> int:
    """Cells a terminal gives the character (Unicode annex 11)."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
