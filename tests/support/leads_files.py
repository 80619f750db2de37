"""Small files of leads, well formed, messy, shuffled, in every format; the same in every run."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from winnow import demo

Row = dict[str, str]

#: Read and compiled in no time, with everything that depends on earlier leads.
SMALL_RULESET = Path(__file__).with_name("small.toml")


@cache
def leads(count: int = 120) -> tuple[Row, ...]:
    """Leads of the demo, in time order."""
    return tuple(demo.rows(leads=count, days=2))


def shuffled(rows: Iterable[Row]) -> list[Row]:
    """The same rows in another order, the same each time."""
    return sorted(rows, key=lambda row: hashlib.sha256(row["id"].encode()).digest())


def crowded(rows: Iterable[Row]) -> list[Row]:
    """The rows with what makes counting hard: few distinct values, equal times, missing times."""
    changed = []
    for number, row in enumerate(rows):
        day, hour = 1 + number % 9, number % 5
        received = "" if number % 11 == 0 else f"2026-08-{day:02}T{hour:02}:00:00Z"
        same = {
            "ip": f"192.0.2.{number % 4}",
            "email": f"ana{number % 7}@acme-{number % 3}.example",
            "received_at": received,
        }
        changed.append({**row, **same})
    return changed


def in_small_pieces(size: int) -> dict[str, str]:
    """The environment in which a file is screened in pieces of so many bytes, by the small ruleset."""
    return {"WINNOW_SCREEN__CHUNK_BYTES": str(size), "WINNOW_SCREEN__RULESET": str(SMALL_RULESET)}


def csv_text(rows: Sequence[Row], columns: Sequence[str] = ()) -> str:
    """The rows as CSV, every cell in quotes."""
    file = io.StringIO()
    writer = csv.DictWriter(file, columns or list(rows[0]), lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def jsonl_text(rows: Iterable[Mapping[str, object]]) -> str:
    """The rows as JSON lines."""
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def messy_csv(rows: Sequence[Row]) -> str:
    """A file in which every ninth row cannot be read, each for another reason."""
    lines = csv_text(rows).splitlines(keepends=True)
    trouble = [
        "too,few\n",
        '"never closed, and so on\n',
        lines[1].rstrip("\n") + ",one,too,many\n",
        csv_text([{**rows[0], "id": "late", "form_fill_seconds": "soon"}]).partition("\n")[2],
        "\n",
    ]
    for number, place in enumerate(range(9, len(rows), 9)):
        lines.insert(place + number, trouble[number % len(trouble)])
    return "".join(lines)


def written(path: Path, text: str) -> Path:
    """A file with this text, its line ends as they are."""
    path.write_text(text, encoding="utf-8", newline="")
    return path


def decisions(path: Path) -> list[dict[str, Any]]:
    """The decisions in a file."""
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".jsonl":
            return [json.loads(line) for line in file]
        return list(csv.DictReader(file))
