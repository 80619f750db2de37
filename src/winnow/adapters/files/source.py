"""Opening what a user named as a source of leads: a file of any kind, a pipe, or `-` for standard input."""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from winnow.adapters.files.chunks import CHUNK, Chunk, Position, Scanner, chunks
from winnow.adapters.files.csv_reader import CsvDialect, CsvParser
from winnow.adapters.files.header import MOST_COLUMNS, csv_header, data_start, separator_line
from winnow.adapters.files.jsonl_reader import JsonlParser, flat_object
from winnow.adapters.files.kinds import file_kind
from winnow.adapters.files.parquet_reader import ParquetParser, parquet_chunks, parquet_columns
from winnow.adapters.files.paths import readable
from winnow.adapters.files.scan import LineScanner
from winnow.adapters.files.sniff import sniff_dialect, sniff_encoding
from winnow.adapters.files.spool import (
    blocks_of,
    canonical_encoding,
    encoding_by_mark,
    needs_rewriting,
    rewritten,
    spooled,
)
from winnow.core.mapping import CsvOptions
from winnow.core.mapping.rows import BadRow, RawRow
from winnow.errors import InvalidInputError, UnreadableRowError

_HEAD = 1 << 16
_FIRST_LINES = 1 << 22
_EDGE = 1 << 20


class Parser(Protocol):
    """Turns chunks into rows; small, and can be sent to another process."""

    def rows(self, chunk: Chunk) -> Iterator[RawRow | BadRow]:
        """Every row of the chunk, in order, good or bad."""


