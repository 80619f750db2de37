"""Signed heads of the log: one is signed at a time, each longer than the one before."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, insert, select

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import locked_head
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.tables import checkpoints
from winnow.core.tlog import Head


class Signed(NamedTuple):
    """A signed head: how many entries it counts, the note, when it was signed."""

    size: int
    note: str
    at: datetime


class Checkpoints:
    """The signed heads behind an engine. Each call is a transaction of its own and may raise StoreAwayError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def newest(self) -> Signed | None:
        """The longest one; None when none was signed yet."""
        with reading(self._engine) as connection:
            return _newest(connection)

    def all_notes(self) -> list[str]:
        """Every one that is kept, the shortest first."""
        with reading(self._engine) as connection:
            return list(connection.execute(select(checkpoints.c.note).order_by(checkpoints.c.size)).scalars())

    def sign(self, head: Head, sign: Callable[[Head], str], at: datetime) -> Signed:
        """Sign a head and keep it, unless one as long is kept already; returns the longest.

        Under the lock of the log, so that of several processes one signs at a time. What is returned is committed:
        a note that is not must never leave this function.
        """
        with writing(self._engine) as connection:
            locked_head(connection)
            newest = _newest(connection)
            if newest is not None and newest.size >= head.size:
                return newest
            signed = Signed(head.size, sign(head), at)
            row = {"size": signed.size, "signed_at": micros(at), "note": signed.note}
            connection.execute(insert(checkpoints), row)
        return signed


def _newest(connection: Connection) -> Signed | None:
    row = connection.execute(select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1)).first()
    return None if row is None else Signed(row.size, row.note, moment(row.signed_at))
