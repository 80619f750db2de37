"""`winnow config`: what is set, and where it was set."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from winnow.config import SETTINGS, load
from winnow.shells.cli.console import output

app = typer.Typer(help="Settings and where each comes from.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `config show` a verb of its own."""


@app.command()
def show(
    config: Annotated[Path | None, typer.Option("--config", help="Settings file; otherwise winnow.toml here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print every setting, its value and its source."""
    loaded = load(config)
    if as_json:
        output.data({name: {"value": each.value, "source": each.source} for name, each in loaded.values.items()})
        return
    table = Table("setting", "value", "source", "meaning", box=None)
    for setting in SETTINGS:
        sourced = loaded.values[setting.name]
        table.add_row(setting.name, sourced.value or "–", sourced.source, f"{setting.meaning} ({setting.variable})")
    output.out.print(table, soft_wrap=False)
