"""Settles which columns of a history are learned from, as which signals; every column gets an answer and a reason."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from json import dumps

from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.govern.off_limits import called, fields_in
from winnow.core.learning.reading.cells import Cells, Read, read_as
from winnow.core.mapping import LeadMapping, Take
from winnow.core.mapping.synonyms import normalised
from winnow.core.scorecard import PAIR_FAMILY, RULE_FAMILY
from winnow.core.signals.registry import BY_NAME, SIGNALS

RECEIVED = "received_at"

#: Fields of a lead that are words by themselves and that no signal measures as such.
_WORD_FIELDS = ("source", "channel", "country", "language", "timezone", "job_title")

_RESERVED = {signal.family for signal in SIGNALS} | {RULE_FAMILY, PAIR_FAMILY, "cap", "list", "system", "override"}
_LONGEST = 50
_CLOCK = re.compile(r"\d:\d\d")


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what is done with it.

    kind: as `Read` has it, or `field` when a signal of everybody's measures it, `off limits`, `left out`, or its role
    field: of the lead, that it becomes · signals: declared over it · used: whether anything of it may be learned from
    """

    name: str
    kind: str
    why: str
    used: bool = False
    field: str = ""
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody said about the columns.

    roles: column → `target`, `time`, `weight`; these are not learned from
    only: the columns that may be learned from; empty is all · left_out: those that may not
    forbidden: those the policy puts off limits
    real_times: leads have times, not only an order
    decimal: the decimal sign of numbers that do not show it themselves; None when nobody said
    """

    roles: Mapping[str, str]
    only: Collection[str] = ()
    left_out: Collection[str] = ()
    forbidden: Collection[str] = ()
    real_times: bool = True
    decimal: str | None = None

    def refusal(self, column: str) -> Column | None:
        """Why a column is not even looked at; None when it may be."""
        if column in self.forbidden:
            return Column(column, "off limits", "the policy puts it off limits: it was dropped before it was looked at")
        if column in self.roles:
            role = self.roles[column]
            return Column(column, role, f"it is the {role} itself")
        if column in self.left_out or (self.only and column not in self.only):
            return Column(column, "left out", "whoever fitted it left it out")
        return None


@dataclass(slots=True)
class Settled:
    """A map that makes signals of the columns, and what became of each column."""

    mapping: LeadMapping
    declared: list[DeclaredSignal] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)


def settled(columns: Sequence[str], cells: Mapping[str, Cells], mapping: LeadMapping, choice: Choice) -> Settled:
    """Go through the columns of a file in their order.

    cells: of every column that may be looked at · mapping: what is known about them, without what is off limits
    """
    found = Settled(_kept(mapping, choice))
    taken = {column: target for target, take in found.mapping.takes.items() for column in take.columns}
    names = _slugs([column for column in columns if column not in taken], found.mapping.takes)
    for column in columns:
        refusal = choice.refusal(column)
        if refusal is not None:
            found.columns.append(refusal)
        elif column in taken:
            given = mapping.takes[taken[column]].decimal
            _mapped(found, column, taken[column], read_as(column, cells[column], given, choice.decimal))
        else:
            read = read_as(column, cells[column], otherwise=choice.decimal)
            _own(found, column, f"custom.{names[column]}", read, choice)
    _of_time(found, cells, choice)
    return found


def _kept(mapping: LeadMapping, choice: Choice) -> LeadMapping:
    """The map without the columns that may not be learned from; what names and dates a lead stays."""
    takes = {}
    for target, take in mapping.takes.items():
        there = tuple(column for column in take.columns if choice.refusal(column) is None)
        if target in {"id", "external_id", RECEIVED} or take.value is not None or there == take.columns:
            takes[target] = take
        elif there:
            takes[target] = replace(take, columns=there)
    return replace(mapping, takes=takes)


def _mapped(found: Settled, column: str, target: str, read: Read) -> None:
    """A column that becomes a field; some fields are also words worth counting."""
    take = found.mapping.takes[target]
    plain = target in _WORD_FIELDS or target.startswith(("custom.", "utm."))
    if not plain or len(take.columns) > 1:
        of = [signal.name for signal in SIGNALS if target in signal.reads]
        readers = f"{len(of)} signals read" if len(of) > 1 else f"{'one' if of else 'no'} signal reads"
        why = f"it is {target}, which {readers}"
        found.columns.append(Column(column, "field", why, used=bool(of), field=target))
        return
    reading = read.reading if target.startswith("custom.") or read.reading is None else Reading.TEXT
    if reading is None or (read.kind != "category" and reading is Reading.TEXT and not target.startswith("custom.")):
        found.columns.append(Column(column, read.kind, f"it is {target}; {read.why}", field=target))
        return
    _missing(found, target, read)
    _declare(found, column, target, (reading,), f"it is {target}: {read.why}", read.kind)


def _own(found: Settled, column: str, target: str, read: Read, choice: Choice) -> None:
    """A column the map does not know."""
    if read.time is not None:
        _own_time(found, column, target, read, choice)
    elif read.reading is None:
        found.columns.append(Column(column, read.kind, read.why))
    else:
        found.mapping = _with(found.mapping, target, Take((column,), missing=read.missing, decimal=read.decimal))
        _declare(found, column, target, (read.reading,), read.why, read.kind)


def _own_time(found: Settled, column: str, target: str, read: Read, choice: Choice) -> None:
    """A further time: what lies between it and the arrival may tell something, if it lies before."""
    take = read.time
    if not choice.real_times or take is None:
        why = "it is a time, and without the time of the lead nobody knows whether it was known then"
        found.columns.append(Column(column, "time", why))
        return
    if take.format is None and take.reading is None and take.timezone == "UTC":
        place, mapping = target, _with(found.mapping, target, Take(columns=(column,), missing=read.missing))
    elif "occurred_at" not in found.mapping.takes:
        place, mapping = "occurred_at", _with(found.mapping, "occurred_at", replace(take, missing=read.missing))
    else:
        why = "its times are not ISO 8601, and a map has room for one such column (occurred_at), which is taken"
        found.columns.append(Column(column, "time", why))
        return
    found.mapping = mapping
    _declare(found, column, place, (Reading.SECONDS_SINCE, Reading.HOUR, Reading.WEEKDAY), read.why, "time")


def _of_time(found: Settled, cells: Mapping[str, Cells], choice: Choice) -> None:
    """When a lead came may tell something too: the hour, where there is one, and the day of the week."""
    take = found.mapping.takes.get(RECEIVED)
    if take is None or not choice.real_times or len(take.columns) != 1:
        return
    column = take.columns[0]
    if column in choice.left_out or (choice.only and column not in choice.only):
        return
    clocked = any(map(_CLOCK.search, list(cells[column].counts)[:100])) or take.reading is not None
    readings = (Reading.HOUR, Reading.WEEKDAY) if clocked else (Reading.WEEKDAY,)
    new = [_declared(RECEIVED, reading, "the arrival") for reading in readings]
    found.declared += new
    names = tuple(each.name for each in new)
    told = Column(column, "time", "it says when leads came", used=True, field=RECEIVED, signals=names)
    found.columns = [told if each.name == column else each for each in found.columns]


_PROPERTIES = {Reading.HOUR: "hour", Reading.WEEKDAY: "weekday", Reading.SECONDS_SINCE: "seconds_since"}
_LABELS = {
    Reading.HOUR: "the hour of {}",
    Reading.WEEKDAY: "the day of the week of {}",
    Reading.SECONDS_SINCE: "the time since {}",
}


def _declare(found: Settled, column: str, target: str, readings: tuple[Reading, ...], why: str, kind: str) -> None:
    decimal = found.mapping.takes[target].decimal or ""
    new = [_declared(target, reading, _worded(column), decimal) for reading in readings]
    found.declared += new
    names = tuple(signal.name for signal in new)
    found.columns.append(Column(column, kind, why, used=True, field=target, signals=names))


def _declared(target: str, reading: Reading, label: str, decimal: str = "") -> DeclaredSignal:
    group, _, name = target.partition(".")
    family = (f"utm_{name}" if group == "utm" else name) or group
    if target not in _WORD_FIELDS and family in _RESERVED:
        family = f"own_{family}"
    name = f"{family}.{_PROPERTIES.get(reading, 'value')}"
    return DeclaredSignal(
        name if name not in BY_NAME else f"{family}.own",
        target,
        reading,
        _LABELS.get(reading, "{}").format(label),
        decimal=decimal if reading is Reading.NUMBER else "",
    )


def _worded(column: str) -> str:
    """A column's name as plain words: `Total_Visits` and `totalVisits` are both `total visits`."""
    return normalised(column) or column


