"""Cases that wait on a database of either kind, and what is needed to decide them."""

from datetime import timedelta

from tests.support.cases import starter
from tests.support.screening import NOW, Desk, a_lead
from winnow.adapters.db.dispositions import StoredReview
from winnow.adapters.db.lists import StoredLists
from winnow.adapters.db.log import Journal
from winnow.adapters.db.overrides import StoredOverrides
from winnow.adapters.db.past import StoredPast
from winnow.adapters.facts.lookup import match_keys
from winnow.core.decide import decide
from winnow.core.outcome import Outcome
from winnow.core.review.disposition import verdict
from winnow.core.ruleset import Ruleset
from winnow.errors import ConflictError
from winnow.ports import Assessed, Submitted
from winnow.ports.review import Acting
from winnow.services.review import ReviewDesk
from winnow.services.review_bulk import BulkDesk
from winnow.services.screen import Screener

#: What makes the starter ruleset ask for a person.
DOUBTFUL = {
    "form_fill_seconds": 1.0,
    "form_honeypot": True,
    "message": "buy http://a.example http://b.example now " * 3,
}


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, time=NOW):
        self.time = time

    def now(self):
        return self.time

    def forward(self, **by):
        self.time += timedelta(**by)


class Room:
    """A ledger, the review queue over it, and the overrides that later leads meet."""

    def __init__(self, engine, vault, *, second_share=0.0):
        self.desk = Desk(engine, vault)
        self.clock = SetClock()
        journal = Journal(vault)
        self.store = StoredReview(engine, journal, vault, StoredLists(engine, journal), "in_test")
        self.overrides = StoredOverrides(self.desk.means.history._steady, vault, lambda: True)
        self.numbers = iter(range(1, 1_000_000))
        self.review = ReviewDesk(self.store, self.clock, second_share=second_share)
        self.bulk = BulkDesk(
            self.store,
            StoredPast(engine, vault),
            lambda lead, facts: match_keys(lead, (facts.email, facts.network, facts.phone)),
            self.clock,
            lambda prefix, _: f"{prefix}_{next(self.numbers)}",
            second_share=second_share,
        )

    def came(self, number, *, ruleset: Ruleset | None = None, ahead=timedelta(), **fields):
        """A new lead, decided with what people said before; what was recorded."""
        lead = a_lead(number, **fields)
        self.desk.facts._overrides = self.overrides.overrides
        chosen = ruleset or starter()
        ((lead, facts),) = Screener(self.desk.facts, chosen).looked_up([lead])
        decision = decide(lead, facts, chosen)
        assessed = Assessed(lead, facts, decision, named=True, head_start=ahead)
        (answer,) = self.desk.ledger.record([Submitted([assessed])], self.clock.now(), stops=0)
        assert not isinstance(answer, ConflictError)
        (recorded,) = answer
        return recorded, decision

    def doubtful(self, number, **fields):
        """The number of a new case."""
        recorded, decision = self.came(number, **{**DOUBTFUL, **fields})
        assert decision.outcome is Outcome.REVIEW
        return recorded.id

    def close(self, *numbers, by="ana", outcome=Outcome.ACCEPT, reason=None, **more):
        """Close cases straight in the store."""
        said = verdict(outcome, reason, "", self.clock.now())
        return self.store.close(numbers, said, Acting(by, "wk_1", **more), self.clock.now())
