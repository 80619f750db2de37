"""What an administrator wants to know of a running installation: versions, room on the disk, the last backup."""

import json
import platform
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from winnow import __version__
from winnow.adapters.db.archive import Manifest
from winnow.adapters.db.notes import remember, remembered
from winnow.adapters.db.schema import current, newest
from winnow.bootstrap.service import Service

_NOTE = "backup"
#: A backup that is older should worry somebody.
BACKUP_TOO_OLD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The last backup that was made with `winnow backup create`; nobody knows of others, or whether it still exists.

    file: its name, without its folder · size: entries of the log in it
    """

    at: datetime
    file: str
    size: int
    with_keys: bool

    def too_old(self, now: datetime) -> bool:
        """Whether another one should have been made since."""
        return now - self.at > BACKUP_TOO_OLD


@dataclass(frozen=True, slots=True)
class Versions:
    """What runs here; `edition` is that of the tables, `known` the one this version of Winnow works with."""

    winnow: str
    python: str
    system: str
    database: str
    edition: str | None
    known: str


def note_backup(engine: Engine, manifest: Manifest, target: Path) -> None:
    """Remember that a backup was made; raises StoreAwayError."""
    said = {
        "at": manifest.created_at.isoformat(), "file": target.name, "size": manifest.log.size, "keys": manifest.keys,
    }  # fmt: skip
    remember(engine, _NOTE, json.dumps(said))


def last_backup(service: Service) -> LastBackup | None:
    """The last one that is known of; raises StoreAwayError."""
    said = remembered(service.engine, _NOTE)
    if said is None:
        return None
    found = json.loads(said)
    return LastBackup(datetime.fromisoformat(found["at"]), found["file"], found["size"], found["keys"])


def versions(service: Service) -> Versions:
    """What runs here; raises StoreAwayError."""
    edition, dialect = current(service.engine), service.engine.dialect
    database = f"{dialect.name} {'.'.join(map(str, dialect.server_version_info or ()))}"
    system = f"{platform.system()} {platform.release()}"
    return Versions(__version__, platform.python_version(), system, database, edition, newest())


def free_bytes(service: Service) -> int:
    """Room on the disk of the data folder."""
    return shutil.disk_usage(service.folder).free
