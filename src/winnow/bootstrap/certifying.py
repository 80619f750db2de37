"""Wiring of certification: a model's history is read again, its newest part is the proof, the draft is rewritten."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from winnow.adapters.clock import SystemClock
from winnow.adapters.files.models import (
    CARD_FACTS,
    CERTIFICATE,
    MANIFEST,
    RULESET,
    read_manifest,
    read_part,
    replace_part,
)
from winnow.adapters.rulesets import ruleset_toml
from winnow.bootstrap import fitting
from winnow.bootstrap.histories import Progress, unwatched
from winnow.bootstrap.learning import Again, study_again
from winnow.bootstrap.training import allowed_trainer, need_learning
from winnow.config import Config, load
from winnow.core.canonical import content_hash
from winnow.core.learning.card.document import card_document, card_from
from winnow.core.learning.card.facts import CardFacts
from winnow.core.learning.proof.certificates import (
    Look,
    Looks,
    certified_facts,
    examination_document,
    looks_from,
    with_certificate,
)
from winnow.core.learning.proof.certify import Abstained, Certified, Terms, certify
from winnow.core.learning.proof.evidence import unseen
from winnow.core.learning.proof.rehearsal import Rehearsal, rehearsed, with_rehearsal
from winnow.core.learning.reading.split import ids_hash
from winnow.core.learning.study import Study
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_write import scorecard_document
from winnow.core.scorecard import Scorecard
from winnow.errors import InvalidInputError
from winnow.services.learn import learned, terms_of

#: The manifest's names for the scorecard as it was fitted and as it was certified, and for the caps it was fitted with.
_FITTED, _CERTIFIED, _CAPS = "scorecard_hash", "certified_scorecard_hash", "fitted_caps"

#: From a card's document to the files that show it, by name.
Drawn = Callable[[Mapping[str, Any]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Examination:
    """What came of holding a model against its hold-out.

    ruleset: the model's draft as it was · looks: all examinations of the folder, this one last
    changed: the scorecard in the draft is not the one that was fitted
    seen: leads set aside that proved nothing, since they repeat leads that were learned from
    """

    answer: Certified | Abstained
    rehearsal: Rehearsal | None
    ruleset: Ruleset
    looks: tuple[Look, ...]
    now: datetime
    changed: bool
    seen: int = 0

    @property
    def document(self) -> dict[str, object]:
        """All of it as plain data."""
        return examination_document(self.answer, self.rehearsal, self.looks, seen=self.seen)


def examine(
    model: Path,
    data: str,
    terms: Terms,
    *,
    rehearse: bool = True,
    config: Config | None = None,
    progress: Progress = unwatched,
) -> Examination:
    """Hold a model's scorecard against leads it was not fitted on, and write down that this was done.

    Raises InvalidInputError for a model that does not screen, and MissingExtraError when it is to be rehearsed
    without the extra `learn`, or RefusedByPolicyError while learning is stopped.
    """
    if rehearse:
        need_learning(config or load())
    again = study_again(model, data, config=config, progress=progress)
    if again.ruleset is None:
        raise InvalidInputError(
            "the model does not count junk, so it rejects nobody", where=str(model), fix="certify a model of junk"
        )
    held = again.study.part(again.split, len(again.study))
    if not len(held):
        raise InvalidInputError(
            "no lead of the file came after those the model was fitted on",
            where=data,
            fix="give the file of the fit, or one with later leads",
        )
    scorecard = as_fitted(again.ruleset.scorecard, again.manifest)
    card, holdout = content_hash(scorecard_document(scorecard)), ids_hash(held.ids)
    earlier = looks_of(model)
    proof = unseen(again.study, again.split)
    answer = certify(scorecard, proof, replace(terms, looks=earlier.others(card, holdout)))
    rehearsal = _rehearsed(again, terms, config or load(), progress) if rehearse else None
    if rehearsal is not None:
        answer = with_rehearsal(answer, rehearsal)
    now = SystemClock().now()
    said = "certified" if isinstance(answer, Certified) else answer.reason
    look = Look(card, holdout, now.isoformat(timespec="seconds"), terms.least, said)
    changed = card != again.manifest.get(_FITTED)
    found = Examination(answer, rehearsal, again.ruleset, (*earlier.looks, look), now, changed, len(held) - len(proof))
    replace_part(model, CERTIFICATE, fitting.json_text(found.document))
    return found


def as_fitted(card: Scorecard, manifest: Mapping[str, Any]) -> Scorecard:
    """The scorecard of a draft with the caps it was fitted with, if a certificate has lowered them since.

    So that examining it again is the same examination. A card that was changed in any other way stays what it is:
    another one, that costs another look at the hold-out.
    """
    caps = manifest.get(_CAPS)
    if not isinstance(caps, dict) or content_hash(scorecard_document(card)) != manifest.get(_CERTIFIED):
        return card
    before = replace(card, caps=caps)
    return before if content_hash(scorecard_document(before)) == manifest.get(_FITTED) else card


def looks_of(model: Path) -> Looks:
    """The examinations a model folder remembers."""
    text = read_part(model, CERTIFICATE)
    if text is None:
        return Looks()
    try:
        return looks_from(json.loads(text))
    except ValueError:
        fix = "put the file back as it was: it says how often the hold-out was used"
        raise InvalidInputError("it is no JSON object", where=str(model / CERTIFICATE), fix=fix) from None


def _rehearsed(again: Again, terms: Terms, config: Config, progress: Progress) -> Rehearsal:
    trainer = allowed_trainer(config)
    fitted_as = terms_of(again.manifest)

    def fit(study: Study, split: int) -> Scorecard:
        return learned(trainer, study, split, fitted_as, lambda share: progress("rehearsing", share)).card

    return rehearsed(fit, again.study, again.split, terms)


def applied(model: Path, found: Examination, answer: Certified, drawn: Drawn) -> Ruleset:
    """Write certificate, reject band and lowered caps into the model's draft, and on its card."""
    draft = with_certificate(found.ruleset, answer, found.now)
    replace_part(model, RULESET, ruleset_toml(draft))
    _note_hash(model, draft.scorecard_hash, as_fitted(found.ruleset.scorecard, read_manifest(model)).caps)
    _rewrite_card(model, drawn, lambda facts: certified_facts(facts, draft, answer, found.now))
    return draft


