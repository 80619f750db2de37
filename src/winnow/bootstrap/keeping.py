"""Wiring of what keeps the store in shape: its write-ahead log written back, what nobody needs any more forgotten."""

from datetime import datetime, timedelta

from winnow.adapters.db.forgetting import (
    AT_ONCE,
    forget_checkpoints,
    forget_deliveries,
    forget_requests,
    forget_sightings,
)
from winnow.adapters.db.forgetting_permits import forget_answers, forget_conclusions, forget_contacts
from winnow.adapters.db.upkeep import WriteBack
from winnow.bootstrap.service import Service
from winnow.core.govern.limits import Limits

#: How long things are kept: clients retry for a day, the longest count goes back 30 days, what was delivered is
#: looked up for weeks, every signed head is told apart for a day.
REQUESTS, SIGHTINGS = timedelta(hours=48), timedelta(days=90)
DELIVERIES, CHECKPOINTS = timedelta(days=30), timedelta(days=1)

#: Seconds between two rounds of forgetting, and between two steps of one.
_ROUND_SECONDS, _STEP_SECONDS = 600.0, 0.05


def write_back(service: Service) -> WriteBack:
    """Writes SQLite's log back; for one thread."""
    return WriteBack(service.engine)


class Forgetting:
    """Forgets what is too old, in small steps; for one thread."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._kinds = (
            lambda: forget_requests(service.engine, self._ago(REQUESTS)) == AT_ONCE,
            lambda: forget_sightings(service.engine, self._ago(SIGHTINGS)) == AT_ONCE,
            lambda: forget_checkpoints(service.engine, self._ago(CHECKPOINTS)) == AT_ONCE,
            self._deliveries,
            lambda: forget_answers(service.engine, service.journal, self._decisions(), service.clock.now()) > 0,
            lambda: forget_conclusions(service.engine, service.journal, self._decisions(), service.clock.now()) > 0,
            lambda: forget_contacts(service.engine, self._contacts()) == AT_ONCE,
        )
        self._kind = 0
        self._delivery = 0

    def step(self) -> float:
        """Forget a little; returns in how many seconds to go on."""
        if self._kinds[self._kind]():
            return _STEP_SECONDS
        self._kind = (self._kind + 1) % len(self._kinds)
        return _STEP_SECONDS if self._kind else _ROUND_SECONDS

    def _ago(self, age: timedelta) -> datetime:
        return self._service.clock.now() - age

    @property
    def _limits(self) -> Limits:
        return self._service.live.ruleset().policy.limits

    def _decisions(self) -> datetime:
        """Since when the policy keeps decisions."""
        return self._ago(timedelta(days=self._limits.retention.decisions_days))

    def _contacts(self) -> datetime:
        """The same of contacts, which are kept for as long as a cap counts them."""
        longest = max((cap.days for cap in self._limits.caps), default=0)
        return min(self._decisions(), self._ago(timedelta(days=longest)))

    def _deliveries(self) -> bool:
        """Whether there are more to look at."""
        last = forget_deliveries(self._service.engine, self._ago(DELIVERIES), self._delivery)
        self._delivery = last or 0
        return last is not None
