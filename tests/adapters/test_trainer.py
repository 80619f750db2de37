"""Fits on small made-up leads: shapes, determinism, directions, and that not knowing is never held against a lead."""

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from tests.support.fitted import KIND, LINKS, WAIT, study_of
from winnow.adapters.trainer import EbmTrainer
from winnow.adapters.trainer.progress import StepProgress
from winnow.core.learning.figures.measures import auc, probability
from winnow.core.learning.fitting.additive import guilty, logits
from winnow.core.learning.fitting.points import rounding_loss, scorecard_from, scores
from winnow.core.learning.study import Fitted, Shape, Study
from winnow.errors import InvalidInputError
from winnow.ports import FitSettings

TRAINER = EbmTrainer(bags=2, rounds=300)


def silent(_: float) -> None:
    """Tell nobody."""


def leads(size: int = 1500, target: str = "sold") -> Study:
    """More links, more of it, but for a dip from 6 on; fairs less; waiting unknown mostly where it is it."""
    chance = np.random.default_rng(7)
    rows, truth = [], []
    for _ in range(size):
        links = None if chance.random() < 0.1 else int(chance.integers(10))
        kind = (None, "web", "fair", "post")[chance.choice(4, p=[0.1, 0.59, 0.3, 0.01])]
        logit = (links or 0) * 0.5 - 2 - (2 if (links or 0) >= 6 else 0) - (1.5 if kind == "fair" else 0)
        is_it = bool(chance.random() < probability(logit))
        wait = None if chance.random() < (0.6 if is_it else 0.1) else bool(chance.random() < 0.5)
        rows.append((links, kind, wait))
        truth.append(is_it)
    return study_of(rows, truth, target)


def shape_of(fitted: Fitted, name: str) -> Shape:
    return next(shape for shape in fitted.shapes if shape.signal == name)


@pytest.fixture(scope="module")
def study() -> Study:
    return leads()


@pytest.fixture(scope="module")
def fitted(study) -> Fitted:
    return TRAINER.fit(study, FitSettings(pairs=1), silent)


def test_a_fit_tells_leads_apart_and_rounds_well(study, fitted):
    card = scorecard_from(fitted, study, card_id="c", owner="Mia")
    found = scores(card, study)
    told_apart, loss = auc(found, study.truth), rounding_loss(fitted, card, study)
    assert told_apart is not None
    assert told_apart > 0.8
    assert (loss.auc, loss.log_loss) == pytest.approx((0, 0), abs=0.001)
    for points, logit in zip(found, logits(fitted, study), strict=True):
        assert abs(points - 1000 * logit) <= 1 + len(card.features) + len(card.pairs)


def test_probabilities_average_to_the_rate(study, fitted):
    chances = [probability(logit) for logit in logits(fitted, study)]
    assert sum(chances) / len(chances) == pytest.approx(study.rate, abs=0.02)


def test_shapes_are_as_a_study_has_them(study, fitted):
    assert [shape.signal for shape in fitted.shapes] == [LINKS.name, KIND.name, WAIT.name]
    links, kind, wait = fitted.shapes
    assert links.cuts
    assert set(links.cuts) <= set(map(float, range(1, 10)))  # whole cuts between whole numbers
    assert (kind.values, wait.values) == (("web", "fair"), (False, True))
    assert len(links.logits) == len(links.cuts) + 2
    assert [len(each.logits) for each in (kind, wait)] == [4, 4]
    for shape in fitted.shapes:
        column = study.columns[shape.signal]
        assert sum(shape.counts) == len(study)
        assert shape.counts[-1] == sum(value is None for value in column)
    assert kind.counts[2] == sum(value == "post" for value in study.columns[KIND.name])
    assert fitted.library.startswith("interpret-core ")


def test_a_pair_has_a_cell_for_every_two_bins(fitted):
    (pair,) = fitted.pairs
    first, second = shape_of(fitted, pair.first), shape_of(fitted, pair.second)
    assert [len(row) for row in pair.logits] == [len(second.logits)] * len(first.logits)


def test_the_same_seed_gives_the_same_model(study):
    part = study.part(0, 600)
    once, again = (TRAINER.fit(part, FitSettings(seed=3), silent) for _ in range(2))
    assert once == again
    assert EbmTrainer(jobs=1, bags=2, rounds=300).fit(part, FitSettings(seed=3), silent) == once
    assert TRAINER.fit(part, FitSettings(seed=4), silent) != once


def test_a_direction_is_kept(study, fitted):
    rising = TRAINER.fit(study, FitSettings(pairs=1, rising=frozenset({LINKS.name})), silent)
    free, bent = shape_of(fitted, LINKS.name).logits[:-1], shape_of(rising, LINKS.name).logits[:-1]
    assert list(free) != sorted(free)
    assert list(bent) == sorted(bent)
    assert all(LINKS.name not in {pair.first, pair.second} for pair in rising.pairs)
    falling = TRAINER.fit(study, FitSettings(falling=frozenset({LINKS.name, WAIT.name})), silent)
    assert list(shape_of(falling, LINKS.name).logits[:-1]) == sorted(shape_of(falling, LINKS.name).logits[:-1])[::-1]
    assert shape_of(falling, WAIT.name).logits[0] >= shape_of(falling, WAIT.name).logits[1]


