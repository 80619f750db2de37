"""Explainable boosting machines by interpret-core; the only importer of that library."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import joblib
import numpy as np
from interpret.glassbox import ExplainableBoostingClassifier

from winnow.adapters.trainer.columns import Column, Floats, columns_of, redrawn
from winnow.adapters.trainer.progress import StepProgress
from winnow.adapters.trainer.read import fitted_from
from winnow.adapters.trainer.settle import settled
from winnow.core.learning.figures.measures import log_loss, probability
from winnow.core.learning.fitting.additive import guilty, innocent, known_mean, logits
from winnow.core.learning.fitting.bins import bent, smoothed
from winnow.core.learning.study import Fitted, Study
from winnow.core.scorecard import JUNK
from winnow.errors import InvalidInputError
from winnow.ports import FitSettings

#: Bins of a numeric signal. On real leads more of them told nothing apart that these do not.
_MOST_BINS = 64
_MOST_PAIR_BINS = 12

#: A text of more values than this is in no pair: nobody reads such a table.
_MOST_PAIRED_VALUES = 24

#: Neighbouring bins that differ by no more, in logits, are made one.
_SAME = 0.01

#: Log-loss, on the leads of the fit, that innocence may cost before a better way to it is tried.
_BEARABLE = 0.002

#: The library's words; yes and no stand for 0 and 1, with a cut between them, so that they have an order.
_KINDS: dict[type, str | list[float]] = {str: "nominal", bool: [0.5]}

_BOTH = 2


class EbmTrainer:
    """Fulfils `Trainer`.

    jobs: bags fitted at the same time, each on a core · bags: models fitted on different parts of the leads, whose
    mean is the answer · rounds: most boosting rounds of each, before which it stops by itself as a rule
    """

    def __init__(self, jobs: int = 2, *, bags: int = 8, rounds: int = 50_000) -> None:
        self._jobs = jobs
        self._bags = bags
        self._rounds = rounds

    def fit(self, study: Study, settings: FitSettings, progress: Callable[[float], None]) -> Fitted:
        """Fit all signals of the study; raises InvalidInputError when there is nothing to tell apart.

        Of the target junk, no unknown bin adds more than the average known lead gets; see `_innocent_fit`.
        """
        study = _counting(study)
        _need_sense(study, settings)
        columns = columns_of(study)
        fit = _innocent_fit if study.target == JUNK else _free_fit
        fitted = fit(_Boosting(self._jobs, self._bags, self._rounds, study, settings), columns, progress)
        paired = {name for pair in fitted.pairs for name in (pair.first, pair.second)}
        progress(1.0)
        shapes = (shape if shape.signal in paired else smoothed(shape, _SAME) for shape in fitted.shapes)
        return replace(fitted, shapes=tuple(shapes))


class _Boosting:
    """One study and how it is to be fitted, for fitting it more than once."""

    def __init__(self, jobs: int, bags: int, rounds: int, study: Study, settings: FitSettings) -> None:
        self.study = study
        self.settings = settings
        self.truth = np.asarray(study.truth, dtype=np.bool_)
        self._weights = _weights(study.weights)
        self._jobs = jobs
        self._bags = bags
        self._rounds = rounds

    def fit(self, columns: Sequence[Column], shown: Sequence[Column], progress: Callable[[float], None]) -> Fitted:
        """What these columns teach; the counts of its bins are those of the columns `shown`."""
        # The library boosts in native code outside the interpreter's lock, so threads do; processes would each start
        # slowly, hold the data again and be out of sight of the progress.
        with joblib.parallel_config(backend="threading"), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Missing values detected")  # a remark on its charts
            model = self._machine(columns, progress).fit(
                np.column_stack([column.numbers for column in columns]),
                self.truth.astype(np.int64),
                sample_weight=self._weights,
            )
        return self.bent(fitted_from(model, shown))

    def settled(self, fitted: Fitted, columns: Sequence[Column]) -> Fitted:
        """The innocent model near this one that loses least."""
        return innocent(self.bent(settled(innocent(fitted), columns, self.truth, self._weights)))

    def bent(self, fitted: Fitted) -> Fitted:
        """The model with its shapes bent in the directions that are known, afterwards as the library's authors advise.

        Bent while fitting, a shape would leave what it may not say to other signals, and hide that it wanted to.
        """
        shapes = (
            bent(shape, rising=shape.signal in self.settings.rising)
            if shape.signal in _directed(self.settings)
            else shape
            for shape in fitted.shapes
        )
        return replace(fitted, shapes=tuple(shapes))

    def loss(self, fitted: Fitted) -> float:
        """Its log-loss on the leads it was fitted on."""
        chances = [probability(each) for each in logits(fitted, self.study)]
        return log_loss(chances, self.study.truth, self.study.weights) or 0.0

    def _machine(self, columns: Sequence[Column], progress: Callable[[float], None]) -> Any:  # noqa: ANN401  # untyped
        return ExplainableBoostingClassifier(
            feature_names=[column.signal.name for column in columns],
            feature_types=[_KINDS.get(column.signal.kind, "continuous") for column in columns],
            max_bins=_MOST_BINS,
            max_interaction_bins=_MOST_PAIR_BINS,
            interactions=self.settings.pairs,
            exclude=_unpaired(columns, self.settings),
            outer_bags=self._bags,
            max_rounds=self._rounds,
            callback=StepProgress(progress, self._bags, self._jobs, len(columns)),
            n_jobs=self._jobs,
            random_state=self.settings.seed,
        )


def _free_fit(boosting: _Boosting, columns: Sequence[Column], progress: Callable[[float], None]) -> Fitted:
    return boosting.fit(columns, columns, progress)


def _innocent_fit(boosting: _Boosting, columns: Sequence[Column], progress: Callable[[float], None]) -> Fitted:
    """The best model found in which not knowing never speaks for the target.

    Where the missing values of a column told much, taking their points away loses more than it must, because the
    other signals were fitted beside them. Then the fit is repeated with those values replaced by what other leads
    of the same truth have, which makes missing tell nothing and leaves what is known as telling as it was.
    """
    first = boosting.fit(columns, columns, lambda done: progress(done / 2))
    suspects = guilty(first)
    if not suspects:
        return first
    found = boosting.settled(first, columns)
    if boosting.loss(found) - boosting.loss(first) <= _BEARABLE:
        return found
    chance = np.random.default_rng(boosting.settings.seed)
    again = [redrawn(each, boosting.truth, chance) if each.signal.name in suspects else each for each in columns]
    second = boosting.fit(again, columns, lambda done: progress((1 + done) / 2))
    shapes = (
        replace(shape, logits=(*shape.logits[:-1], known_mean(shape))) if shape.signal in suspects else shape
        for shape in second.shapes
    )
    return boosting.settled(replace(second, shapes=tuple(shapes)), columns)


def _counting(study: Study) -> Study:
    """The leads whose labels count at all; the library takes no others."""
    if all(study.weights):
        return study
    return study.having([place for place, weight in enumerate(study.weights) if weight])


def _need_sense(study: Study, settings: FitSettings) -> None:
    if not study.signals:
        raise InvalidInputError("there is no signal to learn from", fix="give a column that may be used")
    if len(set(study.truth)) != _BOTH:
        raise InvalidInputError(
            f"all {len(study)} leads are alike", fix="give leads that are it and leads that are not"
        )
    texts = sorted(each.name for each in study.signals if each.kind is str and each.name in _directed(settings))
    if texts:
        raise InvalidInputError(f"`{texts[0]}` is a text and cannot rise or fall", fix="give directions to numbers")
    both = sorted(settings.rising & settings.falling)
    if both:
        raise InvalidInputError(f"`{both[0]}` is to rise and to fall", fix="choose one")


def _directed(settings: FitSettings) -> frozenset[str]:
    return settings.rising | settings.falling


def _unpaired(columns: Sequence[Column], settings: FitSettings) -> list[tuple[str, str]] | None:
    """Pairs that must not be: of signals with a direction, which a table could turn round, and of long texts."""
    if not settings.pairs:
        return None
    barred = {each.signal.name for each in columns if each.is_text and len(each.values or ()) > _MOST_PAIRED_VALUES}
    names = [column.signal.name for column in columns]
    return [pair for pair in combinations(names, 2) if not (barred | _directed(settings)).isdisjoint(pair)]


def _weights(weights: Sequence[float]) -> Floats | None:
    """None when all labels count the same, which is less work."""
    return None if len(set(weights)) == 1 else np.asarray(weights, dtype=np.float64)
