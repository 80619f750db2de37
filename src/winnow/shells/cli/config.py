"""`winnow config`: what is set, and where it was set."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from winnow.config import SETTINGS, Config, Setting, load
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
        output.data(
            {each.name: {"value": _shown(each, loaded), "source": loaded.values[each.name].source} for each in SETTINGS}
        )
        return
    table = Table("setting", "value", "source", "meaning", box=None)
    for setting in SETTINGS:
        sourced = loaded.values[setting.name]
        table.add_row(
            setting.name, _shown(setting, loaded) or "–", sourced.source, f"{setting.meaning} ({setting.variable})"
        )
    output.out.print(table, soft_wrap=False)


def _shown(setting: Setting, loaded: Config) -> str:
    """The value, unless nobody is to see it."""
    value = loaded.text(setting.name)
    return "(secret)" if value and setting.secret else value
