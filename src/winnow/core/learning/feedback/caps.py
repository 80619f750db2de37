"""How much any one author or source may weigh when labels become training weights; scaled down, never dropped.

Two caps. *Share*: no author carries more than a share of the weight of either class, so that nobody teaches the
scorecard alone. *Contrary*: beyond what chance explains, no author turns more than a few labels' worth against what
the others say of comparable leads, so that somebody who relabels a segment does not move it.

Only weights fall; classes are not brought back into balance, since that would carry a flood of labels on. A
calibration on leads whose labels were not scaled takes care of the base rate.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from itertools import accumulate, product
from math import fsum, inf, sqrt
from typing import TypeVar

from winnow.core.learning.feedback.outliers import examined
from winnow.core.learning.feedback.vouched import ENOUGH, NOBODY, Tally, Vouched, splits_of
from winnow.core.learning.figures.exact import Split
from winnow.core.learning.study import Study
from winnow.errors import InvalidInputError

AUTHOR, SOURCE = "author", "source"
SHARE, CONTRARY = "share", "contrary"

K = TypeVar("K")

#: How many standard deviations off the others' rate pass as chance: one author in a thousand segments is beyond.
_CHANCE = 3.0

#: What a label that goes against all others still counts: little, but it is not gone.
_FAINTEST = 0.01

#: Equal shares are never pressed below each other by a last digit.
_ROUNDING = 1 + 1e-9


@dataclass(frozen=True, slots=True)
class Caps:
    """How much is allowed.

    author_share, source_share: of the weight of either class, 0 to 1; 1 is no cap. Where there are few the cap is an
        equal share, since three people cannot each carry less than a third
    least: labels' worth of a class to which the shares never press anybody
    trusted: authors who are not held to a share, such as the one person who judges every lead
    contrary: labels' worth an author may turn against the others beyond chance; 0 for one who is an outlier
    """

    author_share: float = 0.25
    source_share: float = 1.0
    least: float = 100.0
    trusted: frozenset[str] = frozenset()
    contrary: float = 10.0

    def __post_init__(self) -> None:
        shares = (self.author_share, self.source_share)
        if not all(0 < share <= 1 for share in shares) or not (self.contrary >= 0 and self.least >= 0):
            fix = "give shares over 0 and at most 1, and 0 or more contrary labels"
            raise InvalidInputError("these caps allow nothing or everything", where="caps", fix=fix)


#: Every label counts fully.
NO_CAPS = Caps(author_share=1.0, source_share=1.0, contrary=inf)


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody whose labels of one class count for less.

    kind: AUTHOR or SOURCE · name: which · truth: the class · why: SHARE or CONTRARY
    labels: how many there are · before, after: what they weighed
    """

    kind: str
    name: str
    truth: bool
    why: str
    labels: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Capped:
    """The weights in the order of the labels, and everybody who was held back."""

    weights: tuple[float, ...]
    held: tuple[Held, ...]

    @property
    def counting(self) -> float:
        """What all labels weigh together."""
        return fsum(self.weights)


def capped(labels: Sequence[Vouched], caps: Caps, outliers: Set[str] | None = None) -> Capped:
    """The weight of each label under the caps.

    outliers: authors who may turn nothing against the others, and whom the others are not measured by; found out if not
        given. Without knowing them, whoever floods a segment makes those look contrary who judge it honestly.

    Contrary labels are held first, then sources, then authors: after all three no author is over the share. Scaling
    authors may move a source's share again, which is why that cap is the coarser one.
    """
    weights = [1.0] * len(labels)
    named = examined(labels).names if outliers is None else outliers
    held = [] if caps.contrary == inf else _hold_contrary(labels, weights, caps.contrary, named)
    held += _hold_shares(labels, weights, caps, SOURCE)
    held += _hold_shares(labels, weights, caps, AUTHOR)
    return Capped(tuple(weights), tuple(held))


def weighed(study: Study, weights: Sequence[float]) -> Study:
    """The study with each label's own weight scaled."""
    return replace(study, weights=[own * scale for own, scale in zip(study.weights, weights, strict=True)])


# ── against the others ───────────────────────────────────────────────────────────────────────────


