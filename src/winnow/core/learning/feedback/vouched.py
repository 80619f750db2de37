"""Who says what a lead turned out to be: labels as they enter training, and what others say of comparable leads."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from winnow.core.learning.figures.exact import Split

#: The author of what no person said: the outcome a system recorded. Nobody is held to a cap for it.
NOBODY = ""

#: Others' labels of comparable leads from which on they say something: with fewer, a rate is hardly known.
ENOUGH = 30


@dataclass(frozen=True, slots=True)
class Vouched:
    """One label as it enters training.

    truth: the lead was what is learned (junk, as a rule) · author: who says so; NOBODY for the record of a system
    source: where the lead is from · segment: leads of one segment are comparable
    """

    truth: bool
    author: str
    source: str
    segment: str


Key = tuple[str, str]


class Tally:
    """How many labels each author gave in each segment, and how many of them say junk.

    left_out: authors whose labels say nothing about what others think
    """

    def __init__(self, labels: Iterable[Vouched]) -> None:
        self._all: Counter[Key] = Counter()
        self._junk: Counter[Key] = Counter()
        for label in labels:
            self._all[label.author, label.segment] += 1
            self._junk[label.author, label.segment] += label.truth
        self._of_segment: Counter[str] = Counter()
        self._junk_of_segment: Counter[str] = Counter()
        self._segments: dict[str, list[str]] = {}
        for (author, segment), count in self._all.items():
            self._of_segment[segment] += count
            self._junk_of_segment[segment] += self._junk[author, segment]
            self._segments.setdefault(author, []).append(segment)
        self.left_out: frozenset[str] = frozenset()

    @property
    def authors(self) -> list[str]:
        """The people who gave labels, in a stable order."""
        return sorted(self._segments.keys() - {NOBODY})

    def segments(self, author: str) -> list[str]:
        """Where an author gave labels."""
        return sorted(self._segments[author])

    def split(self, author: str, segment: str) -> Split:
        """An author's labels in a segment beside those of all others that are not left out."""
        but = [(who, segment) for who in self.left_out | {author}]
        return Split(
            self._all[author, segment],
            self._junk[author, segment],
            self._of_segment[segment] - sum(self._all[key] for key in but),
            self._junk_of_segment[segment] - sum(self._junk[key] for key in but),
        )

    def others(self, author: str) -> int:
        """How many others are not left out; a system's record is one of them."""
        return len(self._segments) - sum(who in self._segments for who in self.left_out | {author})

    @property
    def recorded(self) -> bool:
        """Whether a system's record is among them."""
        return NOBODY in self._segments


def splits_of(tally: Tally, author: str) -> dict[str, Split]:
    """An author's labels beside the others', in each segment where the others gave enough of them."""
    found = {segment: tally.split(author, segment) for segment in tally.segments(author)}
    return {segment: split for segment, split in found.items() if split.others >= ENOUGH}
