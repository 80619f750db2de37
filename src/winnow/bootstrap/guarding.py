"""Wiring of the guards: what they read, where incidents are kept, how often they look."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache

from winnow.adapters.db.day_counts import CardOf, StoredDayCounts
from winnow.adapters.db.incidents import StoredIncidents
from winnow.bootstrap.laddering import make_ladder
from winnow.bootstrap.sampling import LiveProof
from winnow.bootstrap.service import Service
from winnow.services.guards import GuardDesk

_log = logging.getLogger(__name__)

#: Seconds between two rounds, and until the first one, so that a start is not slowed by it.
ROUND_SECONDS, FIRST_SECONDS = 3_600.0, 60.0

_MOST_DAYS = 365
#: Rulesets whose scorecard is remembered: each change of a list makes a ruleset.
_MOST_RULESETS = 1_000
#: Digits of a hash that stand for a scorecard.
_DIGITS = 16


def make_guards(service: Service) -> GuardDesk:
    """The guards of a service."""
    return GuardDesk(
        make_counts(service),
        StoredIncidents(service.engine, service.journal),
        LiveProof(service),
        service.clock,
        service.new_id,
        horizon=timedelta(days=service.config.count("guards.outcome_days", most=_MOST_DAYS)),
    )


def make_counts(service: Service) -> StoredDayCounts:
    """What guards compare."""
    return StoredDayCounts(service.engine, _cards(service))


def _cards(service: Service) -> Callable[[str], CardOf]:
    @lru_cache(maxsize=_MOST_RULESETS)
    def card_of(digest: str) -> CardOf:
        ruleset = service.rulesets.ruleset(digest)
        signals = tuple(feature.signal for feature in ruleset.scorecard.features)
        return CardOf(ruleset.scorecard_hash[:_DIGITS], signals)

    return card_of


class Guarding:
    """Lets the guards look again and again; for one thread."""

    def __init__(self, service: Service) -> None:
        self._desk = make_guards(service)
        self._ladder = make_ladder(service)
        self._begun = False
        self._falls: list[str] = []

    def step(self) -> float:
        """One round; returns in how many seconds to come again."""
        if not self._begun:
            self._begun = True
            return FIRST_SECONDS
        for incident in self._desk.look().opened:
            _log.warning("guard `%s` opened incident %s: %s", incident.guard, incident.id, "; ".join(incident.figures))
            if incident.pauses:
                self._falls.append(f"guard `{incident.guard}`, incident {incident.id}")
        while self._falls:  # one that fails is tried again in the next round, where nothing is opened any more
            self._ladder.fallen(self._falls[0])
            del self._falls[0]
        return ROUND_SECONDS
