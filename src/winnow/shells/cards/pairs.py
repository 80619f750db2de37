"""Two signals together, made small enough to be seen: neighbours that give the same points become one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from winnow.core.learning.figures.plain import counted, signed
from winnow.shells.cards.drawing import Drawing, Mark, box, words
from winnow.shells.cards.svg import WIDTH, Poles, fitting

_LABELS = 104.0
_TOP = 44.0
#: No cell is drawn larger, and no row lower than a line of text needs.
_WIDEST, _ROW = 22.0, 15.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Points by row and column, both in words."""

    first: str
    second: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    points: tuple[tuple[int, ...], ...]

    def cells(self) -> Iterator[tuple[str, str, int]]:
        """Every cell that gives points, the most first."""
        found = [
            (row, column, points)
            for row, line in zip(self.rows, self.points, strict=True)
            for column, points in zip(self.columns, line, strict=True)
            if points
        ]
        return iter(sorted(found, key=lambda each: -abs(each[2])))


def grid(pair: Mapping[str, Any]) -> Grid:
    """A pair of the card's document, its equal neighbours made one."""
    rows, lines = _joined(pair["rows"], [tuple(line) for line in pair["points"]])
    columns, turned = _joined(pair["columns"], list(zip(*lines, strict=True)))
    return Grid(pair["first"], pair["second"], rows, columns, tuple(zip(*turned, strict=True)))


def _joined(
    names: Sequence[str], lines: Sequence[tuple[int, ...]]
) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    """Names and lines with runs of equal lines told once, from the first name to the last."""
    runs = [list(run) for _, run in groupby(zip(names, lines, strict=True), key=lambda each: each[1])]
    told = (run[0][0] if len(run) == 1 else f"{run[0][0]} … {run[-1][0]}" for run in runs)
    return tuple(told), tuple(run[0][1] for run in runs)


def pair_chart(found: Grid, poles: Poles) -> Drawing:
    """A square a cell, the larger the more points: filled towards, hollow away."""
    side = min(_WIDEST, (WIDTH - _LABELS) / max(len(found.columns), 1))
    height = max(side, _ROW)
    most = max((abs(points) for line in found.points for points in line), default=0) or 1
    marks = [
        words((_LABELS, 11), f"■ towards {poles.towards}", "small sign-towards strong"),
        words((WIDTH, 11), f"□ towards {poles.away}", "small sign-away strong", "end"),
        words((0, 34), f"{fitting(found.first, _LABELS - 14)} ↓", "small muted"),
        words((_LABELS, 34), f"{fitting(found.second, WIDTH - _LABELS - 16)} →", "small muted"),
    ]
    for index, (name, line) in enumerate(zip(found.rows, found.points, strict=True)):
        middle = _TOP + height * (index + 0.5)
        marks.append(words((0, middle + 4), fitting(name, _LABELS - 4), "small", tip=name))
        marks += _cells(found, line, name, (middle, side, most))
    told = f"{counted(len(found.rows), 'row')}, {counted(len(found.columns), 'column')}, at most {signed(most)} points."
    title = f"Further points for {found.first} together with {found.second}"
    return Drawing(WIDTH, _TOP + height * len(found.rows) + 4, title, told, marks)


def _cells(found: Grid, line: Sequence[int], name: str, place: tuple[float, float, float]) -> list[Mark]:
    middle, side, most = place
    marks = []
    for index, points in enumerate(line):
        if points:
            wide = max(1.5, (side - 2) * (abs(points) / most) ** 0.5)
            left = _LABELS + side * (index + 0.5) - wide / 2
            tip = f"{name}, {found.columns[index]}: {signed(points)}"
            marks.append(box((left, middle - wide / 2), wide, wide, "cell-towards" if points > 0 else "cell-away", tip))
    return marks
