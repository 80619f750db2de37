"""Say how many deliberate mistakes the tests noticed, file by file, after `mutmut run`; fail below the floor."""

import json
import sys
from pathlib import Path

FLOOR = 85  # percent of mutants noticed, in every file
NOTICED = {1, 3, 24, -24, 36, 37, 152, 255}  # mutmut's codes: a test failed, it never came back, or types did not fit


def score(results: dict[str, int | None]) -> float:
    """Percent of the mutants of a file that were noticed."""
    return 100 * sum(code in NOTICED for code in results.values()) / len(results)


def main() -> int:
    """Print a line per mutated file; 1 when one of them is below the floor or nothing was mutated."""
    scores = {}
    for path in sorted(Path("mutants").rglob("*.meta")):
        results = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if results:
            name = path.relative_to("mutants").with_suffix("")
            scores[name] = score(results)
            print(f"{scores[name]:5.1f} % of {len(results)} mutants noticed in {name}")
    return 0 if scores and min(scores.values()) >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
