"""`winnow doctor`: is everything there that screening needs?"""

import platform
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import typer
from rich.text import Text

from winnow import __version__, bootstrap
from winnow.config import Config
from winnow.errors import WinnowError
from winnow.shells.cli.console import output, printable
from winnow.shells.cli.installation import Data, Store, installed
from winnow.shells.cli.options import AsJson, ConfigFile

Check = tuple[str, Callable[[], str]]


def doctor(
    config: ConfigFile = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Check the installation and the settings; exits with 1 when something is broken."""
    results = [_tried(name, check) for name, check in _checks(lambda: installed(config, data, store))]
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


def _checks(config: Callable[[], Config]) -> Iterator[Check]:
    yield "winnow", lambda: f"{__version__} on Python {platform.python_version()}, {sys.platform}"
    yield "settings", lambda: f"{len(config().values)} settings read"
    yield "ruleset", lambda: _ruleset(config())
    yield "reference data", lambda: _references(config())
    yield "customers", lambda: _customers(config())
    yield (
        "parquet files",
        lambda: "can be read" if find_spec("arro3") else "not installed: pip install 'winnow-crm[parquet]'",
    )
    from winnow.bootstrap.checkup import service_checks  # noqa: PLC0415  # see installation.py

    yield from service_checks(config)


def _ruleset(config: Config) -> str:
    ruleset = bootstrap.load_ruleset(config.path("screen.ruleset"), config)
    return f"{ruleset.id}, {len(ruleset.plan.signals)} signals, hash {ruleset.hash[:12]}"


def _references(config: Config) -> str:
    sources = bootstrap.load_ruleset(None, config).references
    return ", ".join(f"{source.name} {source.version}" for source in sources)


def _customers(config: Config) -> str:
    customers = bootstrap.customers(config)
    return "no list given, so nobody is known to be one" if customers is None else f"{len(customers)} known"
