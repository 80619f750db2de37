"""Rows in and out by the shortest way each database offers: what every group of leads goes through."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary, SmallInteger, Table, Text
from sqlalchemy.sql.type_api import TypeEngine

from winnow.adapters.db.connections import driver_of

Row = tuple[object, ...]

#: Up to so many rows PostgreSQL is told one by one, without waiting; more go in a COPY.
FEW = 8

#: The types that PostgreSQL's binary COPY must be told.
_COPY_TYPES: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (BigInteger, "int8"),
    (SmallInteger, "int2"),
    (Integer, "int4"),
    (Text, "text"),
    (LargeBinary, "bytea"),
    (Boolean, "bool"),
)


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    if not rows:
        return
    driver = driver_of(connection)
    if connection.dialect.name == "sqlite":
        driver.executemany(_insert(table), rows)
        return
    if len(rows) <= FEW:
        for row in rows:
            driver.execute(_insert(table).replace("?", "%s"), row)
        return
    copy, types = _copy(table)
    with driver.cursor() as cursor, cursor.copy(copy) as stream:
        stream.set_types(types)
        for row in rows:
            stream.write_row(row)


def insert_missing(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert those rows whose key is not there yet."""
    if not rows:
        return
    driver = driver_of(connection)
    if connection.dialect.name == "sqlite":
        driver.executemany(_insert(table, "OR IGNORE "), rows)
        return
    names = [column.name for column in table.columns]
    arrays = ", ".join(f"%s::{kind}[]" for kind in _copy(table)[1])
    driver.execute(
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING",  # noqa: S608  # names of our own
        [list(column) for column in zip(*rows, strict=True)],
    )


@contextmanager
def at_once(connection: Connection) -> Iterator[None]:
    """Send what is done within the block without waiting for answers; at most FEW rows a table, and no questions."""
    if connection.dialect.name == "sqlite":
        yield
        return
    with driver_of(connection).pipeline():
        yield


def rows_of(connection: Connection, question: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """The answer to a question, past everything that SQLAlchemy does for the general case.

    A `{}` in it becomes as many places as there are values.
    """
    driver, text = driver_of(connection), question
    if values:
        place = "?" if connection.dialect.name == "sqlite" else "%s"
        text = question.format(",".join([place] * len(values)))
    found: list[tuple[Any, ...]] = (driver.execute(text, values) if values else driver.execute(text)).fetchall()
    return found


def change(connection: Connection, statement: str, *values: object) -> None:
    """Run a statement whose values are written as `?`."""
    if connection.dialect.name != "sqlite":
        statement = statement.replace("?", "%s")
    driver_of(connection).execute(statement, values)


@lru_cache(maxsize=64)
def _insert(table: Table, instead: str = "") -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    places = ", ".join("?" for _ in table.columns)
    return f"INSERT {instead}INTO {table.name} ({names}) VALUES ({places})"  # noqa: S608  # names of our own tables


@lru_cache(maxsize=64)
def _copy(table: Table) -> tuple[str, list[str]]:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    types = [next(name for kind, name in _COPY_TYPES if isinstance(column.type, kind)) for column in table.columns]
    return f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)", types
