"""Reads what a CRM or a mail server exports of its activities: CSV with a header, or an object a line (JSONL)."""

import csv
import json
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import IO

from winnow.errors import InvalidInputError

_JSON = frozenset({".jsonl", ".ndjson", ".json"})
_LONGEST_LINE = 1_000_000


def activities_in(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The rows of a file with the numbers of their lines, their keys in small letters.

    A line that cannot be read at all is a row without anything. Raises InvalidInputError for what is no such file.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="strict", newline="") as file:
            yield from (_objects(file) if path.suffix.lower() in _JSON else _rows(file, str(path)))
    except UnicodeDecodeError:
        raise InvalidInputError("not a text in UTF-8", where=str(path), fix="save the file as UTF-8") from None
    except OSError as error:
        what = f"cannot be read: {(error.strerror or str(error)).lower()}"
        raise InvalidInputError(what, where=str(path), fix="check the path") from None
    except csv.Error as error:
        raise _no_csv(error, str(path)) from None


def activities_in_text(text: str, name: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The same of a text, which is JSONL if it begins with a brace; `name` is what errors call it."""
    plain = text.removeprefix("\ufeff")
    file = StringIO(plain, newline="")
    try:
        yield from (_objects(file) if plain.lstrip().startswith("{") else _rows(file, name))
    except csv.Error as error:
        raise _no_csv(error, name) from None


def _no_csv(error: csv.Error, where: str) -> InvalidInputError:
    return InvalidInputError(f"not a CSV file: {error}", where=where, fix="export it again")


def _rows(file: IO[str], where: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    reader = csv.DictReader(file)
    if not reader.fieldnames:
        raise InvalidInputError("the file is empty", where=where, fix="its first line names the columns")
    reader.fieldnames = [_key(name) for name in reader.fieldnames]
    for row in reader:
        yield reader.line_num, {name: value for name, value in row.items() if isinstance(name, str)}


def _objects(file: IO[str]) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), ""), 1):
        if line.strip():
            yield number, _object(line)


def _object(line: str) -> Mapping[str, object]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return {_key(name): value for name, value in found.items()} if isinstance(found, dict) else {}


def _key(name: str) -> str:
    return name.strip().lower().replace(" ", "_")
