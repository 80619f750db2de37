"""Whether what is left of leads still tells an attribute nobody may use: a test against chance, with its power.

The answer is never that all is well. Either the attribute can be predicted, or it could not be shown, and then from
which strength on it would have been found; or it cannot be tested at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, fsum, sqrt

from winnow.core.learning.figures.exact import holm
from winnow.core.learning.figures.measures import Interval

#: A value of the attribute is tested when so many leads have it, and so many do not.
FEWEST = 30
#: The chance that anything is found where nothing is, over all values together.
ALARM = 0.05
#: What is strong enough to be found is found with this chance; standard errors above the critical value (80 %).
_POWER_Z = 0.8416


@dataclass(frozen=True, slots=True)
class Trial:
    """How well one value of the attribute is told from all others, on leads that were not learned from.

    auc: chance that a lead with the value scores above one without · null: the same with the attribute dealt anew
    tellers: the columns that alone tell most, with their own AUC
    """

    value: str
    leads: int
    auc: float
    interval: Interval
    null: Sequence[float]
    tellers: tuple[tuple[str, float], ...] = ()

    @property
    def chance(self) -> float:
        """The p-value: how often dealing anew does as well (Phipson & Smyth 2010, with one added to both)."""
        return (1 + sum(each >= self.auc for each in self.null)) / (1 + len(self.null))

    def findable(self, values: int) -> float:
        """The smallest AUC that would have been found in four of five tries, with so many values tested at once."""
        ordered = sorted(self.null)
        critical = ordered[min(ceil((1 - ALARM / values) * len(ordered)), len(ordered)) - 1]
        return min(critical + _POWER_Z * _spread(ordered), 1.0)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of one value; `chance` is corrected for how many were looked at, None when nothing was found."""

    trial: Trial
    chance: float | None
    findable: float

    @property
    def found(self) -> bool:
        """Whether the attribute can be told."""
        return self.chance is not None

    @property
    def said(self) -> str:
        """The finding as a sentence."""
        auc, (low, high) = self.trial.auc, self.trial.interval
        figures = f"AUC {auc:.3f} (95 % interval {low:.3f} to {high:.3f}), by chance about {_mean(self.trial.null):.3f}"
        if self.chance is not None:
            return f"`{self.trial.value}` can be told: {figures}, p = {self.chance:.4f}"
        return f"`{self.trial.value}`: not shown, {figures}; an AUC from {self.findable:.3f} up would have been found"


def findings(trials: Sequence[Trial]) -> tuple[Finding, ...]:
    """What the trials of all values come to, in their order."""
    named = dict(holm([(trial.value, trial.chance) for trial in trials], ALARM))
    return tuple(Finding(trial, named.get(trial.value), trial.findable(len(trials))) for trial in trials)


def deals_needed(values: int) -> int:
    """How often the attribute has to be dealt anew so that the smallest possible p-value can be found at all."""
    return ceil(2 * values / ALARM)


def values_to_test(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The values that enough leads have and enough have not, the most frequent first; of two, the rarer says it all."""
    total = sum(counts.values())
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    enough = [value for value in ordered if counts[value] >= FEWEST and total - counts[value] >= FEWEST]
    return tuple(enough[-1:] if len(counts) == _TWO else enough)


_TWO = 2


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)


def _spread(values: Sequence[float]) -> float:
    """Their standard deviation, with one degree of freedom taken off."""
    mean = _mean(values)
    return sqrt(fsum((each - mean) ** 2 for each in values) / (len(values) - 1))
