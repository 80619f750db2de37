"""Points, texts and caps of a fitted model, and what the rounding costs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fitted import KIND, LINKS, SHAPES, WAIT, fitted_model, study_of
from winnow.core.learning.fitting.additive import innocent, logits
from winnow.core.learning.fitting.calibration import Calibration
from winnow.core.learning.fitting.points import LEARNED, calibrated, rounding_loss, scorecard_from, scores
from winnow.core.learning.study import Fitted, PairShape, Shape
from winnow.core.scorecard import CategoryFeature, NumericFeature, Scorecard, compiled

values = st.tuples(
    st.none() | st.integers(0, 9), st.none() | st.sampled_from(["web", "fair", "post"]), st.none() | st.booleans()
)
some_logits = st.floats(-4, 4, allow_nan=False)


@st.composite
def models(draw) -> Fitted:
    """A model over the three signals of the support module, at times with a pair."""
    shapes = tuple(replace(shape, logits=tuple(draw(some_logits) for _ in shape.logits)) for shape in SHAPES)
    cells = [[draw(some_logits) for _ in SHAPES[1].logits] for _ in SHAPES[0].logits]
    pair = PairShape(LINKS.name, KIND.name, tuple(map(tuple, cells)))
    return Fitted(draw(some_logits), shapes, (pair,) if draw(st.booleans()) else (), "by hand")


def card_of(fitted: Fitted, target: str = "junk", rows=((1, "web", True),)) -> Scorecard:
    return scorecard_from(fitted, study_of(rows, target=target), card_id="c", owner="Mia")


def test_the_base_is_the_score_of_a_lead_nothing_is_known_about():
    card = card_of(fitted_model(), "sold")
    assert scores(card, study_of([(None, None, None)])) == [card.base] == [-1000 - 300 + 100 + 0]
    assert all(feature.unknown.points == 0 for feature in card.features)


def test_points_are_thousandths_of_a_logit_from_the_unknown_on():
    links, kind, wait = card_of(fitted_model(), "sold").features
    assert [each.points for each in links.bins] == [-200 + 300, 400 + 300, 900 + 300]
    assert [each.points for each in kind.bins] == [-600, 150]
    assert (kind.other.points, kind.unknown.points) == (-100, 0)
    assert isinstance(links, NumericFeature)
    assert links.cuts == (2.0, 5.0)
    assert isinstance(kind, CategoryFeature)
    assert kind.values == ("web", "fair")
    assert [each.points for each in wait.bins] == [-250, 250]


def test_of_junk_not_knowing_is_never_worse_than_the_average_known_lead():
    guilty = fitted_model()
    free, just = card_of(guilty, "sold"), card_of(guilty)
    # The average lead whose kind is known gets (-0.5 × 30 + 0.25 × 10 + 0) / 40; not knowing it stood at +0.1.
    assert free.base - just.base == 412
    assert scores(just, study_of([(3, None, True)])) < scores(free, study_of([(3, None, True)]))


def test_texts_say_label_and_content_in_plain_words():
    links, kind, wait = card_of(fitted_model()).features
    assert [each.text for each in links.bins] == [
        "Web addresses in the message: under 2 links",
        "Web addresses in the message: from 2 to under 5 links",
        "Web addresses in the message: 5 links or more",
    ]
    assert [each.text for each in kind.all_bins] == [
        "How they came: web",
        "How they came: fair",
        "How they came: any other value",
        "How they came: not known",
    ]
    assert [each.text for each in wait.bins] == ["Whether they waited: no", "Whether they waited: yes"]
    assert [each.why for each in links.all_bins] == [
        "leads it was learned from: 60",
        "leads it was learned from: 30",
        "leads it was learned from: 1,010",
        "leads it was learned from: 5",
    ]


def test_bins_side_by_side_that_are_worth_the_same_become_one():
    shape = Shape(LINKS.name, (1.0, 2.0, 3.0), None, (0.1, 0.1001, 0.2, 0.1, 0.0), (1, 2, 3, 4, 5))
    (links,) = card_of(Fitted(0.0, (shape,), (), "by hand")).features
    assert isinstance(links, NumericFeature)
    assert (links.cuts, [each.points for each in links.bins]) == ((2.0, 3.0), [100, 200, 100])
    assert links.bins[0].why == "leads it was learned from: 3"


def test_bins_that_differ_in_a_pair_stay_apart():
    shape = Shape(LINKS.name, (2.0, 5.0), None, (0.1, 0.1, 0.1, 0.0), (1, 1, 1, 1))
    rows = ((0.0,) * 4, (0.0,) * 4, (0.5, 0.0, 0.0, 0.0), (0.0,) * 4)
    card = card_of(Fitted(0.0, (shape, SHAPES[1]), (PairShape(LINKS.name, KIND.name, rows),), "by hand"), "sold")
    assert [len(feature.all_bins) for feature in card.features] == [3, 4]
    assert card.pairs[0].points == ((0, 0, 0, 0), (500, 0, 0, 0), (0, 0, 0, 0))
    assert card.pairs[0].text == "Web addresses in the message: together with how they came"


def test_signals_that_say_nothing_are_left_out():
    flat = Shape(WAIT.name, None, (False, True), (0.0001, 0.0, 0.0, 0.0), (1, 1, 1, 1))
    empty = PairShape(LINKS.name, WAIT.name, ((0.0,) * 4,) * 4)
    card = card_of(Fitted(0.0, (*SHAPES[:2], flat), (empty,), "by hand"))
    assert [feature.signal for feature in card.features] == [LINKS.name, KIND.name]
    assert card.pairs == ()


def test_caps_are_the_most_a_family_can_add_and_others_are_kept():
    study = study_of([(1, "web", True)], target="sold")
    card = scorecard_from(
        fitted_model(), study, card_id="c", owner="Mia", note="draft", other_caps={"rule": 700, "text": 1}
    )
    assert card.caps == {"text": 1200, "visit": 150 + 250, "rule": 700}
    assert (card.id, card.owner, card.kind, card.target, card.note) == ("c", "Mia", LEARNED, "sold", "draft")


def test_a_pair_of_one_family_is_capped_with_it():
    cells = tuple((0.5, 0.0, 0.0, 0.0) for _ in range(4))
    pairs = (PairShape(KIND.name, WAIT.name, cells), PairShape(LINKS.name, KIND.name, cells))
    card = card_of(Fitted(0.0, SHAPES, pairs, "by hand"), "sold")
    assert set(card.caps) == {"text", "visit"}  # what only one of two tells became points of that one
    crossed = PairShape(LINKS.name, KIND.name, ((0.5, 0.0, 0.0, 0.0), *((0.0,) * 4,) * 3))
    within = PairShape(KIND.name, WAIT.name, ((0.5, 0.0, 0.0, 0.0), *((0.0,) * 4,) * 3))
    card = card_of(Fitted(0.0, SHAPES, (crossed, within), "by hand"), "sold")
    assert card.caps == {"text": 1200, "visit": 150 + 250 + 500, "pair": 500}


@given(models(), st.lists(values, min_size=1, max_size=8), st.sampled_from(["junk", "sold"]))
def test_a_score_is_the_logit_within_a_point_a_term(fitted, rows, target):
    study = study_of(rows, target=target)
    card = scorecard_from(fitted, study, card_id="c", owner="Mia")
    exact = logits(innocent(fitted) if target == "junk" else fitted, study)
    terms = 1 + len(card.features) + len(card.pairs)
    for points, logit in zip(scores(card, study), exact, strict=True):
        assert abs(points - 1000 * logit) <= terms


@given(models(), values)
def test_a_score_is_base_plus_reasons_and_no_cap_takes_any_back(fitted, row):
    card = card_of(fitted)
    places = {signal.name: place for place, signal in enumerate((LINKS, KIND, WAIT))}
    score = compiled(card, places)(row, {})
    assert score.score == card.base + sum(reason.points for reason in score.reasons)
    assert not [reason for reason in score.reasons if reason.code.startswith("cap.")]


def test_calibrated_logits_are_a_line_through_the_old_ones():
    study = study_of([(0, "web", True), (7, None, None), (None, "else", False)], target="sold")
    pair = PairShape(LINKS.name, KIND.name, ((0.1, 0.2, 0.3, 0.4),) * 4)
    fitted = replace(fitted_model(), pairs=(pair,))
    before, after = logits(fitted, study), logits(calibrated(fitted, Calibration(2.0, -0.5)), study)
    assert after == pytest.approx([2 * each - 0.5 for each in before])


def test_rounding_hardly_loses():
    rows = [(number % 8, ("web", "fair", None)[number % 3], number % 5 == 0) for number in range(400)]
    study = study_of(rows, truth=[number % 7 < 3 for number in range(400)])
    fitted = replace(fitted_model(), intercept=-0.12345)
    loss = rounding_loss(fitted, scorecard_from(fitted, study, card_id="c", owner="Mia"), study)
    assert loss.auc is not None
    assert abs(loss.auc) <= 0.001
    assert loss.log_loss is not None
    assert 0 < abs(loss.log_loss) <= 0.001


def test_a_coarser_card_shows_its_loss():
    study = study_of([(0, None, None), (3, None, None), (9, None, None)], truth=[False, True, True])
    fitted = fitted_model()
    coarse = scorecard_from(replace(fitted, shapes=SHAPES[1:]), study, card_id="c", owner="Mia")
    loss = rounding_loss(fitted, coarse, study)
    assert (loss.auc, loss.log_loss is not None and loss.log_loss > 0) == (0.5, True)


def test_the_loss_of_leads_that_are_all_alike_is_not_known():
    study = study_of([(1, "web", True)])
    assert rounding_loss(fitted_model(), card_of(fitted_model()), study).auc is None
    assert rounding_loss(fitted_model(), card_of(fitted_model()), study.part(0, 0)).log_loss is None
