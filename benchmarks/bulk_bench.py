"""A million leads from CSV to decisions with all reasons, in one process and in two, as a user runs it."""

import csv
import os
import subprocess
import sys
import time
from pathlib import Path

from winnow import demo

_BUILD = Path("build/bench")
_COMMAND = [sys.executable, "-c", "from winnow.shells.cli import main; main()"]


def run(leads: int = 1_000_000) -> dict[str, float]:
    """Leads a second of wall and of CPU time, the gain of a second process, memory."""
    _BUILD.mkdir(parents=True, exist_ok=True)
    path = _BUILD / f"leads-{leads}.csv"
    if not path.exists():
        demo.write(path, leads=leads)
    bare = _reading(path)
    wall1, cpu1, memory1 = _screen(path, 1)
    wall2, cpu2, memory2 = _screen(path, 2)
    assert (_BUILD / "1.csv").read_bytes() == (_BUILD / "2.csv").read_bytes()
    return {
        "leads": float(leads),
        "file, MB": path.stat().st_size / 1e6,
        "csv module alone, leads a second": leads / bare,
        "one process, leads a CPU second": leads / cpu1,
        "one process, leads a second": leads / wall1,
        "times the time of reading alone": cpu1 / bare,
        "one process, most memory, MB": memory1,
        "two processes, leads a second": leads / wall2,
        "two processes, times one": wall1 / wall2,
        "two processes, CPU seconds, times one": cpu2 / cpu1,
        "two processes, most memory of one, MB": memory2,
    }


def _reading(path: Path) -> float:
    start = time.process_time()
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass
    return time.process_time() - start


def _screen(path: Path, workers: int) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds, and megabytes of the largest process of one run."""
    out = _BUILD / f"{workers}.csv"
    command = [*_COMMAND, "-q", "screen", str(path), "-o", str(out), "--workers", str(workers), "--restart"]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    assert status == 0, f"screening failed: {status}"
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    for name, figure in run(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000).items():
        print(f"{name:44} {figure:14,.1f}")
