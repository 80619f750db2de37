"""Where rows end, found by one regular expression so that a chunk costs milliseconds.

The grammar is that of RFC 4180: a quote opens a cell only as its first character; inside, a quote is
doubled; after the closing quote comes the delimiter or the end of the row. The expressions are
possessive throughout, so they never go back and run in linear time on any input.
"""

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class CsvScanner:
    """Finds whole, well-formed CSV rows. Delimiter and quote are single ASCII bytes; None means no quote is special."""

    delimiter: bytes
    quote: bytes | None
    newline: bytes = b"\n"

    def whole(self, data: bytes, start: int, end: int) -> int:
        """Where the last whole, well-formed row ends."""
        if self._is_plain(data, start, end):
            return data.rfind(self.newline, start, end) + 1 or start
        match = self._rows.match(data, start, end)
        return match.end() if match else start

    def first(self, data: bytes, start: int) -> int:
        """Where the first row ends; `start` when it is not whole or not well formed."""
        match = re.compile(self._row() + self._end()).match(data, start)
        return match.end() if match else start

    def _is_plain(self, data: bytes, start: int, end: int) -> bool:
        """Whether there are neither quotes nor stray carriage returns, so that every line is a row."""
        if self.newline == b"\r" or (self.quote and data.find(self.quote, start, end) >= 0):
            return False
        return data.count(b"\r", start, end) == data.count(b"\r\n", start, end)

    @cached_property
    def _rows(self) -> re.Pattern[bytes]:
        return re.compile(b"(?:" + self._row() + self._end() + b")*+")

    @cached_property
    def _beginning(self) -> re.Pattern[bytes]:
        return re.compile(self._row())

    def _end(self) -> bytes:
        return rb"\r?\n" if self.newline == b"\n" else rb"\r"

    def _row(self) -> bytes:
        """A row without its end."""
        if not self.quote:
            return rb"[^\r\n]*+"
        quote, delimiter = re.escape(self.quote), re.escape(self.delimiter)
        opening = b"(?<![^" + delimiter + rb"\r\n])" + quote
        inside = b"[^" + quote + b"]*+(?:" + quote * 2 + b"[^" + quote + b"]*+)*+"
        closing = quote + b"(?=[" + delimiter + rb"\r\n])"
        ordinary = b"(?<=[^" + delimiter + rb"\r\n])" + quote
        plain = b"[^" + quote + rb"\r\n]*+"
        return plain + b"(?:(?:" + opening + inside + closing + b"|" + ordinary + b")" + plain + b")*+"

    def complaint(self, line: bytes) -> str:
        """Why a line that could not be read is not well formed."""
        match = self._beginning.match(line)
        at = match.end() if match else 0
        if self.quote and line[at : at + 1] == self.quote:
            return (
                f"the quoted cell that begins at byte {at + 1} of this line has no proper end;"
                " a quote inside a cell is doubled, and a row has a limited size"
            )
        return f"a line break of another kind at byte {at + 1} of this line; quote cells that hold line breaks"


@dataclass(frozen=True)
class LineScanner:
    """Every line is a row, as in JSON lines."""

    newline: bytes = b"\n"

    def whole(self, data: bytes, start: int, end: int) -> int:
        """Where the last whole line ends."""
        return data.rfind(self.newline, start, end) + 1 or start