def test_of_junk_not_knowing_is_never_held_against_a_lead(study, fitted):
    assert WAIT.name in guilty(fitted)
    junk = replace(study, target="junk")
    told: list[float] = []
    innocent = TRAINER.fit(junk, FitSettings(), told.append)
    assert any(0.5 < done < 1 for done in told)  # so much was lost that the fit was repeated
    assert guilty(innocent) == ()
    assert len(scorecard_from(innocent, junk, card_id="c", owner="Mia").features) >= 2  # which refuses guilty ones
    chances = [probability(logit) for logit in logits(innocent, junk)]
    assert sum(chances) / len(chances) == pytest.approx(junk.rate, abs=0.02)  # the others took it up


def test_innocent_leads_are_fitted_once(study):
    known = study.using([LINKS.name, KIND.name])
    junk = replace(known, target="junk", columns={**known.columns, KIND.name: ["web"] * len(study)})
    told: list[float] = []
    found = TRAINER.fit(junk, FitSettings(), told.append)
    assert guilty(found) == ()
    assert told == sorted(told)
    assert (max(told[:-1]) <= 0.5, told[-1]) == (True, 1.0)


def test_a_pair_with_an_unknown_side_is_innocent_too(study):
    junk = replace(study, target="junk")
    found = TRAINER.fit(junk, FitSettings(pairs=2), silent)
    assert found.pairs
    scorecard_from(found, junk, card_id="c", owner="Mia")
    for pair in found.pairs:
        assert max(*pair.logits[-1], *(row[-1] for row in pair.logits)) <= 0


def test_weights_count(study):
    doubtful = [
        0.01 if kind == "fair" and not is_it else 1.0
        for kind, is_it in zip(study.columns[KIND.name], study.truth, strict=True)
    ]
    even = TRAINER.fit(study, FitSettings(), silent)
    found = TRAINER.fit(replace(study, weights=doubtful), FitSettings(), silent)
    assert shape_of(found, KIND.name).logits[1] > shape_of(even, KIND.name).logits[1] + 0.5
    junk = TRAINER.fit(replace(study, weights=doubtful, target="junk"), FitSettings(), silent)
    assert shape_of(junk, KIND.name).logits[1] > shape_of(even, KIND.name).logits[1] + 0.5


def test_columns_that_tell_nothing_do_no_harm(study):
    columns = {**study.columns, KIND.name: [None] * len(study), WAIT.name: [True] * len(study)}
    for target in ("junk", "sold"):
        found = TRAINER.fit(replace(study, columns=columns, target=target), FitSettings(), silent)
        assert all(map(math.isfinite, (logit for shape in found.shapes for logit in shape.logits)))
        card = scorecard_from(found, study, card_id="c", owner="Mia")
        assert [feature.signal for feature in card.features] == [LINKS.name]


def test_a_value_never_seen_is_taken_for_the_average_lead(study):
    common = study.having([place for place, kind in enumerate(study.columns[KIND.name]) if kind != "post"])
    found = shape_of(TRAINER.fit(common, FitSettings(), silent), KIND.name)
    known = zip(found.logits[:2], found.counts, strict=False)
    assert found.logits[2] == pytest.approx(sum(logit * count for logit, count in known) / sum(found.counts[:2]))


@pytest.mark.parametrize(
    ("truth", "settings", "message"),
    [
        ([True] * 30, FitSettings(), "all 30 leads are alike"),
        ([], FitSettings(), "all 0 leads are alike"),
        ([True, False], FitSettings(rising=frozenset({KIND.name})), "`visit.kind` is a text and cannot rise or fall"),
        (
            [True, False],
            FitSettings(rising=frozenset({LINKS.name}), falling=frozenset({LINKS.name})),
            "`text.links` is to rise and to fall",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused(truth, settings, message):
    with pytest.raises(InvalidInputError, match=message):
        TRAINER.fit(study_of([(1, "web", True)] * len(truth), truth), settings, silent)


def test_a_fit_without_signals_is_refused(study):
    with pytest.raises(InvalidInputError, match="there is no signal to learn from"):
        TRAINER.fit(study.using([]), FitSettings(), silent)


def test_labels_of_no_weight_count_for_nothing(study):
    kinds = study.columns[KIND.name]
    weights = [0.0 if kind == "fair" and not is_it else 1.0 for kind, is_it in zip(kinds, study.truth, strict=True)]
    found = TRAINER.fit(replace(study, weights=weights), FitSettings(), silent)
    assert shape_of(found, KIND.name).logits[1] > shape_of(found, KIND.name).logits[0]


def test_progress_only_grows_and_knows_finished_bags():
    told: list[float] = []
    progress = StepProgress(told.append, bags=4, jobs=2, terms=1)
    steps = [(0, 100), (1, 200), (1, 201), (0, 300), (2, 1), (3, 300)]
    assert [progress(bag, step, True, 0.0) for bag, step in steps] == [False] * len(steps)
    # 400 rounds are guessed to be usual until a bag is over; a bag counts as at most 0.8 until then.
    first, third = 0.8 * 100 / 400, (1 + 0.8 * 201 / 300 + 0.8 * 1 / 300) / 4
    assert told == pytest.approx([first / 4, 0.15, 0.2505, third, (2 + 0.8 * 1 / 250.5 + 0.8) / 4])
    assert told == sorted(told)


def test_without_the_extra_the_command_can_say_so():
    script = (
        "import sys; sys.modules['interpret'] = None\n"
        "try:\n    import winnow.adapters.trainer\n"
        "except Exception as error:\n    print(type(error).__name__, error)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert (
        said.strip() == "MissingExtraError learning needs interpret-core; install it: pip install 'winnow-crm[learn]'"
    )
