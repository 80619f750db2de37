"""From the text of a cell to the value of a field; what cannot be read is named with its column and a way to fix it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from ipaddress import IPv4Address
from math import isfinite

from winnow.core.mapping.countries import country_code
from winnow.core.mapping.model import Kind, Take
from winnow.core.mapping.times import PER_SECOND, ReadTime, Zones, epoch_reader, fixed_zone, format_reader, iso_reader
from winnow.core.numerals import plain
from winnow.errors import InvalidInputError, UnreadableRowError

#: From a cell that is not empty to a value; raises ValueError or OverflowError.
Convert = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Reading:
    """How cells become the values of a field, and what to say of one that does not.

    expected: what the cell should have been, e.g. `a number`
    """

    convert: Convert
    expected: str
    fix: str

    def complaint(self, text: str, where: str) -> UnreadableRowError:
        """What is wrong with a cell; `where` names its column."""
        return UnreadableRowError(f"`{shown(text)}` in column `{where}` is not {self.expected}", fix=self.fix)


#: How a yes and a no are written in files.
FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("yes", "y", "true", "t", "1", "on", "1.0"), True),
    **dict.fromkeys(("no", "n", "false", "f", "0", "off", "0.0"), False),
}

#: Counts beyond this are no counts, and would not survive being written as a JSON number.
_LARGEST = 2**53
_DIGITS = 15
_SHOWN = 40


def shown(text: str) -> str:
    """A value as it may stand in a message: one line, not long."""
    flat = " ".join(text[: _SHOWN * 2].split())
    return flat if len(text) <= _SHOWN else f"{flat[:_SHOWN]}…"


def reading_of(kind: Kind, take: Take, zones: Zones) -> Reading | None:
    """How to read a field of this kind; None when the text itself is the value.

    zones: gives the time zone of an IANA name, or raises InvalidInputError
    """
    if take.reading == "ipv4-number":
        return Reading(_dotted, "an IPv4 address as a number", "take `as` out of the map if it is plain text")
    if kind is Kind.TIME:
        fix = f"see that it reads like {take.format or '2026-01-31T09:30:00Z'}, or give its `format` in the map"
        return Reading(time_reader(take, zones), "a time", fix)
    if kind is Kind.NUMBER:
        return Reading(_number_reader(take), "a number", _LIST_AS_MISSING)
    decimal = take.decimal
    if kind is Kind.TEXT and decimal is not None:
        return Reading(lambda text: plain(text, decimal), "a text", "no text is refused")
    return _PLAIN.get(kind)


def time_reader(take: Take, zones: Zones) -> ReadTime:
    """What reads the times of a column; raises InvalidInputError for a format or a zone that is none."""
    if take.reading is not None:
        return epoch_reader(PER_SECOND[take.reading])
    zone = fixed_zone(take.timezone) or zones(take.timezone)
    if take.format is None:
        return iso_reader(zone)
    try:
        return format_reader(take.format, zone)
    except ValueError:
        raise InvalidInputError(f"`{take.format}` is not a time format", fix="write it like %d/%m/%Y %H:%M") from None


def no_zones(name: str) -> tzinfo:
    """Refuse every name: the time zone database is files, which the core does not read."""
    raise InvalidInputError(f"`{name}` is not a time zone known here", fix="use UTC or an offset such as +02:00")


def _number_reader(take: Take) -> Callable[[str], float]:
    scale, decimal = take.scale, take.decimal

    def read(text: str) -> float:
        number = float(text if decimal is None else plain(text, decimal)) * scale
        if "_" in text or not isfinite(number):
            raise ValueError(text)
        return number

    return read


def _count(text: str) -> int:
    if text.isdecimal() and len(text) < _DIGITS:
        return int(text)
    number = float(text)  # spreadsheets write counts as 3.0
    if "_" in text or not number.is_integer() or abs(number) > _LARGEST:
        raise ValueError(text)
    return int(number)


def _flag(text: str) -> bool:
    flag = FLAGS.get(text)
    if flag is None:
        flag = FLAGS.get(text.lower())
    if flag is None:
        raise ValueError(text)
    return flag


def _dotted(text: str) -> str:
    """732758368.8 → 43.173.… : some exports write addresses as decimal numbers; a fraction means nothing."""
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return str(IPv4Address(int(number)))


_LIST_AS_MISSING = "list words for nothing under `missing` in the map"

_PLAIN: Mapping[Kind, Reading] = {
    Kind.COUNT: Reading(_count, "a whole number", _LIST_AS_MISSING),
    Kind.FLAG: Reading(_flag, "a yes or no", 'translate it in the map: values = { WORD = "yes" }'),
    Kind.COUNTRY: Reading(country_code, "a country", "no text is refused"),
    Kind.WORD: Reading(str.lower, "a word", "no text is refused"),
}
