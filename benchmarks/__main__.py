"""Run the benchmarks: all of them, or those named as arguments (rules, decide, lists, starter, bulk).

Several run in a process each, so that what one leaves in memory does not show in the figures of the next.
"""

import os
import platform
import subprocess
import sys

from benchmarks import bulk_bench, decide_bench, lists_bench, rules_bench, starter_bench

_BENCHMARKS = {
    "rules": rules_bench.run,
    "decide": decide_bench.run,
    "lists": lists_bench.run,
    "starter": starter_bench.run,
    "bulk": bulk_bench.run,
}


def main(names: list[str]) -> None:
    """Print the figures of the named benchmarks, and the machine they were measured on."""
    chosen = names or list(_BENCHMARKS)
    if len(chosen) > 1:
        for name in chosen:
            subprocess.run([sys.executable, "-m", "benchmarks", name], check=True)
        return
    for name in chosen:
        print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        print(f"{name}: {(_BENCHMARKS[name].__doc__ or '').splitlines()[0]}", flush=True)
        for figure, value in _BENCHMARKS[name]().items():
            print(f"  {figure:44} {value:14,.1f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
