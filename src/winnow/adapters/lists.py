"""Allow and block lists kept in a CSV file beside the ruleset, for when they are too long to stand in it."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import TextIO

from winnow.core.canonical import canonical_bytes
from winnow.core.lists import ListEntry
from winnow.core.ruleset_read import list_entry_from
from winnow.core.ruleset_write import list_entry_document
from winnow.core.tables import Table
from winnow.errors import InvalidInputError, WinnowError

COLUMNS = ("id", "action", "kind", "value", "scopes", "owner", "reason", "source", "created_at", "expires_at")
_RUN = frozenset("=+-@'")
_NEEDED = frozenset({"action", "kind", "value", "owner", "reason"})


def read_lists(path: Path) -> tuple[ListEntry, ...]:
    """The entries of a file, in its order; raises InvalidInputError with the line of the first that is wrong.

    The header names some of COLUMNS in any order. Scopes are separated by blanks. An entry without an id
    is called after its line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read(file, str(path))
    except OSError as error:
        raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(path), fix="check the path") from None


def lists_in(text: str, name: str) -> tuple[ListEntry, ...]:
    """The same of a text; `name` is what errors call it."""
    return _read(StringIO(text.removeprefix("\ufeff"), newline=""), name)


def _read(file: TextIO, name: str) -> tuple[ListEntry, ...]:
    try:
        return tuple(_entries(csv.DictReader(file, strict=True), name))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError(f"not a CSV file in UTF-8: {error}", where=name, fix="save it as such") from None


def _entries(rows: "csv.DictReader[str]", name: str) -> Iterator[ListEntry]:
    columns = rows.fieldnames or ()
    unknown = [column for column in columns if column not in COLUMNS]
    missing = sorted(_NEEDED.difference(columns))
    if unknown or missing:
        what = f"unknown column `{unknown[0]}`" if unknown else f"the column `{missing[0]}` is missing"
        raise InvalidInputError(what, where=f"{name}:1", fix=f"use the columns {', '.join(COLUMNS)}")
    ids: set[str] = set()
    for row in rows:
        entry = _entry(row, f"{name}:{rows.line_num}", rows.line_num)
        if entry.id in ids:
            what = f"a second entry has the id `{entry.id}`"
            raise InvalidInputError(what, where=f"{name}:{rows.line_num}", fix="give each entry its own id")
        ids.add(entry.id)
        yield entry


def _entry(row: Mapping[str, str | None], where: str, line: int) -> ListEntry:
    if None in row or None in row.values():
        raise InvalidInputError("another number of cells than the header", where=where, fix="quote cells with commas")
    filled: dict[str, object] = {key: _plain(value.strip()) for key, value in row.items() if value and value.strip()}
    if "scopes" in filled:
        filled["scopes"] = str(filled["scopes"]).split()
    try:
        return list_entry_from(Table({"id": f"line-{line}", **filled}))
    except WinnowError as error:
        raise InvalidInputError(error.what, where=where, fix=error.fix) from None


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from running it, as an export writes `'+493012345678`."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _RUN else cell


def snapshot(entries: tuple[ListEntry, ...]) -> str:
    """SHA-256 of the entries' content in order of their ids, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for entry in sorted(entries, key=lambda each: each.id):
        digest.update(canonical_bytes(list_entry_document(entry)) + b"\n")
    return digest.hexdigest()
