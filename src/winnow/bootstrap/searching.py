"""Wiring of looking for decisions, and of putting them in order for it."""

from winnow.adapters.db.filing import Filing
from winnow.adapters.db.finding import StoredSearch
from winnow.bootstrap.service import Service
from winnow.services.search import SearchDesk

#: Seconds between two looks whether it is worth a sweep, and between two steps of one.
_LOOK_SECONDS, _STEP_SECONDS = 5.0, 0.02


def make_search(service: Service) -> SearchDesk:
    """Where decisions of a service are looked for."""
    return SearchDesk(StoredSearch(service.engine, service.vault), service.ledger.kept)


class FilingJob:
    """Puts decisions in order, in small steps; for one thread."""

    def __init__(self, service: Service) -> None:
        self._filing = Filing(service.engine)

    def step(self) -> float:
        """A little; returns in how many seconds to go on."""
        return _STEP_SECONDS if self._filing.step() else _LOOK_SECONDS
