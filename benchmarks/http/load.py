"""Drives a service with leads at a number of connections: with wrk, or where it is missing with a driver in Python."""

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.http import driver

#: A run may have been asked for more leads than it was told the answers to: those under way when it ended.
_UNDER_WAY = 1_000


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send what: a file of bodies as `bodies.body_files` makes it, and how many leads each has."""

    url: str
    bodies: Path
    leads: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run measured: leads answered a second of wall time; milliseconds half and 99 % of the answers took."""

    rate: float
    p50: float
    p99: float
    most: float


class Load:
    """Sends load; numbers leads through all runs, so that none is ever sent twice.

    answered: how many leads were answered so far, by URL
    """

    def __init__(self) -> None:
        self.wrk = shutil.which("wrk")
        self.answered: Counter[str] = Counter()
        self._sent = 0

    @property
    def name(self) -> str:
        """What drives."""
        return "wrk" if self.wrk else "a driver in Python, which is slower than what it measures: wrk is not installed"

    def run(self, target: Target, connections: int, seconds: int) -> Run:
        """Drive a target with so many connections, each sending the next body on the answer to the last."""
        measure = _wrk if self.wrk else driver.measure
        found = measure(target.url, target.bodies, target.headers, connections, seconds, self._sent)
        self._sent += (found["requests"] + _UNDER_WAY) * target.leads
        assert not found["refused"], f"{target.url} refused {found['refused']} requests"
        assert not found["lost"], f"{target.url} lost {found['lost']} requests"
        assert found["requests"], f"{target.url} answered nothing"
        self.answered[target.url] += found["requests"] * target.leads
        return Run(
            rate=found["requests"] * target.leads / (found["microseconds"] / 1e6),
            p50=found["p50"] / 1e3,
            p99=found["p99"] / 1e3,
            most=found["most"] / 1e3,
        )


def interleaved(
    load: Load, targets: Mapping[str, Target], connections: int, *, rounds: int, seconds: int
) -> dict[str, list[Run]]:
    """Some rounds, in each of which every target has its turn: what slows the machine slows all of them."""
    runs: dict[str, list[Run]] = {name: [] for name in targets}
    for _ in range(rounds):
        for name, target in targets.items():
            runs[name].append(load.run(target, connections, seconds))
    return runs


def middle(runs: list[Run], figure: str) -> float:
    """The median of a figure over the rounds."""
    return float(median(getattr(run, figure) for run in runs))


def ratio(ours: list[Run], theirs: list[Run]) -> float:
    """The median over the rounds of how many times as many leads a second ours answered in the same round."""
    return median(one.rate / other.rate for one, other in zip(ours, theirs, strict=True))


def _wrk(
    url: str, bodies: Path, headers: Mapping[str, str], connections: int, seconds: int, first: int
) -> dict[str, int]:
    """One thread of wrk, so that the service has the other core."""
    script = str(Path(__file__).with_name("load.lua"))
    asked = [f"--header={name}: {value}" for name, value in headers.items()]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout=30s", "--script", script, *asked]
    done = subprocess.run([*command, url, "--", str(bodies), str(first)], capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    assert done.returncode == 0, done.stderr
    assert told, done.stdout + done.stderr
    found: dict[str, int] = json.loads(told[0].removeprefix("RESULT "))
    return found
