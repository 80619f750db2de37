"""A small fitted model over three signals, made by hand, and studies of leads for it."""

from collections.abc import Sequence

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.learning.study import Fitted, Shape, Study
from winnow.core.signals.base import Signal, Value


def _unmeasured(lead: Lead, facts: Facts) -> None:  # noqa: ARG001  # a study has its values already
    return None


LINKS = Signal("text.links", 1, float, "links", (), "web addresses in the message", "", _unmeasured)
KIND = Signal("visit.kind", 1, str, "text", (), "how they came", "", _unmeasured)
WAIT = Signal("visit.wait", 1, bool, "yes/no", (), "whether they waited", "", _unmeasured)

#: More links, more of it; who came by web, less; whose kind is unknown, a little more.
SHAPES = (
    Shape(LINKS.name, (2.0, 5.0), None, (-0.2, 0.4, 0.9, -0.3), (60, 30, 1010, 5)),
    Shape(KIND.name, None, ("web", "fair"), (-0.5, 0.25, 0.0, 0.1), (30, 10, 0, 7)),
    Shape(WAIT.name, None, (False, True), (-0.25, 0.25, 0.0, 0.0), (50, 50, 0, 0)),
)


def fitted_model() -> Fitted:
    """The model of these shapes, which starts at -1."""
    return Fitted(-1.0, SHAPES, (), "by hand 1.0")


def study_of(
    rows: Sequence[Sequence[Value | None]],
    truth: Sequence[bool] | None = None,
    target: str = "junk",
    weights: Sequence[float] | None = None,
) -> Study:
    """Leads with these values of the three signals."""
    size = len(rows)
    names = (LINKS.name, KIND.name, WAIT.name)
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return Study(
        target,
        (LINKS, KIND, WAIT),
        columns,
        [True] * size if truth is None else truth,
        weights or [1.0] * size,
        (),
        [f"lead {number}" for number in range(size)],
        [None] * size,
    )