def _hold_contrary(labels: Sequence[Vouched], weights: list[float], allowed: float, outliers: Set[str]) -> list[Held]:
    tally = Tally(labels)
    tally.left_out = frozenset(outliers)
    places = _places(labels, lambda label: (label.author, label.truth, label.segment))
    held = []
    for author, truth in product(tally.authors, (True, False)):
        budget, chance = (0.0, 0.0) if author in outliers else (allowed, _CHANCE)
        beyond = {
            segment: excess
            for segment, split in splits_of(tally, author).items()
            if (excess := _beyond(split, chance, truth=truth)) > 0
        }
        turned = fsum(beyond.values())
        if turned > budget:
            concerned = {segment: places[author, truth, segment] for segment in beyond}
            before = sum(map(len, concerned.values()))
            for segment, mine in concerned.items():
                _scale(weights, mine, 1 - beyond[segment] * (1 - budget / turned) / len(mine))
            held.append(Held(AUTHOR, author, truth, CONTRARY, before, before, before - turned + budget))
    return held


def _beyond(split: Split, chance: float, *, truth: bool) -> float:
    """How many labels of a class must go for the author's share of it to be what the others' and chance explain.

    Taking away labels also makes the rest fewer, so more must go than there are above the expected count: with a share
    q allowed, (found - x) / (own - x) = q gives x. The spread is that of a binomial count about a rate that is itself
    known from so many labels only; the rate is taken half a label off the ends, so that others who are all of one mind
    still leave room for chance.
    """
    rate = (split.others_junk + 0.5) / (split.others + 1)
    found, rate = (split.own_junk, rate) if truth else (split.own - split.own_junk, 1 - rate)
    spread = sqrt(split.own * rate * (1 - rate) * (1 + split.own / split.others))
    allowed = rate + chance * spread / split.own
    if found <= allowed * split.own * _ROUNDING:
        return 0.0
    return min((found - allowed * split.own) / (1 - allowed), found * (1 - _FAINTEST))


# ── shares ───────────────────────────────────────────────────────────────────────────────────────


def _hold_shares(labels: Sequence[Vouched], weights: list[float], caps: Caps, kind: str) -> list[Held]:
    share, free = (caps.author_share, caps.trusted | {NOBODY}) if kind == AUTHOR else (caps.source_share, frozenset())
    held = []
    for truth in (True, False):
        named: dict[str, list[int]] = _places(
            [each if each.truth is truth else None for each in labels],
            lambda label: label.author if kind == AUTHOR else label.source,
        )
        sums = {name: fsum(weights[place] for place in places) for name, places in named.items()}
        pressed = {name: sums[name] for name in sorted(sums) if name not in free}
        most = max(caps.least, _most(list(pressed.values()), fsum(sums.values()) - fsum(pressed.values()), share))
        for name, before in pressed.items():
            if before > most * _ROUNDING:
                _scale(weights, named[name], most / before)
                held.append(Held(kind, name, truth, SHARE, len(named[name]), before, most))
    return held


def _most(sums: Sequence[float], free: float, share: float) -> float:
    """The most anybody may weigh, so that nobody weighs more than their share of what all weigh then.

    free: the weight of those who are not held to it
    With the k heaviest at the cap and `rest` below it, cap = share × (k × cap + rest); the right k is the first that
    leaves nobody else above. Where there are too few to share, an equal share is what each may have.
    """
    many = sum(weight >= ENOUGH for weight in sums) + (free >= ENOUGH)
    share = max(share, 1 / max(1, many))
    heaviest = sorted(sums, reverse=True)
    rests = [free + rest for rest in accumulate(reversed(heaviest), initial=0.0)][::-1]
    for pressed, (weight, rest) in enumerate(zip(heaviest, rests, strict=False)):
        if weight * (1 - pressed * share) <= share * rest * _ROUNDING:
            return share * rest / (1 - pressed * share) if pressed else inf
    return share * rests[-1] / (1 - len(heaviest) * share)


def _scale(weights: list[float], places: Sequence[int], by: float) -> None:
    for place in places:
        weights[place] *= by


def _places(labels: Sequence[Vouched | None], key: Callable[[Vouched], K]) -> dict[K, list[int]]:
    found: dict[K, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        if label is not None:
            found[key(label)].append(place)
    return found
