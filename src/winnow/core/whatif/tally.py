"""How many leads went from which outcome to which, by what they turned out to be; with the leads behind the numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import NamedTuple

from winnow.core.outcome import Outcome
from winnow.core.whatif.past import Truth


class Move(NamedTuple):
    """From one outcome for sales to another, or to the same."""

    before: Outcome
    after: Outcome
    truth: Truth

    @property
    def newly_stopped(self) -> bool:
        """Whether it reached sales before, and no longer does."""
        return self.after >= Outcome.REVIEW > self.before

    @property
    def newly_passed(self) -> bool:
        """Whether it reaches sales only now."""
        return self.before >= Outcome.REVIEW > self.after


Counts = Mapping[Move, int]


@dataclass(frozen=True, slots=True)
class Mover:
    """A lead whose outcome changes; what decides it now, and its scores (None when that of before is not known)."""

    ref: str
    before: Outcome
    after: Outcome
    decided_by: str
    score: int
    score_before: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What two sets of decisions over the same leads come to.

    refs: the first leads of each move whose outcome changes · movers: those with the greatest changes, first
    reviews_before, reviews_after: leads for review on each day from the first to the last, the empty ones among them
    decided: leads by what decides them now · groups: by grouping and by its value, None for those without one
    """

    counts: Counts
    refs: Mapping[Move, tuple[str, ...]]
    reviews_before: Sequence[int]
    reviews_after: Sequence[int]
    decided: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str | None, Counts]] = field(default_factory=dict)
    movers: tuple[Mover, ...] = ()

    @property
    def total(self) -> int:
        """Leads looked at."""
        return sum(self.counts.values())

    @property
    def changed(self) -> int:
        """Leads with another outcome."""
        return sum(count for move, count in self.counts.items() if move.before != move.after)

    @property
    def labelled(self) -> int:
        """Leads whose truth is known."""
        return sum(count for move, count in self.counts.items() if move.truth)

    @property
    def matrix(self) -> Mapping[tuple[Outcome, Outcome], int]:
        """Leads by outcome before and after."""
        found = {(before, after): 0 for before in Outcome for after in Outcome}
        for move, count in self.counts.items():
            found[move.before, move.after] += count
        return found


class Load(NamedTuple):
    """Leads for review on a day: on average, on all but one day in twenty at most (nearest rank), and at most."""

    mean: float
    p95: int
    most: int


def load(by_day: Sequence[int]) -> Load:
    """What the days come to; zeros when there is none."""
    if not by_day:
        return Load(0.0, 0, 0)
    return Load(sum(by_day) / len(by_day), sorted(by_day)[ceil(0.95 * len(by_day)) - 1], max(by_day))


@dataclass(frozen=True, slots=True)
class Bucket:
    """Leads that go another way now and what they turned out to be; `refs` are the first of them.

    rejected: how many of them are rejected now, or were · converted: how many of them became customers
    """

    name: str
    text: str
    count: int
    rejected: int
    converted: int
    refs: tuple[str, ...]


_BUCKETS = (
    ("real_stopped", "real leads held back or rejected that went through before", True, "real"),
    ("junk_stopped", "junk held back or rejected that went through before", True, "junk"),
    ("junk_passed", "junk that goes through and was held back or rejected before", False, "junk"),
    ("real_passed", "real leads that go through and were held back or rejected before", False, "real"),
    ("unknown_stopped", "leads nobody judged, held back or rejected, that went through before", True, "unknown"),
    ("unknown_passed", "leads nobody judged that go through and were held back or rejected before", False, "unknown"),
)


def buckets(tally: Tally, most_refs: int | None = None) -> tuple[Bucket, ...]:
    """The four buckets of leads whose truth is known, and the same two ways for those nobody judged.

    most_refs: so many leads of each are named; None: all that the tally names
    """
    found = (_bucket(tally, *each) for each in _BUCKETS)
    return tuple(replace(each, refs=each.refs[:most_refs]) for each in found)


def _bucket(tally: Tally, name: str, text: str, stopped: bool, kind: str) -> Bucket:  # noqa: FBT001  # a row of the table
    moves = [
        move
        for move in tally.counts
        if (move.newly_stopped if stopped else move.newly_passed) and _kind(move.truth) == kind
    ]
    return Bucket(
        name=name,
        text=text,
        count=sum(tally.counts[move] for move in moves),
        rejected=sum(tally.counts[move] for move in moves if Outcome.REJECT in {move.before, move.after}),
        converted=sum(tally.counts[move] for move in moves if move.truth is Truth.CONVERTED),
        refs=tuple(ref for move in sorted(moves) for ref in tally.refs.get(move, ())),
    )


def _kind(truth: Truth) -> str:
    return "real" if truth.real else truth.word


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group: its leads, how many are stopped before and now, and the real ones among those."""

    name: str | None
    leads: int
    stopped_before: int
    stopped_after: int
    real: int
    real_stopped_before: int
    real_stopped_after: int


def group_lines(groups: Mapping[str | None, Counts]) -> tuple[GroupLine, ...]:
    """The groups of one grouping, the largest first."""
    lines = [_line(name, counts) for name, counts in groups.items()]
    return tuple(sorted(lines, key=lambda line: (-line.leads, line.name or "")))


def _line(name: str | None, counts: Counts) -> GroupLine:
    real = {move: count for move, count in counts.items() if move.truth.real}
    return GroupLine(
        name=name,
        leads=sum(counts.values()),
        stopped_before=_sum(counts, _stopped_before(counts)),
        stopped_after=_sum(counts, _stopped_after(counts)),
        real=sum(real.values()),
        real_stopped_before=_sum(real, _stopped_before(real)),
        real_stopped_after=_sum(real, _stopped_after(real)),
    )


def _sum(counts: Counts, moves: Iterable[Move]) -> int:
    return sum(counts[move] for move in moves)


def _stopped_before(counts: Counts) -> Iterator[Move]:
    return (move for move in counts if move.before >= Outcome.REVIEW)


def _stopped_after(counts: Counts) -> Iterator[Move]:
    return (move for move in counts if move.after >= Outcome.REVIEW)
