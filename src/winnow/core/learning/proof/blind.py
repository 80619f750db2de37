"""How often rejecting is wrong, measured on the leads that went blind to a person in place of a rejection.

Nobody learns what became of a lead that was rejected; but some of those that would have been were drawn by lot and
decided by people who did not know. Each stands for 1 / share leads, so that shares that changed over time are allowed
for (inverse-propensity weighting; Horvitz and Thompson, JASA 47, 1952; as a ratio: Hájek, 1971).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from winnow.core.decide import Decision
from winnow.core.learning.figures.bounds import RISK, counted, lower_bound, upper_bound
from winnow.core.learning.reading.labels import Verdict
from winnow.core.outcome import Outcome
from winnow.core.reasons import BLIND_SAMPLE
from winnow.errors import InvalidInputError

#: Labelled leads below which nothing is said: with one fewer and none of them genuine, 10 of 100 might still be.
LEAST_LABELLED = 36

#: Whether a rejection would have been wrong. A lead that was lost was real.
_GENUINE = {Verdict.JUNK: False, Verdict.GENUINE: True, Verdict.CONVERTED: True, Verdict.LOST: True}


@dataclass(frozen=True, slots=True)
class Released:
    """A lead of the blind sample: the share it was drawn with, and whether it was genuine, None while nobody knows."""

    share: float
    genuine: bool | None


@dataclass(frozen=True, slots=True)
class FalseRejects:
    """How many of those that are, or would be, rejected are genuine.

    rate: the estimate, None before the first label · low, high: exact bounds, between which the rate lies with 95 %
    labelled: leads of the sample whose truth is known · unlabelled: the others; if they are not like these, the
        estimate is off
    rejections: how many would-be rejections the sample stands for, drawn ones included
    """

    rate: float | None
    low: float
    high: float
    labelled: int
    unlabelled: int
    rejections: float

    @property
    def wrongly(self) -> float | None:
        """About how many genuine leads were among the would-be rejections; None before the first label."""
        return None if self.rate is None else self.rate * self.rejections

    @property
    def missing(self) -> int:
        """Labels that are missing before anything is worth saying; 0 when enough are there."""
        return max(0, LEAST_LABELLED - self.labelled)


def false_reject_rate(released: Sequence[Released], risk: float = RISK) -> FalseRejects:
    """The share of would-be rejections that is genuine, with bounds (Clopper and Pearson) of `risk` in both tails."""
    if any(not 0 < each.share <= 1 for each in released):
        raise InvalidInputError("a share must lie above 0 and be at most 1", fix="give it as it was when drawing")
    known = [each for each in released if each.genuine is not None]
    count = counted([bool(each.genuine) for each in known], [1 / each.share for each in known])
    rejections = fsum(1 / each.share for each in released)
    unlabelled = len(released) - len(known)
    if not known:
        return FalseRejects(None, 0.0, 1.0, 0, unlabelled, rejections)
    return FalseRejects(
        rate=count.precision,
        low=lower_bound(count.right, count.total, risk / 2),
        high=upper_bound(count.right, count.total, risk / 2),
        labelled=len(known),
        unlabelled=unlabelled,
        rejections=rejections,
    )


def sampled(decision: Decision) -> bool:
    """Whether the lot gave this lead to a person, for sales, in place of a rejection by score or by a rule."""
    return decision.outcome is Outcome.REVIEW and any(reason.code == BLIND_SAMPLE for reason in decision.reasons)


def released(decision: Decision, verdict: Verdict | None, share: float) -> Released | None:
    """What a decision on record adds to the estimate; None for one that the lot had no part in.

    verdict: what the lead turned out to be (junk, genuine, converted or lost); None while nobody knows
    share: `thresholds.sampled_share` of the ruleset that decided
    """
    if decision.shadow or not sampled(decision):
        return None
    return Released(share, None if verdict is None else _GENUINE[verdict])
