"""One lead, the starter scorecard over all its signals and fifty rules: `decide` beside the same rules in cel-python.

CPU time of one process, best of several rounds, everything compiled beforehand; the looking-up of facts is not
part of `decide` and is measured by the bulk benchmark. Winnow skips rules that read an unknown signal, which CEL does
not know; rules_bench compares the two with every signal known.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import celpy
from celpy.adapter import json_to_cel

from winnow import bootstrap, demo
from winnow.config import load
from winnow.core.decide import decide
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.plan import by_name
from winnow.core.rules import Rule
from winnow.core.ruleset import Ruleset
from winnow.core.signals.registry import SIGNALS
from winnow.shells.bulk.pool import local_screener
from winnow.shells.bulk.run import Request, opened

_SHAPES = {
    bool: "{name}",
    int: "{name} >= {n}",
    float: "{name} > 0.{n} && {name} < 9{n}.0",
    str: "{name} in ['hosting', 'tor', 'fail', 'bot', 'v{n}']",
}


def rules(count: int = 50) -> tuple[Rule, ...]:
    """Fifty rules, each over two signals, that between them read nearly all signals."""
    names = cycle(SIGNALS)
    found = []
    for index in range(count):
        first, second = next(names), next(names)
        parts = [_SHAPES[each.kind].format(name=each.name, n=index % 9 + 1) for each in (first, second)]
        when = f"({parts[0]}) && ({parts[1]})" if index % 2 else f"({parts[0]}) || ({parts[1]})"
        found.append(Rule(f"b{index}", when, "bench", "bench", "bench", points=-1, family="rule"))
    return tuple(found)


def bench_ruleset() -> Ruleset:
    """The starter ruleset with fifty rules in place of its own."""
    starter = bootstrap.load_ruleset(None)
    families = dict.fromkeys({signal.family for signal in SIGNALS} | {"rule"}, 2000)
    card = replace(starter.scorecard, caps={**families, **starter.scorecard.caps})
    return replace(starter, rules=rules(), scorecard=card)


def sample(count: int = 200) -> list[tuple[Lead, Facts]]:
    """Demo leads with their facts."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        demo.write(path, leads=count)
        opening = opened(Request(str(path), load()))
        with opening.source:
            screener = local_screener(opening.job, bootstrap.SlidingHistory())
            leads = [lead for chunk in opening.chunks() for lead in screener.leads(chunk)]
            return screener.screener.looked_up(leads)


def microseconds(call: Callable[[], object], units: int, rounds: int = 7) -> float:
    """CPU microseconds a unit, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best / units * 1e6


def run() -> dict[str, float]:
    """The figures, and the ratio to cel-python for the rules alone and for the whole of `decide`."""
    ruleset, leads = bench_ruleset(), sample()
    plan = ruleset.plan
    values = [plan.measure(*each) for each in leads]
    now = datetime(2026, 11, 1, tzinfo=UTC)
    ours = microseconds(lambda: [decide(lead, facts, ruleset) for lead, facts in leads], len(leads))
    own_rules = microseconds(lambda: [plan.rules.evaluate(row, now) for row in values], len(leads))
    theirs = microseconds(_cel_python(ruleset, values[:40]), 40, rounds=3)
    return {
        "signals": float(len(plan.signals)),
        "rules": float(len(ruleset.rules)),
        "decide, µs a lead": ours,
        "of it measuring signals": microseconds(lambda: [plan.measure(*each) for each in leads], len(leads)),
        "of it the scorecard": microseconds(lambda: [plan.scorer(row, {}) for row in values], len(leads)),
        "of it the rules": own_rules,
        "the same rules in cel-python, µs a lead": theirs,
        "times faster, whole decide": theirs / ours,
        "times faster, rules alone": theirs / own_rules,
    }


def _cel_python(ruleset: Ruleset, values: list[tuple[bool | int | float | str | None, ...]]) -> Callable[[], object]:
    environment = celpy.Environment()
    programs = [environment.program(environment.compile(rule.when)) for rule in ruleset.rules]
    rows = [_nested(dict(by_name(ruleset.plan, row))) for row in values]

    def evaluate() -> None:
        for row in rows:
            context = {family: json_to_cel(known) for family, known in row.items()}
            for program in programs:
                program.evaluate(context)

    return evaluate


def _nested(values: dict[str, bool | int | float | str | None]) -> dict[str, dict[str, bool | int | float | str]]:
    """Values as CEL wants them; an unknown one gets a value of its kind, since CEL has no unknown."""
    families: dict[str, dict[str, bool | int | float | str]] = {}
    kinds = {signal.name: signal.kind for signal in SIGNALS}
    for name, value in values.items():
        family, _, key = name.partition(".")
        families.setdefault(family, {})[key] = kinds[name]() if value is None else value
    return families
