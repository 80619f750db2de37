"""Screening: leads and their facts go to `decide`, decisions come back in the same order, and go on record."""

from collections.abc import Callable, Iterator, Sequence

from winnow.core.decide import Decision, decide
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.ruleset import Ruleset
from winnow.errors import ConflictError, UnavailableError
from winnow.ports import Arrival, Assessed, Clock, FactSource, Ledger, Recorded, Submitted


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


class Intake:
    """Takes leads in: decides them under the live ruleset and puts them on record."""

    def __init__(
        self,
        facts: FactSource,
        ledger: Ledger,
        live: Callable[[], Ruleset],
        clock: Clock,
        *,
        shadow: bool = False,
    ) -> None:
        self._facts = _Steadfast(facts, clock)
        self._ledger = ledger
        self._live = live
        self._clock = clock
        self._shadow = shadow

    def take(self, arrivals: Sequence[Arrival]) -> Sequence[Sequence[Recorded] | ConflictError]:
        """Decide and record what arrived at about the same time, in one transaction, in order.

        Raises StoreAwayError when nothing can be recorded; giving the same arrivals again is safe.
        """
        ruleset = self._live()
        screener = Screener(self._facts, ruleset, shadow=self._shadow)
        looked_up = iter(screener.looked_up([lead for arrival in arrivals for lead in arrival.leads]))
        return self._ledger.record(
            [self._submitted(arrival, looked_up, ruleset) for arrival in arrivals], self._clock.now()
        )

    def _submitted(self, arrival: Arrival, looked_up: Iterator[tuple[Lead, Facts]], ruleset: Ruleset) -> Submitted:
        assessed = []
        for named in arrival.named:
            lead, facts = next(looked_up)
            assessed.append(Assessed(lead, facts, decide(lead, facts, ruleset, shadow=self._shadow), named))
        return Submitted(assessed, arrival.key, arrival.request)


class _Steadfast:
    """Facts that come whatever happens: a look-up that breaks makes a lead one for a person, not a lost one."""

    def __init__(self, facts: FactSource, clock: Clock) -> None:
        self._facts = facts
        self._clock = clock

    def facts_for(self, leads: Sequence[Lead]) -> Sequence[Facts]:
        """Those of the source; when it breaks, each lead's alone, and only the failure for those it breaks on."""
        try:
            return self._facts.facts_for(leads)
        except UnavailableError:
            raise  # the store is away: nothing could be recorded either
        except Exception:  # noqa: BLE001  # whatever it is, the lead must not be lost for it
            return [self._alone(lead) for lead in leads]

    def _alone(self, lead: Lead) -> Facts:
        try:
            return self._facts.facts_for([lead])[0]
        except UnavailableError:
            raise
        except Exception:  # noqa: BLE001  # as above
            return Facts(now=lead.received_at or self._clock.now(), failed=("facts",))
