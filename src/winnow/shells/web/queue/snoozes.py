"""Until when a case can be put off with one key."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo

from winnow.shells.web.navigation import N_

#: When a working day begins here.
MORNING = time(8)
_MONDAY, _WEEK = 0, 7


def _morning(now: datetime, zone: tzinfo, days: int) -> datetime:
    """Eight o'clock where people are, so many days ahead."""
    day = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def _monday(now: datetime, zone: tzinfo) -> datetime:
    """The next Monday morning; on a Monday, that of the week after."""
    weekday = now.astimezone(zone).weekday()
    return _morning(now, zone, (_MONDAY - weekday) % _WEEK or _WEEK)


#: Code → its words, and the moment it stands for; in the order of the keys 1 to 4.
SNOOZES: Mapping[str, tuple[str, Callable[[datetime, tzinfo], datetime]]] = {
    "hour": (N_("For an hour"), lambda now, _: now + timedelta(hours=1)),
    "tomorrow": (N_("Until tomorrow"), lambda now, zone: _morning(now, zone, 1)),
    "monday": (N_("Until Monday"), _monday),
    "week": (N_("For a week"), lambda now, zone: _morning(now, zone, _WEEK)),
}
