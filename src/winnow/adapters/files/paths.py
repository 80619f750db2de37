"""Paths a user named, checked before anything is done with them."""

import os
from pathlib import Path

from winnow.errors import InvalidInputError


def readable(path: Path) -> Path:
    """The path, when something that can be read is there; raises InvalidInputError otherwise."""
    if path.is_dir():
        raise InvalidInputError("this is a folder", where=str(path), fix="name a file in it")
    if not path.exists():
        raise InvalidInputError(
            "there is no such file", where=str(path), fix="check the spelling and the current folder"
        )
    if not os.access(path, os.R_OK):
        raise InvalidInputError("this file may not be read", where=str(path), fix="ask for permission to read it")
    return path
