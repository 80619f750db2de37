"""Reads the word lists and address ranges the sample data is made of, shipped as TOML in `winnow/data/demo`."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The parsed contents of one shipped table."""
    return tomllib.loads(files("winnow").joinpath("data", "demo", f"{name}.toml").read_text("utf-8"))


def texts(name: str, key: str) -> tuple[str, ...]:
    """One list of strings of a table."""
    return tuple(table(name)[key])
