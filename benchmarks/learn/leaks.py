"""Names the columns of real histories that know the future: the verdicts on X Education and the bank's calls.

Run with `python -m benchmarks.learn.leaks --data FOLDER`; the folder holds `x_education_leads.csv` and
`bank_calls.csv`. Fails when a column that is known to leak is let through, or an honest one is refused.
"""

import argparse
import csv
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from winnow.core.declared import DeclaredSignal, Reading, answered, numbered, worded
from winnow.core.learning.leaks import Suspicion, Verdict, suspicions
from winnow.core.learning.study import Study

_READ = {Reading.TEXT: worded, Reading.NUMBER: numbered, Reading.YES_NO: answered}


@dataclass(frozen=True)
class History:
    """A file of labelled leads, how to order it, and what we know about it that the detector is not told."""

    file: str
    target: str
    means: str = "conversion"
    delimiter: str = ","
    number: str | None = None
    moments: tuple[str, ...] = ()
    refused: frozenset[str] = field(default_factory=frozenset)
    doubtful: frozenset[str] = field(default_factory=frozenset)


HISTORIES = (
    History(
        "x_education_leads.csv",
        "Converted",
        number="Lead Number",
        refused=frozenset({
            "Tags", "Lead Quality", "Lead Profile", "Last Activity", "Last Notable Activity",
            "Asymmetrique Activity Index", "Asymmetrique Profile Index",
            "Asymmetrique Activity Score", "Asymmetrique Profile Score",
        }),
        doubtful=frozenset({
            "What is your current occupation", "What matters most to you in choosing a course", "Prospect ID",
        }),
    ),
    History("bank_calls.csv", "y", delimiter=";", refused=frozenset({"duration"})),
    History("ecommerce_signups.csv", "class", means="junk", moments=("signup_time", "purchase_time")),
)  # fmt: skip


def study_of(history: History, rows: Sequence[dict[str, str]]) -> tuple[Study, dict[str, str]]:
    """The rows as a study of all columns but the target, and the column each signal was read from."""
    if history.number is not None:
        rows = sorted(rows, key=lambda row: float(row[history.number or ""]))
    if history.moments:
        rows = [_timed(row, history.moments) for row in rows]
        rows = sorted(rows, key=lambda row: float(row["at"]))
    names = [name for name in rows[0] if name and name not in {history.target, history.number, "at", *history.moments}]
    taken = {f"custom.c{place}_{_plain(name)}"[:60]: name for place, name in enumerate(names)}
    columns, declared = {}, []
    for signal, name in taken.items():
        texts = [row[name] or None for row in rows]
        reading = _reading(texts)
        columns[signal] = [None if text is None else _READ[reading](text) for text in texts]
        declared.append(DeclaredSignal(signal, f"custom.{_plain(name)}", reading, name).signal)
    size = len(rows)
    truth = [row[history.target].strip().lower() in {"1", "yes"} for row in rows]
    ids = [str(place) for place in range(size)]
    study = Study(history.means, tuple(declared), columns, truth, [1.0] * size, (), ids, [None] * size)
    return study, taken


def _timed(row: dict[str, str], moments: Sequence[str]) -> dict[str, str]:
    """Signing up and buying as the seconds in between, and the time that orders the rows."""
    first, then = (datetime.strptime(row[name], "%m/%d/%y %H:%M") for name in moments)  # noqa: DTZ007  # the set does not say which zone
    seconds = (then - first).total_seconds()
    return {**row, "seconds_to_purchase": str(seconds), "at": str((first - datetime(2015, 1, 1)).total_seconds())}  # noqa: DTZ001  # as above


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")


def _reading(texts: Sequence[str | None]) -> Reading:
    known = {text for text in texts if text is not None}
    if all(numbered(text) is not None for text in known):
        return Reading.NUMBER
    return Reading.YES_NO if all(answered(text) is not None for text in known) else Reading.TEXT


def shown(found: Sequence[Suspicion], taken: dict[str, str]) -> None:
    """One line a suspicion and one a piece of evidence."""
    for each in found:
        print(f"  {each.verdict:9} {taken[each.signal]}")
        for line in each.evidence:
            print(f"            - {line}")


def examined(folder: Path, history: History, share: float) -> bool:
    """Print the verdicts on one history; whether they are what they should be."""
    with (folder / history.file).open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=history.delimiter))
    study, taken = study_of(history, rows)
    start = time.monotonic()
    found = suspicions(study, int(len(study) * share))
    print(f"{history.file}: {len(study):,} leads, {len(taken)} columns, {time.monotonic() - start:.2f} s")
    shown(found, taken)
    refused = {taken[each.signal] for each in found if each.verdict is Verdict.REFUSED}
    doubtful = {taken[each.signal] for each in found} - refused
    print(f"  let through: {', '.join(name for name in taken.values() if name not in refused | doubtful)}")
    missed = (history.refused - refused) | (history.doubtful - doubtful)
    wronged = refused - history.refused
    print(f"  missed: {sorted(missed) or 'none'}; wrongly refused: {sorted(wronged) or 'none'}\n")
    return not missed and not wronged


def main() -> int:
    """Examine every history in the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("WINNOW_DATA"), help="folder with the CSV files")
    parser.add_argument("--fit", type=float, default=0.8, help="share of the oldest leads that a fit would see")
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the folder with --data or WINNOW_DATA")
    right = [examined(Path(given.data), history, given.fit) for history in HISTORIES]
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
