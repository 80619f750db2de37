"""What follows from putting a threshold anywhere: leads it catches, how right it is, what it costs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from winnow.core.learning.figures.measures import wilson
from winnow.core.thresholds import Bands
from winnow.core.whatif.past import Truth
from winnow.core.whatif.tally import Load

Interval = tuple[float, float]

#: Steps a curve has at most.
MOST_STEPS = 120


@dataclass(frozen=True, slots=True)
class Step:
    """The leads with at least so many points.

    by_truth: how many they are by what they turned out to be · load: how many come a day
    """

    threshold: int
    by_truth: Mapping[Truth, int]
    load: Load

    @property
    def leads(self) -> int:
        """All of them."""
        return sum(self.by_truth.values())

    @property
    def judged(self) -> int:
        """Those whose truth is known."""
        return self.leads - self.by_truth.get(Truth.UNKNOWN, 0)

    @property
    def junk(self) -> int:
        """Those that were junk."""
        return self.by_truth.get(Truth.JUNK, 0)

    @property
    def converted(self) -> int:
        """Those that became customers."""
        return self.by_truth.get(Truth.CONVERTED, 0)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A step with what it means; shares are None where nothing is known to take one of.

    share: of all leads the score decides · precision: junk among the judged leads from here up
    recall: of all junk, that from here up · lost: of all conversions, those from here up
    """

    step: Step
    share: float | None
    precision: float | None
    precision_interval: Interval
    recall: float | None
    recall_interval: Interval
    lost: float | None
    lost_interval: Interval


@dataclass(frozen=True, slots=True)
class Curve:
    """Points by ascending threshold, over the leads the score alone decides; `others` are decided otherwise.

    by_truth: all leads of the curve · bands: where the thresholds are now
    """

    points: tuple[CurvePoint, ...]
    leads: int
    others: int
    days: int
    by_truth: Mapping[Truth, int]
    bands: Bands


def step_size(least: int, most: int) -> int:
    """Points from one step to the next: 1, 2 or 5 times a power of ten, few enough for MOST_STEPS."""
    return next(size for size in _sizes() if (most - least) // size < MOST_STEPS - 2)


def _sizes() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def curve(steps: Sequence[Step], by_truth: Mapping[Truth, int], others: int, days: int, bands: Bands) -> Curve:
    """The curve of these steps; `by_truth` counts all leads the score decides, `others` those it does not."""
    leads = sum(by_truth.values())
    points = tuple(_point(step, leads, by_truth) for step in steps)
    return Curve(points, leads, others, days, by_truth, bands)


def _point(step: Step, leads: int, by_truth: Mapping[Truth, int]) -> CurvePoint:
    junk, converted = by_truth.get(Truth.JUNK, 0), by_truth.get(Truth.CONVERTED, 0)
    return CurvePoint(
        step=step,
        share=_share(step.leads, leads),
        precision=_share(step.junk, step.judged),
        precision_interval=wilson(step.junk, step.judged),
        recall=_share(step.junk, junk),
        recall_interval=wilson(step.junk, junk),
        lost=_share(step.converted, converted),
        lost_interval=wilson(step.converted, converted),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def curve_document(found: Curve) -> dict[str, object]:
    """The curve as plain data."""
    bands = found.bands
    return {
        "leads": found.leads,
        "decided_otherwise": found.others,
        "days": found.days,
        "by_truth": {truth.word: count for truth, count in found.by_truth.items()},
        "thresholds": {"tag": bands.tag, "review": bands.review, "reject": bands.reject},
        "points": [_point_document(point) for point in found.points],
    }


def _point_document(point: CurvePoint) -> dict[str, object]:
    step = point.step
    return {
        "threshold": step.threshold,
        "leads": step.leads,
        "share": point.share,
        "judged": step.judged,
        "junk": step.junk,
        "converted": step.converted,
        "precision": point.precision,
        "precision_interval": list(point.precision_interval),
        "recall": point.recall,
        "recall_interval": list(point.recall_interval),
        "conversions_lost": point.lost,
        "conversions_lost_interval": list(point.lost_interval),
        "per_day": {"mean": step.load.mean, "p95": step.load.p95, "most": step.load.most},
    }
