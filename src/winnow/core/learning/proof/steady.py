"""Whether what was true of the older leads stayed true of the newer ones: a pooled figure hides a change.

A certificate speaks of leads to come, and what they will be like nobody knows. What can be asked is that precision and
the share of leads flagged did not already slip within the hold-out, slice of time by slice of time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from winnow.core.learning.figures.bounds import RISK, falling, lower_bound
from winnow.core.learning.proof.evidence import evidence
from winnow.core.learning.reading.copies import kinds_of
from winnow.core.learning.study import Study
from winnow.core.thresholds import PRECISION_FLOOR

#: The newest slice must still flag at least this share of what the slices before it flagged on average.
_LEAST_LEFT = 1 / 3
#: With half the labels, or a little fewer, less can be proven than with all: so many times as often it may be wrong.
_TIMES_WRONG = 3


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of time: leads in it, how many of them reach the threshold, how many of those are not junk."""

    leads: int
    flagged: int
    wrong: int

    @property
    def precision(self) -> float | None:
        """The share of the flagged that is junk; None when none is flagged."""
        return 1 - self.wrong / self.flagged if self.flagged else None

    @property
    def share(self) -> float:
        """The share of the leads that is flagged."""
        return self.flagged / self.leads if self.leads else 0.0

    @property
    def broken(self) -> bool:
        """Whether the floor was missed, by more than a single lead."""
        return self.wrong > 1 and self.wrong > (1 - PRECISION_FLOOR) * self.flagged


def slice_of(flags: Sequence[bool], truth: Sequence[bool]) -> Slice:
    """Leads of one stretch: whether each reaches the threshold, and whether it is junk."""
    flagged = [junk for flag, junk in zip(flags, truth, strict=True) if flag]
    return Slice(len(flags), len(flagged), flagged.count(False))


def sliced(flags: Sequence[bool], truth: Sequence[bool], slices: int) -> tuple[Slice, ...]:
    """The leads, the oldest first, in consecutive slices of equal size."""
    edges = [len(flags) * place // slices for place in range(slices + 1)]
    return tuple(slice_of(flags[start:stop], truth[start:stop]) for start, stop in pairwise(edges))


def unsteady(flags: Sequence[bool], held: Study, *, slices: int, least: float) -> str | None:
    """What slipped within these leads, the oldest first; None when nothing did.

    Four questions: is a slice below the floor, with more than one lead wrong; does the newer half alone still bear out
    a bound that may be wrong three times as often as `least`; do the errors gather in the newer half; does the newest
    slice flag far fewer leads than those before.
    """
    found = sliced(flags, held.truth, slices)
    seen = precisions(found)
    if any(each.broken for each in found):
        return f"precision fell below {PRECISION_FLOOR:.0%} in a slice of time (oldest to newest: {seen})"
    half = len(flags) // 2
    newer = [place for place in range(half, len(flags)) if flags[place]]
    count = evidence(held, kinds_of(held), newer)
    weaker = 1 - _TIMES_WRONG * (1 - least)
    if lower_bound(count.right, count.total, RISK) < weaker:
        return f"the newer half alone ({len(newer):,} leads; oldest to newest: {seen}) does not even prove {weaker:.1%}"
    if falling([each.wrong for each in found], [each.flagged for each in found]):
        return f"the errors gather in the newer half (oldest to newest: {seen})"
    older = sum(each.share for each in found[:-1]) / (len(found) - 1)
    if found[-1].share < older * _LEAST_LEFT:
        return f"the newest slice flags {found[-1].share:.1%} of its leads, those before it {older:.1%}"
    return None


def precisions(found: Sequence[Slice]) -> str:
    """The precision of every slice, for reading."""
    return ", ".join("none flagged" if each.precision is None else f"{each.precision:.2%}" for each in found)
