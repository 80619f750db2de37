"""Writes the sample stream to a file, whole or not at all."""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import TextIO

from winnow.demo.record import COLUMNS, DemoLead
from winnow.demo.stream import DAYS, LEADS, SEED, START, stream
from winnow.errors import InvalidInputError, WinnowError

#: How many leads are written between two calls of `progress`.
STEP = 1000

_RECEIVED_AT, _HONEYPOT, _CONSENT = map(COLUMNS.index, ("received_at", "form_honeypot", "consent_given"))
_YES_NO = {None: "", True: "true", False: "false"}
_values: Callable[[DemoLead], tuple[object, ...]] = attrgetter(*COLUMNS)


def rows(
    *, leads: int = LEADS, seed: int = SEED, start: datetime = START, days: int = DAYS
) -> Iterator[dict[str, str]]:
    """The stream as the text of a CSV file, column by column; empty where the source did not say."""
    for lead in stream(leads=leads, seed=seed, start=start, days=days):
        texts = ("" if cell is None else str(cell) for cell in _cells(lead))
        yield dict(zip(COLUMNS, texts, strict=True))


def write(
    path: Path,
    *,
    leads: int = LEADS,
    seed: int = SEED,
    start: datetime = START,
    days: int = DAYS,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write the stream to a `.csv` or `.jsonl` file and return the number of leads written.

    The file appears under its name only when it is complete. `progress` is told the count so far.
    Raises InvalidInputError for another kind of file, WinnowError when the file cannot be written.
    """
    dump = _WRITERS.get(path.suffix.lower())
    if dump is None:
        what = f"`{path}` is neither a .csv nor a .jsonl file"
        raise InvalidInputError(what, fix="choose one of these two endings")
    told = _telling(stream(leads=leads, seed=seed, start=start, days=days), progress)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            dump(file, told)
        draft.replace(path)
    except OSError as error:
        what = f"`{path}` cannot be written: {error.strerror}"
        raise WinnowError(what, fix="choose a folder that exists and may be written to") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return leads


def _telling(leads: Iterator[DemoLead], progress: Callable[[int], None] | None) -> Iterator[DemoLead]:
    if progress is None:
        yield from leads
        return
    count = 0
    for lead in leads:
        yield lead
        count += 1
        if count % STEP == 0:
            progress(count)
    progress(count)


def _dump_csv(file: TextIO, leads: Iterable[DemoLead]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, leads))


def _dump_jsonl(file: TextIO, leads: Iterable[DemoLead]) -> None:
    for lead in leads:
        values = [_instant(value) if isinstance(value, datetime) else value for value in _values(lead)]
        known = {name: value for name, value in zip(COLUMNS, values, strict=True) if value not in ("", None)}
        file.write(json.dumps(known, ensure_ascii=False) + "\n")


def _cells(lead: DemoLead) -> list[object]:
    """The lead's values as the csv module writes them right: None is empty, a number is its shortest text."""
    cells: list[object] = list(_values(lead))
    cells[_RECEIVED_AT] = _instant(lead.received_at)
    cells[_HONEYPOT] = _YES_NO[lead.form_honeypot]
    cells[_CONSENT] = _YES_NO[lead.consent_given]
    return cells


def _instant(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat() + "Z"


_WRITERS: dict[str, Callable[[TextIO, Iterable[DemoLead]], None]] = {".csv": _dump_csv, ".jsonl": _dump_jsonl}
