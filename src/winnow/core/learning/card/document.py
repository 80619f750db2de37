"""The model card as a document: what a person signs, a program reads, and a page or a text is drawn from."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from winnow.core.learning.card.facts import (
    FEWEST,
    NOT_FOR,
    BandFacts,
    BinFacts,
    CardFacts,
    CertificateFacts,
    CheckFacts,
    ColumnFacts,
    DataFacts,
    Estimate,
    FeatureFacts,
    GroupFacts,
    OutcomeCount,
    OverrideFacts,
    PairFacts,
    PartFacts,
    Quality,
    ReliabilityFacts,
    RoundingFacts,
    SliceFacts,
)
from winnow.core.learning.card.read import read
from winnow.core.learning.card.weights import Weight, few, weights
from winnow.core.learning.card.words import summary, target_words
from winnow.core.learning.figures.plain import moved
from winnow.errors import InvalidInputError

__all__ = [
    "FEWEST",
    "NOT_FOR",
    "BandFacts",
    "BinFacts",
    "CardFacts",
    "CertificateFacts",
    "CheckFacts",
    "ColumnFacts",
    "DataFacts",
    "Estimate",
    "FeatureFacts",
    "GroupFacts",
    "OutcomeCount",
    "OverrideFacts",
    "PairFacts",
    "PartFacts",
    "Quality",
    "ReliabilityFacts",
    "RoundingFacts",
    "SliceFacts",
    "card_document",
    "card_from",
]

FORMAT = "winnow-model-card/1"

Document = dict[str, Any]


def card_document(facts: CardFacts) -> Document:
    """All facts as dicts, lists, texts and numbers in the order in which people read them, the summary first.

    Figures about fewer than FEWEST leads of either class are left out, whoever filled them in. What follows
    from the facts (summary, words, weights, shares) is worked out here, so that all renderings agree.
    """
    facts = suppressed(facts)
    start = facts.fit.positives / facts.fit.leads if facts.fit.leads else 0.0
    plain = _plain(facts)
    return {
        "format": FORMAT,
        "summary": _plain(summary(facts)),
        "words": _plain(target_words(facts.target)),
        **plain,
        "features": [_feature(each, start) for each in weights(facts.features)],
    }


def card_from(document: Mapping[str, Any]) -> CardFacts:
    """The facts of such a document; raises InvalidInputError, with the place, for one that was tampered with.

    What a document derives from the facts is not read: it is worked out again.
    """
    found = document.get("format")
    if found != FORMAT:
        what = f"`{found}` is no model card this version reads"
        raise InvalidInputError(what, where="format", fix=f"give a {FORMAT}")
    return suppressed(read(CardFacts, document))


def suppressed(facts: CardFacts) -> CardFacts:
    """The facts without the figures that rest on too few leads."""
    return replace(
        facts,
        quality=_enough(facts.quality),
        quality_fit=_enough(facts.quality_fit),
        slices=tuple(replace(each, quality=_enough(each.quality)) for each in facts.slices),
        groups=tuple(replace(each, quality=_enough(each.quality)) for each in facts.groups),
    )


def _enough(quality: Quality | None) -> Quality | None:
    if quality is None or min(quality.positives, quality.leads - quality.positives) < FEWEST:
        return None
    return quality


def _feature(weight: Weight, start: float) -> Document:
    """A feature with its weight; `alone`: the share of positives an average lead has with these points alone."""
    leads = sum(each.leads for each in weight.feature.bins) or 1
    return {
        **_plain(weight.feature),
        "weight": round(weight.points, 3),
        "share": round(weight.share, 6),
        "bins": [
            {
                **_plain(each),
                "share": round(each.leads / leads, 6),
                "few": few(each),
                "alone": round(moved(start, each.points), 6),
            }
            for each in weight.feature.bins
        ],
    }


def _plain(found: Any) -> Any:  # noqa: ANN401  # whatever a fact may hold
    """Dataclasses as dicts, tuples as lists, floats to six digits after the point."""
    if hasattr(found, "__dataclass_fields__"):
        return {each.name: _plain(getattr(found, each.name)) for each in fields(found)}
    if isinstance(found, Mapping):
        return {str(key): _plain(found[key]) for key in sorted(found)}
    if isinstance(found, tuple):
        return [_plain(each) for each in found]
    return round(found, 6) if isinstance(found, float) else found
