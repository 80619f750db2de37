"""Run the benchmarks: all of them, or those named as arguments (rules, decide, lists, bulk)."""

import sys

from benchmarks import bulk_bench, decide_bench, lists_bench, rules_bench

_BENCHMARKS = {
    "rules": rules_bench.run,
    "decide": decide_bench.run,
    "lists": lists_bench.run,
    "bulk": bulk_bench.run,
}


def main(names: list[str]) -> None:
    """Print the figures of the named benchmarks."""
    for name in names or list(_BENCHMARKS):
        print(f"\n{name}: {(_BENCHMARKS[name].__doc__ or '').splitlines()[0]}", flush=True)
        for figure, value in _BENCHMARKS[name]().items():
            print(f"  {figure:44} {value:14,.1f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
