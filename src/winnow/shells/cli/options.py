"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.config import Config, load

Map = Annotated[Path | None, typer.Option("--map", help="TOML file that says which column is what (docs/files.md).")]
RulesetFile = Annotated[Path | None, typer.Option("--ruleset", help="Ruleset file (TOML) instead of the starter one.")]
Customers = Annotated[
    Path | None, typer.Option("--customers", help="Text file: an e-mail address or domain of a customer a line.")
]
Lists = Annotated[Path | None, typer.Option("--lists", help="CSV file of allow and block entries (docs/lists.md).")]
Mmdb = Annotated[list[Path] | None, typer.Option("--mmdb", help="MMDB file about IP addresses; may be repeated.")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="Settings file; otherwise winnow.toml here.")]
Kind = Annotated[
    str | None, typer.Option("--input", help="Kind of the input when it is not told from it: csv, jsonl, parquet.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def settings(
    config: Path | None,
    *,
    ruleset: Path | None = None,
    lists: Path | None = None,
    customers: Path | None = None,
    mmdb: list[Path] | None = None,
    workers: int | None = None,
) -> Config:
    """The settings, with what the flags of this command say."""
    flags = {
        "screen.ruleset": str(ruleset or ""),
        "screen.lists": str(lists or ""),
        "screen.customers": str(customers or ""),
        "screen.workers": str(workers or ""),
        "facts.mmdb": ",".join(map(str, mmdb or [])),
    }
    return load(config, flags=flags)
