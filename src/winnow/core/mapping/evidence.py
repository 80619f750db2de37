"""Whether the values of a column are what its name promises."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address

from winnow.core.mapping.countries import country_code
from winnow.core.mapping.model import Kind, Take, kind_of
from winnow.core.mapping.times import PER_SECOND, epoch_reader, format_reader, iso_reader
from winnow.core.mapping.values import FLAGS

#: Share of a column's values that must look right; the rest may be people's mistakes.
_MOST = 0.9

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_WEBSITE = re.compile(r"(?:https?://)?[^\s/@]+\.[^\s/@]{2,}(?:/\S*)?", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*(?:[,;].*)?")
_TIMEZONE = re.compile(r"UTC|GMT|[A-Z][A-Za-z]+/[A-Za-z_+\-/0-9]+")
_DIGITS = re.compile(r"\d")
_COUNT = re.compile(r"\d+(?:\.\d*)?", re.ASCII)
_MAIL_RESULTS = frozenset("pass fail none neutral softfail temperror permerror policy bestguesspass".split())

#: Formats of days, and of the clock after them, that are tried when a time is not ISO 8601.
_DAYS = ("%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%Y", "%d.%m.%y", "%m-%d-%Y", "%d-%m-%Y", "%Y/%m/%d")
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_FORMATS = tuple(day + clock for day in _DAYS for clock in _CLOCKS)


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a column fits, how its cells are read then, and why, in words.

    formats: of times, those that all cells follow when there are several
    """

    take: Take | None
    why: str
    formats: tuple[str, ...] = ()


def examine(target: str, column: str, values: Sequence[str]) -> Finding:
    """Whether the values (none of them empty) can be the field's."""
    if not values:
        return Finding(None, "all its cells are empty so far, so nothing confirms what its name says")
    if kind_of(target) is Kind.TIME:
        return _time(column, values)
    if target == "id":
        return _unique(column, values)
    return _counted(target, column, values)


def _counted(target: str, column: str, values: Sequence[str]) -> Finding:
    looks, words = _LOOKS.get(target, _ANY_TEXT)
    fitting = sum(map(looks, values))
    said = f"{fitting} of {len(values)} values {words}"
    if target == "ip" and not fitting and all(map(_is_number, values)):
        said += '; if they are addresses written as numbers, say as = "ipv4-number" in a map'
    return Finding(Take(columns=(column,)) if fitting >= _MOST * len(values) else None, said)


def _unique(column: str, values: Sequence[str]) -> Finding:
    if len(set(values)) < len(values):
        return Finding(None, f"only {len(set(values))} of {len(values)} values differ, and an id is unique")
    return Finding(Take(columns=(column,)), f"all {len(values)} values differ")


def _time(column: str, values: Sequence[str]) -> Finding:
    if all(map(_is_iso, values)):
        return Finding(Take(columns=(column,)), "ISO 8601, taken as UTC where no offset is given")
    for reading, per_second in PER_SECOND.items():
        if all(_is_epoch(value, per_second) for value in values):
            return Finding(Take(columns=(column,), reading=reading), f"{reading.replace('-', ' ')} since 1970")
    fitting = [template for template in _FORMATS if _all_follow(template, values)]
    if len(fitting) == 1:
        return Finding(Take(columns=(column,), format=fitting[0]), f"all values read as {fitting[0]}, taken as UTC")
    if fitting:
        return Finding(None, f"could be {' or '.join(fitting)}; say which in a map", tuple(fitting))
    return Finding(None, f"values such as `{values[0][:30]}` are in no format known here; give it in a map")


def _is_iso(value: str) -> bool:
    return not value.isdigit() and _reads(iso_reader(UTC), value)


def _is_epoch(value: str, per_second: int) -> bool:
    return _COUNT.fullmatch(value) is not None and _reads(epoch_reader(per_second), value)


def _all_follow(template: str, values: Sequence[str]) -> bool:
    read = format_reader(template, UTC)
    return all(_reads(read, value) for value in values)


def _reads(read: Callable[[str], datetime], value: str) -> bool:
    """Whether it can be read as a time at which somebody may have sent a lead."""
    try:
        return _EARLIEST <= read(value).year <= _LATEST
    except (ValueError, OverflowError):
        return False


_EARLIEST, _LATEST = 1990, 2100


def _is_ip(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def _is_phone(value: str) -> bool:
    digits = len(_DIGITS.findall(value))
    return 6 <= digits <= 17 and not any(each.isalpha() and each not in "xext" for each in value)  # noqa: PLR2004  # digits of a number that can be called


def _is_name(value: str) -> bool:
    return _has_letters(value) and "@" not in value and len(value) <= _LONGEST_NAME


def _has_letters(value: str) -> bool:
    return any(map(str.isalpha, value))


_LONGEST_NAME = 120


def _is_number(value: str) -> bool:
    try:
        return float(value) >= 0
    except ValueError:
        return False


Looks = Callable[[str], bool]

_ANY_TEXT: tuple[Looks, str] = (lambda value: len(value) <= 500, "are short texts")  # noqa: PLR2004  # short enough to be shown
_NAME: tuple[Looks, str] = (_is_name, "look like names")
_FLAG: tuple[Looks, str] = (lambda value: value.lower() in FLAGS, "are yes or no")
_RESULT: tuple[Looks, str] = (lambda value: value.lower() in _MAIL_RESULTS, "are results of mail authentication")

_LOOKS: Mapping[str, tuple[Looks, str]] = {
    "emails": (lambda value: _EMAIL.fullmatch(value) is not None, "look like e-mail addresses"),
    "phones": (_is_phone, "look like phone numbers"),
    "full_name": _NAME,
    "first_name": _NAME,
    "last_name": _NAME,
    "company": _NAME,
    "job_title": _NAME,
    "website": (lambda value: _WEBSITE.fullmatch(value) is not None, "look like web addresses"),
    "country": (lambda value: country_code(value) is not None, "are countries"),
    "language": (lambda value: _LANGUAGE.fullmatch(value) is not None, "are language tags"),
    "timezone": (lambda value: _TIMEZONE.fullmatch(value) is not None, "are time zones"),
    "message": (_has_letters, "are texts"),
    "form_fill_seconds": (_is_number, "are numbers"),
    "form_pasted_fields": (str.isdecimal, "are whole numbers"),
    "form_focus_changes": (str.isdecimal, "are whole numbers"),
    "form_honeypot": _FLAG,
    "consent_given": _FLAG,
    "gpc": _FLAG,
    "ip": (_is_ip, "are IP addresses"),
    "user_agent": (lambda value: "/" in value, "look like user agents"),
    "spf": _RESULT,
    "dkim": _RESULT,
    "dmarc": _RESULT,
}
