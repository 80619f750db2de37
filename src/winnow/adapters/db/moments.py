"""Moments as the tables keep them: whole microseconds since 1970 UTC, and days since then."""

from datetime import UTC, date, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def micros(moment: datetime) -> int:
    """An aware moment as a number."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(micros: int) -> datetime:
    """A number as a moment, UTC; the first or last there is, for one that only another zone could write."""
    try:
        return _EPOCH + micros * _MICROSECOND
    except OverflowError:
        return _FIRST if micros < 0 else _LAST


def day_number(day: date) -> int:
    """A day, UTC, as a number."""
    return day.toordinal() - _EPOCH.toordinal()


def day_of(number: int) -> date:
    """A number as a day."""
    return date.fromordinal(number + _EPOCH.toordinal())
