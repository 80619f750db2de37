"""The charts: pure functions from figures to a drawing, each narrow enough for a phone.

Every chart has a title and a description, tells sign and doubt by place, shape and text as well as by colour,
and is meant to stand beside a table of the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from winnow.core.learning.figures.plain import counted, in_hundred, signed
from winnow.shells.cards.drawing import Drawing, Mark, Point, box, line, path, words
from winnow.shells.cards.scale import Scale, around_zero, columns
from winnow.shells.cards.shown import cut

#: All charts are as wide as this, so that their texts are equally large beside each other.
WIDTH = 340.0
_LETTER = 6.0  # of 12 units, on average


@dataclass(frozen=True, slots=True)
class Worth:
    """What a bin is worth: its values in words, its points, its share of the leads, and whether these were few."""

    words: str
    points: int
    share: float
    few: bool = False

    @property
    def tip(self) -> str:
        """All of it, for pointing at."""
        rare = ", few leads" if self.few else ""
        return f"{self.words}: {signed(self.points)} points, {in_hundred(self.share)} leads{rare}"


@dataclass(frozen=True, slots=True)
class Poles:
    """What points above 0 speak for, and those below."""

    towards: str
    away: str


def fitting(text: str, units: float) -> str:
    """The text, cut to what has room."""
    return cut(text, max(1, int(units / _LETTER)))


# ── Points of a numeric signal ───────────────────────────────────────────────────────────────────

_LEFT, _RIGHT = 50.0, WIDTH - 4.0
_TOP, _BOTTOM = 24.0, 164.0
_LEADS_TOP, _LEADS_BOTTOM = 188.0, 222.0
_UNKNOWN = 40.0


def step_chart(
    title: str,
    steps: Sequence[Worth],
    cuts: Sequence[str],
    *,
    unknown: Worth | None,
    poles: Poles,
    limits: tuple[float, float] | None = None,
) -> Drawing:
    """Points range by range, with the share of leads in each beneath; ranges are drawn equally wide.

    cuts: the limits between the ranges, one fewer than steps · limits: of the axis, to compare charts by
    """
    known = [*steps, *([unknown] if unknown else [])]
    axis = Scale(*(limits or around_zero([each.points for each in known])), _BOTTOM, _TOP)
    end = _RIGHT - (_UNKNOWN if unknown else 0)
    places = list(columns(len(steps), _LEFT, end))
    marks = [*_points_axis(axis, poles), *_areas(steps, places, axis), *_stairs(steps, places, axis)]
    marks += _cut_labels(cuts, places)
    if unknown:
        place = (end + 8, _RIGHT)
        marks += [*_areas([unknown], [place], axis), *_stairs([unknown], [place], axis)]
        marks.append(words((_RIGHT, _LEADS_TOP - 8), "unknown", "small muted", "end"))
        places.append(place)
    marks += _lead_bars(known, places)
    return Drawing(WIDTH, 240.0, title, described(known), marks)


def described(found: Sequence[Worth]) -> str:
    """The highest and the lowest bin, in words."""
    if not found:
        return "No bins."
    highest, lowest = max(found, key=lambda each: each.points), min(found, key=lambda each: each.points)
    return (
        f"{counted(len(found), 'bin')}. Most points: {signed(highest.points)} for {highest.words}. "
        f"Fewest: {signed(lowest.points)} for {lowest.words}."
    )


def _points_axis(axis: Scale, poles: Poles) -> list[Mark]:
    marks = [words((0, 11), f"▲ towards {poles.towards}", "small sign-towards strong")]
    for tick in axis.ticks(5):
        at = axis.at(tick)
        marks.append(line((_LEFT, at), (_RIGHT, at), "grid" if tick else "zero"))
        marks.append(words((_LEFT - 6, at + 4), signed(round(tick)), "small muted number", "end"))
    marks.append(words((0, _BOTTOM + 16), f"▼ towards {poles.away}", "small sign-away strong"))
    return marks


def _areas(steps: Sequence[Worth], places: Sequence[Point], axis: Scale) -> list[Mark]:
    """The room between each step and 0, in the colour of its side; the farthest beyond the axis is told in figures."""
    zero = axis.at(0)
    marks = []
    beyond = {max(steps, key=lambda each: each.points), min(steps, key=lambda each: each.points)} if steps else set()
    for each, (left, right) in zip(steps, places, strict=True):
        at = axis.at(each.points)
        kind = "area-towards" if each.points > 0 else "area-away"
        marks.append(box((left, min(at, zero)), right - left, abs(at - zero), kind, each.tip))
        if each in beyond and not axis.low <= each.points <= axis.high:
            inside = at + 14 if each.points > 0 else at - 6
            centre = min(max((left + right) / 2, _LEFT + 20), _RIGHT - 20)
            marks.append(words((centre, inside), signed(each.points), "small number strong", "middle"))
    return marks


def _stairs(steps: Sequence[Worth], places: Sequence[Point], axis: Scale) -> list[Mark]:
    """The steps; one that rests on few leads is dashed."""
    marks = []
    before: float | None = None
    for each, (left, right) in zip(steps, places, strict=True):
        at = axis.at(each.points)
        start = [] if before is None else [(left, before)]
        marks.append(path([*start, (left, at), (right, at)], "step-few" if each.few else "step"))
        before = at
    return marks


def _cut_labels(cuts: Sequence[str], places: Sequence[Point]) -> list[Mark]:
    """As many of the limits as have room beside each other, below the leads."""
    marks = []
    free = _LEFT - 20
    for text, (_, right) in zip(cuts, places, strict=False):
        half = len(text) * 5.8 / 2
        if right - half > free and right + half <= _RIGHT:
            marks.append(line((right, _LEADS_BOTTOM), (right, _LEADS_BOTTOM + 3), "zero"))
            marks.append(words((right, _LEADS_BOTTOM + 14), text, "small muted number", "middle"))
            free = right + half + 8
    return marks


def _lead_bars(found: Sequence[Worth], places: Sequence[Point]) -> list[Mark]:
    """How many leads each step rests on, as bars over a common line."""
    most = max((each.share for each in found), default=0.0) or 1.0
    marks = [words((_LEFT - 6, _LEADS_BOTTOM - 2), "leads", "small muted", "end")]
    for each, (left, right) in zip(found, places, strict=True):
        height = (_LEADS_BOTTOM - _LEADS_TOP) * each.share / most
        gap = 0.5 if right - left > 4 else 0.0  # noqa: PLR2004  # units
        marks.append(box((left + gap, _LEADS_BOTTOM - height), right - left - 2 * gap, height, "leads", each.tip))
    marks.append(line((_LEFT, _LEADS_BOTTOM), (_RIGHT, _LEADS_BOTTOM), "zero"))
    return marks


# ── Points of the values of a signal ─────────────────────────────────────────────────────────────

_ROW = 22.0
_LABELS = 124.0
_POINTS, _LEADS = WIDTH - 44.0, WIDTH
_BARS = (_LABELS + 8, WIDTH - 92.0)


def bars_chart(
    title: str, bars: Sequence[Worth], *, poles: Poles, limits: tuple[float, float] | None = None
) -> Drawing:
    """Points value by value as bars to either side of 0, with the share of leads in each at the right."""
    axis = Scale(*(limits or around_zero([each.points for each in bars])), *_BARS)
    marks = [*_directions(axis, poles, _ROW * len(bars)), words((_LEADS, 11), "leads", "small muted", "end")]
    for index, each in enumerate(bars):
        top = 22.0 + _ROW * index
        marks += [
            words((0, top + 13), fitting(each.words, _LABELS), tip=each.words),
            *_bar(each, top, axis),
            words((_POINTS, top + 13), signed(each.points), "small number", "end"),
            words((_LEADS, top + 13), _share(each.share), "small muted number", "end"),
        ]
    return Drawing(WIDTH, 26.0 + _ROW * len(bars), title, described(bars), marks)


def _directions(axis: Scale, poles: Poles, height: float) -> list[Mark]:
    """The line of 0 points, and what either side of it speaks for."""
    zero = axis.at(0)
    return [
        words((zero - 6, 11), f"{poles.away} ◀", "small sign-away strong", "end"),
        words((zero + 6, 11), f"▶ {poles.towards}", "small sign-towards strong"),
        line((zero, 18), (zero, 24 + height), "zero"),
    ]


def _bar(found: Worth, top: float, axis: Scale) -> list[Mark]:
    """A bar from 0; one that is longer than the axis shows by a gap that it was cut short."""
    zero, at = axis.at(0), axis.at(found.points)
    kind = ("towards" if found.points > 0 else "away") + (" few" if found.few else "")
    marks = [box((min(zero, at), top + 1), abs(at - zero), _ROW - 6, kind, found.tip)]
    if not axis.low <= found.points <= axis.high:
        side = 1 if found.points > 0 else -1
        corners = (
            (at - 12 * side, top + _ROW - 4),
            (at - 7 * side, top),
            (at - 4 * side, top),
            (at - 9 * side, top + _ROW - 4),
        )
        marks.append(path(corners, "gap", closed=True))
    return marks


def _share(share: float) -> str:
    return "<1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"  # noqa: PLR2004  # half a per cent


# ── How a score comes about ──────────────────────────────────────────────────────────────────────


def waterfall_chart(title: str, base: int, steps: Sequence[tuple[str, int]], *, poles: Poles) -> Drawing:
    """From the points of a lead nothing is known about to its score, one reason after the other."""
    sums = [base]
    for _, points in steps:
        sums.append(sums[-1] + points)
    axis = Scale(*around_zero(sums), _LABELS + 8, WIDTH - 56)
    rows = [("starting point", 0, base), *((text, sums[i], sums[i + 1]) for i, (text, _) in enumerate(steps))]
    rows.append(("score", 0, sums[-1]))
    marks = _directions(axis, poles, _ROW * len(rows))
    for index, row in enumerate(rows):
        marks += _fall(row, index, axis, total=index in {0, len(rows) - 1})
    told = f"From {signed(base)} to {signed(sums[-1])} points in {len(steps)} steps."
    return Drawing(WIDTH, 26 + _ROW * len(rows), title, told, marks)


def _fall(row: tuple[str, int, int], index: int, axis: Scale, *, total: bool) -> list[Mark]:
    text, before, after = row
    start, end, top = axis.at(before), axis.at(after), 22 + _ROW * index
    kind = "total" if total else "towards" if after >= before else "away"
    weight = "strong" if total else ""
    figure = signed(after - before)
    marks = [
        words((0, top + 13), fitting(text, _LABELS), weight, tip=text),
        box((min(start, end), top + 1), max(abs(end - start), 1), _ROW - 6, kind, f"{text}: {figure}"),
        words((WIDTH, top + 13), figure, f"small number {weight}".strip(), "end"),
    ]
    return marks if index == 0 or total else [line((start, top - 6), (start, top + 1), "link"), *marks]
