"""Axes: from figures to places on a drawing, and the round numbers written beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

#: Steps of an axis that people read without thinking, as multiples of a power of ten.
_ROUND = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """Figures from `low` to `high` laid out from place `start` to place `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, figure: float) -> float:
        """The place of a figure; one beyond the axis stays at its end."""
        within = min(max(figure, self.low), self.high)
        return self.start + (within - self.low) / (self.high - self.low or 1.0) * (self.end - self.start)

    def ticks(self, about: int = 4) -> tuple[float, ...]:
        """Round figures along the axis, `about` so many."""
        step = _step(self.high - self.low, about)
        first = floor(self.low / step)
        found = (round((first + index) * step, 10) for index in range(2 * about + 4))
        return tuple(each for each in found if self.low - 1e-9 <= each <= self.high + 1e-9)


def around_zero(figures: Sequence[float]) -> tuple[float, float]:
    """Limits that hold all figures and 0, rounded outwards; of no figures a span of one."""
    low, high = min((*figures, 0.0)), max((*figures, 0.0))
    step = _step(high - low or 1.0, 8)
    return floor(low / step) * step, -floor(-high / step) * step or (0.0 if low else step)


def _step(span: float, about: int) -> float:
    rough = (span or 1.0) / about
    power = 10.0 ** floor(log10(rough))
    return next(each * power for each in _ROUND if each * power >= rough * 0.999)


def columns(count: int, start: float, end: float) -> Iterator[tuple[float, float]]:
    """The left and right edges of `count` equal columns."""
    width = (end - start) / max(count, 1)
    return ((start + index * width, start + (index + 1) * width) for index in range(count))
