"""A drawing as data, and as the SVG text made from it: the one place where charts turn into markup.

Marks carry class names and geometry only; `charts.css` gives them colour for light, dark and paper. Numbers and
texts are escaped here, which is why a template may show a drawing as it is (`__html__`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files

from winnow.shells.cards.shown import shown

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """One SVG element with its attributes, and its text if it is one; `tip` is told when it is pointed at."""

    tag: str
    attributes: Mapping[str, str]
    words: str = ""
    tip: str = ""

    def __str__(self) -> str:
        named = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes.items())
        tip = f"<title>{escape(shown(self.tip))}</title>" if self.tip else ""
        content = f"{tip}{escape(shown(self.words))}"
        return f"<{self.tag}{named}>{content}</{self.tag}>" if content else f"<{self.tag}{named}/>"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart of `width` × `height` units, about a pixel each; title and description say what it shows."""

    width: float
    height: float
    title: str
    desc: str
    marks: Sequence[Mark] = field(default=())

    def __str__(self) -> str:
        return self._svg(f' class="chart" viewBox="0 0 {_number(self.width)} {_number(self.height)}" role="img"')

    def __html__(self) -> str:
        return str(self)

    def standalone(self) -> str:
        """The drawing as a file of its own, which brings its colours along."""
        size = f'width="{_number(self.width)}" height="{_number(self.height)}"'
        head = f' xmlns="http://www.w3.org/2000/svg" class="chart alone" {size}'
        view = f' viewBox="0 0 {_number(self.width)} {_number(self.height)}" role="img"'
        return self._svg(head + view, f"<style>{chart_style()}</style>") + "\n"

    def _svg(self, head: str, style: str = "") -> str:
        said = f"<title>{escape(shown(self.title))}</title><desc>{escape(shown(self.desc))}</desc>"
        return f"<svg{head}>{said}{style}{''.join(map(str, self.marks))}</svg>"


def chart_style() -> str:
    """The style sheet of all charts, for pages that show them."""
    return (files("winnow.shells.cards") / "templates" / "charts.css").read_text(encoding="utf-8")


def line(start: Point, end: Point, kind: str) -> Mark:
    """A straight line."""
    (x1, y1), (x2, y2) = start, end
    named = {"x1": _number(x1), "y1": _number(y1), "x2": _number(x2), "y2": _number(y2)}
    return Mark("line", {"class": kind, **named})


def box(corner: Point, width: float, height: float, kind: str, tip: str = "") -> Mark:
    """A rectangle from its upper left corner."""
    x, y = corner
    named = {"x": _number(x), "y": _number(y), "width": _number(width), "height": _number(height)}
    return Mark("rect", {"class": kind, **named}, tip=tip)


def dot(centre: Point, radius: float, kind: str, tip: str = "") -> Mark:
    """A filled or open circle."""
    x, y = centre
    return Mark("circle", {"class": kind, "cx": _number(x), "cy": _number(y), "r": _number(radius)}, tip=tip)


def path(points: Sequence[Point], kind: str, *, closed: bool = False) -> Mark:
    """A line through points, or the area they enclose."""
    steps = "L".join(f"{_number(x)} {_number(y)}" for x, y in points)
    return Mark("path", {"class": kind, "d": f"M{steps}{'Z' if closed else ''}"})


def words(at: Point, text: str, kind: str = "", anchor: str = "start", tip: str = "") -> Mark:
    """A text whose start, middle or end is at a point on its base line."""
    x, y = at
    named = {"class": f"words {kind}".strip(), "x": _number(x), "y": _number(y), "text-anchor": anchor}
    return Mark("text", named, text, tip)


def _number(value: float) -> str:
    """A coordinate to a tenth, without a trailing zero."""
    return f"{round(value, 1) + 0.0:g}"
