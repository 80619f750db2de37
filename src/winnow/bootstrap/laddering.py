"""Wiring of shadow and ladder."""

from winnow.adapters.db.incidents import StoredIncidents
from winnow.bootstrap.service import Service
from winnow.services.ladder import LadderDesk, NobodySigns
from winnow.services.shadows import ShadowDesk

_MOST_COUNTED = 100


def make_shadows(service: Service) -> ShadowDesk:
    """Where rulesets are put in shadow."""
    return ShadowDesk(service.shadows, service.rulesets, service.clock)


def make_ladder(service: Service) -> LadderDesk:
    """Where they climb. Nobody can sign yet, so nothing climbs: a workflow of sign-offs goes in here."""
    incidents = StoredIncidents(service.engine, service.journal)
    return LadderDesk(
        service.ladder,
        service.rulesets,
        service.shadows,
        NobodySigns(),
        lambda: len(incidents.page(None, _MOST_COUNTED, unclosed=True).items),
        service.clock,
    )
