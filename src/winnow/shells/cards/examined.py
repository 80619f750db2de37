"""Charts of how good a score is, and for how long: found out of 100, promised against come true, over time, curves."""

from collections.abc import Sequence
from dataclasses import dataclass

from winnow.core.learning.figures.plain import in_hundred, per_hundred
from winnow.shells.cards.drawing import Drawing, Mark, Point, dot, line, path, words
from winnow.shells.cards.scale import Scale
from winnow.shells.cards.svg import WIDTH

_LEFT, _RIGHT = 42.0, WIDTH - 16.0


@dataclass(frozen=True, slots=True)
class Span:
    """A figure with the ends of its interval, which may be missing."""

    value: float
    low: float | None = None
    high: float | None = None


def dots_chart(title: str, found: Span, kind: str) -> Drawing:
    """A hundred leads as dots, so many of them filled; those between the ends of the interval are filled faintly."""
    sure = round(100 * (found.value if found.low is None else found.low))
    perhaps = round(100 * (found.value if found.high is None else found.high))
    marks = []
    for index in range(100):
        row, column = divmod(index, 10)
        filled = kind if index < sure else f"{kind} perhaps" if index < perhaps else "hollow"
        marks.append(dot((8 + 16 * column, 8 + 16 * row), 6, filled))
    return Drawing(160.0, 160.0, title, f"{per_hundred(found.value)} of 100 dots are filled.", marks)


# ── Promised and come true ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Kept:
    """Leads of about the same probability: what was said, what was seen, how many they are."""

    said: float
    seen: Span
    leads: int


def reliability_chart(title: str, groups: Sequence[Kept]) -> Drawing:
    """What the score said against what came true; on the diagonal both are the same."""
    top, bottom = 22.0, 262.0
    across, up = Scale(0, 1, _LEFT, _RIGHT), Scale(0, 1, bottom, top)
    marks = [words((0, 11), "came true, of 100", "small muted")]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        marks.append(line((_LEFT, up.at(tick)), (_RIGHT, up.at(tick)), "grid"))
        marks.append(words((_LEFT - 6, up.at(tick) + 4), per_hundred(tick), "small muted number", "end"))
        marks.append(words((across.at(tick), bottom + 15), per_hundred(tick), "small muted number", "middle"))
    marks.append(line((across.at(0), up.at(0)), (across.at(1), up.at(1)), "divider"))
    marks.append(words((_RIGHT, bottom + 30), "the score said, of 100", "small muted", "end"))
    for each in groups:
        tip = f"said {in_hundred(each.said)}, came true for {in_hundred(each.seen.value)} of {each.leads:,} leads"
        marks += _spot(across.at(each.said), each.seen, up, tip, filled=True)
    told = f"{len(groups)} groups of leads, each with its 95 % interval."
    return Drawing(WIDTH, bottom + 36, title, told, marks)


def _spot(x: float, found: Span, up: Scale, tip: str, *, filled: bool) -> list[Mark]:
    """A figure as a spot on its interval."""
    marks = []
    if found.low is not None and found.high is not None:
        marks.append(line((x, up.at(found.low)), (x, up.at(found.high)), "interval" if filled else "interval-open"))
    return [*marks, dot((x, up.at(found.value)), 4.5, "spot" if filled else "spot-open", tip)]


# ── Over time ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time: from when to when, its figure (None: too few to say), and whether it was learned from."""

    first: str
    last: str
    found: Span | None
    learned: bool


def stretches_chart(title: str, stretches: Sequence[Stretch], *, least: float, floor: str) -> Drawing:
    """A share stretch by stretch: open spots where it was learned from, filled where it was put to the test.

    least: the figure the axis begins with, whose meaning `floor` tells
    """
    top, bottom = 40.0, 190.0
    step = (_RIGHT - _LEFT) / max(len(stretches), 1)
    up = Scale(least, 1.0, bottom, top)
    marks = [*_share_axis(up, floor), *_parts(stretches, step, bottom)]
    for index, each in enumerate(stretches):
        x = _LEFT + step * (index + 0.5)
        if each.found is None:
            marks.append(words((x, bottom - 8), "?", "muted", "middle", f"{each.first} to {each.last}: too few to say"))
        else:
            tip = f"{each.first} to {each.last}: {per_hundred(each.found.value)} of 100"
            marks += _spot(x, each.found, up, tip, filled=not each.learned)
    if stretches:
        marks.append(words((_LEFT, bottom + 18), stretches[0].first, "small muted"))
        marks.append(words((_RIGHT, bottom + 18), stretches[-1].last, "small muted", "end"))
    told = f"{len(stretches)} stretches of time, each with its 95 % interval."
    return Drawing(WIDTH, bottom + 24, title, told, marks)


