"""Which labelled leads are comparable: parted by source, then by the categories that tell most, as far as labels last.

The finer the parts, the less somebody who relabels a kind of leads can hide among the others. An author who was given
other leads than the rest is not odd, as long as what makes them differ is among what parts them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from winnow.core.learning.study import Study

#: Labels from which on a value makes a part of its own: ten authors who share them give twenty each.
_FEWEST = 200

#: Most categories that part the leads; with each, what passes as chance grows.
_MOST = 3

#: How many standard deviations pass as chance.
_CHANCE = 3.0

_NO_SOURCE, _UNKNOWN, _RARE = "no source", "unknown", "other"


@dataclass(frozen=True, slots=True)
class Comparable:
    """The segment of each lead, and what the leads were parted by besides their sources, the most telling first."""

    segments: tuple[str, ...]
    by: tuple[str, ...]


def comparable(study: Study) -> Comparable:
    """Part the leads of a study; equal studies are parted equally."""
    segments = [source or _NO_SOURCE for source in study.sources] if any(study.sources) else [""] * len(study)
    by = _telling(study)[:_MOST]
    for name in by:
        segments = _parted(segments, [_word(value) for value in study.columns[name]])
    return Comparable(tuple(segments), tuple(by))


def _word(value: object) -> str:
    return _UNKNOWN if value is None else str(value)


def _parted(segments: Sequence[str], words: Sequence[str]) -> list[str]:
    """Each segment by the words of its leads; words too rare in it stay together."""
    sizes = Counter(zip(segments, words, strict=True))
    kept = [
        (segment, word if sizes[segment, word] >= _FEWEST else _RARE)
        for segment, word in zip(segments, words, strict=True)
    ]
    return [" · ".join(filter(None, parts)) for parts in kept]


def _telling(study: Study) -> list[str]:
    """The categories whose values differ in their rates by more than chance, the most telling first."""
    found = []
    for signal in study.signals:
        if signal.kind in {str, bool}:
            told = _told([_word(value) for value in study.columns[signal.name]], study.truth)
            if told > 0:
                found.append((-told, signal.name))
    return [name for _, name in sorted(found)]


def _told(words: Sequence[str], truth: Sequence[bool]) -> float:
    """The variance between words that chance does not explain.

    Over p (1 - p) it is a chi-square of one degree of freedom less than there are words (Pearson's test), when nothing
    but chance parts them: with mean d, and standard deviation sqrt(2 d).
    """
    leads, hits = Counter(words), Counter(word for word, yes in zip(words, truth, strict=True) if yes)
    rate = sum(truth) / max(1, len(truth))
    between = fsum(size * (hits[word] / size - rate) ** 2 for word, size in leads.items())
    freedom = max(0, len(leads) - 1)
    return between - rate * (1 - rate) * (freedom + _CHANCE * sqrt(2 * freedom))
