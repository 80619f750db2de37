"""Tables as lines of JSON and back: one form for every database, so that a backup of one can be restored into another.

A line is a row, an array in the order of the columns; bytes are in Base64 (RFC 4648 section 4). Rows come in the order
of their primary key, so equal tables give equal lines on every database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType

import msgspec
from sqlalchemy import Boolean, Column, Connection, LargeBinary, Table, column, func, insert, select, table, text
from sqlalchemy.types import Integer

Row = Sequence[object]

#: The kinds of values in a dump, and what they are in Python.
_KINDS: Mapping[str, type] = MappingProxyType({"boolean": bool, "bytes": bytes, "integer": int, "text": str})

#: Rows that are fetched or inserted at a time.
_ROWS = 2_000

_encode = msgspec.json.Encoder().encode_into


def kinds(source: Table) -> dict[str, str]:
    """Column → kind of its values, for all columns of a table in their order."""
    return {each.name: _kind(each) for each in source.columns}


def _kind(source: Column[object]) -> str:
    if isinstance(source.type, Boolean):
        return "boolean"
    if isinstance(source.type, LargeBinary):
        return "bytes"
    return "integer" if isinstance(source.type, Integer) else "text"


def rows_of(connection: Connection, source: Table) -> Iterator[Row]:
    """Every row in the order of the primary key, without ever holding more than a few of them."""
    query = select(source).order_by(*source.primary_key.columns).execution_options(yield_per=_ROWS)
    with connection.execute(query) as result:
        yield from result


def lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """Rows as lines, several at a time."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, _ROWS)):
        buffer = bytearray()
        for row in chunk:
            _encode(tuple(row), buffer, -1)
            buffer += b"\n"
        yield bytes(buffer)


def rows_from(lines_of: Iterable[bytes], columns: Mapping[str, str]) -> Iterator[Row]:
    """Lines as rows; raises msgspec.DecodeError for a line that is no row of these columns."""
    types = tuple(_KINDS[kind] | None for kind in columns.values())
    decode = msgspec.json.Decoder(tuple[types]).decode  # type: ignore[valid-type]  # a type made from the columns
    return map(decode, lines_of)


def load(connection: Connection, name: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows into a table, which may have further columns; returns how many there are in it afterwards."""
    target = table(name, *(column(each) for each in columns))
    waiting = iter(rows)
    while chunk := list(islice(waiting, _ROWS)):
        connection.execute(insert(target), [dict(zip(columns, row, strict=True)) for row in chunk])
    return connection.execute(select(func.count()).select_from(target)).scalar_one()


def restart_numbering(connection: Connection, target: Table) -> None:
    """Let the database's own numbering go on after the rows that were loaded; SQLite does so by itself."""
    numbered = target.autoincrement_column
    if connection.dialect.name != "postgresql" or numbered is None:
        return
    highest = connection.execute(select(func.max(numbered))).scalar_one()
    if highest is not None:
        values = {"name": target.name, "column": numbered.name, "highest": highest}
        connection.execute(text("SELECT setval(pg_get_serial_sequence(:name, :column), :highest)"), values)
