"""Putting a backup back: into an empty store or, when asked for, in place of what is there; all of it or nothing."""

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DataError, IntegrityError

from winnow.adapters.db.archive import BackupReader, open_backup, sync_folder
from winnow.adapters.db.backup import Count, Progress, table_rows
from winnow.adapters.db.connections import sqlite_url
from winnow.adapters.db.dump import load, restart_numbering
from winnow.adapters.db.guards import make_guards
from winnow.adapters.db.offline import forget_revision, rebuilding
from winnow.adapters.db.schema import upgrade_to
from winnow.adapters.db.tables import metadata
from winnow.errors import InvalidInputError, WinnowError


def restore(
    path: Path,
    url: str,
    *,
    folders: Mapping[str, Path],
    replace: bool = False,
    progress: Progress = lambda _table, _rows: None,
) -> None:
    """Put a backup back, of whichever of the databases it is; nothing may run on the store meanwhile.

    A backup of an earlier version gets the tables of that time, which are then brought up to date.

    Args:
        path: the backup.
        url: the database to fill.
        folders: name → folder for the files of the backup. Those of a name that is not given stay where they are;
            the keys have the name `keys`.
        replace: give up what the store holds now; files that are not in the backup stay.
        progress: told what is going on.

    Raises:
        InvalidInputError: the file is no backup, or the store is not empty.
        WinnowError: the backup is damaged. The store is then as it was.
    """
    with open_backup(path) as backup:
        wanted = {name: folders[_folder_of(name)] for name in backup.manifest.files if _folder_of(name) in folders}
        if not replace:
            _must_be_empty(set(wanted.values()))
        with rebuilding(url) as connection:
            _cleared(connection, url, replace=replace)
            upgrade_to(backup.manifest.revision, connection)
            for name in backup.manifest.tables:
                _load(backup, connection, name, progress)
            upgrade_to(None, connection)
            make_guards(connection)
            _write_files(backup, wanted)


def rehearse(path: Path, folder: Path) -> tuple[str, ...]:
    """Restore a backup into a new SQLite file in this folder, and let SQLite say what is wrong with it."""
    scratch = folder / "rehearsal.db"
    try:
        restore(path, sqlite_url(scratch), folders={})
        with rebuilding(sqlite_url(scratch)) as connection:
            said = connection.execute(text("PRAGMA integrity_check")).scalars().all()
            orphaned = connection.execute(text("PRAGMA foreign_key_check")).all()
    except WinnowError as problem:
        return (str(problem),)
    finally:
        for each in folder.glob(f"{scratch.name}*"):
            each.unlink()
    return (*(line for line in said if line != "ok"), *(f"`{row[0]}` points to nothing" for row in orphaned))


def _cleared(connection: Connection, url: str, *, replace: bool) -> None:
    """Remove the tables that are there; raises InvalidInputError when something is in them and may not go."""
    there = set(inspect(connection).get_table_names())
    tables = [table for table in metadata.sorted_tables if table.name in there]
    filled = [table.name for table in tables if connection.execute(select(table).limit(1)).first()]
    if filled and not replace:
        what = f"the store is not empty: `{filled[0]}` has rows"
        raise InvalidInputError(what, where=url.rpartition("@")[2], fix="name an empty one, or say --replace")
    metadata.drop_all(connection, tables)
    forget_revision(connection)


def _load(backup: BackupReader, connection: Connection, name: str, progress: Progress) -> None:
    content = backup.manifest.tables[name]
    count = Count(name, progress)
    try:
        there = load(connection, name, list(content.columns), count.each(table_rows(backup, name)))
    except (DataError, IntegrityError) as problem:
        said = str(problem.orig).partition("\n")[0]  # what follows may repeat the row
        raise WinnowError(f"the database refuses a row of `{name}`: {said}", fix="use another backup") from None
    if there != content.rows:
        raise WinnowError(f"`{name}` has {there:,} rows, and {content.rows:,} were backed up", fix="use another backup")
    if name in metadata.tables:
        restart_numbering(connection, metadata.tables[name])


def _folder_of(name: str) -> str:
    """The folder a file of a backup belongs to; raises WinnowError for a path that leads out of it."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/"):
        raise WinnowError(f"the backup holds a file named `{name}`", fix="do not use it: Winnow made no such backup")
    return parts[0]


def _must_be_empty(folders: set[Path]) -> None:
    for folder in folders:
        if folder.is_dir() and any(folder.iterdir()):
            raise InvalidInputError("this folder is not empty", where=str(folder), fix="empty it, or say --replace")


def _write_files(backup: BackupReader, wanted: Mapping[str, Path]) -> None:
    for name, folder in wanted.items():
        target = folder / PurePosixPath(name).relative_to(_folder_of(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(target, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.writelines(backup.blocks(f"files/{name}", backup.manifest.files[name]))
            file.flush()
            os.fsync(file.fileno())
        sync_folder(target.parent)