def _note_hash(model: Path, digest: str, caps: Mapping[str, int]) -> None:
    """Write into the manifest which scorecard was certified: that of the fit with its caps lowered, so another hash.

    `scorecard_hash` stays that of the fit. With its caps it is examined again as what it was.
    """
    manifest: dict[str, object] = {}
    for name, value in read_manifest(model).items():
        if name not in {_CERTIFIED, _CAPS}:
            manifest[name] = value
        if name == _FITTED:
            manifest |= {_CERTIFIED: digest, _CAPS: dict(caps)}
    replace_part(model, MANIFEST, fitting.json_text(manifest))


def refused(model: Path, answer: Abstained, drawn: Drawn) -> None:
    """Write on the model's card why it may not reject."""
    _rewrite_card(model, drawn, lambda facts: replace(facts, not_certified=answer.reason))


def _rewrite_card(model: Path, drawn: Drawn, change: Callable[[CardFacts], CardFacts]) -> None:
    """Change what the card says, in all its forms; a model without a card gets none."""
    text = read_part(model, CARD_FACTS)
    if text is None:
        return
    try:
        facts = card_from(json.loads(text))
    except ValueError:
        raise InvalidInputError("it is no JSON object", where=str(model / CARD_FACTS), fix="fit it again") from None
    document = card_document(change(facts))
    for name, content in {CARD_FACTS: fitting.json_text(document), **drawn(document)}.items():
        replace_part(model, name, content)
