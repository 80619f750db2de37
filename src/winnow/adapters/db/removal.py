"""Removing everything an installation has in its database; nothing else removes what the log counts."""

import sqlite3
from pathlib import Path

from sqlalchemy import inspect, make_url

from winnow.adapters.db.offline import forget_revision, rebuilding
from winnow.adapters.db.tables import metadata
from winnow.errors import ConflictError


def remove_tables(url: str) -> None:
    """Drop the tables of an installation, all or none; a SQLite file is removed with its log.

    Raises ConflictError while somebody else has the SQLite file open: what they write would come back.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        _remove_file(Path(address.database or ""))
        return
    with rebuilding(url) as connection:
        there = set(inspect(connection).get_table_names())
        metadata.drop_all(connection, [table for table in metadata.sorted_tables if table.name in there])
        forget_revision(connection)


def _remove_file(path: Path) -> None:
    connection = sqlite3.connect(path, timeout=0.5, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")  # refused unless this is the only connection
    except sqlite3.OperationalError:
        raise ConflictError("it is in use", where=str(path), fix="stop what serves it, then try again") from None
    finally:
        connection.close()
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
