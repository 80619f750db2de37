"""When leads come: the weight of every hour of the stream for people, machines, floods, raids and imports."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import fsum
from typing import NamedTuple

from winnow.demo.dice import Dice

#: Leads a person sends by local hour of the day, 0 to 23, relative.
AWAKE = (1, 1, 0.5, 0.5, 0.5, 1, 2, 4, 8, 11, 12, 11, 8, 9, 11, 11, 10, 8, 5, 4, 4, 4, 3, 2)

#: The same by day of the week, Monday first.
WORKING = (1.08, 1.15, 1.12, 1.08, 0.95, 0.34, 0.28)

#: Volume at the end of the stream over volume at its start, minus one.
GROWTH = 0.35

#: Quantiles of the chance by which one hour differs from the next.
NOISE = (0.1, 0.4, 0.6, 0.8, 0.9, 1, 1.1, 1.2, 1.4, 1.8, 3)

_FLOODS = ((0.37, {2: 2.0, 3: 5.0, 4: 3.0, 5: 0.5}), (0.71, {13: 3.0, 14: 4.0, 15: 1.0}))
_RAID_SHARE = 1 / 40
_IMPORT_WEEKDAY, _IMPORT_HOUR = 1, 9


class Hour(NamedTuple):
    """One hour of the stream: its day counted from 0, UTC hour, weekday (Monday 0), days in all."""

    day: int
    of_day: int
    weekday: int
    days: int


def hours_of(start: datetime, days: int) -> list[Hour]:
    """Every hour of the stream."""
    weekdays = [(start + timedelta(days=day)).weekday() for day in range(days)]
    return [Hour(day, hour, weekdays[day], days) for day in range(days) for hour in range(24)]


def people(offsets: Sequence[tuple[float, float]]) -> Callable[[Hour, Dice], float]:
    """The rhythm of people who live at these (hours from UTC, weight)."""
    curve = [fsum(weight * awake(hour, offset) for offset, weight in offsets) for hour in range(24)]
    return lambda hour, dice: curve[hour.of_day] * WORKING[hour.weekday] * dice.along(NOISE)


def awake(utc_hour: int, offset: float) -> float:
    """How many people at this distance from UTC send leads in a UTC hour, relative."""
    return AWAKE[int(utc_hour + offset) % 24]


def machines(_: Hour, dice: Dice) -> float:
    """Bots know neither night nor weekend."""
    return dice.along(NOISE)


def floods(hour: Hour, dice: Dice) -> float:
    """A few hours on two days, nothing else."""
    for share, profile in _FLOODS:
        if hour.day == int(hour.days * share):
            return profile.get(hour.of_day, 0.0) * dice.along(NOISE)
    return 0.0


def raids(_: Hour, dice: Dice) -> float:
    """Silence, and now and then a busy hour."""
    return dice.along(NOISE) if dice.chance(_RAID_SHARE) else 0.0


def imports(hour: Hour, dice: Dice) -> float:
    """A file uploaded on Tuesday morning."""
    return dice.along(NOISE) if (hour.weekday, hour.of_day) == (_IMPORT_WEEKDAY, _IMPORT_HOUR) else 0.0


def counts(total: int, hours: Sequence[Hour], weigh: Callable[[Hour, Dice], float], dice: Dice) -> list[int]:
    """Share out leads over the hours by weight; they sum up to the total exactly.

    A rhythm that has no hour in so short a stream falls back to even hours.
    """
    weights = [weigh(hour, dice) * (1 + GROWTH * hour.day / hour.days) for hour in hours]
    if not any(weights):
        weights = [1.0] * len(hours)
    scale, so_far, given, shares = total / fsum(weights), dice.random(), 0, []
    for weight in weights[:-1]:
        so_far += weight * scale
        share = min(int(so_far), total) - given
        shares.append(share)
        given += share
    return [*shares, total - given]
