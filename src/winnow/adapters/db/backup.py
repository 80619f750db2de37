"""Backups: everything the service keeps, as of one moment, taken while it runs; checked, and restored elsewhere.

There is one format for both databases, so a backup of SQLite can be restored into PostgreSQL and the other way round.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from winnow.adapters.db.archive import (
    FORMAT,
    BackupReader,
    BackupWriter,
    Content,
    Log,
    Manifest,
    TableContent,
    blocks_of,
    new_backup,
    open_backup,
)
from winnow.adapters.db.dump import Row, kinds, lines, rows_from, rows_of
from winnow.adapters.db.offline import revision, snapshot
from winnow.adapters.db.tables import checkpoints, leaves, metadata
from winnow.core.tlog import Frontier, Head, checkpoint_from, parse_note, verify_entries
from winnow.errors import BrokenLogError, WinnowError

#: Told about the table in hand and how many of its rows are done.
Progress = Callable[[str, int], None]

_KEYS = "keys"
_TELL_EVERY = 10_000


def create_backup(
    url: str,
    target: Path,
    *,
    now: datetime,
    folders: Mapping[str, Path],
    keys: Path | None = None,
    progress: Progress = lambda _table, _rows: None,
) -> Manifest:
    """Write everything into one file, as it is at one moment, while others go on reading and writing.

    The keys stay out unless their folder is given: whoever has them and the backup can read everybody's data, and
    whoever has the backup without them can read nobody's.

    Args:
        url: the database.
        target: the file to make; raises InvalidInputError when there is one of this name.
        now: written down as the time of the backup.
        folders: name → folder whose files belong to the backup. They are read before the database, so that what
            moves from a spool into the database meanwhile is in the backup twice rather than not at all.
        keys: the folder of the keys, if they are wanted in the backup.
        progress: told what is going on.
    """
    with new_backup(target) as backup:
        files = _files_into(backup, {**folders, **({_KEYS: keys} if keys else {})})
        with snapshot(url) as connection:
            manifest = Manifest(
                format=FORMAT,
                created_at=now,
                database=connection.dialect.name,
                revision=revision(connection),
                log=_log(connection),
                checkpoint=_newest_checkpoint(connection),
                keys=keys is not None,
                tables=_tables_into(backup, connection, progress),
                files=files,
            )
        backup.finish(manifest)
    return manifest


def _files_into(backup: BackupWriter, folders: Mapping[str, Path]) -> dict[str, Content]:
    files = {}
    for name, folder in folders.items():
        for path in sorted(folder.rglob("*")):
            inside = f"{name}/{path.relative_to(folder).as_posix()}"
            if path.is_file():
                with suppress(FileNotFoundError), path.open("rb") as file:  # gone means: it is in the database
                    files[inside] = backup.add(f"files/{inside}", blocks_of(file))
    return files


def _tables_into(backup: BackupWriter, connection: Connection, progress: Progress) -> dict[str, TableContent]:
    found = {}
    for table in metadata.sorted_tables:
        count = Count(table.name, progress)
        content = backup.add(table_file(table.name), lines(count.each(rows_of(connection, table))))
        found[table.name] = TableContent(content.size, content.sha256, count.rows, kinds(table))
    return found


def _log(connection: Connection) -> Log:
    entries = connection.execute(select(leaves.c.entry).order_by(leaves.c.id).execution_options(yield_per=1000))
    head = Frontier().extended(entries.scalars()).head
    return Log(head.size, head.root.hex())


def _newest_checkpoint(connection: Connection) -> str | None:
    newest = select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)
    return connection.execute(newest).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class Checked:
    """What a backup says it is, and everything that is wrong with it."""

    manifest: Manifest
    problems: tuple[str, ...]


def verify_backup(path: Path) -> Checked:
    """Read a whole backup: is every file what it was, every row readable, the log what its checkpoints say?

    Whether the checkpoints are signed by the right key is for `winnow log verify` to say.
    Raises InvalidInputError when the file is no backup.
    """
    with open_backup(path) as backup:
        return Checked(backup.manifest, tuple(_problems(backup)))


def _problems(backup: BackupReader) -> Iterator[str]:
    manifest = backup.manifest
    expected = {*map(table_file, manifest.tables), *(f"files/{name}" for name in manifest.files)}
    yield from (f"`{name}` is not in the manifest" for name in sorted(backup.names() - expected))
    for name, content in manifest.tables.items():
        with _noting() as problems:
            rows = sum(1 for _ in table_rows(backup, name))
            if rows != content.rows:
                problems.append(f"`{name}` has {rows:,} rows, and {content.rows:,} were backed up")
        yield from problems
    for name, file in manifest.files.items():
        with _noting() as problems:
            for _ in backup.blocks(f"files/{name}", file):
                pass
        yield from problems
    with _noting() as problems:
        _check_log(backup)
    yield from problems


@contextmanager
def _noting() -> Iterator[list[str]]:
    """Collects what is wrong instead of stopping at the first of it."""
    problems: list[str] = []
    try:
        yield problems
    except WinnowError as problem:
        problems.append(str(problem))


def _check_log(backup: BackupReader) -> None:
    """Raises BrokenLogError unless the entries lead to every checkpoint and to the head they had."""
    notes = _column(backup, checkpoints.name, "note")
    heads = [checkpoint_from(parse_note(str(note)).text).head for note in notes]
    entries = (bytes(entry) for entry in _column(backup, leaves.name, "entry") if isinstance(entry, bytes))
    found = verify_entries(entries, heads).head
    log = backup.manifest.log
    if found != Head(log.size, bytes.fromhex(log.root)):
        raise BrokenLogError("the entries of the log in the backup are not those that were backed up")
    sizes = list(_column(backup, "log_head", "size"))
    if sizes != [found.size] and (sizes or found.size):
        raise BrokenLogError(f"the log has {found.size:,} entries, and its head counts {sizes}")


def _column(backup: BackupReader, table: str, column: str) -> Iterator[object]:
    index = list(backup.manifest.tables[table].columns).index(column)
    return (row[index] for row in table_rows(backup, table))


def table_file(name: str) -> str:
    """Where the dump of a table is in a backup."""
    return f"tables/{name}.jsonl"


def table_rows(backup: BackupReader, name: str) -> Iterator[Row]:
    """The rows of a table in a backup; raises WinnowError when they are damaged."""
    content = backup.manifest.tables[name]
    try:
        yield from rows_from(backup.lines(table_file(name), content), content.columns)
    except msgspec.DecodeError as problem:
        what = f"`{name}` in the backup is damaged: {str(problem)[:1].lower()}{str(problem)[1:]}"
        raise WinnowError(what, fix="use another backup") from None


class Count:
    """Counts rows as they pass, and tells about them now and then."""

    def __init__(self, table: str, progress: Progress) -> None:
        self.rows = 0
        self._table, self._progress = table, progress

    def each(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The same rows."""
        for row in rows:
            self.rows += 1
            yield row
            if self.rows % _TELL_EVERY == 0:
                self._progress(self._table, self.rows)
        self._progress(self._table, self.rows)