@dataclass
class Source:
    """Leads as somebody's file holds them; close it when done.

    name: as the user wrote it · kind: `csv`, `jsonl` or `parquet`
    columns: what the cells of a row are, in order
    start: where the first row begins
    size: where the last row ends, in the units of a position's offset; None when only reading will tell
    description: how the file is written, for people
    fingerprint: equal for equal files, to resume only on the same input
    path, scanner: where it is read from, and what knows the ends of its rows (None for Parquet)
    temporary: files to be removed in the end
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    parser: Parser
    start: Position
    size: int | None
    description: str
    fingerprint: str
    path: Path
    scanner: Scanner | None
    temporary: list[Path]

    def chunks(self, start: Position | None = None, size: int = CHUNK) -> Iterator[Chunk]:
        """Pieces of about `size` bytes that end with a row, from `start`, which was the end of another chunk."""
        begin = start or self.start
        if self.scanner is None:
            yield from parquet_chunks(self.path, begin)
            return
        with self.path.open("rb") as file:
            yield from chunks(file, self.scanner, begin, size=size)

    def rows(self) -> Iterator[RawRow | BadRow]:
        """Every row, one after the other."""
        for chunk in self.chunks():
            yield from self.parser.rows(chunk)

    def sample(self, count: int = 1000) -> list[list[str]]:
        """The cells of the first good rows, to guess from."""
        good = (row.cells for row in self.rows() if isinstance(row, RawRow))
        return list(islice(good, count))

    def close(self) -> None:
        """Remove what was put aside to read from."""
        for path in self.temporary:
            with suppress(OSError):
                path.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_source(
    name: str, options: CsvOptions | None = None, *, kind: str | None = None, optional: Iterable[str] = ()
) -> Source:
    """Find out how a file is written and make it ready for reading.

    name: a path, or `-` for standard input
    options: what is known about a CSV file; the rest is found out
    kind: `csv`, `jsonl` or `parquet`; found out when None
    optional: columns to look for even if the beginning of a JSON lines file lacks them
    Raises InvalidInputError or MissingExtraError.
    """
    opening = _Opening(name, options or CsvOptions())
    try:
        return opening.source(kind, tuple(optional))
    except BaseException:
        opening.remove()
        raise


class _Opening:
    """Where a source is read from, while it is being opened."""

    def __init__(self, name: str, options: CsvOptions) -> None:
        self.name = "standard input" if name == "-" else name
        self.options = options
        self.temporary: list[Path] = []
        self.path = self._spool(name) if name == "-" or not readable(Path(name)).is_file() else Path(name)
        self.head = self._read(_HEAD)

    def _spool(self, name: str) -> Path:
        if name == "-":
            if sys.stdin is None:
                raise InvalidInputError("it is closed", where=self.name, fix="pipe something in, or name a file")
            return self._keep(spooled(blocks_of(sys.stdin.buffer)))
        with Path(name).open("rb") as file:
            return self._keep(spooled(blocks_of(file)))

    def _keep(self, path: Path) -> Path:
        self.temporary.append(path)
        return path

    def remove(self) -> None:
        for path in self.temporary:
            path.unlink(missing_ok=True)

    def _read(self, size: int) -> bytes:
        with self.path.open("rb") as file:
            return file.read(size)

    def source(self, kind: str | None, optional: tuple[str, ...]) -> Source:
        if not self.head:
            raise InvalidInputError("there is nothing in it", where=self.name, fix="give a file with a header and rows")
        kind = file_kind(self.name, self.head, kind, marked=bool(encoding_by_mark(self.head) or self.options.encoding))
        if kind == "parquet":
            return self._parquet()
        source = self._jsonl(optional) if kind == "jsonl" else self._csv()
        if len(source.columns) > MOST_COLUMNS:
            raise InvalidInputError(
                f"{len(source.columns):,} columns, and {MOST_COLUMNS:,} are the most",
                where=self.name,
                fix="leave some out",
            )
        return source

    def _source(self, **how: Any) -> Source:  # noqa: ANN401  # the fields of Source
        return Source(
            name=self.name,
            fingerprint=fingerprint(self.path, dated=not self.temporary),
            path=self.path,
            temporary=self.temporary,
            **how,
        )

    def _parquet(self) -> Source:
        columns = parquet_columns(self.path)
        return self._source(
            kind="parquet",
            columns=columns,
            parser=ParquetParser(columns),
            start=Position(0, 1),
            size=None,
            description="Parquet",
            scanner=None,
        )

    def _jsonl(self, optional: tuple[str, ...]) -> Source:
        encoding = self._known_encoding() or "utf-8"
        if encoding not in {"utf-8", "utf-8-sig"}:
            self._rewrite(encoding)
        start = data_start(self.head)
        columns = self._keys(self._read(_FIRST_LINES)[start:], optional)
        return self._source(
            kind="jsonl",
            columns=columns,
            parser=JsonlParser(columns),
            start=Position(start, 1),
            size=self.path.stat().st_size,
            description="JSON lines",
            scanner=LineScanner(),
        )

    def _keys(self, data: bytes, optional: tuple[str, ...]) -> tuple[str, ...]:
        keys: dict[str, None] = {}
        for line in data.split(b"\n"):
            with suppress(UnreadableRowError):
                keys.update(dict.fromkeys(flat_object(line)))
            if len(keys) > MOST_COLUMNS:
                break
        if not keys:
            raise InvalidInputError("no line holds a JSON object", where=self.name, fix="write one object a line")
        return tuple(dict.fromkeys([*keys, *optional]))

    def _csv(self) -> Source:
        encoding = self._readable_encoding()
        mark = data_start(self.head)
        skipped, delimiter = separator_line(self.head, mark)
        options = replace(self.options, delimiter=self.options.delimiter or delimiter)
        begin = Position(mark + skipped, 2 if skipped else 1)
        with self.path.open("rb") as file:
            dialect = sniff_dialect(file, begin.offset, encoding, options)
            columns, start = csv_header(file, begin, dialect, self.name)
        return self._source(
            kind="csv",
            columns=columns,
            parser=CsvParser(dialect, len(columns)),
            start=start,
            size=self.path.stat().st_size,
            description=_described(dialect),
            scanner=dialect.scanner,
        )

    def _known_encoding(self) -> str | None:
        """The encoding that a byte order mark or the user names."""
        given = self.options.encoding
        return encoding_by_mark(self.head) or (canonical_encoding(given, self.name) if given else None)

    def _readable_encoding(self) -> str:
        """The encoding of the bytes as they will be read; they are rewritten where that must be."""
        encoding = self._known_encoding()
        if encoding is None:
            with self.path.open("rb") as file:
                return sniff_encoding(file)
        if needs_rewriting(encoding):
            self._rewrite(encoding)
            return "utf-8"
        return encoding.removesuffix("-sig")

    def _rewrite(self, encoding: str) -> None:
        with self.path.open("rb") as file:
            self.path = self._keep(spooled(rewritten(file, encoding)))
        self.head = self._read(_HEAD)


def _described(dialect: CsvDialect) -> str:
    delimiter = {"\t": "tab", " ": "space"}.get(dialect.delimiter, f"`{dialect.delimiter}`")
    quotes = "" if dialect.quote else ", quotes are text"
    return f"CSV, {delimiter} between cells, {dialect.encoding}{quotes}"


def fingerprint(path: Path, *, dated: bool = True) -> str:
    """A hash of a file's size, its first and last megabyte and, if `dated`, when it was last changed."""
    stat = path.stat()
    digest = hashlib.sha256(f"{stat.st_size}:{stat.st_mtime_ns if dated else ''}".encode())
    with path.open("rb") as file:
        digest.update(file.read(_EDGE))
        file.seek(max(stat.st_size - _EDGE, 0))
        digest.update(file.read(_EDGE))
    return digest.hexdigest()
