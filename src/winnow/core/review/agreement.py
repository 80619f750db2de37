"""Whether two reviewers who do not know of each other say the same, beyond what chance would bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

#: Pairs of verdicts below which nothing is said: with 30 the interval is still about 0.35 wide to either side.
ENOUGH = 30

#: Two-sided 95 % of the normal distribution.
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cohen's kappa of pairs of verdicts: 1 is always the same, 0 what chance alone would bring.

    table: pairs by the first (row) and the second (column) verdict · pairs: how many
    same: share of pairs with the same verdict; None without pairs
    kappa, low, high: estimate and 95 % interval; None: too few to say, or all verdicts were the same
    """

    table: tuple[tuple[int, ...], ...]
    pairs: int
    same: float | None = None
    kappa: float | None = None
    low: float | None = None
    high: float | None = None


def agreement(table: Sequence[Sequence[int]], enough: int = ENOUGH) -> Agreement:
    """How far a square table of pairs agrees; says nothing of kappa for fewer than `enough` pairs."""
    counts = tuple(map(tuple, table))
    pairs = sum(map(sum, counts))
    if not pairs:
        return Agreement(counts, 0)
    same = sum(row[place] for place, row in enumerate(counts)) / pairs
    found = kappa(counts) if pairs >= enough else None
    if found is None:
        return Agreement(counts, pairs, same)
    estimate, error = found
    return Agreement(counts, pairs, same, estimate, max(-1.0, estimate - _Z * error), min(1.0, estimate + _Z * error))


def kappa(table: Sequence[Sequence[int]]) -> tuple[float, float] | None:
    """Kappa and its standard error; None when all verdicts are the same, so that chance explains everything.

    Kappa after Cohen 1960, "A coefficient of agreement for nominal scales"; the error, which does not assume kappa to
    be 0, after Fleiss, Cohen & Everitt 1969, "Large sample standard errors of kappa and weighted kappa", formula 13.
    """
    total = sum(map(sum, table))
    shares = [[count / total for count in row] for row in table]
    rows = [sum(row) for row in shares]
    columns = [sum(row[place] for row in shares) for place in range(len(rows))]
    seen = sum(shares[place][place] for place in range(len(rows)))
    chance = sum(row * column for row, column in zip(rows, columns, strict=True))
    if chance >= 1:
        return None
    found = (seen - chance) / (1 - chance)
    same = sum(shares[each][each] * (1 - (rows[each] + columns[each]) * (1 - found)) ** 2 for each in range(len(rows)))
    other = (1 - found) ** 2 * sum(
        shares[one][two] * (columns[one] + rows[two]) ** 2
        for one in range(len(rows))
        for two in range(len(rows))
        if one != two
    )
    spread = same + other - (found - chance * (1 - found)) ** 2
    return found, sqrt(max(0.0, spread) / total) / (1 - chance)
