from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from math import inf
from typing import Any

import pytest

from tests.support.learned import TableTrainer, made_study
from winnow.core.learning.feedback.caps import Caps
from winnow.core.learning.figures.measures import probability
from winnow.core.learning.fitting.calibration import Calibration
from winnow.core.learning.fitting.points import scores
from winnow.core.learning.made import File
from winnow.core.learning.manifest import manifest_document
from winnow.core.learning.reading.labels import Labels, Verdict
from winnow.core.learning.reading.recipe import Recipe
from winnow.core.learning.reading.survey import Counts
from winnow.core.mapping import LeadMapping
from winnow.core.ruleset_write import scorecard_document
from winnow.errors import InvalidInputError
from winnow.ports import FitSettings
from winnow.services.learn import CALIBRATION_SHARE, Commission, Learning, Terms, learned, terms_of

NAMES = ["lead_source.value", "visits.value"]
TERMS = Terms("small", "Bo", FitSettings(seed=3), {"rule": 100})


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 11, 1, 12, tzinfo=UTC)


def commission(**other) -> Commission:
    usual = Commission(
        study=made_study(),
        file=File("leads.csv", "abc", Counts(800, 800, 0, 0, 0)),
        recipe=Recipe(Labels("Verdict", "junk", {"spam": Verdict.JUNK}), LeadMapping({}), (), frozenset()),
        columns=(),
        cells={"spam": 280, "genuine": 520},
        terms=TERMS,
        author="Ann",
        version="1",
    )
    return replace(usual, **other)


def test_only_the_older_part_of_the_leads_before_the_split_is_fitted():
    trainer = TableTrainer()
    learned(trainer, made_study().using(NAMES), 640, TERMS)
    ((study, settings),) = trainer.asked
    assert list(study.ids) == list(made_study().ids[: 640 - round(CALIBRATION_SHARE * 640)])
    assert settings == FitSettings(seed=3)


def test_the_newest_leads_change_nothing_of_the_scorecard():
    study = made_study().using(NAMES)
    truth = [not each if place >= 640 else each for place, each in enumerate(study.truth)]
    upside_down = replace(study, truth=truth)
    one, other = (learned(TableTrainer(), each, 640, TERMS) for each in (study, upside_down))
    assert (one.card, one.bands, one.calibration) == (other.card, other.bands, other.calibration)
    assert one.rounding != other.rounding


def test_probabilities_are_set_right_on_leads_that_were_not_fitted():
    class Lopsided(TableTrainer):
        def fit(self, study, settings, progress):
            found = super().fit(study, settings, progress)
            return replace(found, intercept=found.intercept - 2.0)

    straight, lopsided = (learned(each, made_study().using(NAMES), 640, TERMS) for each in (TableTrainer(), Lopsided()))
    assert lopsided.calibration != Calibration()
    newer = made_study().using(NAMES).part(544, 640)
    chances = [probability(points / 1000) for points in scores(lopsided.card, newer)]
    assert sum(chances) == pytest.approx(sum(newer.truth), abs=1.0)
    assert abs(lopsided.card.base - straight.card.base) < 1500


def test_bands_come_from_the_leads_before_the_split():
    found = learned(TableTrainer(), made_study().using(NAMES), 640, TERMS)
    newer = sorted(scores(found.card, found.study.part(544, 640)), reverse=True)
    assert found.bands.review == max(newer[9], found.bands.tag)
    assert found.bands.tag == max(newer[24], found.card.base + 1)


def test_a_fit_refuses_leaks_and_keeps_the_rest():
    told: list[float] = []
    made = Learning(TableTrainer(), Noon()).fit(commission(), told.append)
    assert made.used == tuple(NAMES)
    assert {feature.signal for feature in made.card.features} <= set(NAMES)
    assert (made.card.owner, made.card.caps["rule"], told[-1]) == ("Bo", 100, 1.0)
    assert (made.made_at, made.versions) == ("2026-11-01T12:00:00Z", {"winnow": "1", "library": "table 1"})


def test_directions_that_were_given_are_kept():
    settings = FitSettings(rising=frozenset({"visits.value"}))
    trainer = TableTrainer()
    made = Learning(trainer, Noon()).fit(commission(terms=replace(TERMS, settings=settings)))
    assert trainer.asked[0][1].rising == {"visits.value"}
    assert made.directions == {"visits.value": "rising"}


