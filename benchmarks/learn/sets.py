"""Real labelled sets as studies, the oldest lead first; read from a folder that is not part of the project."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from winnow.core.declared import DeclaredSignal, Reading, answered, numbered, worded
from winnow.core.learning.study import Study
from winnow.core.signals.base import Signal, Value

Row = Mapping[str, str]

#: A column of texts with no more different values than this is taken for one that a scorecard can read.
_MOST_VALUES = 2000

_READ: Mapping[Reading, Callable[[object], Value | None]] = {
    Reading.TEXT: worded,
    Reading.NUMBER: numbered,
    Reading.YES_NO: answered,
}


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One set: its name, the leads, and how many of them are the older part that is fitted on."""

    name: str
    study: Study
    fit: int


def read_sets(folder: Path) -> list[LabelledSet]:
    """All sets, each split by time at four fifths."""
    studies = {
        "X Education, intake": _x_education(folder, leaky=False),
        "X Education, leaky": _x_education(folder, leaky=True),
        "bank calls": _bank(folder),
        "e-commerce, sign-up": _signups(folder, purchase=False),
        "e-commerce, purchase": _signups(folder, purchase=True),
        "Olist": _olist(folder),
    }
    return [LabelledSet(name, study, len(study) * 4 // 5) for name, study in studies.items()]


def _x_education(folder: Path, *, leaky: bool) -> Study:
    """Converted; in the order of the lead numbers. Leaky: with what salespeople filled in after they had called."""
    rows = _rows(folder / "x_education_leads.csv")
    rows.sort(key=lambda row: int(row["Lead Number"]))
    never = {"Prospect ID", "Lead Number", "Converted", "Last Notable Activity"}
    later = {"Tags", "Lead Quality", "Lead Profile", "Last Activity", "What is your current occupation"}
    later.add("What matters most to you in choosing a course")
    late = {name for name in rows[0] if name.startswith("Asymmetrique") or name in later}
    columns = {name: [row[name] for row in rows] for name in rows[0] if name and name not in never}
    kept = {name: column for name, column in columns.items() if leaky or name not in late}
    return _study("converted", kept, [row["Converted"] == "1" for row in rows])


def _bank(folder: Path) -> Study:
    """Whether a deposit was sold; without the duration, which is known only after the call."""
    rows = _rows(folder / "bank_calls.csv", ";")
    columns = {name: [row[name] for row in rows] for name in rows[0] if name not in {"duration", "y"}}
    return _study("sold", columns, [row["y"] == "yes" for row in rows])


def _signups(folder: Path, *, purchase: bool) -> Study:
    """Fraud; with what is known when somebody signs up, or also with what is known when they buy."""
    rows = _rows(folder / "ecommerce_signups.csv")
    rows.sort(key=lambda row: _moment(row["signup_time"]))
    moments = [_moment(row["signup_time"]) for row in rows]
    columns: dict[str, list[str]] = {name: [row[name] for row in rows] for name in ("source", "browser", "age")}
    columns["hour"] = [str(moment.hour) for moment in moments]
    columns["weekday"] = [moment.strftime("%A") for moment in moments]
    columns["earlier of device"] = _earlier([row["device_id"] for row in rows])
    if purchase:
        bought = [_moment(row["purchase_time"]) for row in rows]
        columns["seconds"] = [str((end - start).total_seconds()) for end, start in zip(bought, moments, strict=True)]
        columns["value"] = [row["purchase_value"] for row in rows]
    return _study("fraud", columns, [row["class"] == "1" for row in rows])


def _olist(folder: Path) -> Study:
    """Whether a seller signed."""
    rows = _rows(folder / "olist_leads.csv")
    closed = {row["mql_id"] for row in _rows(folder / "olist_closed_deals.csv")}
    moment = {row["mql_id"]: datetime.strptime(row["first_contact_date"], "%d-%m-%Y") for row in rows}  # noqa: DTZ007  # the set does not say which zone
    rows.sort(key=lambda row: moment[row["mql_id"]])
    columns = {name: [row[name] for row in rows] for name in ("landing_page_id", "origin")}
    columns["weekday"] = [moment[row["mql_id"]].strftime("%A") for row in rows]
    return _study("closed", columns, [row["mql_id"] in closed for row in rows])


def _rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%y %H:%M")  # noqa: DTZ007  # the set does not say which zone


def _earlier(values: Sequence[str]) -> list[str]:
    """How often each value came before."""
    seen: dict[str, int] = {}
    found = []
    for value in values:
        found.append(str(seen.get(value, 0)))
        seen[value] = seen.get(value, 0) + 1
    return found


def _study(target: str, columns: Mapping[str, Sequence[str]], truth: Sequence[bool]) -> Study:
    """Columns read as numbers, yes/no or texts, whichever they are; each in a family of its own."""
    signals: list[Signal] = []
    values: dict[str, list[Value | None]] = {}
    for place, (label, column) in enumerate(columns.items()):
        reading = _reading(column)
        signal = DeclaredSignal(f"column{place}.value", f"custom.column{place}", reading, label).signal
        signals.append(signal)
        values[signal.name] = [_READ[reading](each) if each.strip() else None for each in column]
    size = len(truth)
    return Study(target, tuple(signals), values, truth, [1.0] * size, (), list(map(str, range(size))), [None] * size)


def _reading(column: Sequence[str]) -> Reading:
    present = {each.strip() for each in column if each.strip()}
    if present and all(numbered(each) is not None for each in present):
        return Reading.NUMBER
    return Reading.YES_NO if present and all(answered(each) is not None for each in present) else Reading.TEXT
