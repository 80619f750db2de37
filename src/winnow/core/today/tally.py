"""What a decision, a verdict of a reviewer and a report each add to the numbers of their day.

Only numbers are kept, by day and source, so that looking back costs the same however much is stored.
"""

from collections.abc import Iterator, Mapping
from math import log2

from winnow.core.outcome import Outcome
from winnow.core.review.disposition import JUNK
from winnow.core.today.measures import MACHINE, OF_OUTCOME, Measure

#: A doubling of the time waited is so many bins: a median is then right to about 4 %.
_BINS_A_DOUBLING = 8

#: What verdicts of reviewers add to, and what reports do: counted anew when some of these are taken back.
CLOSED = (Measure.JUNKED, Measure.RELEASED, Measure.DECIDED, Measure.OTHERWISE)
TOLD = (Measure.GOOD, Measure.TOLD, Measure.TOLD_JUNK, Measure.MISSED, Measure.WITHDRAWN)


def came(outcome: Outcome, decided_by: str, *, shadow: bool) -> Iterator[Measure]:
    """What a decision adds to; `decided_by` as in the decision, such as `rule:too-fast`."""
    if shadow:
        yield Measure.IN_SHADOW
        return
    yield Measure.LEADS
    yield OF_OUTCOME[outcome]
    if outcome is Outcome.REJECT and decided_by.partition(":")[0] in MACHINE:
        yield Measure.BY_MACHINE


def closed(asked: Outcome, said: Outcome, label: str | None, *, followed: bool) -> Iterator[Measure]:
    """What a verdict of a reviewer that stands adds to.

    asked: what the machine had decided · label: what it is learnt as, if anything
    """
    if asked is Outcome.REJECT:  # nobody is asked about what was rejected, except to let it through
        yield Measure.RELEASED
        return
    yield Measure.DECIDED
    if not followed:
        yield Measure.OTHERWISE
    if said is Outcome.REJECT and label == JUNK:
        yield Measure.JUNKED


def told(decided: Outcome, verdict: str, *, withdrawn: bool) -> Iterator[Measure]:
    """What a report adds to; `decided`: what had become of the lead without a person."""
    if withdrawn:
        yield Measure.WITHDRAWN
        return
    yield Measure.TOLD
    if verdict == JUNK:
        yield Measure.TOLD_JUNK
        if decided in {Outcome.ACCEPT, Outcome.TAG}:
            yield Measure.MISSED
    elif decided is Outcome.REJECT:
        yield Measure.GOOD


def wait_bin(seconds: float) -> int:
    """The bin of a time waited, narrow for short times, wide for long ones; less than none counts as none."""
    return int(_BINS_A_DOUBLING * log2(1 + max(0.0, seconds)))


def median_wait(bins: Mapping[int, int]) -> float | None:
    """The time in seconds that half of them did not take, out of how many fell into each bin; None without any."""
    total, passed = sum(bins.values()), 0
    for place in sorted(bins):
        passed += bins[place]
        if 2 * passed >= total:
            return float(2 ** ((place + 0.5) / _BINS_A_DOUBLING) - 1)
    return None
