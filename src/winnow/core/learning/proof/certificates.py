"""What is kept of examinations for a certificate: a hold-out is used up by every scorecard that is held against it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from winnow.core.learning.card.facts import CardFacts, CertificateFacts
from winnow.core.learning.card.read import read
from winnow.core.learning.proof.certify import Abstained, Certified, assumptions
from winnow.core.learning.proof.rehearsal import Rehearsal
from winnow.core.learning.proof.steady import Slice
from winnow.core.ruleset import Ruleset
from winnow.core.thresholds import BLIND_SHARE, Bands, Thresholds

FORMAT = "winnow-certificate/1"


@dataclass(frozen=True, slots=True)
class Look:
    """One examination: which scorecard, on which hold-out (both by hash), when, for which precision, and its answer."""

    card: str
    holdout: str
    at: str
    least: float
    answer: str


@dataclass(frozen=True, slots=True)
class Looks:
    """All examinations of a model folder, the oldest first."""

    looks: tuple[Look, ...] = ()

    def others(self, card: str, holdout: str) -> int:
        """How many other scorecards were held against this hold-out; the same one again learns nothing new."""
        return len({each.card for each in self.looks if each.holdout == holdout} - {card})

    def used(self, holdout: str) -> int:
        """How often this hold-out was used."""
        return sum(each.holdout == holdout for each in self.looks)


def looks_from(document: object) -> Looks:
    """The examinations a record tells of; raises InvalidInputError for one that was tampered with."""
    return read(Looks, document)


def examination_document(
    answer: Certified | Abstained, rehearsal: Rehearsal | None, looks: Sequence[Look], *, seen: int = 0
) -> dict[str, object]:
    """The answer and everything a person needs to judge it, as plain data.

    seen: leads set aside that proved nothing, since they repeat leads that were learned from
    """
    terms = answer.terms
    return {
        "format": FORMAT,
        **(_certified(answer) if isinstance(answer, Certified) else _abstained(answer)),
        "leads": answer.leads,
        "copies": answer.copies,
        "seen": seen,
        "slices": [_slice(each) for each in answer.slices],
        "terms": asdict(terms) | {"risk_left": terms.risk_left},
        "assumptions": list(assumptions(terms)),
        "rehearsal": None if rehearsal is None else _rehearsal(rehearsal),
        "holdout_used": Looks(tuple(looks)).used(looks[-1].holdout),
        "looks": [asdict(each) for each in looks],
    }


def _certified(answer: Certified) -> dict[str, object]:
    return {
        "certified": True,
        "reason": "",
        "threshold": answer.threshold,
        "precision_bound": answer.terms.least,
        "bound_at_this_threshold_alone": answer.alone,
        "precision": answer.precision,
        "labels": answer.labels,
        "flagged": answer.flagged,
        "wrong": answer.wrong,
        "coverage": answer.coverage,
        "caught": answer.caught,
        "lowered_caps": {family: {"from": old, "to": new} for family, (old, new) in answer.lowered.items()},
    }


def _abstained(answer: Abstained) -> dict[str, object]:
    return {"certified": False, "kind": answer.kind, "reason": answer.reason, "labels_needed": answer.more}


def _slice(each: Slice) -> dict[str, object]:
    return {**asdict(each), "precision": each.precision}


def _rehearsal(rehearsal: Rehearsal) -> dict[str, object]:
    found = rehearsal.realised
    return {
        "certified": isinstance(rehearsal.answer, Certified),
        "note": rehearsal.note,
        "realised": None if found is None else _slice(found),
        "kept": None if found is None else not found.broken,
    }


def with_certificate(ruleset: Ruleset, answer: Certified, now: datetime) -> Ruleset:
    """The draft with capped scorecard, reject band, certificate and blind sample; it still needs somebody's sign-off.

    Where rejecting begins below where people review or tag, these bands begin there too: nothing milder is left above.
    """
    bands = ruleset.thresholds.bands
    threshold = answer.threshold
    rejecting = Bands(min(bands.tag, threshold), min(bands.review, threshold), threshold)
    draft = replace(
        ruleset, scorecard=answer.card, thresholds=replace(ruleset.thresholds, bands=rejecting, by_source={})
    )
    thresholds = Thresholds(
        bands=rejecting,
        by_source=ruleset.thresholds.by_source,
        certificate=answer.certificate(draft.scorecard_hash, now),
        blind_share=ruleset.thresholds.blind_share or BLIND_SHARE,
    )
    note = f"A draft: may reject from {threshold} points up, under a certificate, once somebody else has signed it off."
    return replace(draft, thresholds=thresholds, note=note)


def certified_facts(facts: CardFacts, draft: Ruleset, answer: Certified, now: datetime) -> CardFacts:
    """What a model card says once its draft may reject."""
    proof = answer.certificate(draft.scorecard_hash, now)
    return replace(
        facts,
        scorecard_hash=draft.scorecard_hash,
        caps=draft.scorecard.caps,
        certificate=CertificateFacts(
            threshold=answer.threshold,
            precision_bound=proof.precision_bound,
            labels=proof.labels,
            coverage=answer.caught,
            expires_at=proof.expires_at.isoformat().replace("+00:00", "Z"),
        ),
        not_certified="",
        assumptions=tuple(dict.fromkeys([*facts.assumptions, *answer.assumptions])),
    )