def _share_axis(up: Scale, floor: str) -> list[Mark]:
    marks = []
    for tick in up.ticks(5):
        marks.append(line((_LEFT, up.at(tick)), (_RIGHT, up.at(tick)), "grid"))
        marks.append(words((_LEFT - 6, up.at(tick) + 4), per_hundred(tick), "small muted number", "end"))
    return [*marks, words((_RIGHT, up.at(up.low) - 4), floor, "small muted", "end")]


def _parts(stretches: Sequence[Stretch], step: float, bottom: float) -> list[Mark]:
    """Which stretches were learned from, and where the test begins."""
    learned = sum(each.learned for each in stretches)
    border = _LEFT + step * learned
    marks = []
    if learned:
        marks.append(words((_LEFT, 11), "○ learned from", "small muted"))
    if learned < len(stretches):
        marks.append(
            words((border + 4 if learned else _LEFT, 11 + 14 * bool(learned)), "● put to the test", "small strong")
        )
    if 0 < learned < len(stretches):
        marks.append(line((border, 16), (border, bottom), "divider"))
    return marks


# ── Curves ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points (x ascending), with the room its interval takes, if there is one."""

    words: str
    points: Sequence[Point]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def curves_chart(title: str, desc: str, curves: Sequence[Curve], *, across: str, up: str) -> Drawing:
    """Up to three curves over one axis, told apart by their strokes; `across` and `up` name the axes."""
    key = 22.0 + 16.0 * len(curves)
    top, bottom = key + 10, key + 180
    xs = [x for each in curves for x, _ in each.points] or [0.0, 1.0]
    ys = [y for each in curves for y in (*(y for _, y in each.points), *each.high, *each.low)] or [0.0, 1.0]
    x_axis = Scale(min(xs), max(xs), _LEFT, _RIGHT)
    y_axis = Scale(min(*ys, 0.0), max(ys), bottom, top)
    marks = [words((0, 11), up, "small muted"), words((_RIGHT, bottom + 30), across, "small muted", "end")]
    for tick in y_axis.ticks():
        marks.append(line((_LEFT, y_axis.at(tick)), (_RIGHT, y_axis.at(tick)), "grid" if tick else "zero"))
        marks.append(words((_LEFT - 6, y_axis.at(tick) + 4), _figure(tick), "small muted number", "end"))
    marks += [
        words((x_axis.at(tick), bottom + 15), _figure(tick), "small muted number", "middle") for tick in x_axis.ticks()
    ]
    for index, each in enumerate(curves):
        marks += _curve(each, index, (x_axis, y_axis))
    return Drawing(WIDTH, bottom + 36, title, desc, marks)


def _curve(curve: Curve, index: int, axes: tuple[Scale, Scale]) -> list[Mark]:
    across, up = axes
    stroke = f"curve curve-{index % 3 + 1}"
    key = 26.0 + 16.0 * index
    marks = [line((0, key), (24, key), stroke), words((30, key + 4), curve.words, "small")]
    xs = [across.at(x) for x, _ in curve.points]
    if curve.low and curve.high:
        there = [(x, up.at(each)) for x, each in zip(xs, curve.high, strict=True)]
        back = [(x, up.at(each)) for x, each in zip(xs, curve.low, strict=True)]
        marks.append(path([*there, *reversed(back)], "band", closed=True))
    if curve.points:
        marks.append(path([(x, up.at(y)) for x, (_, y) in zip(xs, curve.points, strict=True)], stroke))
    return marks


def _figure(tick: float) -> str:
    return f"{tick:,.0f}" if tick == int(tick) else f"{tick:g}"
