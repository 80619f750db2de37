"""Wiring of shadow and ladder."""

from winnow.adapters.db.incidents import StoredIncidents
from winnow.bootstrap.service import Service
from winnow.bootstrap.signing import make_held
from winnow.services.ladder import LadderDesk
from winnow.services.shadows import ShadowDesk
from winnow.services.signing import LadderSignOffs

_MOST_COUNTED = 100


def make_shadows(service: Service) -> ShadowDesk:
    """Where rulesets are put in shadow."""
    return ShadowDesk(service.shadows, service.rulesets, service.clock)


def make_ladder(service: Service) -> LadderDesk:
    """Where they climb, each step signed by a second person."""
    incidents = StoredIncidents(service.engine, service.journal)
    return LadderDesk(
        service.ladder,
        service.rulesets,
        service.shadows,
        LadderSignOffs(make_held(service)),
        lambda: len(incidents.page(None, _MOST_COUNTED, unclosed=True).items),
        service.clock,
    )
