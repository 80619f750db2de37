"""Labels in a CSV file: who said what about which lead, when and with which batch."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from winnow.errors import InvalidInputError, Place

#: Its columns; `lead` and `verdict` must be there and filled.
COLUMNS = ("lead", "verdict", "author", "source", "batch", "at")
_NEEDED = ("lead", "verdict")


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One line; what is blank is empty, or None for `batch` and `at`."""

    lead: str
    verdict: str
    author: str
    source: str
    batch: str | None
    at: datetime | None


def read_labels(path: Path) -> list[LabelRow]:
    """The labels of a file, in its order, which is that in which they were given."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_rows(csv.DictReader(file), str(path)))
    except OSError as error:
        what = f"cannot be read: {str(error.strerror).lower()}"
        raise InvalidInputError(what, where=str(path), fix="check the path") from None
    except (UnicodeDecodeError, csv.Error):
        raise InvalidInputError("no CSV file in UTF-8", where=str(path), fix="save it as CSV in UTF-8") from None


def _rows(reader: "csv.DictReader[str]", where: str) -> Iterator[LabelRow]:
    missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        fix = f"give it a header with some of {', '.join(COLUMNS)}"
        raise InvalidInputError(f"there is no column `{missing[0]}`", where=where, fix=fix)
    for cells in reader:
        place = Place(where, reader.line_num)
        filled = {name: (cells.get(name) or "").strip() for name in COLUMNS}
        empty = [name for name in _NEEDED if not filled[name]]
        if empty:
            raise InvalidInputError(f"the label has no {empty[0]}", where=place, fix="fill it, or take the line out")
        yield _row(filled, place)


def _row(filled: Mapping[str, str], place: Place) -> LabelRow:
    batch, at = filled["batch"] or None, filled["at"]
    return LabelRow(
        filled["lead"], filled["verdict"].lower(), filled["author"], filled["source"], batch, _moment(at, place)
    )


def _moment(text: str, place: Place) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        fix = "write it like 2026-11-22T08:30:00Z"
        raise InvalidInputError(f"`{text[:40]}` is no time", where=place, fix=fix) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
