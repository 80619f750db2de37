"""From a learned scorecard to a ruleset somebody may look at: it may tag and queue, and it never rejects."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from winnow.core.declared import DeclaredSignal
from winnow.core.ruleset import Ruleset
from winnow.core.scorecard import Scorecard
from winnow.core.thresholds import Bands

#: Shares of the leads, the likeliest junk first, that a draft queues for people and tags.
REVIEWED, TAGGED = 0.10, 0.25


def bands_for(card: Scorecard, scores: Sequence[int]) -> Bands:
    """Where the bands of a draft begin, by the scores of leads the card was not fitted on; there is no reject band.

    A lead about which nothing is known is never tagged, however bad the leads are.
    """
    ranked = sorted(scores, reverse=True)
    tag = max(_at(ranked, TAGGED, card.base), card.base + 1)
    return Bands(tag, max(_at(ranked, REVIEWED, card.base), tag))


def _at(ranked: Sequence[int], share: float, otherwise: int) -> int:
    return ranked[min(int(share * len(ranked)), len(ranked) - 1)] if ranked else otherwise


def rule_caps(base: Ruleset) -> Mapping[str, int]:
    """The caps of families that rules give points in, which a scorecard that takes its place must have, too."""
    return {rule.family: base.scorecard.caps[rule.family] for rule in base.rules if rule.points}


def draft_ruleset(
    base: Ruleset, card: Scorecard, declared: Sequence[DeclaredSignal], bands: Bands, note: str
) -> Ruleset:
    """The base ruleset with another scorecard, the signals it reads and bands for it; policy, rules and lists stay.

    Certificate and bands of single sources belong to the scorecard before and are left out.
    """
    own = {each.name: each for each in base.signals}
    read = {feature.signal for feature in card.features}
    new = tuple(each for each in declared if each.name not in own and each.name in read)
    return replace(
        base.unbound,
        id=card.id,
        scorecard=card,
        thresholds=replace(base.thresholds, bands=bands, by_source={}, certificate=None),
        signals=(*base.signals, *new),
        note=note,
    )
