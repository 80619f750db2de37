"""Reading points in time fast and without guessing: ISO 8601, one given format, or seconds since 1970; always UTC."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo

ReadTime = Callable[[str], datetime]
Zones = Callable[[str], tzinfo]

#: What counts from 1970: its name in a map, and how many make a second.
PER_SECOND: Mapping[str, int] = {"unix-seconds": 1, "unix-milliseconds": 1_000, "unix-microseconds": 1_000_000}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEW_YEARS_EVE = datetime(2000, 12, 31, 23, 59, tzinfo=UTC)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)

#: Directives of `strptime` that are plain numbers, which a regular expression reads five times as fast.
_NUMBERS = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{1,2})",
    "S": r"(?P<S>\d{1,2})",
    "f": r"(?P<f>\d{1,6})",
    "p": r"(?P<p>[AaPp][Mm])",
}
#: POSIX: two-digit years from 69 on belong to the twentieth century.
_PIVOT = 69


def fixed_zone(name: str) -> tzinfo | None:
    """UTC or the zone of an offset such as +05:30; None for any other name."""
    if name.upper() in {"UTC", "Z", "GMT"}:
        return UTC
    match = _OFFSET.fullmatch(name)
    if match is None:
        return None
    distance = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-distance if match[1] == "-" else distance) if distance < timedelta(days=1) else None


def iso_reader(zone: tzinfo) -> ReadTime:
    """Read ISO 8601; a time that names no offset is one of `zone`. Raises ValueError or OverflowError."""
    parse = datetime.fromisoformat

    def read(text: str) -> datetime:
        moment = parse(text)
        given = moment.tzinfo
        if given is UTC:
            return moment
        return _in_utc(moment, zone) if given is None else moment.astimezone(UTC)

    return read


def epoch_reader(per_second: int) -> ReadTime:
    """Read a count since 1970: per_second=1 of seconds, 1000 of milliseconds. Raises ValueError or OverflowError."""

    def read(text: str) -> datetime:
        return _EPOCH + timedelta(seconds=float(text) / per_second)

    return read


def format_reader(template: str, zone: tzinfo) -> ReadTime:
    """Read the format of `datetime.strptime`; a time that names no offset is one of `zone`.

    Raises ValueError here for a format that cannot be understood or holds no year, and later for a
    text that does not follow it.
    """
    _check(template)
    pattern = _pattern(template)
    return _as_strptime(template, zone) if pattern is None else _by_pattern(re.compile(pattern, re.ASCII), zone)


def _check(template: str) -> None:
    try:
        read_back = datetime.strptime(_NEW_YEARS_EVE.strftime(template), template)  # noqa: DTZ007  # only its year counts
    except re.error as problem:  # a directive that occurs twice
        raise ValueError(template) from problem
    if read_back.year != _NEW_YEARS_EVE.year:
        raise ValueError(template)


def _as_strptime(template: str, zone: tzinfo) -> ReadTime:
    def read(text: str) -> datetime:
        moment = datetime.strptime(text, template)  # noqa: DTZ007  # the zone follows
        return _in_utc(moment, zone) if moment.tzinfo is None else moment.astimezone(UTC)

    return read


def _by_pattern(pattern: re.Pattern[str], zone: tzinfo) -> ReadTime:
    names = "".join(name for name in "YmdHMS" if name in pattern.groupindex)
    if len(names) == pattern.groups and names in {"Ymd", "YmdHM", "YmdHMS"}:
        return _by_groups(pattern, tuple(names), zone)

    def read(text: str) -> datetime:
        match = pattern.fullmatch(text)
        if match is None:
            raise ValueError(text)
        parts = match.groupdict()
        return _in_utc(datetime(*_date(parts), *_clock(parts)), zone)  # noqa: DTZ001  # the zone follows

    return read


def _by_groups(pattern: re.Pattern[str], names: tuple[str, ...], zone: tzinfo) -> ReadTime:
    """The common case: year, month and day, perhaps with a clock of 24 hours."""
    fullmatch = pattern.fullmatch

    def read(text: str) -> datetime:
        match = fullmatch(text)
        if match is None:
            raise ValueError(text)
        return _in_utc(datetime(*map(int, match.group(*names))), zone)  # type: ignore[arg-type]  # noqa: DTZ001

    return read


def _pattern(template: str) -> str | None:
    """The format as a regular expression; None when it holds a directive that is not a number or occurs twice."""
    pattern = ""
    for piece in re.split(r"(%.|\s+)", template):
        if piece.isspace():
            pattern += r"\s+"
        elif not piece.startswith("%"):
            pattern += re.escape(piece)
        elif piece[1:] not in _NUMBERS or _NUMBERS[piece[1:]] in pattern:
            return None
        else:
            pattern += _NUMBERS[piece[1:]]
    return pattern


def _date(parts: dict[str, str]) -> tuple[int, int, int]:
    year = int(parts.get("Y") or 1900)
    if "y" in parts:
        short = int(parts["y"])
        year = short + (1900 if short >= _PIVOT else 2000)
    return year, int(parts.get("m") or 1), int(parts.get("d") or 1)


def _clock(parts: dict[str, str]) -> tuple[int, int, int, int]:
    hour = int(parts.get("H") or 0)
    if "I" in parts:
        hour = int(parts["I"])
        if not 1 <= hour <= 12:  # noqa: PLR2004  # a clock face
            raise ValueError(parts["I"])
        hour = hour % 12 + (12 if parts.get("p", "").lower() == "pm" else 0)
    fraction = int(parts.get("f", "").ljust(6, "0"))
    return hour, int(parts.get("M") or 0), int(parts.get("S") or 0), fraction


def _in_utc(moment: datetime, zone: tzinfo) -> datetime:
    """A naive time of some zone in UTC; of an hour that occurs twice the first."""
    return moment.replace(tzinfo=zone) if zone is UTC else moment.replace(tzinfo=zone).astimezone(UTC)
