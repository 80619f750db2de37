"""The days that are looked at, and as many before them to compare with."""

from dataclasses import dataclass
from datetime import date, timedelta

from winnow.errors import InvalidInputError

#: How many days may be asked for.
WINDOWS = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class Window:
    """Days, UTC, the first and the last included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """All of them, in order."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> "Window":
        """As many days, just before."""
        length = timedelta(days=len(self.days))
        return Window(self.first - length, self.last - length)


def window_of(days: int, today: date) -> Window:
    """The last `days` days, `today` included, which is not over; raises InvalidInputError for another number."""
    if days not in WINDOWS:
        fix = f"use one of {', '.join(map(str, WINDOWS))}"
        raise InvalidInputError(f"`{days}` is no number of days to look at", where="days", fix=fix)
    return Window(today - timedelta(days=days - 1), today)
