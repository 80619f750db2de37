"""Wiring of what is done to a whole store while nothing serves it: upgrade, backup, restore."""

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from winnow.adapters.clock import SystemClock
from winnow.adapters.db.archive import Manifest
from winnow.adapters.db.backup import Checked, create_backup, verify_backup
from winnow.adapters.db.connections import make_engine
from winnow.adapters.db.restore import rehearse, restore
from winnow.adapters.db.schema import current, newest, upgrade
from winnow.bootstrap.health import note_backup
from winnow.bootstrap.service import data_folder, store_url
from winnow.config import Config
from winnow.errors import InvalidInputError, WinnowError

_log = logging.getLogger(__name__)

Progress = Callable[[str, int], None]

_SPOOL, _KEYS = "spool", "keys"


class Edition(NamedTuple):
    """The edition the tables have, None before the first start, and the one this version of Winnow works with."""

    current: str | None
    newest: str


def require_installation(config: Config) -> None:
    """Raise InvalidInputError unless there is an installation; looking at one that is not there would make one."""
    folder = data_folder(config)
    missing = not (folder / _KEYS).is_dir() or (not config.text("store.url") and not _file(config).is_file())
    if missing:
        raise InvalidInputError(
            "there is no installation here", where=str(folder), fix="check --data; `winnow serve` makes one"
        )


def edition(config: Config) -> Edition:
    """Of the tables; raises StoreAwayError."""
    if not config.text("store.url") and not _file(config).is_file():
        return Edition(None, newest())
    return Edition(current(make_engine(store_url(config))), newest())


def upgrade_store(config: Config) -> Edition:
    """Bring the tables to the newest edition, making them where there are none; returns what they had before."""
    data_folder(config).mkdir(mode=0o700, parents=True, exist_ok=True)
    before = edition(config)
    upgrade(make_engine(store_url(config)))
    return before


def back_up(config: Config, target: Path, *, with_keys: bool, progress: Progress) -> Manifest:
    """Write everything into one file while the service may run; see winnow.adapters.db.backup."""
    require_installation(config)
    folder = data_folder(config)
    made = create_backup(
        store_url(config),
        target,
        now=SystemClock().now(),
        folders={_SPOOL: folder / _SPOOL},
        keys=folder / _KEYS if with_keys else None,
        progress=progress,
    )
    _note(config, made, target)
    return made


def _note(config: Config, made: Manifest, target: Path) -> None:
    """Have the pages know of a backup; it is as good if that fails."""
    engine = make_engine(store_url(config))
    try:
        note_backup(engine, made, target)
    except WinnowError as error:
        _log.warning("the backup is made, but that could not be noted: %s", error)
    finally:
        engine.dispose()


def check_backup(path: Path) -> Checked:
    """Read a backup and restore it into a file that is thrown away; what is wrong with it is in the answer."""
    checked = verify_backup(path)
    if checked.problems:
        return checked
    with tempfile.TemporaryDirectory(prefix="winnow-rehearsal-") as folder:
        return Checked(checked.manifest, rehearse(path, Path(folder)))


def put_back(config: Config, path: Path, *, replace: bool, progress: Progress) -> None:
    """Restore a backup, with its keys if it has them; see winnow.adapters.db.restore."""
    folder = data_folder(config)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folders = {_SPOOL: folder / _SPOOL, _KEYS: folder / _KEYS}
    restore(path, store_url(config), folders=folders, replace=replace, progress=progress)


def _file(config: Config) -> Path:
    return data_folder(config) / "winnow.sqlite"
