"""Where the marks of small charts go: numbers in, coordinates out; the templates draw them, each beside a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a day: `part` of it is drawn darker; all in units of the drawing, from its left upper corner."""

    x: float
    y: float
    width: float
    height: float
    part_y: float
    part_height: float


def line(values: Sequence[float], width: float, height: float, most: float = 0.0) -> str:
    """The points of a line through values, as SVG's `points`; `most` is the value at the top, if none is larger."""
    top = max([most, *values, 1.0])
    step = width / max(1, len(values) - 1)
    return " ".join(f"{index * step:.1f},{height - value / top * height:.1f}" for index, value in enumerate(values))


def bars(wholes: Sequence[int], parts: Sequence[int], width: float, height: float) -> list[Bar]:
    """A bar for each pair; a part never sticks out of its whole."""
    top = max([*wholes, 1])
    step = width / max(1, len(wholes))
    gap = min(2.0, step / 4)
    found = []
    for index, (whole, part) in enumerate(zip(wholes, parts, strict=True)):
        tall, inside = whole / top * height, min(part, whole) / top * height
        left, wide = index * step + gap / 2, step - gap
        found.append(Bar(round(left, 2), round(height - tall, 2), round(wide, 2), round(tall, 2),
                         round(height - inside, 2), round(inside, 2)))  # fmt: skip
    return found


def round_steps(most: float) -> list[int]:
    """Two or three round numbers up to `most`, for the lines behind a chart."""
    if most < 1:
        return [0]
    size = next(
        size * 10**power
        for power in range(19)
        for size in (1, 2, 5)
        if most / (size * 10**power) <= 3  # noqa: PLR2004
    )
    steps = list(range(0, int(most) + 1, size))
    assert all(low < high for low, high in pairwise(steps))  # noqa: S101  # what a scale is
    return steps
