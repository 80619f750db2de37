"""One reason of a decision: what was found, how much it weighed, and who or what said so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of evidence.

    code: stable dotted name, e.g. `form.fill_seconds`; documented in docs/reasons.md
    family: evidence family the points are capped by, e.g. `form`
    points: 1/1000 of a logit towards junk (negative: towards genuine); 0 when it weighs nothing by itself
    text: the reason in words a sales rep understands
    source: what produced it: `scorecard`, `rule:ID`, `list:ID`, `policy:ID`, `customer`, `override`, `system`
    """

    code: str
    family: str
    points: int
    text: str
    source: str
