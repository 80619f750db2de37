"""What a map says: which field of a lead is made from which columns, and how."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from winnow.errors import InvalidInputError


class Kind(StrEnum):
    """What the text of a cell has to become."""

    TEXT = "text"
    TEXTS = "list of texts"
    WORD = "word in lower case"
    TIME = "time"
    NUMBER = "number"
    COUNT = "whole number"
    FLAG = "yes or no"
    COUNTRY = "country"


#: Every field of a lead that a map may name, besides `utm.NAME` and `custom.NAME`, which are texts.
FIELD_KINDS: Mapping[str, Kind] = {
    "id": Kind.TEXT,
    "source": Kind.TEXT,
    "external_id": Kind.TEXT,
    "received_at": Kind.TIME,
    "occurred_at": Kind.TIME,
    "channel": Kind.TEXT,
    "full_name": Kind.TEXT,
    "first_name": Kind.TEXT,
    "last_name": Kind.TEXT,
    "emails": Kind.TEXTS,
    "phones": Kind.TEXTS,
    "company": Kind.TEXT,
    "job_title": Kind.TEXT,
    "website": Kind.TEXT,
    "country": Kind.COUNTRY,
    "language": Kind.TEXT,
    "timezone": Kind.TEXT,
    "message": Kind.TEXT,
    "form_fill_seconds": Kind.NUMBER,
    "form_pasted_fields": Kind.COUNT,
    "form_honeypot": Kind.FLAG,
    "form_focus_changes": Kind.COUNT,
    "ip": Kind.TEXT,
    "user_agent": Kind.TEXT,
    "device_id": Kind.TEXT,
    "spf": Kind.WORD,
    "dkim": Kind.WORD,
    "dmarc": Kind.WORD,
    "consent_given": Kind.FLAG,
    "consent_wording": Kind.TEXT,
    "gpc": Kind.FLAG,
}

#: Other names a map may use for a field.
ALIASES: Mapping[str, str] = {"email": "emails", "phone": "phones"}

#: The fields that are tables of names, each name a text.
GROUPS = ("utm", "custom")


@dataclass(frozen=True, slots=True)
class Take:
    """How one field is made.

    columns: where from; several are joined into one text, or are the items of a list
    value: a constant instead of columns
    join: what stands between the texts of several columns
    separator: what separates several items inside one cell of a list
    reading: a named way of reading a cell (`as` in the map), one of READINGS
    format: of a time, as `datetime.strptime` reads it
    timezone: of times that name none: UTC, an offset such as +02:00, or an IANA name
    scale: what a number is multiplied by, e.g. 0.001 for milliseconds
    decimal: the decimal sign of a number, `,` or `.`; None is 1234.5, and for a field of one's own: a text as it is
    values: replacements for whole cells, before anything else is done with them
    missing: further cells that mean nothing was said, besides those of the whole map
    """

    columns: tuple[str, ...] = ()
    value: str | None = None
    join: str = " "
    separator: str | None = None
    reading: str | None = None
    format: str | None = None
    timezone: str = "UTC"
    scale: float = 1.0
    decimal: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


#: Named ways of reading a cell, and the fields each is for.
READINGS: Mapping[str, tuple[str, ...]] = {
    "ipv4-number": ("ip",),
    "unix-seconds": ("received_at", "occurred_at"),
    "unix-milliseconds": ("received_at", "occurred_at"),
    "unix-microseconds": ("received_at", "occurred_at"),
    "filled": ("form_honeypot", "consent_given"),
}


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """How a text file is written; None means: find out. An empty `quote` means that quotes are ordinary characters."""

    delimiter: str | None = None
    encoding: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class LeadMapping:
    """Which field is made how.

    takes: by field, `utm.NAME` or `custom.NAME`
    missing: cells that mean nothing was said, besides empty ones
    optional: columns that a file may lack
    csv: how the file is written
    name: of the map, for messages
    """

    takes: Mapping[str, Take]
    missing: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    csv: CsvOptions = field(default_factory=CsvOptions)
    name: str = "map"

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that something is made from, in the order of the map."""
        return tuple(dict.fromkeys(column for take in self.takes.values() for column in take.columns))


def kind_of(target: str) -> Kind:
    """What a field's cells become; `target` is a field, `utm.NAME` or `custom.NAME`."""
    return FIELD_KINDS.get(target, Kind.TEXT)


def unused_columns(mapping: LeadMapping, columns: Iterable[str]) -> tuple[str, ...]:
    """The columns nothing is made from; they are never scored."""
    used = frozenset(mapping.columns)
    return tuple(column for column in columns if column not in used)


def check_columns(mapping: LeadMapping, columns: Sequence[str]) -> None:
    """Raise InvalidInputError when the file lacks a column the map takes something from."""
    there = frozenset(columns) | frozenset(mapping.optional)
    for target, take in mapping.takes.items():
        for column in take.columns:
            if column not in there:
                raise InvalidInputError(
                    f"the file has no column `{column}`, which `{target}` is made from",
                    where=mapping.name,
                    fix=did_you_mean(column, columns, "it has"),
                )


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """The nearest of the known words, or a few of them after `otherwise`."""
    words = tuple(known)
    lowered = {each.lower(): each for each in words}
    near = get_close_matches(word.lower(), lowered, n=2, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(f'`{lowered[each]}`' for each in near)}?"
    shown = ", ".join(f"`{each}`" for each in words[:_SHOWN])
    return f"{otherwise} {shown}" + (f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else "")


#: How many words a message lists before it becomes unreadable.
_SHOWN = 12
