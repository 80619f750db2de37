"""`winnow doctor`: is everything there that screening needs?"""

import platform
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from winnow import __version__, bootstrap
from winnow.config import load
from winnow.errors import WinnowError
from winnow.shells.cli.console import output, printable

Check = tuple[str, Callable[[], str]]


def doctor(
    config: Annotated[Path | None, typer.Option("--config", help="Settings file; otherwise winnow.toml here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check the installation and the settings; exits with 1 when something is broken."""
    results = [_tried(name, check) for name, check in _checks(config)]
    if as_json:
        output.data([{"check": name, "ok": ok, "found": found} for name, ok, found in results])
    else:
        for name, ok, found in results:
            mark = Text("ok     " if ok else "BROKEN ", style="green" if ok else "bold red")
            output.out.print(mark + Text(f"{name}: {printable(found)}", style=""))
    if not all(ok for _, ok, _ in results):
        raise typer.Exit(1)


def _tried(name: str, check: Callable[[], str]) -> tuple[str, bool, str]:
    try:
        return name, True, check()
    except WinnowError as error:
        return name, False, str(error)


def _checks(config: Path | None) -> Iterator[Check]:
    yield "winnow", lambda: f"{__version__} on Python {platform.python_version()}, {sys.platform}"
    yield "settings", lambda: f"{len(load(config).values)} settings read"
    yield "ruleset", lambda: _ruleset(config)
    yield "reference data", lambda: _references(config)
    yield "customers", lambda: _customers(config)
    yield (
        "parquet files",
        lambda: "can be read" if find_spec("arro3") else "not installed: pip install 'winnow-crm[parquet]'",
    )


def _ruleset(config: Path | None) -> str:
    loaded = load(config)
    ruleset = bootstrap.load_ruleset(loaded.path("screen.ruleset"), loaded)
    return f"{ruleset.id}, {len(ruleset.plan.signals)} signals, hash {ruleset.hash[:12]}"


def _references(config: Path | None) -> str:
    sources = bootstrap.load_ruleset(None, load(config)).references
    return ", ".join(f"{source.name} {source.version}" for source in sources)


def _customers(config: Path | None) -> str:
    customers = bootstrap.customers(load(config))
    return "no list given, so nobody is known to be one" if customers is None else f"{len(customers)} known"
