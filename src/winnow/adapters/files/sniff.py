"""Finding out how a text file is written: its encoding, what ends its lines, what separates its cells.

The encoding is decided over the whole file (its first gigabyte), because the first umlaut may come late.
"""

import codecs
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import BinaryIO

from winnow.adapters.files.chunks import Chunk, Position, chunks
from winnow.adapters.files.csv_reader import CsvDialect, CsvParser
from winnow.core.mapping import CsvOptions
from winnow.core.mapping.rows import BadRow, RawRow

#: How much is looked at: for the encoding, and for everything else.
_ENCODING_BYTES = 1 << 30
_BLOCK = 1 << 22
_HEAD = 1 << 17

_DELIMITERS = (",", ";", "\t", "|")

#: A file that is not UTF-8 is taken for what Windows programs write in western Europe and America.
_FALLBACK = "cp1252"


def sniff_encoding(file: BinaryIO) -> str:
    """`utf-8` when nothing, or only the smaller part of what is not ASCII, contradicts it; else `cp1252`."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    read = right = wrong = 0
    while read < _ENCODING_BYTES and (block := file.read(_BLOCK)):
        read += len(block)
        text = decoder.decode(block)
        if not text.isascii():
            unlike = _undecodable(text)
            right += len(text) - len(text.encode("ascii", "ignore")) - unlike
            wrong += unlike
    return "utf-8" if right >= wrong else _FALLBACK


def _undecodable(text: str) -> int:
    """How many bytes of what became this text were not UTF-8."""
    try:
        text.encode("utf-8")  # ten times faster than looking for what is nearly never there
    except UnicodeEncodeError:
        return len(text) - len(text.encode("utf-8", "ignore").decode("utf-8"))
    return 0


@dataclass(frozen=True)
class _Trial:
    """How well a dialect explains the beginning of a file."""

    dialect: CsvDialect
    width: int
    share: float

    @property
    def rank(self) -> tuple[float, int]:
        """Rows of equal length count most; a single column explains anything, so it counts half."""
        return (self.share if self.width > 1 else self.share / 2), self.width


def sniff_dialect(file: BinaryIO, start: int, encoding: str, options: CsvOptions) -> CsvDialect:
    """The dialect under which most rows have as many cells as the first; options given are kept."""
    file.seek(start)
    head = file.read(_HEAD)
    newline = "\r" if b"\n" not in head and b"\r" in head else "\n"
    delimiters = (options.delimiter,) if options.delimiter else _DELIMITERS

    def best(quote: str | None) -> _Trial:
        dialects = (CsvDialect(each, quote, encoding, newline) for each in delimiters)
        return max((_try(file, start, dialect) for dialect in dialects), key=lambda trial: trial.rank)

    if options.quote is not None:
        return best(options.quote or None).dialect
    quoted, unquoted = best('"'), best(None)
    if unquoted.rank > quoted.rank and _quotes_are_text(_head_rows(file, start, unquoted.dialect)):
        return unquoted.dialect
    return quoted.dialect


def _try(file: BinaryIO, start: int, dialect: CsvDialect) -> _Trial:
    rows = list(_head_rows(file, start, dialect))
    widths = [len(row.cells) if isinstance(row, RawRow) else 0 for row in rows]
    width = widths[0] if widths else 0
    return _Trial(dialect, width, widths.count(width) / len(widths) if width else 0.0)


def _head_rows(file: BinaryIO, start: int, dialect: CsvDialect) -> Iterator[RawRow | BadRow]:
    """The rows of the beginning of the file, whatever their number of cells."""
    for chunk in chunks(file, dialect.scanner, Position(start, 1), size=_HEAD, cap=_HEAD):
        yield from CsvParser(dialect, None, _HEAD).rows(Chunk(chunk.start, chunk.end, chunk.data))
        return


def _quotes_are_text(rows: Iterable[RawRow | BadRow]) -> bool:
    """Whether quotes look typed by people: no column is quoted throughout, and few inner quotes are doubled."""
    good = [row.cells for row in rows if isinstance(row, RawRow)]
    columns = (tuple(filter(None, cells)) for cells in zip_longest(*good))
    if any(len(_quoted(cells)) > len(cells) / 2 for cells in columns):
        return False
    quoted = _quoted([cell for cells in good for cell in cells])
    return sum('""' in cell[1:-1] for cell in quoted) <= len(quoted) / 2


def _quoted(cells: Sequence[str]) -> list[str]:
    return [cell for cell in cells if cell.startswith('"')]
