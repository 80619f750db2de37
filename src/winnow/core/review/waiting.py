"""Which case comes first: the one whose waiting costs most.

The cost of waiting is **value × doubt × age**, where age counts as 2^(hours waited / 24): it doubles with every day.

- value: what the lead may be worth, as a multiple of the usual lead's
- doubt: 1 where the machine has no opinion, less the farther its probability of junk is from the threshold at which
  it would not have asked; a person's answer changes most where the machine knows least

With age doubling, two cases that both wait grow by the same factor, so that their order never changes. It is that of
one moment, fixed when a case is opened: when it came, set back by a day for every doubling of value × doubt. An index
holds it, and the first fifty are found without looking at the others. An age that counted by
its hours would have every pair of cases change places at a moment of its own, and each look at the queue would have to
read all of it. Both factors are bounded, so that nothing waits for ever: a case is at most LONGEST_BEHIND behind
another one that comes later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import isfinite, log2

from winnow.core.decide import Decision, probability
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.thresholds import Bands

#: In which age doubles the cost of waiting; a factor of two in value counts as much.
DOUBLES_IN = timedelta(days=1)
#: No lead counts for more than so many usual ones, or for less than one part of so many.
MOST_VALUE = 64.0
#: The doubt there always is.
LEAST_DOUBT = 1 / 16
#: The most by which an earlier case of little value and doubt stands behind a later one.
LONGEST_BEHIND = DOUBLES_IN * (2 * log2(MOST_VALUE) - log2(LEAST_DOUBT))

_CUSTOM = "custom."


@dataclass(frozen=True, slots=True)
class Worth:
    """What leads may be worth, in any one unit.

    of_field: the field of a lead that says so, under `custom`, with or without that word; empty: none does
    of_source: what a lead of a source is worth · usual: what any other is worth, over 0
    """

    of_field: str = ""
    of_source: Mapping[str, float] = field(default_factory=dict)
    usual: float = 1.0

    def of(self, lead: Lead) -> float:
        """The value of a lead as a multiple of the usual one, within 1/MOST_VALUE and MOST_VALUE."""
        said = _number(lead.custom.get(self.of_field.removeprefix(_CUSTOM))) if self.of_field else None
        value = said if said is not None else self.of_source.get(lead.source or "", self.usual)
        return max(1 / MOST_VALUE, min(MOST_VALUE, value / self.usual))


def _number(text: str | None) -> float | None:
    """A positive number out of a field that anybody may have filled in."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if isfinite(number) and number > 0 else None


def doubt(decision: Decision, facts: Facts, bands: Bands) -> float:
    """How little the machine knows, LEAST_DOUBT to 1.

    1 - |p - t| / max(t, 1 - t), with p the probability of junk and t that at which the score asks for a person: 1 at
    the threshold, and least where p is farthest from it. Also 1 where a list, a rule, a policy or a failed look-up
    asked: the score has not answered their question.
    """
    if decision.decided_by != "score" or facts.failed:
        return 1.0
    threshold = probability(bands.review)
    distance = abs(decision.probability - threshold) / max(threshold, 1 - threshold)
    return max(LEAST_DOUBT, 1 - distance)


def head_start(value: float, doubt: float) -> timedelta:
    """By how much a case goes before one of the usual value in full doubt that is opened at the same moment."""
    return DOUBLES_IN * log2(value * doubt)
