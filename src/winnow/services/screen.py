"""Screening: leads and their facts go to `decide`, decisions come back in the same order, and go on record."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from winnow.core.decide import Decision, decide
from winnow.core.facts import Facts
from winnow.core.govern.off_limits import masked
from winnow.core.govern.stop import UNREADABLE, Stops
from winnow.core.govern.told import Told, says_something, told_by
from winnow.core.lead import Lead
from winnow.core.learning.shadow import Beside, Shadow
from winnow.core.lists import ListEntry
from winnow.core.outcome import Outcome
from winnow.core.review.shown import rejects_alone
from winnow.core.review.waiting import Worth, doubt, head_start
from winnow.core.ruleset import Ruleset
from winnow.errors import ConflictError, StopsChangedError, UnavailableError
from winnow.ports import Arrival, Assessed, Clock, FactSource, Ledger, Recorded, StopsInForce, Submitted


class Screener:
    """Decides leads under one ruleset; `shadow` decisions are recorded and not acted on."""

    def __init__(self, facts: FactSource, ruleset: Ruleset, *, shadow: bool = False) -> None:
        self.ruleset = ruleset
        self.shadow = shadow
        self._facts = facts

    def looked_up(self, leads: Sequence[Lead]) -> list[tuple[Lead, Facts]]:
        """The leads without their off-limits fields, each with its facts; masking comes before any look-up."""
        forbidden = self.ruleset.policy.forbidden
        allowed = [masked(lead, forbidden) for lead in leads]
        return list(zip(allowed, self._facts.facts_for(allowed), strict=True))

    def many(self, leads: Sequence[Lead]) -> list[Decision]:
        """Decide a batch, in order."""
        ruleset, shadow = self.ruleset, self.shadow
        return [decide(lead, facts, ruleset, shadow=shadow) for lead, facts in self.looked_up(leads)]

    def one(self, lead: Lead) -> Decision:
        """Decide one lead: a batch of one."""
        return self.many([lead])[0]


@dataclass(frozen=True, slots=True)
class InShadow:
    """A ruleset that decides beside the live one; None: it cannot be used, and fails on every lead.

    hits: the list entries it would find for a lead; None: those the live one finds
    """

    shadow: Shadow
    ruleset: Ruleset | None
    hits: Callable[[Lead, Facts], tuple[ListEntry, ...]] | None = None

    def decided(self, lead: Lead, facts: Facts) -> Beside:
        """What it decides; whatever goes wrong in it is its own trouble, never that of the live decision."""
        try:
            if self.ruleset is None:
                return Beside(self.shadow.id, None)
            seen = facts if self.hits is None else replace(facts, list_hits=self.hits(lead, facts))
            found = decide(lead, seen, self.ruleset, shadow=True)
        except Exception:  # noqa: BLE001  # counted in the report as failed
            return Beside(self.shadow.id, None)
        return Beside(self.shadow.id, found.outcome, found.score, found.codes)


def _nothing() -> tuple[InShadow, ...]:
    return ()


#: How often arrivals are decided anew because the kill switch is being moved, before they go to a person in any case.
_TRIES = 3

_USUAL = Worth()
_NO_TIME = timedelta()


class Intake:
    """Takes leads in: decides them under the live ruleset and puts them on record.

    stops: tells what the kill switch has stopped
    in_shadow: gives the rulesets that decide beside it
    worth: what leads may be worth, for the order in which people look at them
    """

    def __init__(  # noqa: PLR0913  # each a thing it works with
        self,
        facts: FactSource,
        ledger: Ledger,
        live: Callable[[], Ruleset],
        clock: Clock,
        *,
        stops: StopsInForce,
        shadow: bool = False,
        in_shadow: Callable[[], Sequence[InShadow]] = _nothing,
        worth: Worth = _USUAL,
    ) -> None:
        self._facts = _Steadfast(facts, clock)
        self._worth = worth
        self._in_shadow = in_shadow
        self._ledger = ledger
        self._live = live
        self._clock = clock
        self._shadow = shadow
        self._stops = stops

    def take(self, arrivals: Sequence[Arrival]) -> Sequence[Sequence[Recorded] | ConflictError]:
        """Decide and record what arrived at about the same time, in one transaction, in order.

        Raises StoreAwayError when nothing can be recorded; giving the same arrivals again is safe.
        """
        for attempt in range(_TRIES):
            try:
                return self._taken(arrivals, self._stops(anew=attempt > 0))
            except StopsChangedError:
                continue
        return self._taken(arrivals, UNREADABLE)

    def _taken(self, arrivals: Sequence[Arrival], stops: Stops) -> Sequence[Sequence[Recorded] | ConflictError]:
        """Decide and record under these stops; raises StopsChangedError when they hold no more."""
        ruleset = self._live()
        screener = Screener(self._facts, ruleset, shadow=self._shadow)
        looked_up = screener.looked_up([lead for arrival in arrivals for lead in arrival.leads])
        named = [named for arrival in arrivals for named in arrival.named]
        assessed = self._assessed(looked_up, named, ruleset, stops)
        return self._ledger.record(
            [Submitted([next(assessed) for _ in each.leads], each.key, each.request) for each in arrivals],
            self._clock.now(),
            stops=stops.number,
        )

    def _assessed(
        self, looked_up: Sequence[tuple[Lead, Facts]], named: Sequence[bool], ruleset: Ruleset, stops: Stops
    ) -> Iterator[Assessed]:
        shadow, in_shadow = self._shadow, self._in_shadow()
        for (lead, usual), by_sender in zip(looked_up, named, strict=True):
            beside = tuple([each.decided(lead, usual) for each in in_shadow if each.shadow.takes(lead.id)])
            facts = replace(usual, halts=stops.halts(lead.source)) if stops.standing else usual
            decision = decide(lead, facts, ruleset, shadow=shadow)
            waits = decision.outcome is Outcome.REVIEW and not shadow
            ahead = self._ahead(lead, facts, decision, ruleset) if waits else _NO_TIME
            told = _told(lead, facts, decision, ruleset) if says_something(lead) else ()
            yield Assessed(lead, facts, decision, by_sender, beside, ahead, told)

    def _ahead(self, lead: Lead, facts: Facts, decision: Decision, ruleset: Ruleset) -> timedelta:
        value = self._worth.of(lead)
        if rejects_alone(ruleset, facts.now):  # the place in the queue must not tell the score either
            return head_start(value, 1.0)
        return head_start(value, doubt(decision, facts, ruleset.thresholds.for_source(lead.source)))


def _told(lead: Lead, facts: Facts, decision: Decision, ruleset: Ruleset) -> tuple[Told, ...]:
    e164, believed = facts.phone.e164 if facts.phone else None, decision.outcome is not Outcome.REJECT
    return told_by(lead, e164, ruleset.policy.limits, believed=believed)


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
