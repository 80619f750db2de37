"""Authors who judge unlike everybody else: an exact test of each against the others on comparable leads.

It says that somebody differs, not who is right. What it finds is for whoever answers for the system: an expert
differs from beginners as a saboteur does from honest people, and a person who looks must tell them apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from winnow.core.learning.feedback.vouched import Tally, Vouched, splits_of
from winnow.core.learning.figures.exact import Split, deviations, holm, tails

#: The chance that anybody is named when all judge alike.
ALARM = 0.01

#: With fewer others it is one word against another.
_FEWEST_OTHERS = 2


@dataclass(frozen=True, slots=True)
class Outlier:
    """An author whose share of junk is not that of the others.

    segment: where it shows most; None when it shows over all segments together
    labels, junk: theirs there · others, others_junk: of all others there · chance: of this or more by luck, corrected
        for everything that was looked at
    """

    author: str
    segment: str | None
    labels: int
    junk: int
    others: int
    others_junk: int
    chance: float

    @property
    def expected(self) -> float:
        """How many of their labels would say junk at the others' rate."""
        return self.labels * self.others_junk / self.others


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of looking at all authors; `untested` are those nobody can be compared with, never cleared."""

    outliers: tuple[Outlier, ...]
    tested: tuple[str, ...]
    untested: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        """The authors who were named."""
        return frozenset(each.author for each in self.outliers)


def examined(labels: Sequence[Vouched], *, alarm: float = ALARM) -> Examined:
    """Find authors who judge unlike the others.

    Whoever stands out most is taken out before the rest are looked at again, so that one person who floods a
    segment does not make those look odd who judge it honestly.
    """
    tally = Tally(labels)
    tested = tuple(author for author in tally.authors if _comparable(tally, author))
    found: list[Outlier] = []
    while (worst := _worst(tally, tested, alarm)) is not None:
        found.append(worst)
        tally.left_out |= {worst.author}
    untested = tuple(author for author in tally.authors if author not in tested)
    return Examined(tuple(found), tested, untested)


def _comparable(tally: Tally, author: str) -> bool:
    enough = tally.recorded or tally.others(author) >= _FEWEST_OTHERS
    return enough and bool(splits_of(tally, author))


def _worst(tally: Tally, tested: Sequence[str], alarm: float) -> Outlier | None:
    looked_at = [
        ((author, segment, split), chance, off)
        for author in tested
        if author not in tally.left_out and _comparable(tally, author)
        for segment, split, chance, off in _tests(splits_of(tally, author))
    ]
    # whoever floods a segment makes all others there stand out as well, beyond what chances have digits for
    looked_at.sort(key=lambda each: each[2], reverse=True)
    for (author, segment, split), chance in holm([each[:2] for each in looked_at], alarm)[:1]:
        return Outlier(author, segment, split.own, split.own_junk, split.others, split.others_junk, chance)
    return None


def _tests(splits: dict[str, Split]) -> Iterator[tuple[str | None, Split, float, float]]:
    """Each segment alone, and all together when there are several: the two-sided chance, and how far it is off."""
    for segment, split in splits.items():
        yield segment, split, _two_sided([split]), deviations([split])
    if len(splits) > 1:
        every = list(splits.values())
        yield None, _together(every), _two_sided(every), deviations(every)


def _two_sided(splits: Sequence[Split]) -> float:
    return min(1.0, 2 * min(tails(splits)))


def _together(splits: Sequence[Split]) -> Split:
    """All segments as one; the others' junk is what they would have found on this author's mixture."""
    own, others = sum(split.own for split in splits), sum(split.others for split in splits)
    expected = sum(split.expected for split in splits)
    return Split(own, sum(split.own_junk for split in splits), others, round(expected * others / own))
