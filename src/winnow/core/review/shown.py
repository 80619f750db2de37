"""What whoever decides a case may see of it: nothing from which they could tell that it would have been rejected.

Of the leads that would be rejected without a person some go to one by lot, so that wrong rejections stay countable
(see `thresholds.drawn`). That only counts them right while nobody who decides can tell such a lead from any other that
waits. So where anything is rejected without a person, the numbers of every case that waits are withheld: its points,
score, probability and band. What speaks for and against stays, in three steps of strength.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from winnow.core.outcome import Outcome
from winnow.core.reasons import BLIND_SAMPLE
from winnow.core.ruleset import Ruleset

#: Numbers of a decision that tell how near a lead is to a threshold; those of its reasons are their points.
NUMBERS = ("probability", "score", "base", "threshold_band")

#: From these parts of the strongest reason on, another one is strong, or of medium strength.
_STRONG, _MEDIUM = 2 / 3, 1 / 3

_FIRST, _FOR_GOOD = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Strength(StrEnum):
    """How much a reason weighs beside the strongest one of the same decision."""

    WEAK = "weak"
    MEDIUM = "medium"
    STRONG = "strong"


class Towards(StrEnum):
    """What a reason with points speaks for."""

    JUNK = "junk"
    GENUINE = "genuine"


def rejects_until(ruleset: Ruleset) -> datetime | None:
    """Until when leads might be taken by lot from what this ruleset rejects without a person; None: there is no such.

    A rule that rejects does so for good; a score does until its certificate ends.
    """
    thresholds = ruleset.thresholds
    if not thresholds.sampled_share:
        return None
    if any(rule.outcome is Outcome.REJECT for rule in ruleset.rules):
        return _FOR_GOOD
    certificate, digest = thresholds.certificate, ruleset.scorecard_hash
    ever = any(thresholds.may_reject(bands, digest, _FIRST) for bands in thresholds.all_bands)
    return certificate.expires_at if certificate is not None and ever else None


def rejects_alone(ruleset: Ruleset, now: datetime) -> bool:
    """Whether that may happen at `now`."""
    until = rejects_until(ruleset)
    return until is not None and now < until


def strengths(points: Sequence[int]) -> tuple[Strength | None, ...]:
    """How much each reason weighs beside the strongest; None for one without points."""
    most = max(map(abs, points), default=0)
    return tuple(_strength(abs(each) / most) if each else None for each in points)


def _strength(part: float) -> Strength:
    if part >= _STRONG:
        return Strength.STRONG
    return Strength.MEDIUM if part >= _MEDIUM else Strength.WEAK


def towards(points: int) -> Towards | None:
    """What a reason speaks for; None when it weighs nothing by itself."""
    if not points:
        return None
    return Towards.JUNK if points > 0 else Towards.GENUINE


def without_lot(decision: Mapping[str, Any]) -> dict[str, Any]:
    """A decision, as a document, without what says that a lot has drawn the lead."""
    return {**decision, "reasons": [each for each in decision["reasons"] if each["code"] != BLIND_SAMPLE]}


def without_numbers(decision: Mapping[str, Any]) -> dict[str, Any]:
    """The same without NUMBERS and points, which are None; each reason says `strength` and `towards` instead.

    The reasons stand in the order of their codes: sorted by weight they would say more than three steps do.
    """
    reasons = sorted(without_lot(decision)["reasons"], key=lambda each: (each["code"], each["text"]))
    steps = strengths([each["points"] for each in reasons])
    veiled = [_veiled(each, step) for each, step in zip(reasons, steps, strict=True)]
    return {**decision, **dict.fromkeys(NUMBERS), "reasons": veiled}


def _veiled(reason: Mapping[str, Any], step: Strength | None) -> dict[str, Any]:
    side = towards(reason["points"])
    said = {"strength": step and step.value, "towards": side and side.value}
    return {**reason, "points": None, **said}
