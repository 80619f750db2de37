"""The first row of a CSV file: what its columns are called, and whether that can be right."""

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from typing import BinaryIO

from winnow.adapters.files.chunks import LONGEST_RECORD, Position
from winnow.adapters.files.csv_reader import CsvDialect
from winnow.core.mapping.clean import storable
from winnow.core.mapping.values import shown
from winnow.errors import InvalidInputError, Place

#: More columns than this are no file of leads.
MOST_COLUMNS = 10_000

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SEPARATOR_LINE = re.compile(rb"sep=[^\r\n]\r?\n", re.IGNORECASE)


def data_start(head: bytes) -> int:
    """Bytes before the text proper begins: a byte order mark, or none."""
    return len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0


def separator_line(head: bytes, start: int) -> tuple[int, str | None]:
    """Length of a first line such as `sep=;`, which spreadsheet programs write, and the delimiter it names."""
    match = _SEPARATOR_LINE.match(head, start)
    return (len(match[0]), chr(match[0][4])) if match else (0, None)


def csv_header(file: BinaryIO, start: Position, dialect: CsvDialect, name: str) -> tuple[tuple[str, ...], Position]:
    """The names of the columns, and where the rows begin; raises InvalidInputError when there is no proper header."""
    file.seek(start.offset)
    data = file.read(LONGEST_RECORD)
    newline = dialect.scanner.newline
    if len(data) < LONGEST_RECORD:
        data += newline
    begin = len(data) - len(data.lstrip(b"\r\n"))
    end = dialect.scanner.first(data, begin)
    where = Place(name, start.line + data[:begin].count(newline))
    header = data[begin:end].decode(dialect.encoding, "replace")
    if not header.strip(f"\r\n\t {dialect.delimiter}"):
        raise _no_header(data[begin : LONGEST_RECORD - 1] if end == begin else b"", dialect, where)
    columns = _checked(next(dialect.split(header))[1], where)
    return columns, Position(start.offset + end, start.line + data[:end].count(newline))


def _no_header(data: bytes, dialect: CsvDialect, where: Place) -> InvalidInputError:
    if not data.strip():
        return InvalidInputError("there are no columns in it", where=where, fix="give a file with a header and rows")
    columns = data.count(dialect.delimiter.encode("ascii")) + 1
    if columns > MOST_COLUMNS and dialect.scanner.newline not in data:
        return _too_many(f"more than {MOST_COLUMNS:,} columns", where)
    return InvalidInputError(
        f"the first line is no header: it has no end within {LONGEST_RECORD:,} bytes, or a quote in it is not closed",
        where=where,
        fix="begin with one line of column names",
    )


def _too_many(what: str, where: Place) -> InvalidInputError:
    return InvalidInputError(f"{what}, and {MOST_COLUMNS:,} are the most", where=where, fix="leave some out")


def _checked(cells: Sequence[str], where: Place) -> tuple[str, ...]:
    if len(cells) > MOST_COLUMNS:
        raise _too_many(f"{len(cells):,} columns", where)
    names = tuple(storable(cell.strip()) or f"column {number}" for number, cell in enumerate(cells, 1))
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        shown_names = ", ".join(f"`{shown(name)}`" for name in twice[:10])
        raise InvalidInputError(f"several columns are called {shown_names}", where=where, fix="give each its own name")
    data = next((name for name in names if _EMAIL.fullmatch(name)), None)
    if data is not None:
        raise InvalidInputError(
            f"`{shown(data)}` is data, not the name of a column", where=where, fix="begin with one line of column names"
        )
    return names
