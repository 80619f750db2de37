"""What is written down of an examination, and what a draft becomes by a certificate."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.cards import card_facts
from tests.support.cases import NOW, ruleset, scored, small_card
from winnow.core.decide import decide
from winnow.core.learning.card.facts import CertificateFacts
from winnow.core.learning.proof.certificates import (
    Look,
    Looks,
    certified_facts,
    examination_document,
    looks_from,
    with_certificate,
)
from winnow.core.learning.proof.certify import Abstained, Certified, Terms
from winnow.core.learning.proof.rehearsal import Rehearsal
from winnow.core.learning.proof.steady import Slice
from winnow.core.outcome import Outcome
from winnow.core.ruleset_read import ruleset_from
from winnow.core.thresholds import Bands, Thresholds
from winnow.errors import InvalidInputError

LOOKS = (Look("a", "h", "2026-11-01", 0.995, "certified"), Look("b", "h", "2026-11-02", 0.995, "no"))
AGAIN = (*LOOKS, Look("a", "h", "2026-11-03", 0.99, "certified"), Look("a", "other", "2026-11-04", 0.99, "no"))
CARD = replace(small_card(), caps={"form": 1900, "mail": 1500, "net": 2000, "rule": 1500})


def certified(threshold: int = 2900) -> Certified:
    return Certified(
        card=CARD,
        threshold=threshold,
        terms=Terms(days=10),
        leads=2000,
        labels=700,
        flagged=700,
        wrong=1,
        alone=0.9953,
        caught=0.5,
        slices=(Slice(1000, 400, 0), Slice(1000, 300, 1)),
        lowered={"form": (2000, 1900)},
    )


@pytest.mark.parametrize(
    ("looks", "card", "holdout", "others", "used"),
    [
        ((), "a", "h", 0, 0),
        (LOOKS[:1], "a", "h", 0, 1),
        (LOOKS, "a", "h", 1, 2),
        (LOOKS, "c", "h", 2, 2),
        (AGAIN, "a", "h", 1, 3),
        (AGAIN, "b", "other", 1, 1),
    ],
)
def test_a_hold_out_remembers_who_was_held_against_it(
    looks: tuple[Look, ...], card: str, holdout: str, others: int, used: int
) -> None:
    assert Looks(looks).others(card, holdout) == others
    assert Looks(looks).used(holdout) == used


def test_an_examination_is_told_whole_and_its_looks_are_read_again() -> None:
    rehearsal = Rehearsal(certified(), Slice(400, 100, 0), "kept")
    document = json.loads(json.dumps(examination_document(certified(), rehearsal, AGAIN[:3])))
    assert looks_from(document) == Looks(AGAIN[:3])
    assert document["certified"] is True
    assert document["holdout_used"] == 3
    assert document["precision_bound"] == 0.995
    assert (document["threshold"], document["labels"], document["wrong"], document["coverage"]) == (2900, 700, 1, 0.35)
    assert document["lowered_caps"] == {"form": {"from": 2000, "to": 1900}}
    assert document["slices"][1] == {"leads": 1000, "flagged": 300, "wrong": 1, "precision": pytest.approx(299 / 300)}
    assert document["rehearsal"]["kept"] is True
    assert document["rehearsal"]["realised"] == {"leads": 400, "flagged": 100, "wrong": 0, "precision": 1.0}
    assert document["terms"]["risk_left"] == 0.05
    assert len(document["assumptions"]) == 6


def test_an_honest_refusal_is_told_as_well() -> None:
    refusal = Abstained("labels", "not certified: 3 more labels needed", Terms(), 100, 3)
    document = examination_document(refusal, None, LOOKS)
    assert (document["certified"], document["kind"], document["labels_needed"]) == (False, "labels", 3)
    assert document["reason"] == "not certified: 3 more labels needed"
    assert (document["rehearsal"], document["slices"]) == (None, [])
    rehearsal = examination_document(refusal, Rehearsal(None, None, "not rehearsed"), LOOKS)["rehearsal"]
    assert rehearsal == {"certified": False, "note": "not rehearsed", "realised": None, "kept": None}


def test_a_record_that_was_tampered_with_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        looks_from({"looks": [{"card": 5}]})


# ── The draft ────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_with_a_certificate_rejects_what_it_proves_and_nothing_after_its_end() -> None:
    draft = with_certificate(ruleset(thresholds=Thresholds(Bands(0, 1000))), certified(), NOW)
    assert draft.thresholds.bands == Bands(0, 1000, 2900)
    assert (draft.scorecard, draft.thresholds.sampled_share, draft.thresholds.blind_share) == (CARD, 0.03, 0.03)
    someone, known = scored(Outcome.REJECT)  # 1,900 of the form and 2,000 of the network, from -1,000: 2,900
    assert decide(someone, known, draft).outcome is Outcome.REJECT
    late = replace(known, now=NOW + timedelta(days=10))
    assert decide(someone, late, draft).outcome is Outcome.REVIEW
    assert "under a certificate" in draft.note


def test_a_draft_is_the_same_when_read_again() -> None:
    draft = with_certificate(ruleset(thresholds=Thresholds(Bands(0, 1000), blind_share=0.05)), certified(), NOW)
    again = ruleset_from(draft.document)
    assert (again, again.hash, again.thresholds.blind_share) == (draft, draft.hash, 0.05)
    assert again.thresholds.may_reject(again.thresholds.bands, again.scorecard_hash, NOW)


def test_milder_bands_begin_no_later_and_bands_of_sources_stay() -> None:
    own = {"fair": Bands(0, 9000)}
    draft = with_certificate(ruleset(thresholds=Thresholds(Bands(3500, 4000), own)), certified(), NOW)
    assert draft.thresholds.bands == Bands(2900, 2900, 2900)
    assert draft.thresholds.by_source == own


def test_a_card_says_that_its_draft_may_reject() -> None:
    draft = with_certificate(ruleset(thresholds=Thresholds(Bands(0, 1000))), certified(), NOW)
    before = card_facts(not_certified="no proof")
    facts = certified_facts(before, draft, certified(), NOW)
    assert (facts.scorecard_hash, facts.caps, facts.not_certified) == (draft.scorecard_hash, CARD.caps, "")
    assert facts.certificate == CertificateFacts(2900, 0.995, 700, 0.5, "2026-11-11T12:00:00Z")
    assert facts.assumptions == (*before.assumptions, *certified().assumptions)
    assert certified_facts(facts, draft, certified(), NOW) == facts
