"""How far values move the odds of an outcome, and whether chance explains it."""

from winnow.core.learning.figures.bounds import proves

#: Times by which a value multiplies the odds when it settles an outcome, and when it leans to one.
SETTLED, LEANING = 25, 8


def moved(rate: float, factor: float) -> float:
    """The rate whose odds are `factor` times those of `rate`."""
    return rate * factor / (1 - rate + rate * factor)


def surely(hits: int, leads: int, rate: float, risk: float) -> bool:
    """Whether chance does not explain a share above `rate` (exact bound of Clopper & Pearson 1934, at this risk)."""
    return hits > rate * leads and proves(hits, leads, rate, risk)
