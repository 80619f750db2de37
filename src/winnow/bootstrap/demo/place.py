"""Where a demo installation is, how it is known as one, and how it goes without a trace."""

import json
import shutil
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from winnow.adapters.db.connections import make_engine, sqlite_url
from winnow.adapters.db.notes import remembered
from winnow.adapters.db.removal import remove_tables
from winnow.adapters.db.store import installation
from winnow.bootstrap.service import DEMO_NOTE, data_folder, store_url
from winnow.config import SETTINGS, Config, Sourced
from winnow.errors import ConflictError, InvalidInputError

_FOLDER, _FILE, CUSTOMERS = "demo", "winnow.sqlite", "customers.txt"


class Made(NamedTuple):
    """What the store says about the demo in it.

    leads, seed: as asked for · at: when the story ended, aware, UTC · whole: loading it came to its end
    parent: the folder around its own was made for it
    """

    leads: int
    seed: int
    at: datetime
    whole: bool = False
    parent: bool = False

    @property
    def note(self) -> str:
        """The same as text."""
        return json.dumps({**self._asdict(), "at": self.at.isoformat()})


def demo_config(config: Config, store: str = "") -> Config:
    """The settings of the demo beside an installation: its own folder, and nothing but how to serve from the other.

    store: address of a PostgreSQL database for the demo; SQLite in its folder if empty. What is set for the real
    installation (its database, where its log is pushed) never holds for the demo.
    """
    folder = data_folder(config) / _FOLDER
    own = {
        "data.folder": str(folder),
        "store.url": store or sqlite_url(folder / _FILE),
        "screen.customers": str(folder / CUSTOMERS),
        "serve.shadow": "no",
        "serve.sandbox": "yes",
        "serve.workers": "1",
    }
    usual = {each.name: Sourced(each.default, "default") for each in SETTINGS}
    served = {name: each for name, each in config.values.items() if name.startswith("serve.")}
    return Config({**usual, **served, **{name: Sourced(value, "demo") for name, value in own.items()}})


def made(config: Config) -> Made | None:
    """What is known of the demo there; None when there is none. Looking makes nothing."""
    if not _is_there(config):
        return None
    engine = make_engine(store_url(config))
    try:
        note = remembered(engine, DEMO_NOTE) if installation(engine) is not None else None
    finally:
        engine.dispose()
    if note is None:
        return None
    said = json.loads(note)
    return Made(**{**said, "at": datetime.fromisoformat(said["at"])})


def need_free(config: Config) -> None:
    """Raise ConflictError where a demo must not go: where there is one, or anything else."""
    if made(config) is not None:
        raise ConflictError("there is a demo already", where=_where(config), fix="remove it first: winnow demo clear")
    folder = data_folder(config)
    taken = folder.is_dir() and any(folder.iterdir())
    if not taken and _is_there(config):
        engine = make_engine(store_url(config))
        try:
            taken = installation(engine) is not None
        finally:
            engine.dispose()
    if taken:
        what = "what is there is no demo, and made-up leads are never mixed with real ones"
        raise ConflictError(what, where=_where(config), fix="choose another --data or --store")


def need_made(config: Config) -> Made:
    """The demo there; raises InvalidInputError when there is none."""
    there = made(config)
    if there is None:
        raise InvalidInputError("there is no demo here", where=_where(config), fix="check --data and --store")
    return there


def clear(config: Config) -> None:
    """Remove every trace of a demo; raises InvalidInputError where there is none, ConflictError while it is served."""
    remove(config, parent=need_made(config).parent)


def remove(config: Config, *, parent: bool) -> None:
    """Remove tables and folder, whatever is in them; `parent`: also the one around it, if nothing else is in it."""
    folder = data_folder(config)
    if _is_there(config):
        remove_tables(store_url(config))
    if folder.is_dir():
        shutil.rmtree(folder)
    if parent:
        with suppress(OSError):
            folder.parent.rmdir()


def _is_there(config: Config) -> bool:
    """Whether there can be tables; asking SQLite for a file that is not there would make it."""
    url = store_url(config)
    return not url.startswith("sqlite:") or (data_folder(config) / _FILE).is_file()


def _where(config: Config) -> str:
    url = store_url(config)
    return str(data_folder(config)) if url.startswith("sqlite:") else url.rpartition("@")[2]
