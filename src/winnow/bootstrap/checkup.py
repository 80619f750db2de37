"""Wiring of `winnow doctor`: is everything there that the service needs? Looking changes nothing."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from winnow.adapters.db.connections import assert_durable, make_engine
from winnow.adapters.keys import Keys
from winnow.bootstrap.service import data_folder, store_url
from winnow.bootstrap.stores import edition
from winnow.config import Config
from winnow.errors import WinnowError

Check = tuple[str, Callable[[], str]]

_NOT_YET = "not made yet: the first `winnow serve` makes it"
_LEAST_FREE = 1_000_000_000
_GIGABYTE = 1_000_000_000
_MOST_PORT = 65_535


def service_checks(config: Callable[[], Config]) -> Iterator[Check]:
    """Each with a name; a check raises WinnowError for what is broken."""
    yield "data folder", lambda: _folder(data_folder(config()))
    yield "keys", lambda: _keys(data_folder(config()) / "keys")
    yield "database", lambda: _database(config())
    yield "free disk", lambda: _disk(data_folder(config()))
    yield "port", lambda: _port(config())


def _folder(folder: Path) -> str:
    if not folder.exists():
        return f"{folder}, {_NOT_YET}"
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise WinnowError("it is no folder this user may write to", where=str(folder), fix="check --data")
    return str(folder)


def _keys(folder: Path) -> str:
    if not folder.exists():
        return _NOT_YET
    Keys.load(folder)
    return "readable, and by nobody else"


def _database(config: Config) -> str:
    found = edition(config)
    if found.current is None and not config.text("store.url"):
        return _NOT_YET
    engine = make_engine(store_url(config))
    try:
        assert_durable(engine)
    finally:
        engine.dispose()
    if found.current != found.newest:
        fix = "run `winnow db upgrade`"
        raise WinnowError(f"its tables are of edition {found.current}, and {found.newest} is needed", fix=fix)
    return f"{engine.dialect.name}, answers, commits last, tables of edition {found.current}"


def _disk(folder: Path) -> str:
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if free < _LEAST_FREE:
        raise WinnowError(f"{free / _GIGABYTE:.1f} GB are free", where=str(there), fix="make room for 1 GB at least")
    return f"{free / _GIGABYTE:,.0f} GB"


def _port(config: Config) -> str:
    host, port = config.text("serve.host"), config.count("serve.port", most=_MOST_PORT)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            what = f"cannot be listened on: {(error.strerror or str(error)).lower()}"
            fix = "stop what uses it, unless that is Winnow itself, or choose another --port"
            raise WinnowError(what, where=f"{host}:{port}", fix=fix) from None
    return f"{host}:{port} is free"
