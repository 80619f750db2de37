"""Puts decisions in order by what they are found by, in sorted sweeps beside the recording of leads.

Each has a handful of values, each of which would touch a page of the index of its own. So a few thousand decisions
wait in the order in which they came, and their rows are put in sorted, where many share a page.
"""

from collections.abc import Sequence
from struct import Struct

from sqlalchemy import Connection, Engine, delete

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.finding_tables import found_by, unfiled
from winnow.adapters.db.rows import insert_missing, rows_of
from winnow.adapters.db.vault import Vault
from winnow.core.review.findable import Key

#: Decisions of one bucket: large enough that a search over years looks into few, small enough to stay in memory.
BUCKET = 1 << 17
#: Decisions that wait before a sweep begins, and that one sweep takes at most.
WAITING, SWEPT = 4_000, 16_000
#: Rows of one transaction: some milliseconds in which nobody else writes.
_ROWS = 1_000

KEY_BYTES = 8


def packed(vault: Vault, keys: Sequence[Key]) -> bytes:
    """What a decision is found by, as it is kept with it."""
    return Struct(f">{len(keys)}q").pack(*[hashed(vault, key) for key in keys])


def unpacked(content: bytes) -> tuple[int, ...]:
    """The hashes in it."""
    return Struct(f">{len(content) // KEY_BYTES}q").unpack(content)


def hashed(vault: Vault, key: Key) -> int:
    """The number that stands for a value."""
    kind, value = key
    return vault.hashed(f"found by {kind.value}", value)


class Filing:
    """Sweeps, a step at a time; for one thread. Two of them do no harm: a row that is there stays as it is."""

    def __init__(self, engine: Engine, *, waiting: int = WAITING) -> None:
        self._engine = engine
        self._waiting = waiting
        self._rows: list[tuple[int, int, int]] = []
        self._last = -1

    def step(self) -> bool:
        """Put some rows in order; whether there is more to do at once."""
        if not self._rows and not self._begun():
            return False
        part, self._rows = self._rows[:_ROWS], self._rows[_ROWS:]
        with writing(self._engine) as connection:
            insert_missing(connection, found_by, part)
            if not self._rows:
                connection.execute(delete(unfiled).where(unfiled.c.decision <= self._last))
        return True

    def _begun(self) -> bool:
        with reading(self._engine) as connection:
            waiting = _first(connection)
        if len(waiting) < self._waiting or not waiting:
            return False
        self._last = waiting[-1][0]
        self._rows = sorted(
            {(decision // BUCKET, key, decision) for decision, keys in waiting for key in unpacked(bytes(keys))}
        )
        return True


def _first(connection: Connection) -> list[tuple[int, bytes]]:
    question = f"SELECT decision, keys FROM unfiled ORDER BY decision LIMIT {SWEPT}"  # noqa: S608  # our own number
    return [(decision, keys) for decision, keys in rows_of(connection, question)]
