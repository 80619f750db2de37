"""Cutting a file into pieces that end with a row, in constant memory whatever the file contains.

A row that has no end within LONGEST_RECORD bytes costs its first line only: it is reported as
unreadable and reading goes on with the next line. So a missing quote cannot swallow the rest of a
file, and what counts as a row never depends on the size of the pieces.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from winnow.core.mapping.rows import EXCERPT, BadRow, bad_row

#: Bytes a row may have. A row with all fields of a lead and a long message has a tenth of it.
LONGEST_RECORD = 1_000_000

#: Bytes of a chunk: some thousand leads, a fraction of a second of work.
CHUNK = 1_000_000


@dataclass(frozen=True, slots=True)
class Position:
    """Where in a source reading can begin: bytes into the file (rows, for Parquet) and the line there, from 1."""

    offset: int
    line: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole rows from `start` up to `end`; `oversize` is a line after `data` that was too long to be kept."""

    start: Position
    end: Position
    data: bytes
    oversize: BadRow | None = None


class Scanner(Protocol):
    """Knows where rows end."""

    @property
    def newline(self) -> bytes:
        """What ends a line: a line feed or a carriage return."""

    def whole(self, data: bytes, start: int, end: int) -> int:
        """Where the last of the whole, well-formed rows that begin at `start` ends, at most `end`."""


def next_rows(scanner: Scanner, data: bytes, start: int, cap: int) -> tuple[int, bool]:
    """Where the rows that begin at `start` end, and whether they are well formed.

    Rows that are not well formed come one line at a time. Returns `start` itself when not even
    a line ends within the next `cap` bytes.
    """
    limit = min(start + cap, len(data))
    end = scanner.whole(data, start, limit)
    if end > start:
        return end, True
    return data.find(scanner.newline, start, limit) + 1 or start, False


def chunks(
    file: BinaryIO, scanner: Scanner, start: Position, *, size: int = CHUNK, cap: int = LONGEST_RECORD
) -> Iterator[Chunk]:
    """Cut what follows `start` into chunks of about `size` bytes, the last row ended if it is not."""
    file.seek(start.offset)
    rest = b""
    while True:
        data, ended = _filled(file, rest, size + cap, scanner.newline)
        if not data:
            return
        cut = _cut(scanner, data, size, cap, complete=ended)
        if cut:
            chunk = _chunk(scanner, start, data[:cut])
            rest = data[cut:]
        else:
            chunk, rest = _oversize(file, scanner, start, data, cap)
        yield chunk
        start = chunk.end


def _filled(file: BinaryIO, rest: bytes, want: int, newline: bytes) -> tuple[bytes, bool]:
    """At least `want` bytes that begin with `rest`, or all there are, with the last line ended; whether that is all."""
    parts, missing = [rest], want - len(rest)
    while missing > 0:
        part = file.read(missing)
        if not part:
            data = b"".join(parts)
            return (data if not data or data.endswith(newline) else data + newline), True
        parts.append(part)
        missing -= len(part)
    return b"".join(parts), False


def _cut(scanner: Scanner, data: bytes, size: int, cap: int, *, complete: bool) -> int:
    """Where the first row ends that makes the chunk large enough, of those known to be whole or to be broken."""
    at = 0
    while at < min(size, len(data)):
        end, well_formed = scanner.whole(data, at, min(at + min(size, cap), len(data))), True
        if end == at:
            end, well_formed = next_rows(scanner, data, at, cap)
        if end == at or (not well_formed and not complete and len(data) - at < cap):
            return at
        at = end
    return at


def _chunk(scanner: Scanner, start: Position, data: bytes) -> Chunk:
    end = Position(start.offset + len(data), start.line + data.count(scanner.newline))
    return Chunk(start, end, data)


def _oversize(file: BinaryIO, scanner: Scanner, start: Position, data: bytes, cap: int) -> tuple[Chunk, bytes]:
    """A chunk without rows for a line too long to be kept, and what was read after that line."""
    first, length = data, 0
    while (end := data.find(scanner.newline)) < 0:
        length += len(data)
        data = file.read(CHUNK)
        if not data:
            break
    length += end + 1
    reason = f"this line has {length:,} bytes, and a row may have {cap:,}"
    bad = bad_row(start.line, reason, first[: EXCERPT * 4].decode("utf-8", "replace"))
    return Chunk(start, Position(start.offset + length, start.line + 1), b"", bad), data[end + 1 :]
