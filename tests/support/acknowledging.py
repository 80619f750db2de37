"""A process that stores leads and says which are stored: `python -m tests.support.acknowledging spool|store FOLDER …`.

It goes on after every failure, as a server does. What it says on standard output it has been promised; the tests
compare that with what is found in the folder afterwards.
"""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from tests.support.project import ROOT
from tests.support.store_rows import entry, made_up
from winnow.adapters.db.connections import make_engine, sqlite_url, writing
from winnow.adapters.db.tables import decisions, leads, leaves, metadata
from winnow.adapters.spool import Spool, orphans
from winnow.errors import WinnowError

MOST_BYTES = 1 << 30
_PER_GROUP = 5
_TABLES = (leads, decisions, leaves)

#: Stores some leads for good or raises.
Put = Callable[[Sequence[int]], None]


def record(number: int) -> bytes:
    """What is spooled of a lead."""
    return b"%d " % number * 50


def spool_put(folder: Path) -> Put:
    """Into a spool."""
    spool = None
    while spool is None:  # that fails too, now and then
        with suppress(WinnowError):
            spool = Spool.new(folder, MOST_BYTES, seal=bytes, unseal=bytes)
    return lambda numbers: spool.put([record(number) for number in numbers])


def store_put(folder: Path) -> Put:
    """Into the database, written back to its main file now and then."""
    engine = make_engine(sqlite_url(folder / "store.db"))

    def put(numbers: Sequence[int]) -> None:
        with writing(engine) as connection:
            for table in _TABLES:
                rows = [made_up(table, number) for number in numbers]
                connection.execute(insert(table), [{**row, "entry": entry(row["id"])} for row in rows])
        if numbers[0] % 50 == 0:
            with suppress(SQLAlchemyError), engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    return put


def make_store(folder: Path) -> None:
    """The tables, before anything fails."""
    engine = make_engine(sqlite_url(folder / "store.db"))
    with writing(engine) as connection:
        metadata.create_all(connection)
    engine.dispose()


def found_in_spool(folder: Path) -> list[int]:
    """The leads in all spools of a folder, in their order."""
    found = []
    for spool in orphans(folder, MOST_BYTES, seal=bytes, unseal=bytes):
        records = [each.payload for each in spool.read(limit=1 << 30)]
        numbers = [int(each.split()[0]) for each in records]
        assert records == [record(number) for number in numbers]
        found += numbers
        spool.close()
    return found


def found_in_store(folder: Path) -> list[int]:
    """The leads in the database, in their order; each is whole, and so is the file."""
    with closing(sqlite3.connect(folder / "store.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        there = [[row[0] for row in connection.execute(f"SELECT id FROM {each.name} ORDER BY id")] for each in _TABLES]
    assert there == there[:1] * len(_TABLES)
    return there[0]


@dataclass(frozen=True)
class Said:
    """What a process acknowledged, and how many groups it could not store.

    last: the very last group, if it was one of these. A group that was refused is written over by the next one; with
    none to come, a kill leaves it where the next start may find it whole.
    """

    stored: list[int]
    failed: int
    last: list[int]

    def accounts_for(self, found: list[int]) -> bool:
        """Whether what is found is what was acknowledged, to the lead."""
        return found in (self.stored, self.stored + self.last)


def said(output: bytes) -> Said:
    """What it printed, read."""
    words = [line.split() for line in output.decode().splitlines()]
    groups = [(kind, range(int(first), int(end))) for kind, first, end in words]
    stored = [number for kind, numbers in groups if kind == "stored" for number in numbers]
    last = [*groups[-1][1]] if groups and groups[-1][0] == "failed" else []
    return Said(stored, sum(kind == "failed" for kind, _ in groups), last)


def run(where: str, folder: Path, groups: int, *, before: Sequence[str] = ()) -> Said:
    """Let it store groups of leads to the end; `before` are words to put before the command."""
    command = [*before, sys.executable, "-m", "tests.support.acknowledging", where, str(folder), str(groups)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=110, check=False)
    assert ran.returncode == 0, ran.stderr.decode()[-3000:]
    return said(ran.stdout)


def _say(kind: str, first: int, end: int) -> None:
    line = left = b"%s %d %d\n" % (kind.encode(), first, end)
    while left:
        with suppress(OSError):  # writing may fail here as well
            left = left[os.write(1, left) :]
    assert line


def main(where: str, folder: str, groups: str) -> None:
    """Store groups of leads, and say so of each."""
    put = {"spool": spool_put, "store": store_put}[where](Path(folder))
    for group in range(int(groups)):
        numbers = range(group * _PER_GROUP + 1, (group + 1) * _PER_GROUP + 1)
        try:
            put(numbers)
        except (WinnowError, SQLAlchemyError):
            _say("failed", numbers.start, numbers.stop)
        else:
            _say("stored", numbers.start, numbers.stop)
    os._exit(0)  # as a kill: nothing is closed


if __name__ == "__main__":
    main(*sys.argv[1:])
