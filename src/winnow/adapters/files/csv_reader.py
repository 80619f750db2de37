"""Parsing chunks of CSV, in whatever process; what cannot be parsed is a row with a reason, never an exception."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from winnow.adapters.files.chunks import LONGEST_RECORD, Chunk, next_rows
from winnow.adapters.files.scan import CsvScanner
from winnow.core.mapping.rows import BadRow, RawRow, bad_row

# Nothing longer reaches the parser, and the limit is one of the whole process.
csv.field_size_limit(LONGEST_RECORD * 4)

#: What `surrogateescape` makes of bytes that are wrong in an encoding.
_UNDECODABLE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class CsvDialect:
    """How a CSV file is written. In its encoding, line breaks, quotes and delimiters are single ASCII bytes."""

    delimiter: str = ","
    quote: str | None = '"'
    encoding: str = "utf-8"
    newline: str = "\n"

    @property
    def scanner(self) -> CsvScanner:
        """Finds the ends of rows of this dialect."""
        quote = self.quote.encode("ascii") if self.quote else None
        return CsvScanner(self.delimiter.encode("ascii"), quote, self.newline.encode("ascii"))

    def split(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """The (line, cells) of well-formed text, the line from 0; blank lines are no rows."""
        reader = csv.reader(
            self._lines(text),
            delimiter=self.delimiter,
            quotechar=self.quote,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            strict=True,
        )
        line = 0
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num

    def _lines(self, text: str) -> Iterable[str]:
        """The lines with their ends; only this dialect's newline ends one."""
        if self.newline == "\n":
            return StringIO(text, newline="\n")
        return (f"{line}\r" for line in text.removesuffix("\r").split("\r"))


class CsvParser:
    """Parses chunks of one file; can be sent to another process."""

    def __init__(self, dialect: CsvDialect, width: int | None, cap: int = LONGEST_RECORD) -> None:
        """`width`: cells a row must have; None for any number."""
        self.dialect = dialect
        self.width = width
        self.cap = cap
        self.scanner = dialect.scanner

    def rows(self, chunk: Chunk) -> Iterator[RawRow | BadRow]:
        """Every row of the chunk, in order, good or bad."""
        data, line, at = chunk.data, chunk.start.line, 0
        while at < len(data):
            end, well_formed = next_rows(self.scanner, data, at, self.cap)
            piece = data[at:end]
            yield from self._good(piece, line) if well_formed else self._bad(piece, line)
            line += piece.count(self.scanner.newline)
            at = end
        if chunk.oversize:
            yield chunk.oversize

    def _bad(self, data: bytes, line: int) -> Iterator[BadRow]:
        yield bad_row(line, self.scanner.complaint(data), data.decode(self.dialect.encoding, "replace").rstrip("\r\n"))

    def _good(self, data: bytes, line: int) -> Iterator[RawRow | BadRow]:
        try:
            text = data.decode(self.dialect.encoding)
        except UnicodeDecodeError:
            text = data.decode(self.dialect.encoding, "surrogateescape")
            yield from self._suspicious(self.dialect.split(text), line)
            return
        width = self.width
        for index, cells in self.dialect.split(text.replace("\0", "\ufffd")):
            if width is None or len(cells) == width:
                yield RawRow(line + index, cells)
            else:
                yield self._wrong_width(line + index, cells)

    def _suspicious(self, rows: Iterable[tuple[int, list[str]]], line: int) -> Iterator[RawRow | BadRow]:
        """Rows of a chunk in which some bytes are not of the encoding."""
        for index, cells in rows:
            if any(map(_UNDECODABLE.search, cells)):
                reason = f"bytes that are not {self.dialect.encoding}; give the encoding of the file in the map"
                yield bad_row(line + index, reason, self._joined(cells))
            elif self.width is None or len(cells) == self.width:
                yield RawRow(line + index, [cell.replace("\0", "\ufffd") for cell in cells])
            else:
                yield self._wrong_width(line + index, cells)

    def _wrong_width(self, line: int, cells: list[str]) -> BadRow:
        word = "cell" if len(cells) == 1 else "cells"
        return bad_row(line, f"{len(cells)} {word} where the header has {self.width}", self._joined(cells))

    def _joined(self, cells: list[str]) -> str:
        return self.dialect.delimiter.join(cells[:200])
