"""Wiring of junk spikes."""

from collections.abc import Mapping
from functools import partial

from winnow.adapters.db.past import StoredPast
from winnow.adapters.db.rule_drafts import StoredDrafts
from winnow.bootstrap.service import Service
from winnow.services.rules import MOST_LOOKED_AT, RuleDesk
from winnow.services.spikes import SpikeDesk


def make_spikes(service: Service, rules: RuleDesk) -> SpikeDesk:
    """Where spikes are looked for; `rules` is where what is drafted is tried and kept."""
    past = StoredPast(service.engine, service.vault)
    stores = (service.labels, past, StoredDrafts(service.engine, service.journal))
    return SpikeDesk(stores, service.live.ruleset, service.clock, partial(_tried, rules), rules.add)


def _tried(rules: RuleDesk, document: Mapping[str, object]) -> str:
    found = rules.test(document, MOST_LOOKED_AT)
    return (
        f"Over the last {found.looked_at:,} decisions it would have fired on {len(found.hits):,} and changed the "
        f"outcome of {len(found.changed):,}."
    )
