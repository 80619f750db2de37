"""Moments as the tables keep them: whole microseconds since 1970 UTC, and days since then."""

from datetime import UTC, date, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """An aware moment as a number."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(micros: int) -> datetime:
    """A number as a moment, UTC."""
    return _EPOCH + micros * _MICROSECOND


def day_number(day: date) -> int:
    """A day, UTC, as a number."""
    return day.toordinal() - _EPOCH.toordinal()


def day_of(number: int) -> date:
    """A number as a day."""
    return date.fromordinal(number + _EPOCH.toordinal())
