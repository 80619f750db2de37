"""Scores under the rule that one kind of evidence alone never rejects, for any threshold one may want to reject from.

A family's cap must stay below threshold - base, so another threshold makes another scorecard, and other scores. What
each family brings is added up once; the caps of a threshold are then applied to these sums.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from winnow.core.learning.study import Study
from winnow.core.scorecard import Scorecard, compiled, family_of

#: Points towards junk a lead has in each family, uncapped, in the order of `Scorecard.families`.
Sums: TypeAlias = tuple[int, ...]


def capped(card: Scorecard, reject: int) -> Scorecard:
    """The scorecard with caps so low that no family alone reaches `reject`; the same where they are already."""
    most = most_alone(card, reject)
    return replace(card, caps={family: min(cap, most) for family, cap in card.caps.items()})


def most_alone(card: Scorecard, reject: int) -> int:
    """The most points one family may add when `reject` is where rejecting begins."""
    return reject - card.base - 1


def lowered(before: Scorecard, after: Scorecard) -> Mapping[str, tuple[int, int]]:
    """The families whose cap differs, with both caps."""
    return {
        family: (cap, after.caps[family]) for family, cap in sorted(before.caps.items()) if after.caps[family] != cap
    }


def sums_of(card: Scorecard, study: Study) -> Iterator[Sums]:
    """What each family brings every lead of a study, before caps."""
    positions = {signal.name: place for place, signal in enumerate(study.signals)}
    score = compiled(card, positions)
    place_of = {family: place for place, family in enumerate(card.families)}
    tables = [
        (place_of[family_of(feature.signal)], [each.points for each in feature.all_bins]) for feature in card.features
    ]
    order = {feature.signal: place for place, feature in enumerate(card.features)}
    pairs = [
        (place_of[card.pair_family(pair)], order[pair.first], order[pair.second], pair.points) for pair in card.pairs
    ]
    for row in study.rows():
        codes = score(row, {}).codes
        sums = [0] * len(place_of)
        for code, (place, points) in zip(codes, tables, strict=True):
            sums[place] += points[code]
        for place, first, second, table in pairs:
            sums[place] += table[codes[first]][codes[second]]
        yield tuple(sums)


def capped_score(base: int, sums: Sums, caps: Sequence[int]) -> int:
    """The score of a lead under caps in the order of the families."""
    return base + sum([min(points, cap) for points, cap in zip(sums, caps, strict=True)])
