"""Signals an organisation declares over its own fields, so that a scorecard and rules can read them by name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from math import isfinite

from winnow.core.facts import Facts
from winnow.core.lead import FIELD_NAMES, Lead
from winnow.core.numerals import SIGNS, plain
from winnow.core.signals.base import Signal, Value
from winnow.core.signals.registry import BY_NAME
from winnow.errors import InvalidRulesetError


class Reading(StrEnum):
    """What a field's content is read as; what cannot be read so is unknown."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    HOUR = "hour"
    WEEKDAY = "weekday"
    SECONDS_SINCE = "seconds_since"


#: What a day of the week is counted in; who sees the unit may say the day instead.
WEEKDAY_UNIT = "1 Monday to 7 Sunday, UTC"

_UNITS = {
    Reading.TEXT: "text",
    Reading.NUMBER: "number",
    Reading.YES_NO: "yes/no",
    Reading.HOUR: "hour of the day, UTC",
    Reading.WEEKDAY: WEEKDAY_UNIT,
    Reading.SECONDS_SINCE: "seconds from then until the lead came",
}
_KINDS: dict[Reading, type[bool] | type[float] | type[str]] = {Reading.TEXT: str, Reading.YES_NO: bool}

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\.[a-z][a-z0-9_]{0,59}")
_GROUPS = ("custom.", "utm.")
#: Fields that hold no single value of their own, or only name the lead.
_UNREADABLE = frozenset({"id", "external_id", "custom", "utm"})

_YES = frozenset({"yes", "y", "true", "t", "1", "on"})
_NO = frozenset({"no", "n", "false", "f", "0", "off"})


@dataclass(frozen=True, slots=True)
class DeclaredSignal:
    """One field of a lead, made a signal.

    name: `family.property`; the family is what the scorecard's caps are for, so evidence of one kind shares it
    field: `custom.NAME`, `utm.NAME` or a field of the lead · label: plain words for it, fit for the person
    mutable: the person could change it by sending the lead again
    decimal: how numbers are written in the field: `,` for 1.234,5, `.` for 1,234.5; empty for 1234.5
    """

    name: str
    field: str
    reading: Reading
    label: str
    doc: str = ""
    mutable: bool = False
    decimal: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            fix = "write family.property in small letters, digits and _, such as campaign.origin"
            raise InvalidRulesetError(f"`{self.name}` cannot name a signal", fix=fix)
        if self.name in BY_NAME:
            raise InvalidRulesetError(f"there is a signal `{self.name}` already", fix="choose another name")
        known = self.field in FIELD_NAMES and self.field not in _UNREADABLE
        if not known and not self.field.startswith(_GROUPS):
            fix = "name `custom.NAME`, `utm.NAME` or a field of the lead"
            raise InvalidRulesetError(f"signal `{self.name}` reads `{self.field}`, which no lead has", fix=fix)
        if self.decimal and (self.decimal not in SIGNS or self.reading is not Reading.NUMBER):
            fix = 'give "," or "." to a signal that is read as a number, or leave it out'
            raise InvalidRulesetError(f"`{self.decimal}` is no decimal sign of signal `{self.name}`", fix=fix)
        if not self.label:
            raise InvalidRulesetError(f"signal `{self.name}` has no label", fix="say in plain words what it is")

    @property
    def signal(self) -> Signal:
        """The signal as all others are."""
        kind = _KINDS.get(self.reading, float)
        reads = (self.field, "received_at") if self.reading is Reading.SECONDS_SINCE else (self.field,)
        doc = self.doc or f"`{self.field}` as {self.reading.replace('_', ' ')}."
        read = _written(self.decimal) if self.decimal else _READERS[self.reading]
        taken = _taking(self.field)

        def of(lead: Lead, facts: Facts) -> Value | None:
            found = taken(lead)
            return None if found is None else read(found, facts)

        return Signal(self.name, 1, kind, _UNITS[self.reading], reads, self.label, doc, of, self.mutable)


def _taking(field: str) -> Callable[[Lead], object]:
    """How the field is got out of a lead; of several values the first."""
    group, _, name = field.partition(".")
    if group == "custom":
        return lambda lead: lead.custom.get(name)
    if group == "utm":
        return lambda lead: lead.utm.get(name)
    if field in {"emails", "phones"}:
        return lambda lead: lead.email if field == "emails" else lead.phone
    return lambda lead: getattr(lead, field)


def worded(text: object) -> str | None:
    """A text as it is compared: small letters, single spaces; None when nothing is left."""
    return " ".join(str(text).split()).lower() or None


def numbered(found: object) -> float | None:
    """A number; None when it is none, or not finite."""
    try:
        number = float(found)  # type: ignore[arg-type]  # what float() refuses is unknown
    except (TypeError, ValueError):
        return None
    return number if isfinite(number) else None


def answered(found: object) -> bool | None:
    """Yes or no; None for any other word."""
    word = str(found).strip().lower()
    return True if word in _YES else False if word in _NO else None


def moment(found: object) -> datetime | None:
    """A moment in UTC, which a time without an offset is taken to be in; None when it is no time."""
    try:
        at = found if isinstance(found, datetime) else datetime.fromisoformat(str(found).strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _hour(found: object, _: Facts) -> float | None:
    at = moment(found)
    return None if at is None else float(at.hour)


def _weekday(found: object, _: Facts) -> float | None:
    at = moment(found)
    return None if at is None else float(at.isoweekday())


def _seconds_since(found: object, facts: Facts) -> float | None:
    at = moment(found)
    return None if at is None else (facts.now - at).total_seconds()


def _written(decimal: str) -> Callable[[object, Facts], Value | None]:
    return lambda found, _: numbered(plain(str(found), decimal))


_READERS: dict[Reading, Callable[[object, Facts], Value | None]] = {
    Reading.TEXT: lambda found, _: worded(found),
    Reading.NUMBER: lambda found, _: numbered(found),
    Reading.YES_NO: lambda found, _: answered(found),
    Reading.HOUR: _hour,
    Reading.WEEKDAY: _weekday,
    Reading.SECONDS_SINCE: _seconds_since,
}
