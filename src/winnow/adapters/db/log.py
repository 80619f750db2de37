"""The decision log in the database: what is appended, in the transaction of what it is about."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select, text

from winnow.adapters.db.connections import reading
from winnow.adapters.db.moments import micros
from winnow.adapters.db.rows import Row, change, insert_rows, rows_of
from winnow.adapters.db.tables import events, leaves, log_head
from winnow.adapters.db.vault import Vault
from winnow.core.canonical import canonical_bytes
from winnow.core.records import NONCE_BYTES, commitment, entry, sealed_hash
from winnow.core.tlog import Frontier
from winnow.errors import StopsChangedError

Entry = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class HeadRow:
    """The log as a writer finds it: the lock on it is held until the transaction ends.

    stops: how often the kill switch was moved; see `must_still_hold`
    """

    frontier: Frontier
    swept: int
    stops: int

    @property
    def size(self) -> int:
        """How many leaves there are, and so the number of the next one."""
        return self.frontier.size


def locked_head(connection: Connection) -> HeadRow:
    """The head, locked against other writers: one lock a transaction, however many leaves it appends."""
    lock = " FOR UPDATE" if connection.dialect.name == "postgresql" else ""
    question = f"SELECT frontier, swept, stops FROM log_head WHERE id = 1{lock}"  # noqa: S608  # a clause of our own
    ((frontier, swept, stops),) = rows_of(connection, question)
    return HeadRow(Frontier.from_bytes(frontier), swept, stops)


def must_still_hold(head: HeadRow, stops: int | None) -> None:
    """Raise StopsChangedError when the kill switch was moved since something automatic was decided.

    Everything automatic asks this with the head it has locked: so nothing is recorded after a stop was acknowledged
    that was decided before it, on whichever machine.

    stops: the number of the Stops it was decided under; None: as though all were stopped, which is always safe
    """
    if stops is not None and stops != head.stops:
        what = "something was stopped or started again meanwhile"
        raise StopsChangedError(what, fix="ask again: it is decided anew")


def append(connection: Connection, head: HeadRow, entries: Sequence[Entry], swept: int | None = None) -> None:
    """Append leaves to the log; the head must be the locked one."""
    frontier = head.frontier.extended([content for _, content in entries])
    insert_rows(
        connection, leaves, [(number, kind, content) for number, (kind, content) in enumerate(entries, head.size)]
    )
    kept = frontier.to_bytes(), frontier.size, head.swept if swept is None else swept
    change(connection, "UPDATE log_head SET frontier = ?, size = ?, swept = ? WHERE id = 1", *kept)


@dataclass(frozen=True, slots=True)
class Change:
    """Something people or programs did besides deciding leads: a list entry added, a key revoked.

    kind: such as `list.added` · actor: who did it · about: the id of what was changed
    """

    kind: str
    actor: str
    about: str
    document: object


class Journal:
    """Writes changes to the log and keeps what they say, sealed."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def note(self, connection: Connection, change: Change, at: datetime) -> int:
        """Record a change in the transaction that makes it; returns its number in the log."""
        return self.note_all(connection, locked_head(connection), [change], at)

    def note_all(self, connection: Connection, head: HeadRow, changes: Sequence[Change], at: datetime) -> int:
        """Record changes under consecutive numbers and return the first; the head must be the locked one."""
        written = [self.written(number, change, at) for number, change in enumerate(changes, head.size)]
        append(connection, head, [content for content, _ in written])
        insert_rows(connection, events, [row for _, row in written])
        return head.size

    def written(self, number: int, change: Change, at: datetime) -> tuple[Entry, Row]:
        """The leaf of a change, and its row in the table `events`, as they are under a number."""
        moment = micros(at)
        stated = {"actor": change.actor, "about": change.about, "is": change.document}
        record, nonce = canonical_bytes(stated), os.urandom(NONCE_BYTES)
        sealed = self._vault.seal_own(nonce + record, f"event {number}")
        content = entry(change.kind, moment, commitment(nonce, record), sealed_hash(sealed))
        return (change.kind, content), (number, change.kind, moment, change.actor, change.about, sealed)


class LogReader:
    """Reads the log, for tiles, proofs and verification."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def frontier(self) -> Frontier:
        """The log as it is now."""
        with reading(self._engine) as connection:
            return Frontier.from_bytes(connection.execute(select(log_head.c.frontier)).scalar_one())

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The entries from `start` up to, not including, `end`, in order."""
        for begin in range(start, end, _PAGE):
            with reading(self._engine) as connection:
                rows = connection.execute(_ENTRIES, {"start": begin, "end": min(begin + _PAGE, end)}).scalars()
                yield from rows.all()


_PAGE = 10_000
_ENTRIES = text("SELECT entry FROM leaves WHERE id >= :start AND id < :end ORDER BY id")
