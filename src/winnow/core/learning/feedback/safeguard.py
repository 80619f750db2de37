"""Labels on their way into a fit: authors are compared on comparable leads, and nobody weighs more than is allowed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from winnow.core.learning.feedback.caps import Caps, Held, capped
from winnow.core.learning.feedback.comparable import comparable
from winnow.core.learning.feedback.outliers import Examined, Outlier, examined
from winnow.core.learning.feedback.vouched import NOBODY, Vouched
from winnow.core.learning.study import Study
from winnow.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Safeguard:
    """What came of holding the labels of a fit to their caps; it names people and is for who answers for the system.

    weights: what each label counts when points are fitted
    corrections: the same with nobody held to a share, for setting probabilities right: shares may shift the classes
    by: signals that parted the leads, besides their sources · authors: how many people gave labels
    unsigned: labels nobody is named for
    holdout_by_outliers: labels of the hold-out, which nothing changes, by authors who judge unlike the others
    """

    caps: Caps
    weights: tuple[float, ...]
    corrections: tuple[float, ...]
    examined: Examined
    held: tuple[Held, ...]
    by: tuple[str, ...]
    authors: int
    unsigned: int
    holdout_by_outliers: int

    @property
    def labels(self) -> int:
        """How many there are."""
        return len(self.weights)

    @property
    def held_authors(self) -> frozenset[str]:
        """Those whose labels count for less."""
        return frozenset(each.name for each in self.held if each.kind == "author")


def safeguarded(whole: Study, split: int, caps: Caps) -> Safeguard:
    """Hold the labels before the split to caps, by them alone: what was held out must not say what is learned.

    Raises InvalidInputError when the study does not say who gave its labels.
    """
    if not whole.authors:
        fix = "name the column of their authors when fitting: --label-author"
        raise InvalidInputError("nobody knows who gave the labels, so nobody can be held to a cap", fix=fix)
    study = whole.part(0, split)
    parts = comparable(study)
    told = zip(study.truth, study.authors, study.sources, parts.segments, strict=True)
    labels = [Vouched(truth, author, source or "", segment) for truth, author, source, segment in told]
    found = examined(labels)
    scaled = capped(labels, caps, found.names)
    contrary = capped(labels, replace(caps, author_share=1.0, source_share=1.0), found.names)
    return Safeguard(
        caps,
        scaled.weights,
        contrary.weights,
        found,
        scaled.held,
        parts.by,
        len(set(study.authors) - {NOBODY}),
        sum(author == NOBODY for author in study.authors),
        sum(author in found.names for author in whole.authors[split:]),
    )


# ── as plain data ────────────────────────────────────────────────────────────────────────────────


def caps_document(caps: Caps) -> dict[str, object]:
    """The caps as plain data."""
    return {**asdict(caps), "trusted": sorted(caps.trusted)}


def caps_from(document: Mapping[str, Any]) -> Caps:
    """The caps of such a document."""
    return Caps(**{**document, "trusted": frozenset(document["trusted"])})


def safeguard_document(found: Safeguard) -> dict[str, object]:
    """What was found, with names."""
    return {
        "caps": caps_document(found.caps),
        "compared_by": ["source", *found.by],
        "authors": found.authors,
        "labels": found.labels,
        "without_author": found.unsigned,
        "counting": round(sum(found.weights), 3),
        "outliers": [outlier_document(each) for each in found.examined.outliers],
        "untested": list(found.examined.untested),
        "held": [held_document(each) for each in found.held],
        "holdout_by_outliers": found.holdout_by_outliers,
    }


def outlier_document(each: Outlier) -> dict[str, object]:
    """Somebody who judges unlike the others."""
    return {
        "author": each.author,
        "segment": each.segment,
        "labels": each.labels,
        "junk": each.junk,
        "expected": round(each.expected, 1),
        "chance": each.chance,
    }


def held_document(each: Held) -> dict[str, object]:
    """Somebody whose labels count for less."""
    return {**asdict(each), "before": round(each.before, 3), "after": round(each.after, 3)}
