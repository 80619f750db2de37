"""Leads that are decided and ready to be put on record, and the ledger to put them on."""

from datetime import UTC, datetime
from functools import cache

from tests.support.cases import starter
from winnow.adapters.db.history import StoredHistory
from winnow.adapters.db.ledger import LedgerReader, StoredLedger
from winnow.adapters.db.steady import Steady
from winnow.adapters.db.turn import Means
from winnow.adapters.facts.lookup import BatchFacts, seen
from winnow.adapters.facts.reference import Reference
from winnow.core.decide import decide
from winnow.core.lead import Lead
from winnow.ports import Assessed, Submitted
from winnow.services.screen import Screener

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@cache
def reference() -> Reference:
    return Reference()


def a_lead(number: int = 1, **fields) -> Lead:
    values = {
        "id": f"lead-{number}",
        "source": "web",
        "received_at": NOW,
        "emails": (f"person{number}@bluebird.example",),
        "ip": f"198.51.{number // 250}.{number % 250}",
        "message": f"We would like an offer for {number} seats, please.",
        "form_fill_seconds": 30.0,
    }
    return Lead(**{**values, **fields})


def seen_of(lead, facts):
    return seen(lead, facts.email, facts.network, facts.phone)


class Desk:
    """A ledger with the facts and the ruleset to decide under, as one replica has them."""

    def __init__(self, engine, vault):
        steady = Steady(engine)
        self.means = Means(vault, StoredHistory(steady, vault), seen_of, "in_test")
        self.ledger = StoredLedger(steady, self.means)
        self.reader = LedgerReader(engine, self.means)
        self.facts = BatchFacts(reference(), self.means.history, now=lambda: NOW, customers=frozenset())

    def assessed(self, *leads: Lead, named: bool = True) -> list[Assessed]:
        ruleset = starter()
        found = Screener(self.facts, ruleset).looked_up(leads)
        return [Assessed(lead, facts, decide(lead, facts, ruleset), named) for lead, facts in found]

    def submitted(self, *leads: Lead, named: bool = True, key: bytes | None = None, request: bytes = b"") -> Submitted:
        return Submitted(self.assessed(*leads, named=named), key, request)

    def record(self, *group: Submitted):
        return self.ledger.record(group, NOW, stops=0)
