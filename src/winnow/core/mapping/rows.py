"""What a reader of files hands over: a row that could be read, or why it could not."""

from typing import NamedTuple

from winnow.core.mapping.clean import storable

#: Longest piece of an unreadable row that is kept, in characters.
EXCERPT = 200


class RawRow(NamedTuple):
    """The cells of one row, in the order of the file's columns; `line` is where the row begins, the header being 1."""

    line: int
    cells: list[str]


class BadRow(NamedTuple):
    """A row that did not become a lead; `raw` is the beginning of what stands there."""

    line: int
    reason: str
    raw: str


def bad_row(line: int, reason: str, raw: str) -> BadRow:
    """A BadRow whose excerpt is short and storable."""
    return BadRow(line, reason, storable(raw[:EXCERPT]))
