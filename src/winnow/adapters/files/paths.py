"""Paths a user named, checked before anything is done with them."""

import os
from pathlib import Path

from winnow.errors import InvalidInputError


def readable(path: Path) -> Path:
    """The path, when something that can be read is there; raises InvalidInputError otherwise."""
    try:
        is_folder, there, may_be_read = path.is_dir(), path.exists(), os.access(path, os.R_OK)
    except PermissionError:  # of a folder on the way there
        is_folder, there, may_be_read = False, True, False
    if is_folder:
        raise InvalidInputError("this is a folder", where=str(path), fix="name a file in it")
    if not there:
        raise InvalidInputError(
            "there is no such file", where=str(path), fix="check the spelling and the current folder"
        )
    if not may_be_read:
        raise InvalidInputError("this file may not be read", where=str(path), fix="ask for permission to read it")
    return path
