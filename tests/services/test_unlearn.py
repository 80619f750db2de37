"""A scorecard without somebody's labels is the one that would have been had they never spoken."""

from collections import defaultdict
from dataclasses import replace
from math import log

import pytest

from tests.support.cases import ruleset
from winnow.core.learning.feedback.caps import Caps
from winnow.core.learning.feedback.unlearn import Said, Withdrawal
from winnow.core.learning.study import Fitted, Shape, Study
from winnow.core.outcome import Outcome
from winnow.core.signals.registry import BY_NAME
from winnow.core.thresholds import Bands, Thresholds
from winnow.demo.dice import Dice
from winnow.errors import InvalidInputError, NotFoundError
from winnow.ports import FitSettings
from winnow.services.learn import Terms, learned
from winnow.services.unlearn import Model, card_hash, unlearned

KINDS = ("hosting", "residential", "vpn", "mobile")
RATES = {"hosting": 0.8, "residential": 0.2, "vpn": 0.6, "mobile": 0.3}
SIZE, SPLIT = 2_000, 1_600


class CountingTrainer:
    """Fits the log-odds of each value, smoothed: the same data always give the same model."""

    def fit(self, study, _settings, progress):
        all_: dict[object, float] = defaultdict(float)
        junk: dict[object, float] = defaultdict(float)
        for value, truth, weight in zip(study.columns["net.ip_class"], study.truth, study.weights, strict=True):
            all_[value] += weight
            junk[value] += weight * truth
        logits = tuple(log((junk[kind] + 1) / (all_[kind] - junk[kind] + 1)) for kind in KINDS)
        progress(1.0)
        shape = Shape("net.ip_class", None, KINDS, (*logits, 0.0, 0.0), (*(int(all_[kind]) for kind in KINDS), 0, 0))
        return Fitted(0.0, (shape,), (), "counting 1")


def history():
    """Honest labels of four people, and those of Eve, who calls every residential lead she sees junk."""
    lots, labels, columns, truths = Dice.named("unlearn"), [], [], []
    for number in range(SIZE):
        kind = lots.pick(KINDS)
        author = lots.pick(("ana", "bo", "cy", "di", "eve"))
        truth = lots.chance(RATES[kind])
        if author == "eve" and kind == "residential":
            truth = True
        columns.append(kind)
        truths.append(truth)
        labels.append(Said(f"lead-{number}", truth, author, "web", "first" if number < SIZE // 2 else "second"))
    signal = BY_NAME["net.ip_class"]
    ids = [label.lead for label in labels]
    times = [float(number) for number in range(SIZE)]
    study = Study("junk", (signal,), {signal.name: columns}, truths, [1.0] * SIZE, times, ids, ["web"] * SIZE)
    return study, labels


STUDY, LABELS = history()
TERMS = Terms("card", "Mia", FitSettings())


def refit(study, split):
    found = learned(CountingTrainer(), study, split, TERMS)
    return found.card, found.bands


def fitted(study, split):
    card, bands = refit(study, split)
    return Model(study, split, card, ruleset(scorecard=card, thresholds=Thresholds(bands)))


MODEL = fitted(STUDY, SPLIT)


@pytest.mark.parametrize(
    "withdrawal", [Withdrawal("eve"), Withdrawal(batch="second"), Withdrawal("ana", "first"), Withdrawal("nobody")]
)
def test_the_hash_is_that_of_a_fit_that_never_saw_the_labels(withdrawal):
    kept = [place for place, label in enumerate(LABELS) if not withdrawal.takes(label)]
    if len(kept) == SIZE:
        with pytest.raises(NotFoundError, match="author nobody"):
            unlearned(MODEL, LABELS, withdrawal, refit)
        return
    if withdrawal.batch == "second":  # a whole hold-out without truth is nothing to show anything on
        with pytest.raises(InvalidInputError, match="hold-out"):
            unlearned(MODEL, LABELS, withdrawal, refit)
        return
    never = fitted(STUDY.having(kept), sum(place < SPLIT for place in kept))
    found = unlearned(MODEL, LABELS, withdrawal, refit)
    assert found.card == never.card
    assert found.hashes == (card_hash(MODEL.card), card_hash(never.card))
    assert found.draft.scorecard_hash == never.ruleset.scorecard_hash
    assert found.draft.thresholds == never.ruleset.thresholds
    assert unlearned(MODEL, LABELS, withdrawal, refit) == found


def test_what_one_person_did_to_a_segment_is_undone_and_everybody_concerned_is_named():
    found = unlearned(MODEL, LABELS, Withdrawal("eve"), refit)
    (residential,) = [change for change in found.changes if change.values == "residential"]
    assert residential.after < residential.before - 300
    assert found.remaining.labels == sum(label.author == "eve" for label in LABELS)
    before, after = found.aucs
    assert after is not None
    assert before is not None
    assert after >= before
    places = {lead: place for place, lead in enumerate(STUDY.ids)}
    for each in found.affected:
        assert each.before is not each.after
        assert STUDY.columns["net.ip_class"][places[each.lead]] in KINDS
    strict = replace(MODEL, ruleset=replace(MODEL.ruleset, thresholds=Thresholds(Bands(MODEL.card.base + 1, 9_000))))
    assert all(
        each.before is not Outcome.REVIEW for each in unlearned(strict, LABELS, Withdrawal("eve"), refit).affected
    )


def test_the_draft_keeps_what_does_not_belong_to_the_scorecard():
    odd = replace(MODEL.ruleset.thresholds, by_source={"web": Bands(1, 2)}, blind_share=0.04)
    draft = unlearned(
        replace(MODEL, ruleset=replace(MODEL.ruleset, thresholds=odd)), LABELS, Withdrawal("eve"), refit
    ).draft
    assert (draft.thresholds.blind_share, dict(draft.thresholds.by_source)) == (0.04, {})


def test_labels_about_other_leads_are_none_of_this_models_business():
    strangers = [Said("elsewhere", True, "eve")]
    with pytest.raises(NotFoundError):
        unlearned(MODEL, strangers, Withdrawal("eve"), refit)


def test_a_scorecard_that_ranks_has_no_outcomes_to_change():
    found = unlearned(replace(MODEL, ruleset=None), LABELS, Withdrawal("eve"), refit)
    assert (found.draft, found.affected) == (None, ())
    assert found.hashes[0] != found.hashes[1]


def test_a_study_that_knows_its_authors_is_unlearned_from_itself_with_its_caps():
    authors = [label.author for label in LABELS]
    signed = replace(STUDY, authors=authors, batches=[label.batch or "" for label in LABELS])
    terms = replace(TERMS, label_caps=Caps())

    def again(study, split):
        found = learned(CountingTrainer(), study, split, terms)
        return found.card, found.bands

    card, bands = again(signed, SPLIT)
    assert card != MODEL.card  # Eve weighs less
    model = Model(signed, SPLIT, card, ruleset(scorecard=card, thresholds=Thresholds(bands)))
    kept = [place for place, author in enumerate(authors) if author != "eve"]
    never, _ = again(signed.having(kept), sum(place < SPLIT for place in kept))
    assert unlearned(model, None, Withdrawal("eve"), again).card == never
    with pytest.raises(NotFoundError, match="author nobody"):
        unlearned(model, None, Withdrawal("nobody"), again)
