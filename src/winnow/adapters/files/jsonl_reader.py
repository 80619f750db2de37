"""Parsing chunks of JSON lines: one object a line, its keys being the columns."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from winnow.adapters.files.chunks import Chunk
from winnow.core.mapping.clean import storable
from winnow.core.mapping.rows import BadRow, RawRow, bad_row
from winnow.errors import UnreadableRowError

_decode = msgspec.json.Decoder().decode

#: JSON escapes of what no lead may hold; a chunk without them needs no closer look.
_SUSPECT = b"\\u0000"


class JsonlParser:
    """Parses chunks of one file; can be sent to another process."""

    def __init__(self, columns: Iterable[str]) -> None:
        self.columns = tuple(columns)

    def rows(self, chunk: Chunk) -> Iterator[RawRow | BadRow]:
        """Every row of the chunk, in order, good or bad; blank lines are no rows."""
        suspect = _SUSPECT in chunk.data
        for line, text in enumerate(chunk.data.split(b"\n"), chunk.start.line):
            if text.strip():
                yield self._row(line, text, suspect=suspect)
        if chunk.oversize:
            yield chunk.oversize

    def _row(self, line: int, text: bytes, *, suspect: bool) -> RawRow | BadRow:
        try:
            found = flat_object(text)
        except UnreadableRowError as problem:
            return bad_row(line, str(problem), text[:1000].decode("utf-8", "replace"))
        cells = [found.get(column, "") for column in self.columns]
        return RawRow(line, [storable(cell) for cell in cells] if suspect else cells)


def flat_object(text: bytes) -> dict[str, str]:
    """Column → cell of one line; raises UnreadableRowError when it is not a JSON object."""
    try:
        found = _decode(text)
        if isinstance(found, dict):
            return dict(flattened(found))
    except UnicodeDecodeError:
        raise UnreadableRowError("bytes that are not UTF-8", fix="save the file as UTF-8") from None
    except (msgspec.DecodeError, ValueError) as problem:
        what = str(problem).removeprefix("JSON is malformed: ")
        raise UnreadableRowError(f"not valid JSON: {what[:1].lower()}{what[1:]}") from None
    except RecursionError:
        raise UnreadableRowError("nested too deeply") from None
    raise UnreadableRowError("not a JSON object", fix='write one object a line, like {"email": "…"}')


def flattened(found: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The (column, cell) of an object: one level of objects and lists becomes `utm.source` and `emails.0`.

    null is an empty cell; what is nested deeper is kept as JSON text.
    """
    for key, value in found.items():
        if isinstance(value, dict):
            for inner, each in value.items():
                yield f"{key}.{inner}", cell_text(each)
        elif isinstance(value, list):
            for index, each in enumerate(value):
                yield f"{key}.{index}", cell_text(each)
        else:
            yield key, cell_text(value)


def cell_text(value: object) -> str:
    """A value as the text of a cell, as a CSV file would hold it."""
    if isinstance(value, str):
        return value
    write = _WRITERS.get(type(value), str)
    return write(value)


def _number(value: float) -> str:
    """Data frames write NaN where nothing was said."""
    return "" if value != value else repr(value)  # noqa: PLR0124  # only NaN differs from itself


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    float: _number,
    datetime: datetime.isoformat,
    date: date.isoformat,
    bytes: lambda value: value.decode("utf-8", "replace"),
    dict: lambda value: msgspec.json.encode(value).decode(),
    list: lambda value: msgspec.json.encode(value).decode(),
}
