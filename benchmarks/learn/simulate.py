"""A million generated decisions under a draft: threshold curve, other points, other bins, fifty new rules.

Seconds on one core, best of three, as a person waits who moves a threshold or edits a draft; reading the decisions
and measuring their signals comes before and is not part of it. The answers are held against `decide`, lead by lead.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from benchmarks.decide_bench import bench_ruleset
from winnow import bootstrap
from winnow.adapters.whatif.build import measured_by
from winnow.adapters.whatif.counts import tally, threshold_curve
from winnow.adapters.whatif.outcomes import Redecided, redecide
from winnow.adapters.whatif.scores import CardScores
from winnow.adapters.whatif.table import Column, Table, fingerprint, micros, narrow
from winnow.core.decide import decide
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Outcome
from winnow.core.ruleset import Ruleset
from winnow.core.scorecard import Bin, Feature, NumericFeature
from winnow.core.signals.base import Signal
from winnow.core.whatif.past import SOME_TIME

LEADS = 1_000_000
_DAYS = 180
_START = datetime(2026, 5, 1, tzinfo=UTC)
_WORDS = np.array(["residential", "hosting", "tor", "vpn", "pass", "fail", "none", "bot", "browser", "com", "top"])
_SOURCES = np.array(["web", "ads", "partner", "fair"])
_CHECKED = 300
_RARE = 0.1


def generated(rulesets: list[Ruleset], leads: int = LEADS, seed: int = 1) -> Table:
    """Leads with plausible values of every signal the rulesets read; one in ten is in a list, a customer or unknown."""
    chance = np.random.default_rng(seed)
    signals = measured_by(rulesets)
    nothing = np.zeros(leads, np.int64)
    return Table(
        refs=[str(number) for number in range(leads)],
        ids=[f"lead-{number}" for number in range(leads)],
        signals={name: fingerprint(signal) for name, signal in signals.items()},
        columns={name: _column(signal, leads, chance) for name, signal in signals.items()},
        source=_coded(_SOURCES[chance.integers(0, len(_SOURCES), leads)], None),
        groups={},
        decided_by=Column(("score",), nothing.astype(np.uint8)),
        bearings=_bearings(),
        bearing=chance.choice(5, leads, p=[0.9, 0.04, 0.02, 0.03, 0.01]).astype(np.uint8),
        now=micros(_START) + np.sort(chance.integers(0, _DAYS * 86_400_000_000, leads)),
        outcome=chance.choice(3, leads, p=[0.7, 0.2, 0.1]).astype(np.uint8),
        score=nothing,
        truth=chance.choice(5, leads, p=[0.6, 0.1, 0.2, 0.05, 0.05]).astype(np.uint8),
        whole={},
    )


def _bearings() -> tuple[Facts, ...]:
    def hit(action: ListAction) -> Facts:
        entry = ListEntry(str(action), action, ListKind.DOMAIN, "", "", "")
        return Facts(SOME_TIME, list_hits=(entry,), is_customer=False)

    known = (Facts(SOME_TIME, is_customer=False), hit(ListAction.BLOCK), hit(ListAction.ALLOW))
    return (*known, Facts(SOME_TIME), Facts(SOME_TIME, is_customer=True))


def _column(signal: Signal, leads: int, chance: np.random.Generator) -> Column:
    values: Any
    if signal.kind is bool:
        values = chance.random(leads) < _RARE
    elif signal.kind is str:
        values = _WORDS[chance.integers(0, len(_WORDS), leads)]
    elif signal.kind is int:
        values = chance.poisson(3, leads)
    else:  # hardly two leads with the same value
        values = chance.exponential(40, leads)
    return _coded(values, chance.random(leads) < _RARE)


def _coded(values: Any, unknown: Any) -> Column:  # noqa: ANN401  # arrays of any kind
    distinct, codes = np.unique(values, return_inverse=True)
    if unknown is not None:
        codes = np.where(unknown, len(distinct), codes)
    kept = distinct if distinct.dtype.kind in "if" else tuple(distinct.tolist())
    return Column(kept, narrow(codes, len(distinct) + 1))


def other_points(ruleset: Ruleset) -> Ruleset:
    """The same bins, each worth a little else."""
    card = ruleset.scorecard
    features = tuple(_changed(each) for each in card.features)
    return replace(ruleset, scorecard=replace(card, features=features))


def _changed(feature: Feature) -> Feature:
    bins = tuple(replace(each, points=each.points + index % 7 - 3) for index, each in enumerate(feature.bins))
    return replace(feature, bins=bins)


def other_bins(ruleset: Ruleset) -> Ruleset:
    """Every numeric signal cut finely anew."""
    card = ruleset.scorecard
    cuts = tuple(float(cut) for cut in range(1, 60))
    bins = tuple(Bin(11 * index - 300, f"bin {index}") for index in range(len(cuts) + 1))
    features = tuple(
        replace(each, cuts=cuts, bins=bins) if isinstance(each, NumericFeature) else each for each in card.features
    )
    return replace(ruleset, scorecard=replace(card, features=features))


def _seconds(call: Callable[[], object], rounds: int = 3) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best


def _check(table: Table, found: Redecided) -> None:
    """Decide some leads one by one and compare."""
    plan = found.ruleset.plan
    for row in range(0, len(table), max(1, len(table) // _CHECKED)):
        facts = replace(table.bearings[int(table.bearing[row])], now=_START + _since_start(table, row))
        values = {name: table.columns[name].at(row) for name in plan.names}
        source = table.source.at(row)
        decision = decide(Lead(table.ids[row], source=str(source)), facts, found.ruleset, assumed=values)
        same = (found.outcome[row], found.score[row], found.decided_by.at(row))
        assert same == (decision.outcome, decision.score, decision.decided_by)


def _since_start(table: Table, row: int) -> timedelta:
    return timedelta(microseconds=int(table.now[row]) - micros(_START))


def run() -> dict[str, float]:
    """The figures; raises AssertionError when an answer is not that of `decide`."""
    return measured(LEADS)


def measured(leads: int) -> dict[str, float]:
    """The figures for so many leads."""
    starter = bootstrap.load_ruleset(None)
    ruled = replace(bench_ruleset(), id="ruled")
    asking = tuple(
        replace(rule, points=0, outcome=Outcome.REVIEW) if index % 10 == 0 else rule
        for index, rule in enumerate(ruled.rules)
    )
    ruled = replace(ruled, rules=asking)
    table = generated([starter, ruled], leads)
    drafts = {"other points": other_points(starter), "other bins": other_bins(starter), "50 new rules": ruled}
    found = {name: redecide(table, draft) for name, draft in drafts.items()}
    for decided in found.values():
        _check(table, decided)
    draft, scored = drafts["other points"], found["other points"]
    figures = {"leads": float(leads), "features": float(len(starter.scorecard.features))}
    figures["threshold curve, s"] = _seconds(lambda: threshold_curve(table, scored))
    figures["scores alone, other points, s"] = _seconds(
        lambda: CardScores(table, draft.plan, draft.scorecard).scores({})
    )
    for name, each in drafts.items():
        figures[f"decided, {name}, s"] = _seconds(lambda each=each: redecide(table, each))  # type: ignore[misc]  # mypy infers no type beside a default
        figures[f"decided and counted, {name}, s"] = figures[f"decided, {name}, s"] + _seconds(
            lambda name=name: tally(table, found[name])  # type: ignore[misc]  # mypy infers no type beside a default
        )
    return figures


if __name__ == "__main__":
    for name, figure in run().items():
        print(f"{name:46} {figure:14,.3f}")
