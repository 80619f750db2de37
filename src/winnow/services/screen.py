"""Screening: leads and their facts go to `decide`, decisions come back in the same order."""

from collections.abc import Sequence

from winnow.core.decide import Decision, decide
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.ruleset import Ruleset
from winnow.ports import FactSource


class Screener:
    """Decides leads under one ruleset; `shadow` decisions are recorded and not acted on."""

    def __init__(self, facts: FactSource, ruleset: Ruleset, *, shadow: bool = False) -> None:
        self.ruleset = ruleset
        self.shadow = shadow
        self._facts = facts

    def looked_up(self, leads: Sequence[Lead]) -> list[tuple[Lead, Facts]]:
        """The leads without their off-limits fields, each with its facts; masking comes before any look-up."""
        off_limits = self.ruleset.policy.off_limits
        masked = [lead.masked(off_limits) for lead in leads]
        return list(zip(masked, self._facts.facts_for(masked), strict=True))

    def many(self, leads: Sequence[Lead]) -> list[Decision]:
        """Decide a batch, in order."""
        ruleset, shadow = self.ruleset, self.shadow
        return [decide(lead, facts, ruleset, shadow=shadow) for lead, facts in self.looked_up(leads)]

    def one(self, lead: Lead) -> Decision:
        """Decide one lead: a batch of one."""
        return self.many([lead])[0]
