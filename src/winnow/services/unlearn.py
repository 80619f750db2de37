"""Unlearning: labels are taken back, the same fit is made of what remains, and what that changes is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from winnow.core.canonical import content_hash
from winnow.core.learning.card.changes import PointChange, point_changes
from winnow.core.learning.feedback.unlearn import (
    Affected,
    Remaining,
    Said,
    Withdrawal,
    affected,
    remaining,
    remaining_signed,
)
from winnow.core.learning.figures.measures import auc
from winnow.core.learning.fitting.points import scores
from winnow.core.learning.study import Study
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_write import scorecard_document
from winnow.core.scorecard import Scorecard
from winnow.core.thresholds import Bands
from winnow.errors import NotFoundError

#: Fits a study again as the model was fitted, on the leads before the split; gives the scorecard and its bands.
Refit = Callable[[Study, int], tuple[Scorecard, Bands]]


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model as it was read again; `ruleset` is None when it counts no junk."""

    study: Study
    split: int
    card: Scorecard
    ruleset: Ruleset | None


@dataclass(frozen=True, slots=True)
class Unlearned:
    """What is left of a model without some labels.

    hashes, aucs: before and after; AUC on what remains of the hold-out, None when it holds one kind of lead only
    draft: the ruleset with the new scorecard; None when it counts no junk
    affected: leads of the whole study, the withdrawn included, whose outcome by score changes
    """

    withdrawal: Withdrawal
    remaining: Remaining
    card: Scorecard
    hashes: tuple[str, str]
    aucs: tuple[float | None, float | None]
    changes: tuple[PointChange, ...]
    draft: Ruleset | None
    affected: tuple[Affected, ...]


def unlearned(model: Model, labels: Sequence[Said] | None, withdrawal: Withdrawal, refit: Refit) -> Unlearned:
    """Fit without the labels a withdrawal takes; raises NotFoundError when it takes none about a lead of the model.

    labels: the oldest first; None takes those the study names the authors of
    The draft carries no certificate: that was earned by the scorecard before.
    """
    left = _left(model, labels, withdrawal)
    if not left.labels:
        fix = "see that author, batch, source and times are written as the labels have them"
        raise NotFoundError(f"there are no {withdrawal.words} about leads of this model", fix=fix)
    card, bands = refit(left.study, left.split)
    draft = _draft(model.ruleset, card, bands)
    holdout = left.study.part(left.split, len(left.study))
    return Unlearned(
        withdrawal,
        left,
        card,
        (card_hash(model.card), card_hash(card)),
        (_auc(model.card, holdout), _auc(card, holdout)),
        point_changes(model.card, card),
        draft,
        affected(model.study, model.ruleset, draft) if model.ruleset and draft else (),
    )


def _left(model: Model, labels: Sequence[Said] | None, withdrawal: Withdrawal) -> Remaining:
    if labels is None:
        return remaining_signed(model.study, model.split, withdrawal)
    here = frozenset(model.study.ids)
    return remaining(model.study, model.split, [each for each in labels if each.lead in here], withdrawal)


def card_hash(card: Scorecard) -> str:
    """What a certificate is bound to: SHA-256 of the scorecard alone."""
    return content_hash(scorecard_document(card))


def _draft(before: Ruleset | None, card: Scorecard, bands: Bands) -> Ruleset | None:
    """What a fit would have drafted; the bands of single sources belonged to the scorecard before, too."""
    if before is None:
        return None
    return replace(
        before,
        scorecard=card,
        thresholds=replace(before.thresholds, bands=bands, by_source={}, certificate=None),
    )


def _auc(card: Scorecard, holdout: Study) -> float | None:
    return auc(scores(card, holdout), holdout.truth, holdout.weights)
