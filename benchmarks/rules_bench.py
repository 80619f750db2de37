"""Fifty rules over thirty-six signals: Winnow's compiled rules beside two CEL libraries, in one run.

CPU seconds of one process, everything compiled beforehand, best of several rounds. A round decides the same
rows with each; every library is given the values in the form it needs, which is part of its price.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import cel
import celpy
from celpy.adapter import json_to_cel

from winnow.core.cel import Kind
from winnow.core.rules import Rule, RuleBook

Row = tuple[bool | int | float | str, ...]
Fired = list[tuple[int, ...]]

_KINDS: tuple[Kind, ...] = (int, float, str, bool)
TYPES: dict[str, Kind] = {f"f{index % 6}.s{index}": _KINDS[index % 4] for index in range(36)}
NAMES = tuple(TYPES)
NOW = datetime(2026, 11, 1, tzinfo=UTC)

_PLAIN = (
    "{int} >= {n} && {double} < 3.0",
    "{string} in ['tor', 'vpn', 'hosting'] && !{bool}",
    "{string}.endsWith('.top') || {int} > 2{n}",
    "{bool} && {double} < 1.5 && {int} + {n} > 9",
    "{string}.contains('casino') || {double} / 2.0 > {n}.5",
)
_PATTERN = r"{string}.matches(r'(?i)\b(seo|casino|backlinks?)\b')"
_WORDS = ("tor", "residential", "example.top", "mobile", "we sell casino backlinks", "vpn", "hosting", "shop.example")


def conditions(patterns: int = 0) -> list[str]:
    """Fifty conditions that between them read all signals, the last few of them patterns."""
    by_kind = {kind: [name for name in NAMES if TYPES[name] is kind] for kind in _KINDS}
    found = []
    for index in range(50):
        names = [by_kind[kind][index % 9] for kind in _KINDS]
        shape = _PATTERN if index >= 50 - patterns else _PLAIN[index % len(_PLAIN)]
        found.append(shape.format(**dict(zip(("int", "double", "string", "bool"), names, strict=True)), n=index % 7))
    return found


def rows(count: int = 40) -> list[Row]:
    """Values of all signals for some leads."""
    return [tuple(_value(kind, 7 * lead + index) for index, kind in enumerate(TYPES.values())) for lead in range(count)]


def _value(kind: Kind, seed: int) -> bool | int | float | str:
    if kind is str:
        return _WORDS[seed % len(_WORDS)]
    if kind is bool:
        return seed % 3 == 0
    return seed % 31 if kind is int else seed % 97 / 8


def _nested(row: Row) -> dict[str, dict[str, bool | int | float | str]]:
    families: dict[str, dict[str, bool | int | float | str]] = {}
    for name, value in zip(NAMES, row, strict=True):
        family, _, key = name.partition(".")
        families.setdefault(family, {})[key] = value
    return families


def winnow_runner(sources: Sequence[str]) -> Callable[[list[Row]], Fired]:
    """Winnow: all rules in one function."""
    book = RuleBook([Rule(f"r{n}", when, "t", "o", "r", points=1) for n, when in enumerate(sources)], NAMES, TYPES)
    return lambda leads: [book.evaluate(row, NOW).fired for row in leads]


def rust_runner(sources: Sequence[str]) -> Callable[[list[Row]], Fired]:
    """The Rust library: one context a lead, each rule compiled beforehand."""
    programs = [cel.compile(source) for source in sources]

    def run(leads: list[Row]) -> Fired:
        found = []
        for row in leads:
            context = cel.Context(variables=_nested(row))
            found.append(tuple(n for n, program in enumerate(programs) if program.execute(context)))
        return found

    return run


def python_runner(sources: Sequence[str]) -> Callable[[list[Row]], Fired]:
    """The library written in Python: one context a lead, each rule parsed beforehand."""
    environment = celpy.Environment()
    programs = [environment.program(environment.compile(source)) for source in sources]

    def run(leads: list[Row]) -> Fired:
        found = []
        for row in leads:
            context = {name: json_to_cel(values) for name, values in _nested(row).items()}
            found.append(tuple(n for n, program in enumerate(programs) if program.evaluate(context)))
        return found

    return run


def microseconds(run: Callable[[list[Row]], Fired], leads: list[Row], repeats: int) -> float:
    """CPU time for one lead, the best of five rounds."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(repeats):
            run(leads)
        best = min(best, time.process_time() - start)
    return best / repeats / len(leads) * 1e6


def run() -> dict[str, float]:
    """Microseconds a lead, and how many times faster Winnow is; raises AssertionError when answers differ."""
    figures: dict[str, float] = {}
    leads = rows()
    for label, patterns in (("", 0), (" with 5 patterns", 5)):
        sources = conditions(patterns)
        runners = {"winnow": winnow_runner(sources), "rust": rust_runner(sources), "python": python_runner(sources)}
        answers = {name: runner(leads) for name, runner in runners.items()}
        assert answers["winnow"] == answers["rust"] == answers["python"]
        for name, repeats in (("winnow", 200), ("rust", 5), ("python", 1)):
            figures[f"{name} µs a lead{label}"] = microseconds(runners[name], leads, repeats)
        for name in ("rust", "python"):
            figures[f"times {name}{label}"] = figures[f"{name} µs a lead{label}"] / figures[f"winnow µs a lead{label}"]
    figures["context alone, rust, µs"] = microseconds(
        lambda found: [(bool(cel.Context(variables=_nested(row))),) for row in found], leads, 20
    )
    figures["save a rule, µs"] = _saving(conditions())
    return figures


def _saving(sources: list[str]) -> float:
    start = time.process_time()
    winnow_runner(sources)
    return (time.process_time() - start) / len(sources) * 1e6


if __name__ == "__main__":
    for name, figure in run().items():
        print(f"{name:40} {figure:10.1f}")
