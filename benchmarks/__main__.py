"""Run the benchmarks: all of them, or those named as arguments.

They are rules, decide, lists, starter, bulk, simulate, http, learn and gate.
Several run in a process each, so that what one leaves in memory does not show in the figures of the next.
"""

import subprocess
import sys

from benchmarks import bulk_bench, decide_bench, gate_bench, lists_bench, rules_bench, starter_bench
from benchmarks.http import serve_bench
from benchmarks.learn import simulate, speed
from benchmarks.report import report

_BENCHMARKS = {
    "rules": rules_bench.run,
    "decide": decide_bench.run,
    "lists": lists_bench.run,
    "starter": starter_bench.run,
    "bulk": bulk_bench.run,
    "simulate": simulate.run,
    "http": serve_bench.run,
    "learn": speed.run,
    "gate": gate_bench.run,
}


def main(names: list[str]) -> None:
    """Print the figures of the named benchmarks, and the machine they were measured on."""
    chosen = names or list(_BENCHMARKS)
    if len(chosen) > 1:
        for name in chosen:
            subprocess.run([sys.executable, "-m", "benchmarks", name], check=True)
        return
    for name in chosen:
        report(name, _BENCHMARKS[name].__doc__ or "", _BENCHMARKS[name])


if __name__ == "__main__":
    main(sys.argv[1:])
