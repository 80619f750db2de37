"""Wiring of the policy: the law packs that come with Winnow, the live ruleset, register and ledger."""

from winnow.adapters.db.consent_counts import GrantCounts
from winnow.adapters.db.systems import StoredSystems
from winnow.adapters.packs import law_packs
from winnow.bootstrap.service import Service
from winnow.services.policy import PolicyDesk


def make_policy(service: Service) -> PolicyDesk:
    """The policy of a service."""
    systems = StoredSystems(service.engine, service.journal)
    grants = GrantCounts(service.engine)
    return PolicyDesk(service.live.ruleset, law_packs(), service.rulesets, service.clock, systems.all, grants)
