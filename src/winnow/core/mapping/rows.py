"""What a reader of files hands over: a row that could be read, or why it could not."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from winnow.core.lead import Lead
from winnow.core.mapping.clean import storable
from winnow.core.mapping.compile import LeadReader
from winnow.errors import UnreadableRowError

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


def read_leads(rows: Iterable[RawRow | BadRow], read: LeadReader) -> Iterator[Lead | BadRow]:
    """A lead, or why there is none, for every row: what comes out is as many as went in."""
    for row in rows:
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            yield read(row.cells, row.line)
        except UnreadableRowError as problem:
            yield bad_row(row.line, str(problem), ",".join(row.cells))