@pytest.mark.parametrize(
    "manifest", [{}, {"id": "a", "owner": "b"}, {"id": "a", "owner": "b", "settings": "x"}, {"settings": -5}]
)
def test_a_manifest_without_its_terms_is_named(manifest):
    with pytest.raises(InvalidInputError, match="does not say how the model was fitted"):
        terms_of(manifest)


def test_the_terms_of_a_manifest_give_the_same_scorecard_again():
    made = Learning(TableTrainer(), Noon()).fit(commission())
    terms = terms_of(manifest_document(made))
    assert terms == TERMS
    assert learned(TableTrainer(), made.study, made.split, terms).card == made.card


def test_too_few_labels_and_nothing_learned_are_refused():
    with pytest.raises(InvalidInputError, match="and 200 are needed"):
        Learning(TableTrainer(), Noon()).fit(commission(study=made_study(400)))
    with pytest.raises(InvalidInputError, match="nothing was learned"):
        learned(TableTrainer(), made_study().using([]), 640, TERMS)


@pytest.mark.skipif(find_spec("interpret") is None, reason="needs the extra `learn`")
def test_the_library_learns_what_is_there_and_the_same_again():
    from winnow.adapters.trainer import EbmTrainer  # noqa: PLC0415  # the extra may be missing

    study = made_study().using(NAMES)
    one, two = (learned(EbmTrainer(jobs=1, bags=2, rounds=100), study, 640, TERMS) for _ in range(2))
    assert scorecard_document(one.card) == scorecard_document(two.card)
    newest = study.part(640, 800)
    ranked = sorted(zip(scores(one.card, newest), newest.truth, strict=True), reverse=True)
    assert sum(truth for _, truth in ranked[:56]) > 0.7 * sum(newest.truth)
    assert (one.rounding.auc, one.rounding.log_loss) == pytest.approx((0.0, 0.0), abs=0.001)


# ── caps ─────────────────────────────────────────────────────────────────────────────────────────

CAPPED = replace(TERMS, label_caps=Caps(author_share=0.3, least=0.0, contrary=inf))


def signed_study():
    """One person gives two labels in five, three others one in five each."""
    study = made_study().using(NAMES)
    authors = [("ana", "ana", "bo", "cy", "di")[place // 20 % 5] for place in range(len(study))]
    return replace(study, authors=authors, batches=[""] * len(study))


def test_labels_are_held_to_their_caps_where_points_are_fitted_and_nowhere_else():
    trainer, study = TableTrainer(), signed_study()
    found = learned(trainer, study, 640, CAPPED)
    ((older, _),) = trainer.asked
    assert max(weight for weight, by in zip(older.weights, older.authors, strict=True) if by == "ana") < 1
    assert {weight for weight, by in zip(older.weights, older.authors, strict=True) if by != "ana"} == {1.0}
    assert found.safeguard is not None
    assert found.safeguard.held_authors == {"ana"}
    assert set(found.study.weights) == {1.0}
    plain = learned(TableTrainer(), study, 640, TERMS)
    assert found.calibration == plain.calibration  # a share scales nothing that probabilities are set right with
    assert plain.safeguard is None


def test_a_fit_that_holds_nobody_is_that_without_caps():
    study = replace(signed_study(), authors=["" for _ in range(800)])
    capped, plain = (learned(TableTrainer(), study, 640, terms) for terms in (CAPPED, TERMS))
    assert (capped.card, capped.bands) == (plain.card, plain.bands)


def test_the_caps_of_a_fit_are_read_back_from_its_manifest():
    made = Learning(TableTrainer(), Noon()).fit(commission(study=signed_study(), terms=CAPPED))
    document: Any = manifest_document(made)
    assert terms_of(document).label_caps == CAPPED.label_caps
    assert document["labels"]["held"][0]["name"] == "ana"
    assert "trusted" not in document["settings"]
    bare: Any = manifest_document(Learning(TableTrainer(), Noon()).fit(commission()))
    assert (terms_of(bare).label_caps, "labels" in bare) == (None, False)
