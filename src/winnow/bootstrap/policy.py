"""Wiring of the policy: the law packs in use, the live ruleset, register and ledger, and whom a change would touch."""

from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.consent_counts import GrantCounts
from winnow.adapters.db.newest import StoredNewestLeads, StoredNewestSends
from winnow.adapters.db.systems import StoredSystems
from winnow.bootstrap.consenting import addressed, make_ledger, make_standings
from winnow.bootstrap.policy_files import packs_of
from winnow.bootstrap.service import Service
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.terms import Channel
from winnow.core.lead import Lead
from winnow.services.policy import PolicyDesk, Reach

_BY_PHONE = frozenset({Channel.PHONE, Channel.SMS})


def make_policy(service: Service) -> PolicyDesk:
    """The policy of a service."""
    systems = StoredSystems(service.engine, service.journal)
    grants = GrantCounts(service.engine)
    reach = _reach(service)
    packs = packs_of(service.config)
    return PolicyDesk(service.live.ruleset, packs, service.rulesets, service.clock, systems.all, grants, reach)


def _reach(service: Service) -> Reach:
    engine, vault, ledger = service.engine, service.vault, make_ledger(service)
    leads, sends = StoredNewestLeads(engine, vault), StoredNewestSends(engine, vault)
    return Reach(leads, sends, lambda lead, channel: _subject(ledger, lead, channel), make_standings(service))


def _subject(ledger: StoredConsent, lead: Lead, channel: Channel) -> int | None:
    """The first address of the kind that a channel goes to; a number without its country may be several people's."""
    if lead.emails and channel not in _BY_PHONE:
        found = addressed(AddressKind.EMAIL, lead.emails[0], lead.country)
        return None if found is None else ledger.subject(found)
    if lead.phones and channel is not Channel.EMAIL:
        found = addressed(AddressKind.PHONE, lead.phones[0], lead.country)
        return ledger.subject(found) if found and found.text.startswith("+") else None
    return None
