"""How fast scorecards are fitted and applied, next to the library they are fitted with; generated leads."""

import resource
import warnings
from collections.abc import Callable, Mapping, Sequence
from math import isnan
from time import perf_counter, process_time
from typing import Any, TypeVar

import joblib
import numpy as np
from interpret.glassbox import ExplainableBoostingClassifier

from winnow.adapters.trainer import EbmTrainer
from winnow.adapters.trainer.columns import Column, Floats, columns_of
from winnow.adapters.trainer.read import fitted_from
from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.learning.fitting.points import POINTS, scorecard_from
from winnow.core.learning.study import Study
from winnow.core.scorecard import Score, Scorecard, compiled
from winnow.core.signals.base import Signal, Value
from winnow.ports import FitSettings

Done = TypeVar("Done")

_LEADS = 100_000
_NUMBERS, _TEXTS, _YES_NO = 26, 8, 6
_ROUNDS = 300
_BAGS = 8
_SCORED = 1_000_000

#: Leads explained one at a time, and how often; the best time counts, as the others tell of other programs.
_SINGLES = 200
_AGAIN = 5
_OFTEN = 100
_KILOBYTES_A_GIGABYTE = 1_048_576


def run() -> Mapping[str, float]:
    """Fit 100,000 leads of 40 signals, score 1,000,000, and explain single ones, by us and by interpret."""
    study = _generated()
    trainer = EbmTrainer(bags=_BAGS, rounds=_ROUNDS)
    fitted, ours, our_work = _timed(lambda: trainer.fit(study, FitSettings(), lambda _: None))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTES_A_GIGABYTE
    (columns, machine), library, their_work = _timed(lambda: _library(study))
    card = scorecard_from(fitted, study, card_id="benchmark", owner="benchmark")
    return {
        "our fit (s)": ours,
        "interpret alone, same settings (s)": library,
        "ratio of time": ours / library,
        "ratio of work of both cores, at most 1.3": our_work / their_work,
        "largest memory after our fit (GB), at most 4": memory,
        "bins in the scorecard": sum(len(feature.all_bins) for feature in card.features),
        "1,000,000 leads scored one by one (s of a core)": _scoring_seconds(card, study),
        **_singles(study, columns, machine),
    }


def _timed(work: Callable[[], Done]) -> tuple[Done, float, float]:
    """What the work gives, the seconds it took, and those of all cores together, which other programs hardly change."""
    start, before = perf_counter(), process_time()
    done = work()
    return done, perf_counter() - start, process_time() - before


def _library(study: Study) -> tuple[Sequence[Column], Any]:
    columns = columns_of(study)
    return columns, _machine(columns, study)


def _generated() -> Study:
    """Leads whose truth depends on half of their signals; a tenth of all values is unknown."""
    chance = np.random.default_rng(1)
    columns: dict[str, list[Value | None]] = {}
    signals: list[Signal] = []
    logit = np.full(_LEADS, -1.5)
    readings = [Reading.NUMBER] * _NUMBERS + [Reading.TEXT] * _TEXTS + [Reading.YES_NO] * _YES_NO
    for place, reading in enumerate(readings):
        signal = DeclaredSignal(
            f"family{place % 7}.column{place}", f"custom.c{place}", reading, f"column {place}"
        ).signal
        numbers = chance.normal(size=_LEADS) if reading is Reading.NUMBER else chance.integers(0, _of(reading), _LEADS)
        known = chance.random(_LEADS) >= 0.1  # noqa: PLR2004  # see above
        logit += (place % 2) * known * np.sin(numbers * (1 + place / 10)) * 0.6
        values = [_value(reading, number) for number in numbers.tolist()]
        columns[signal.name] = [value if there else None for value, there in zip(values, known.tolist(), strict=True)]
        signals.append(signal)
    truth = (chance.random(_LEADS) < 1 / (1 + np.exp(-logit))).tolist()
    ids = list(map(str, range(_LEADS)))
    return Study("sold", tuple(signals), columns, truth, [1.0] * _LEADS, (), ids, [None] * _LEADS)


