"""Durable decisions a second over HTTP: Winnow, its own echo and a plain service, driven in turns on this machine.

A decision counts when its answer arrived, and an answer is sent only after the commit; the stores are counted
afterwards. Ratios are medians over rounds in which each had its turn. Rates are of wall time, and whatever sends the
load takes its share of the same cores.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import mkdtemp

from benchmarks.http import services
from benchmarks.http.bodies import BATCH, body_files, filled
from benchmarks.http.load import Load, Run, Target, interleaved, middle, ratio
from benchmarks.http.processes import Memory, post
from benchmarks.http.services import ECHO, LEADS, Service

_BUILD = Path("build/bench")
_CONNECTIONS = (1, 16, 64)
_MOST = 64
#: The plain service with Winnow's own screener, written in both ways; ours is held against whichever is faster.
_PLAIN = {"plain, threads": "threads", "plain, on the loop": "loop"}
#: Of each target, so that caches are warm and code is loaded before anything is measured.
_WARM_UP_SECONDS = 1
#: A number no run reaches, for the lead that is looked at.
_LOOKED_AT = 9_000_000
_FIELDS = {"id", "lead_id", "outcome", "probability", "score", "base", "decided_by", "reasons", "scopes", "ruleset"}


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: rounds and seconds of each; leads stored beforehand; minutes of steady load."""

    rounds: int = 3
    seconds: int = 4
    stored: int = 0
    minutes: float = 0.0


class Bench:
    """One load, its bodies, and the figures found so far."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.load = Load()
        self.single, self.batch = body_files(_BUILD)
        self.figures: dict[str, float] = {}

    def target(self, service: Service, path: str = LEADS, *, batch: bool = False) -> Target:
        """A service as what is driven, once it has shown that it decides."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {service.key}"}
        body, _ = filled(self.single.read_text(encoding="utf-8").partition("\n")[0], _LOOKED_AT)
        answer = post(f"{service.url}{path}", body.encode(), headers)
        if path == LEADS:
            assert answer.keys() >= _FIELDS, f"the service answered {json.dumps(answer)[:500]}"
        bodies, leads = (self.batch, BATCH) if batch else (self.single, 1)
        return Target(f"{service.url}{path}", bodies, leads, headers)

    def runs(self, targets: Mapping[str, Target], connections: int) -> dict[str, list[Run]]:
        """Warm up, then the rounds."""
        for target in targets.values():
            self.load.run(target, connections, _WARM_UP_SECONDS)
        return interleaved(self.load, targets, connections, rounds=self.plan.rounds, seconds=self.plan.seconds)

    def show(self, label: str, runs: list[Run]) -> None:
        """Print what a service reached, as soon as it is known: the medians over the rounds."""
        rate, half, most = (middle(runs, figure) for figure in ("rate", "p50", "p99"))
        print(f"  {label:52} {rate:10,.0f} leads/s   p50 {half:8.2f} ms   p99 {most:8.2f} ms", flush=True)


def run(plan: Plan | None = None) -> dict[str, float]:
    """Winnow and the plain service on SQLite (WAL, synchronous = FULL) and on PostgreSQL; then what was asked for."""
    bench = Bench(plan or Plan())
    print(f"  driven by {bench.load.name}", flush=True)
    with _folder() as folder:
        _compared(bench, folder / "sqlite", "SQLite", {})
        with services.postgres(_made(folder / "server")) as database:
            names = ("winnow", *_PLAIN)
            _compared(bench, folder / "postgres", "PostgreSQL", {name: database(name) for name in names})
        if bench.plan.stored:
            _with_stored(bench, folder / "stored")
        if bench.plan.minutes:
            _steady(bench, folder / "steady")
    return bench.figures


def baselines(plan: Plan | None = None) -> dict[str, float]:
    """The plain service alone, in both ways of writing it, and with no scorer to speak of."""
    bench = Bench(plan or Plan())
    print(f"  driven by {bench.load.name}", flush=True)
    with _folder() as folder, services.postgres(_made(folder / "server")) as database:
        for name, databases in (
            ("SQLite", {}),
            ("PostgreSQL", {each: database(each) for each in _PLAIN}),
        ):
            with ExitStack() as stack:
                running = _plain_services(stack, folder / name, databases)
                _driven(bench, name, {each: bench.target(service) for each, service in running.items()})
                _check_stored(bench, running)
        with services.plain(folder / "trivial", style="loop", score="trivial") as service:
            runs = bench.runs({"": bench.target(service)}, _MOST)
            bench.show(f"SQLite, plain without a scorer, {_MOST} connections", runs[""])
    return bench.figures


