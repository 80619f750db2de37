"""Wiring of Today: where the days are counted, and what else it tells of."""

from winnow.adapters.db.cases import StoredCases
from winnow.adapters.db.figures import StoredFigures
from winnow.adapters.db.incidents import StoredIncidents
from winnow.bootstrap.guarding import make_counts
from winnow.bootstrap.sampling import make_sample
from winnow.bootstrap.service import Service
from winnow.services.today import TodayDesk

#: Seconds between two looks whether there is something new to count, so that whoever looks need not wait for it.
_PAUSE_SECONDS = 5.0


def make_today(service: Service) -> TodayDesk:
    """Where one looks in the morning."""
    return TodayDesk(
        StoredFigures(service.engine, make_sample(service)),
        StoredCases(service.engine, service.journal, service.vault).waiting,
        make_counts(service),
        StoredIncidents(service.engine, service.journal),
        service.live.ruleset,
        service.clock,
    )


class Counting:
    """Counts the days as they come; for one thread."""

    def __init__(self, service: Service) -> None:
        self._store = StoredFigures(service.engine, make_sample(service))

    def step(self) -> float:
        """Count a little; returns in how many seconds to go on."""
        return 0.0 if self._store.catch_up() else _PAUSE_SECONDS
