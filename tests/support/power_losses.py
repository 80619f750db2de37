"""Lives of the store and of a spool that end with a power loss, and what was found afterwards; the seed decides all."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import apsw
from sqlalchemy import event, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from tests.support.power import Disk, File, PowerLossError, SqliteDisk, spool_on
from tests.support.store_rows import entry, made_up
from winnow.adapters.db.connections import make_engine, reading, sqlite_url
from winnow.adapters.db.program_tables import deliveries, idempotency
from winnow.adapters.db.tables import decisions, leads, leaves, log_head, metadata
from winnow.adapters.spool import START, Spool, folder
from winnow.errors import SpoolFullError

_GROUPS = 12
#: Rather more changes than a life has, so that some end in peace.
_SQLITE_CHANGES, _SPOOL_CHANGES = 700, 130
_GROUP_TABLES = (leads, decisions, leaves, deliveries, idempotency)
_MODES = ("PASSIVE", "FULL", "RESTART", "TRUNCATE")


@dataclass(frozen=True)
class Found:
    """What one life acknowledged and what of it was missing; `wrong` is anything else that was not right."""

    acknowledged: int = 0
    lost: int = 0
    wrong: tuple[str, ...] = ()
    interrupted: int = 0
    failed_syncs: int = 0

    def __add__(self, other: "Found") -> "Found":
        return Found(
            self.acknowledged + other.acknowledged,
            self.lost + other.lost,
            self.wrong + other.wrong,
            self.interrupted + other.interrupted,
            self.failed_syncs + other.failed_syncs,
        )


def total(found: Iterable[Found]) -> Found:
    """All lives together."""
    return list(accumulate(found, initial=Found()))[-1]


@cache
def pragmas() -> tuple[str, ...]:
    """The settings the store itself gives SQLite on every connection."""
    said: list[str] = []
    with TemporaryDirectory() as place:
        engine = make_engine(sqlite_url(Path(place) / "any.db"))
        event.listen(engine, "connect", lambda raw, _: raw.set_trace_callback(said.append), insert=True)
        with reading(engine):
            pass
        engine.dispose()
    settings = tuple(dict.fromkeys(each for each in said if each.startswith("PRAGMA") and "=" in each))
    assert "PRAGMA synchronous=FULL" in settings
    return settings


@cache
def empty_store() -> bytes:
    """A SQLite file with our tables."""
    with TemporaryDirectory() as place:
        path = Path(place) / "store.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            for table in metadata.sorted_tables:
                connection.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))
                for index in table.indexes:
                    connection.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
            statement, values = _insert(log_head, {**made_up(log_head, 1), "size": 0})
            connection.execute(statement, values)
            connection.commit()
        return path.read_bytes()


def _insert(table: Any, row: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    return _insert_statement(table), tuple(row[column.name] for column in table.columns)


@cache
def _insert_statement(table: Any) -> str:
    names = [column.name for column in table.columns]
    return str(insert(table).compile(dialect=sqlite.dialect(), column_keys=names))


def _group(numbers: range) -> list[tuple[str, tuple[Any, ...]]]:
    """What one transaction writes for these leads."""
    rows = [
        (table, {**made_up(table, number), **({"entry": entry(number)} if table is leaves else {})})
        for number in numbers
        for table in _GROUP_TABLES
    ]
    return [_insert(table, row) for table, row in rows]


def store_life(seed: int, synchronous: str = "FULL", sync_fails: float = 0.0) -> Found:
    """Groups are committed, and the log is written back now and then, until the power fails."""
    chance = Random(f"store {seed}")
    disk = Disk(chance, chance.randrange(1, _SQLITE_CHANGES), sync_fails)
    image = empty_store()
    disk.files["store.db"] = File(bytearray(image), image, named=True)
    acknowledged: list[range] = []
    with _registered(disk) as vfs:
        connection = apsw.Connection("store.db", vfs=vfs)
        with suppress(apsw.Error, PowerLossError):
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # or WAL would need memory shared by processes
            for pragma in pragmas():
                connection.execute(pragma.replace("synchronous=FULL", f"synchronous={synchronous}"))
            _commit_groups(connection, disk, acknowledged)
        interrupted = disk.changes > disk.lasts
        disk.lasts = min(disk.lasts, disk.changes)  # closing is no way to save anything
        with suppress(apsw.Error, PowerLossError):
            connection.close()
    return replace(_store_found(disk, acknowledged), interrupted=int(interrupted), failed_syncs=disk.failed_syncs)


class _registered:  # noqa: N801 - reads as a phrase
    """A VFS on this disk, for a while."""

    def __init__(self, disk: Disk) -> None:
        self._vfs = SqliteDisk(disk)

    def __enter__(self) -> str:
        return self._vfs.name

    def __exit__(self, *_: object) -> None:
        self._vfs.unregister()


def _commit_groups(connection: apsw.Connection, disk: Disk, acknowledged: list[range]) -> None:
    last = 0
    for _ in range(_GROUPS):
        numbers = range(last + 1, last + 1 + disk.chance.randrange(1, 9))
        if _done(connection, disk, _commit, numbers):
            acknowledged.append(numbers)
            last = numbers[-1]
        if disk.chance.random() < 0.3:
            _done(connection, disk, apsw.Connection.execute, f"PRAGMA wal_checkpoint({disk.chance.choice(_MODES)})")


def _done(connection: apsw.Connection, disk: Disk, what: Callable[..., object], *arguments: Any) -> bool:
    """Whether it succeeded; when the power is gone, so is everything."""
    try:
        what(connection, *arguments)
    except apsw.Error:
        disk.power()
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        return False
    return True


def _commit(connection: apsw.Connection, numbers: range) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement, values in _group(numbers):
        connection.execute(statement, values)
    connection.execute("UPDATE log_head SET size = ?", (numbers[-1],))
    connection.execute("COMMIT")


def _store_found(disk: Disk, acknowledged: Sequence[range]) -> Found:
    """Open what is left as any process would, and look for what was acknowledged."""
    with TemporaryDirectory() as place:
        for name, data in disk.after_power_loss().items():
            (Path(place) / name).write_bytes(data)
        with closing(sqlite3.connect(Path(place) / "store.db")) as connection:
            connection.execute("PRAGMA synchronous=OFF")  # of this copy nobody expects anything
            wrong = [said for (said,) in connection.execute("PRAGMA integrity_check") if said != "ok"]
            there = [_ids(connection, table) for table in _GROUP_TABLES[:3]]
            size = connection.execute("SELECT size FROM log_head").fetchone()[0]
            others = [connection.execute(f"SELECT count(*) FROM {each.name}").fetchone()[0] for each in _GROUP_TABLES]
    if any(each != there[0] for each in there) or set(others) != {size} or there[0] != set(range(1, size + 1)):
        wrong.append(f"half a group: {others} rows, and the log counts {size}")
    lost = sum(not set(numbers) <= there[0] for numbers in acknowledged)
    return Found(len(acknowledged), lost, tuple(wrong))


def _ids(connection: sqlite3.Connection, table: Any) -> set[int]:
    return {number for (number,) in connection.execute(f"SELECT id FROM {table.name}")}


def spool_life(seed: int, forgets: str = "", sync_fails: float = 0.0) -> Found:
    """Groups are put and taken over until the power fails."""
    chance = Random(f"spool {seed}")
    disk = Disk(chance, chance.randrange(1, _SPOOL_CHANGES), sync_fails)
    with TemporaryDirectory() as root:
        spool = Spool.new(Path(root), 1 << 20, seal=bytes, unseal=bytes)
        with spool_on(disk, forgets):
            put, kept, after = _use(spool, chance)
        spool.close()
        after_loss = Path(root) / "after"
        after_loss.mkdir()
        for name, data in disk.after_power_loss().items():
            (after_loss / name).write_bytes(data)
        with Spool(after_loss, 1 << 20, seal=bytes, unseal=bytes) as found:
            records = [each.payload for each in found.read(after)]
    return _spool_found(records, put, kept, disk)


def _use(spool: Spool, chance: Random) -> tuple[list[bytes], list[bytes], int]:
    """All that was ever given to the spool, what it acknowledged and still has to keep, and how far it was taken."""
    put: list[bytes] = []
    kept: list[bytes] = []
    after = START
    with suppress(PowerLossError), patch.object(folder, "SEGMENT_BYTES", 3000):
        for _ in range(3 * _GROUPS):
            group = [b"%d " % (len(put) + each) * chance.randrange(1, 300) for each in range(chance.randrange(1, 5))]
            put += group
            with suppress(SpoolFullError):
                spool.put(group)
                kept += group
            if chance.random() < 0.2:
                batch = spool.read(after, chance.randrange(1, 8))
                after = batch[-1].position if batch else after
                del kept[: len(batch)]
                spool.done(after)
    return put, kept, after


def _spool_found(records: list[bytes], put: list[bytes], kept: list[bytes], disk: Disk) -> Found:
    lost = sum(record not in records for record in kept)
    wrong = [f"never put: {record[:20]!r}" for record in records if record not in put]
    if not wrong and records != sorted(records, key=put.index):
        wrong.append("out of order")
    return Found(len(kept), lost, tuple(wrong), int(disk.changes > disk.lasts), disk.failed_syncs)