def _compared(bench: Bench, folder: Path, name: str, databases: Mapping[str, str]) -> None:
    """Winnow, its echo and the plain services, at every number of connections; then the batch endpoint."""
    with ExitStack() as stack:
        ours = stack.enter_context(services.winnow(_made(folder / "winnow"), databases.get("winnow")))
        running = {"Winnow": ours, **_plain_services(stack, folder, databases)}
        targets = {each: bench.target(service) for each, service in running.items()}
        targets["echo"] = bench.target(ours, ECHO)
        memory = stack.enter_context(Memory(ours.pid))
        runs = _driven(bench, name, targets)
        fastest = max(_PLAIN, key=lambda each: middle(runs[each], "rate"))
        bench.figures[f"{name}, Winnow / echo, {_MOST} connections"] = ratio(runs["Winnow"], runs["echo"])
        bench.figures[f"{name}, Winnow / {fastest}, {_MOST} connections"] = ratio(runs["Winnow"], runs[fastest])
        many = bench.runs({"": bench.target(ours, batch=True)}, 4)[""]
        bench.show(f"{name}, Winnow, {BATCH} leads a request, 4 connections", many)
        bench.figures[f"{name}, Winnow, most memory, MB"] = max(memory.samples)
        _check_stored(bench, running)


def _plain_services(stack: ExitStack, folder: Path, databases: Mapping[str, str]) -> dict[str, Service]:
    return {
        name: stack.enter_context(services.plain(folder / style, databases.get(name), style=style))
        for name, style in _PLAIN.items()
    }


def _driven(bench: Bench, name: str, targets: Mapping[str, Target]) -> dict[str, list[Run]]:
    """Drive the targets at every number of connections, and give the runs at the most."""
    runs: dict[str, list[Run]] = {}
    for connections in _CONNECTIONS:
        runs = bench.runs(targets, connections)
        for each, found in runs.items():
            bench.show(f"{name}, {each}, {connections} connections", found)
    return runs


def _check_stored(bench: Bench, running: Mapping[str, Service]) -> None:
    """Whoever answered must have stored."""
    for each, service in running.items():
        stored, answered = service.stored(), bench.load.answered[f"{service.url}{LEADS}"]
        assert stored >= answered, f"{each} answered {answered} leads and stored {stored}"


def _with_stored(bench: Bench, folder: Path) -> None:
    """How long answers take with nothing stored and with many leads stored, in turns."""
    with ExitStack() as stack:
        empty = stack.enter_context(services.winnow(_made(folder / "empty")))
        full = stack.enter_context(services.winnow(_made(folder / "full"), filled=bench.plan.stored))
        targets = {"0": bench.target(empty), f"{bench.plan.stored:,}": bench.target(full)}
        for connections in _CONNECTIONS:
            runs = bench.runs(targets, connections)
            for stored, found in runs.items():
                bench.show(f"{stored} stored, {connections} connections", found)
            slower = median(late.p50 / early.p50 for early, late in zip(*runs.values(), strict=True))
            bench.figures[f"times slower when full, p50, {connections} connections"] = slower


def _steady(bench: Bench, folder: Path) -> None:
    """The memory of the service over minutes of load."""
    with services.winnow(_made(folder)) as service, Memory(service.pid) as memory:
        found = bench.load.run(bench.target(service), _MOST, round(bench.plan.minutes * 60))
        tenth = max(1, len(memory.samples) // 10)
        bench.show(f"{bench.plan.minutes:g} minutes, {_MOST} connections", [found])
        bench.figures["memory in the second tenth, MB"] = median(memory.samples[tenth : 2 * tenth])
        bench.figures["memory in the last tenth, MB"] = median(memory.samples[-tenth:])
        bench.figures["most memory, MB"] = max(memory.samples)


@contextmanager
def _folder() -> Iterator[Path]:
    """A fresh folder on the disk the project is on, since a temporary one may be kept in memory only."""
    _BUILD.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix="serve-", dir=_BUILD)).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
