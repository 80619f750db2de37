"""Signed heads of the log: one is signed at a time, each longer than the one before."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, insert, select

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
    """The signed heads of one log behind an engine; a log that was given a new name is another one.

    Each call is a transaction of its own and may raise StoreAwayError.
    """

    def __init__(self, engine: Engine, origin: str) -> None:
        self._engine = engine
        self._ours = select(checkpoints).where(checkpoints.c.note.startswith(f"{origin}\n", autoescape=True))

    def newest(self) -> Signed | None:
        """The longest one; None when none was signed yet."""
        with reading(self._engine) as connection:
            return self._newest(connection)

    def all_notes(self) -> list[str]:
        """Every one that is kept, the shortest first."""
        with reading(self._engine) as connection:
            return [row.note for row in connection.execute(self._ours.order_by(checkpoints.c.size))]

    def of_other_names(self) -> list[str]:
        """Those that were signed when the log had another name, the shortest first."""
        ours = self._ours.with_only_columns(checkpoints.c.size)
        others = select(checkpoints.c.note).where(checkpoints.c.size.not_in(ours)).order_by(checkpoints.c.size)
        with reading(self._engine) as connection:
            return list(connection.execute(others).scalars())

    def sign(self, head: Head, sign: Callable[[Head], str], at: datetime) -> Signed:
        """Sign a head and keep it, unless one as long is kept already; returns the longest.

        Under the lock of the log, so that of several processes one signs at a time. What is returned is committed:
        a note that is not must never leave this function.
        """
        with writing(self._engine) as connection:
            locked_head(connection)
            newest = self._newest(connection)
            if newest is not None and newest.size >= head.size:
                return newest
            signed = Signed(head.size, sign(head), at)
            row = {"size": signed.size, "signed_at": micros(at), "note": signed.note}
            connection.execute(delete(checkpoints).where(checkpoints.c.size == head.size))  # of an earlier name
            connection.execute(insert(checkpoints), row)
        return signed

    def _newest(self, connection: Connection) -> Signed | None:
        row = connection.execute(self._ours.order_by(checkpoints.c.size.desc()).limit(1)).first()
        return None if row is None else Signed(row.size, row.note, moment(row.signed_at))
