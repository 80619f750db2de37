"""Files with people's data in them: only their owner may read them, and they appear only when they are whole."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from winnow.adapters.files.cells import csv_cell, defused
from winnow.adapters.files.output import partial_path
from winnow.errors import InvalidInputError

CSV, JSONL = ".csv", ".jsonl"

#: Begins like a formula and cannot be one: a phone number, a number below 0. As it is, it can be read back.
_PLAIN = re.compile(r"[+-][0-9 ().\-]{1,40}", re.ASCII)


class Rows:
    """Rows on their way into a file whose columns are known only at the end; nothing of them is left elsewhere."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.defused = 0

    def add(self, cells: dict[str, str]) -> None:
        """Keep a row: column → cell."""
        self._file.write(json.dumps(cells).encode() + b"\n")

    def lines(self, columns: Sequence[str], kind: str) -> Iterator[str]:
        """The lines of the file; what a spreadsheet might run is defused, in CSV, and counted."""
        if kind == CSV:
            yield ",".join(map(csv_cell, columns)) + "\n"
        self._file.seek(0)
        for line in self._file:
            cells = json.loads(line)
            row = [cells.get(column, "") for column in columns]
            if kind == CSV:
                yield ",".join(map(self._cell, row)) + "\n"
            else:
                told = {column: cell or None for column, cell in zip(columns, row, strict=True)}
                yield json.dumps(told, ensure_ascii=False) + "\n"

    def _cell(self, text: str) -> str:
        if _PLAIN.fullmatch(text):
            return text
        self.defused += defused(text) != text
        return csv_cell(text)


@contextmanager
def rows_beside(path: Path) -> Iterator[Rows]:
    """Rows for a file at this place; they wait in a file without a name in the same folder."""
    try:
        with TemporaryFile(dir=path.parent) as file:
            yield Rows(file)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        fix = "name a file in a folder you may write to"
        raise InvalidInputError("no file can be written there", where=str(path), fix=fix) from None


def need_table_name(path: Path) -> None:
    """Raise InvalidInputError unless the name says whether it is CSV or JSON lines."""
    if path.suffix.lower() not in {CSV, JSONL}:
        raise InvalidInputError("its name does not say its format", where=str(path), fix="end it in .jsonl or .csv")


def need_new(path: Path) -> None:
    """Raise InvalidInputError when there is something at a place already."""
    if path.exists():
        raise InvalidInputError("there is something by that name already", where=str(path), fix="name another with -o")


def write_private(path: Path, lines: Iterator[str]) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    fresh = partial_path(path)
    fresh.unlink(missing_ok=True)  # its rights would stay those it has
    try:
        with open(fresh, "x", encoding="utf-8", newline="", opener=_for_owner) as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _for_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