def _with(mapping: LeadMapping, target: str, take: Take) -> LeadMapping:
    return replace(mapping, takes={**mapping.takes, target: take})


def _missing(found: Settled, target: str, read: Read) -> None:
    """Have the map take the cells of a field that say nothing for nothing, and read its numbers as they are written."""
    take = found.mapping.takes[target]
    missing = tuple(dict.fromkeys([*take.missing, *read.missing]))
    decimal = read.decimal if target.startswith("custom.") else take.decimal
    found.mapping = _with(found.mapping, target, replace(take, missing=missing, decimal=decimal))


def _slugs(columns: Sequence[str], taken: Collection[str]) -> dict[str, str]:
    """A name for each column that a map and a signal may bear, each another."""
    used = {target.partition(".")[2] for target in taken}
    names = {}
    for column in columns:
        slug = name = slug_of(column)
        number = 2
        while name in used:
            name, number = f"{slug}_{number}", number + 1
        used.add(name)
        names[column] = name
    return names


def slug_of(column: str) -> str:
    """A column's name in small letters, digits and underscores, beginning with a letter."""
    plain = unicodedata.normalize("NFKD", normalised(column)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST].strip("_")
    return slug if slug[:1].isalpha() else f"column_{slug}".rstrip("_")


def message_line(column: str) -> str:
    """The line of a map by which the text signals read a column."""
    return f"message = {dumps(column, ensure_ascii=False)}"


def forbidden_columns(columns: Sequence[str], off_limits: Set[str]) -> Iterator[str]:
    """The columns that are called like something off limits, however they are written."""
    names = {name.partition(".")[2] or name for name in fields_in(off_limits)}
    spelt, forbidden = {*names, *(name.replace("_", "") for name in names)}, frozenset(off_limits)
    return (column for column in columns if not spelt.isdisjoint(_spelt(column)) or called(column, forbidden))


def _spelt(column: str) -> tuple[str, str]:
    return slug_of(column), slug_of(column).replace("_", "")
