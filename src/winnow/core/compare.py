"""How the decisions of two rulesets differ over the same leads."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from winnow.core.decide import Decision
from winnow.core.outcome import Outcome
from winnow.errors import WinnowError


@dataclass(frozen=True, slots=True)
class Comparison:
    """Counts of leads by (outcome before, outcome after), and the ids of those whose outcome changed."""

    counts: Mapping[tuple[Outcome, Outcome], int]
    changed: tuple[str, ...]

    @property
    def total(self) -> int:
        """Leads compared."""
        return sum(self.counts.values())

    @property
    def stricter(self) -> int:
        """Leads the second ruleset treats more severely."""
        return sum(count for (before, after), count in self.counts.items() if after > before)

    @property
    def milder(self) -> int:
        """Leads the second ruleset treats less severely."""
        return sum(count for (before, after), count in self.counts.items() if after < before)


def compare(before: Iterable[Decision], after: Iterable[Decision]) -> Comparison:
    """Compare decisions pair by pair; both sides must name the same leads in the same order."""
    counts: Counter[tuple[Outcome, Outcome]] = Counter()
    changed = []
    for old, new in zip_longest(before, after):
        if old is None or new is None:
            raise WinnowError("one side has more leads than the other", fix="decide the same leads with both rulesets")
        if old.lead_id != new.lead_id:
            raise WinnowError(
                f"lead `{old.lead_id}` is compared with `{new.lead_id}`", fix="give both in the same order"
            )
        counts[old.outcome, new.outcome] += 1
        if old.outcome != new.outcome:
            changed.append(old.lead_id)
    return Comparison(dict(counts), tuple(changed))
