"""Model folders: what a fit leaves behind, written whole or not at all, and read again without the training library."""

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from winnow.errors import InvalidInputError

MANIFEST, MAP, RULESET, CARD = "manifest.json", "map.toml", "ruleset.toml", "scorecard.toml"
CARD_FACTS = "card.json"
CERTIFICATE = "certificate.json"

#: Files of a model folder; one that holds anything else was not made by a fit and is never replaced.
_OURS = frozenset({MANIFEST, MAP, RULESET, CARD, CARD_FACTS, "card.html", "card.txt", CERTIFICATE, "simulation.json"})
_LARGEST = 100_000_000


def check_model_target(folder: Path, *, replacing: bool) -> None:
    """Raise InvalidInputError when a model cannot be written here, before anything that takes long is begun."""
    if folder.exists() and not folder.is_dir():
        raise InvalidInputError("this is a file", where=str(folder), fix="name a folder with -o")
    there = {each.name for each in folder.iterdir()} if folder.is_dir() else set()
    if there and not replacing:
        raise InvalidInputError(
            "there is something in this folder already", where=str(folder), fix="name another with -o, or say --replace"
        )
    if there - _OURS:
        strange = min(there - _OURS)
        raise InvalidInputError(
            f"the folder holds `{strange}`, which is no part of a model", where=str(folder), fix="name another with -o"
        )
    parent = folder.resolve().parent
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise InvalidInputError(
            "the folder it lies in is not there or may not be written to", where=str(folder), fix="name another with -o"
        )


def write_model(folder: Path, files: Mapping[str, str]) -> None:
    """Make the folder appear with all its files at once, in place of an earlier model."""
    fresh = _beside(folder, "partial")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    try:
        for name, text in files.items():
            _write(fresh / name, text)
        _swap(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _beside(folder: Path, state: str) -> Path:
    """A hidden name beside the folder, since what lies there from a run that was cut off is removed."""
    return folder.with_name(f".{folder.name}.winnow-{state}")


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def replace_part(folder: Path, name: str, text: str) -> None:
    """Write one file of a model anew, whole or not at all."""
    fresh = folder / f"{name}.partial"
    try:
        _write(fresh, text)
        fresh.replace(folder / name)
    finally:
        fresh.unlink(missing_ok=True)


def _swap(fresh: Path, folder: Path) -> None:
    """Give the fresh folder its name; the earlier one steps aside first, since a full folder cannot be replaced."""
    aside = _beside(folder, "before")
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.rename(aside)
    try:
        fresh.rename(folder)
    except OSError:
        with suppress(OSError):
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def read_part(folder: Path, name: str) -> str | None:
    """The text of one file of a model; None when the model has none of that name."""
    if not folder.is_dir():
        raise InvalidInputError("there is no such folder", where=str(folder), fix="name the folder of a fitted model")
    path = folder / name
    if not path.is_file():
        return None
    if path.stat().st_size > _LARGEST:
        raise InvalidInputError("too large for a part of a model", where=str(path), fix="fit the model again")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InvalidInputError("cannot be read", where=str(path), fix="fit the model again") from None


def read_manifest(folder: Path) -> dict[str, object]:
    """The manifest of a model; raises InvalidInputError when the folder is none."""
    text = read_part(folder, MANIFEST)
    if text is None:
        raise InvalidInputError(
            f"the folder holds no {MANIFEST}, so it is no model", where=str(folder), fix="fit one: winnow learn fit"
        )
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InvalidInputError("it is no JSON object", where=str(folder / MANIFEST), fix="fit the model again")
    return found
