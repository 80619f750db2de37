"""The HTTP benchmark with its choices: `python -m benchmarks.http [plain] [--stored N] [--minutes M] …`."""

import argparse

from benchmarks.http.serve_bench import Plan, baselines, run
from benchmarks.report import report


def main() -> None:
    """Measure and print."""
    usual = Plan()
    options = argparse.ArgumentParser(prog="python -m benchmarks.http", description=run.__doc__)
    options.add_argument("what", nargs="?", choices=["all", "plain"], default="all", help="plain: no Winnow at all")
    options.add_argument("--rounds", type=int, default=usual.rounds, help="turns of each service")
    options.add_argument("--seconds", type=int, default=usual.seconds, help="length of a turn")
    options.add_argument("--stored", type=int, default=0, help="also answer beside so many stored leads")
    options.add_argument("--minutes", type=float, default=0, help="also look at the memory for so long")
    given = options.parse_args()
    plan = Plan(given.rounds, given.seconds, given.stored, given.minutes)
    measured = run if given.what == "all" else baselines
    report("http", measured.__doc__ or "", lambda: measured(plan))


if __name__ == "__main__":
    main()
