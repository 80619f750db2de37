"""A trainer that needs no library, small labelled histories, and a fit of one of them."""

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from io import StringIO
from math import log
from operator import eq, gt, le
from typing import Any

from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.learning.study import Fitted, Shape, Study
from winnow.core.signals.base import Signal, Value
from winnow.ports import FitSettings

LEADS = 800


class TableTrainer:
    """Fulfils `Trainer`: each signal by itself, its bins worth the log odds among their leads."""

    def __init__(self) -> None:
        self.asked: list[tuple[Study, FitSettings]] = []

    def fit(self, study: Study, settings: FitSettings, progress: Callable[[float], None]) -> Fitted:
        self.asked.append((study, settings))
        progress(1.0)
        base = _logit(sum(study.truth), len(study))
        shapes = tuple(_shape(signal, study, base) for signal in study.signals)
        return Fitted(base, shapes, (), "table 1")


def _logit(hits: int, size: int) -> float:
    return log((hits + 1) / (size - hits + 1))


def _shape(signal: Signal, study: Study, base: float) -> Shape:
    column = study.columns[signal.name]
    known = sorted({value for value in column if value is not None}, key=str)
    if signal.kind in {bool, str}:
        bins: list[Callable[[Any], bool]] = [partial(eq, wanted) for wanted in known]
        return _filled(signal, None, tuple(known), [*bins, lambda _: False], study, base)
    numbers = sorted(float(value) for value in column if value is not None)
    middle = numbers[len(numbers) // 2]
    return _filled(signal, (middle,), None, [partial(gt, middle), partial(le, middle)], study, base)


def _filled(
    signal: Signal,
    cuts: tuple[float, ...] | None,
    values: tuple[Value, ...] | None,
    bins: Sequence[Callable[[Any], bool]],
    study: Study,
    base: float,
) -> Shape:
    column = study.columns[signal.name]
    logits, counts = [], []
    for holds in [*bins, None]:
        truths = [
            truth
            for value, truth in zip(column, study.truth, strict=True)
            if (value is None if holds is None else value is not None and holds(value))
        ]
        logits.append(_logit(sum(truths), len(truths)) - base if truths else 0.0)
        counts.append(len(truths))
    return Shape(signal.name, cuts, values, tuple(logits), tuple(counts))


def rows(size: int = LEADS) -> list[dict[str, str]]:
    """Made-up leads, an hour apart: about a third is junk, mostly from `fair`, quick to send, with few visits."""
    found = []
    for number in range(size):
        junk = number * 7 % 20 < 7
        lot = number * 31 % 17
        odd = lot < 3
        found.append(
            {
                "Ref": f"R{number:05}",
                "created_at": f"2026-{1 + number // 672:02}-{1 + number // 24 % 28:02}T{number % 24:02}:00:00Z",
                "Lead Source": "fair" if junk is not odd else ("web", "mail", "fair")[lot % 3],
                "Visits": str((lot % 5 if junk else 3 + lot) + number % 3),
                "Member": "" if lot == 5 else "yes" if lot % 2 else "no",
                "Religion": ("a", "b")[number % 2],
                "Age": str(20 + lot * 3),
                "Closed By": f"{'spam-team' if junk else 'sales'}",
                "Verdict": "spam" if junk else "genuine",
            }
        )
    return found


def as_csv(found: Sequence[Mapping[str, str]]) -> str:
    """The rows as a CSV file."""
    text = StringIO()
    writer = csv.DictWriter(text, list(found[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def made_study(size: int = LEADS, *, dated: bool = True) -> Study:
    """A study of three signals: `lead_source.value` tells a lot, `visits.value` a little, `closed_by.value` all."""
    signals = {
        "lead_source.value": DeclaredSignal("lead_source.value", "custom.lead_source", Reading.TEXT, "lead source"),
        "visits.value": DeclaredSignal("visits.value", "custom.visits", Reading.NUMBER, "visits"),
        "closed_by.value": DeclaredSignal("closed_by.value", "custom.closed_by", Reading.TEXT, "closed by"),
    }
    found = rows(size)
    return Study(
        target="junk",
        signals=tuple(each.signal for each in signals.values()),
        columns={
            "lead_source.value": [each["Lead Source"] for each in found],
            "visits.value": [float(each["Visits"]) for each in found],
            "closed_by.value": [each["Closed By"] for each in found],
        },
        truth=[each["Verdict"] == "spam" for each in found],
        weights=[1.0] * size,
        times=[3600.0 * place for place in range(size)] if dated else (),
        ids=[each["Ref"] for each in found],
        sources=[each["Lead Source"] if place % 9 else None for place, each in enumerate(found)],
    )
