"""Which installation a command is about; opening one takes libraries that most commands can do without."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.config import Config, load

if TYPE_CHECKING:
    from winnow.bootstrap.service import Service

Data = Annotated[Path | None, typer.Option("--data", help="Folder of everything the service keeps.")]
Store = Annotated[str | None, typer.Option("--store", help="Address of a PostgreSQL database, instead of SQLite.")]


def installed(config: Path | None, data: Path | None, store: str | None, **more: str) -> Config:
    """The settings; `more` are further ones, with `__` for the dot."""
    named = {name.replace("__", "."): value for name, value in more.items()}
    return load(config, flags={"data.folder": str(data or ""), "store.url": store or "", **named})


def opened(config: Path | None, data: Path | None, store: str | None) -> "Service":
    """The installation itself."""
    from winnow.bootstrap.service import open_service  # noqa: PLC0415  # a second that other commands need not wait

    return open_service(installed(config, data, store))


def standing(config: Path | None, data: Path | None, store: str | None) -> "Service":
    """The same where there is one; raises InvalidInputError where a mistyped folder would make one."""
    from winnow.bootstrap.stores import require_installation  # noqa: PLC0415  # as above

    require_installation(installed(config, data, store))
    return opened(config, data, store)
