"""Wiring of the file of a lead."""

from collections.abc import Sequence

from winnow.adapters.db.finding import StoredSearch
from winnow.adapters.db.lead_records import StoredLeadRecords
from winnow.adapters.db.rule_drafts import StoredDrafts
from winnow.adapters.facts.lookup import match_keys
from winnow.bootstrap.receipts import published_size
from winnow.bootstrap.reviewing import make_showing, stored_cases
from winnow.bootstrap.service import Service
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ListEntry
from winnow.ports import RuleDraft
from winnow.services.lead_file import LeadFiles, Sources


def make_lead_files(service: Service) -> LeadFiles:
    """Where the files of the leads of a service are opened."""
    drafts = StoredDrafts(service.engine, service.journal)

    def some(most: int) -> Sequence[RuleDraft]:
        return drafts.page(None, most).items

    def matching(lead: Lead, facts: Facts) -> Sequence[ListEntry]:
        return service.live.index().hits(match_keys(lead, (facts.email, facts.network, facts.phone)))

    sources = Sources(
        ledger=service.ledger,
        records=StoredLeadRecords(service.engine, service.journal, service.vault),
        cases=stored_cases(service),
        search=StoredSearch(service.engine, service.vault),
        labels=service.labels,
        ruleset_of=service.replay.ruleset,
        drafts=some,
        entries=matching,
        published=lambda: published_size(service),
        withholds=make_showing(service).withholds,
        installation=service.installation,
    )
    return LeadFiles(sources, service.clock)