def _of(reading: Reading) -> int:
    return 2 if reading is Reading.YES_NO else 30


def _value(reading: Reading, number: float) -> Value:
    if reading is Reading.NUMBER:
        return number
    return number == 1 if reading is Reading.YES_NO else f"value {number}"


def _machine(columns: Sequence[Column], study: Study) -> Any:  # noqa: ANN401  # the library has no types
    """The same boosting by the library alone; without our shapes, counts and round cuts."""
    machine = ExplainableBoostingClassifier(
        feature_types=["nominal" if column.is_text else "continuous" for column in columns],
        max_bins=64,
        interactions=0,
        outer_bags=_BAGS,
        max_rounds=_ROUNDS,
        n_jobs=2,
        random_state=1,
    )
    with warnings.catch_warnings(), joblib.parallel_config(backend="threading"):
        warnings.simplefilter("ignore", UserWarning)  # its advice on charts
        return machine.fit(_matrix(columns), np.asarray(study.truth, dtype=int))


def _matrix(columns: Sequence[Column]) -> Floats:
    return np.column_stack([column.numbers for column in columns])


def _scoring_seconds(card: Scorecard, study: Study) -> float:
    score = compiled(card, {signal.name: place for place, signal in enumerate(study.signals)})
    rows = list(study.rows())
    start = process_time()
    for _ in range(_SCORED // len(rows)):
        for row in rows:
            score(row, {})
    return process_time() - start


def _singles(study: Study, columns: Sequence[Column], machine: Any) -> Mapping[str, float]:  # noqa: ANN401  # as above
    """One lead at a time, scored and explained, by the library's own model and by that model in points."""
    fitted = fitted_from(machine, columns)
    card = scorecard_from(fitted, study, card_id="benchmark", owner="benchmark")
    score = compiled(card, {signal.name: place for place, signal in enumerate(study.signals)})
    rows, leads = list(study.part(0, _SINGLES).rows()), _apart(columns)
    found = [score(row, {}) for row in rows]
    local = [machine.explain_local(lead).data(0)["scores"] for lead in leads]
    ours = min(_timed(lambda: [score(row, {}) for row in rows])[2] for _ in range(_OFTEN)) / _SINGLES
    theirs = min(_timed(lambda: _explained(machine, leads))[2] for _ in range(_AGAIN)) / _SINGLES
    unknown = [shape.logits[-1] for shape in fitted.shapes]
    for each, contributions in zip(found, local, strict=True):
        _need_same(each, [got - none for got, none in zip(contributions, unknown, strict=True)], study)
    return {
        "one lead scored and explained (µs of a core)": ours * 1e6,
        "the same by interpret (µs of a core)": theirs * 1e6,
        "times faster, at least 300": theirs / ours,
    }


def _explained(machine: Any, leads: Sequence[Any]) -> None:  # noqa: ANN401  # as above
    for lead in leads:
        machine.predict_proba(lead)
        machine.explain_local(lead)


def _apart(columns: Sequence[Column]) -> list[Any]:
    """The first leads as tables of one row, with numbers, words and gaps, as a lead arrives and as we take it."""
    rows = zip(*(column.numbers[:_SINGLES].tolist() for column in columns), strict=True)
    return [np.array([list(map(_arriving, row, columns))], dtype=object) for row in rows]


def _arriving(number: float, column: Column) -> float | str | None:
    if isnan(number):
        return None
    return str(int(number)) if column.is_text else number


def _need_same(score: Score, contributions: Sequence[float], study: Study) -> None:
    """Our points and the library's contributions are the same but for rounding; both count from the unknown on."""
    points = {reason.code: reason.points for reason in score.reasons}
    for signal, logit in zip(study.signals, contributions, strict=True):
        if abs(points.get(signal.name, 0) - POINTS * logit) > 1:
            raise ValueError(f"{signal.name}: {points.get(signal.name, 0)} points are not {logit} logits")
