"""Rows for every table, made up from nothing but the table itself, so that they fit whatever the schema becomes."""

from hashlib import sha256
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, LargeBinary, SmallInteger, Table, insert, update

from winnow.adapters.db.tables import checkpoints, leaves, log_head, metadata
from winnow.core.tlog import Frontier, VerifierKey, sign_checkpoint

#: Filled by `fill` with what belongs together; all other tables get rows that only fit their columns.
LOG_TABLES = (leaves, log_head, checkpoints)

_KEY = VerifierKey("winnow.example/log", bytes(32))


#: Columns that name somebody else than others of their row, as the tables themselves demand.
_OTHERS = {"sign_offs.signer", "stops.first_by", "stops.second_by"}


def made_up(table: Table, number: int) -> dict[str, Any]:
    """One row; different numbers give different keys."""
    return {column.name: _value(column, number) for column in table.columns}


def _value(column: Column[Any], number: int) -> object:
    if column.nullable and number % 3 == 0:
        return None
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, SmallInteger):
        return number % 10_000
    if isinstance(column.type, Integer):
        return number
    if isinstance(column.type, LargeBinary):
        return sha256(f"{column.name} {number}".encode()).digest() * 3
    other = f"not {column.name} " if str(column) in _OTHERS else ""
    return f'{other}{number} "Zoë\\\n\u2028 \U0001f600'


def entry(number: int) -> bytes:
    """What a leaf of the log commits to."""
    return b'{"leaf":%d}' % number


def add_leaves(connection: Connection, frontier: Frontier, count: int) -> Frontier:
    """More entries in the log, its head moved along."""
    numbers = range(frontier.size, frontier.size + count)
    rows = [{**made_up(leaves, number), "id": number, "entry": entry(number)} for number in numbers]
    connection.execute(insert(leaves), rows)
    frontier = frontier.extended(map(entry, numbers))
    head = {**made_up(log_head, 1), "size": frontier.size, "frontier": frontier.to_bytes()}
    if not connection.execute(update(log_head).values(head)).rowcount:
        connection.execute(insert(log_head), [head])
    return frontier


def add_checkpoint(connection: Connection, frontier: Frontier) -> None:
    """A signed head; nobody looks at the signature here."""
    note = sign_checkpoint(frontier.head, _KEY, lambda _: bytes(64))
    connection.execute(insert(checkpoints), [{**made_up(checkpoints, frontier.size), "note": note}])


def fill(connection: Connection, count: int) -> None:
    """Rows in every table, and a log with two checkpoints."""
    for table in metadata.sorted_tables:
        if table not in LOG_TABLES:
            connection.execute(insert(table), [made_up(table, number) for number in range(1, count + 1)])
    frontier = add_leaves(connection, Frontier(), count)
    add_checkpoint(connection, frontier)
    frontier = add_leaves(connection, frontier, count)
    add_checkpoint(connection, frontier)
    add_leaves(connection, frontier, 1)
