"""The life of cases under two reviewers and a clock that jumps, against a model that is as simple as can be."""

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.databases import new_database
from tests.support.reviewing import Room
from winnow.adapters.db.connections import make_engine
from winnow.adapters.db.store import prepare
from winnow.adapters.db.vault import Vault
from winnow.core.outcome import Outcome
from winnow.core.review.case import CLAIM_LASTS, State
from winnow.core.review.disposition import Spoken
from winnow.errors import ConflictError
from winnow.ports.review import Shelf, Wanted

CASES = 4
REVIEWERS = st.sampled_from(["ana", "bo"])
PLACES = st.integers(0, CASES - 1)
VERDICTS = {
    Outcome.ACCEPT: Spoken(Outcome.ACCEPT),
    Outcome.TAG: Spoken(Outcome.TAG),
    Outcome.REJECT: Spoken(Outcome.REJECT, "spam"),
}
OUTCOMES = st.sampled_from(list(VERDICTS))


@dataclass
class Model:
    """What a case should be."""

    holder: str | None = None
    until: datetime | None = None
    snoozed: datetime | None = None
    outcome: Outcome | None = None
    batch: str | None = None

    def taken(self, who, now):
        return self.outcome is not None or (self.holder not in {None, who} and now < self.until)

    def freed(self, outcome=None, batch=None):
        self.holder = self.until = self.snoozed = None
        self.outcome, self.batch = outcome, batch

    def state(self, now):
        if self.outcome is not None:
            return State.DECIDED
        if self.holder is not None and now < self.until:
            return State.CLAIMED
        return State.SNOOZED if self.snoozed is not None and now < self.snoozed else State.OPEN


class LifeOfCases(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory()
        self.engine = make_engine(new_database("sqlite", Path(self.folder.name)))
        prepare(self.engine, lambda: "in_test")
        self.room = Room(self.engine, Vault(b"w" * 32, b"o" * 32, b"p" * 32))
        self.ids = [self.room.doubtful(number) for number in range(CASES)]
        self.models = [Model() for _ in self.ids]
        self.batches, self.later = {}, 100

    def teardown(self):
        if hasattr(self, "engine"):
            self.engine.dispose()
            self.folder.cleanup()

    @property
    def now(self):
        return self.room.clock.time

    def tried(self, place, who, act):
        """Do it; whether it went must be what the model says."""
        expected = not self.models[place].taken(who, self.now)
        try:
            act(self.ids[place])
        except ConflictError:
            assert not expected
            return False
        assert expected
        return True

    @rule(place=PLACES, who=REVIEWERS)
    def claim(self, place, who):
        if self.tried(place, who, lambda case: self.room.review.claim(case, who)):
            model = self.models[place]
            model.holder, model.until, model.snoozed = who, self.now + CLAIM_LASTS, None

    @rule(place=PLACES, who=REVIEWERS)
    def give_back(self, place, who):
        if self.tried(place, who, lambda case: self.room.review.give_back(case, who)):
            self.models[place].holder = self.models[place].until = None

    @rule(who=REVIEWERS)
    def take_the_next(self, who):
        found = self.room.review.next(who)
        free = [not m.taken(who, self.now) and m.state(self.now) is not State.SNOOZED for m in self.models]
        assert (found is not None) is any(free)
        if found is not None:
            place = self.ids.index(found.id)
            assert place == free.index(True)
            model = self.models[place]
            model.holder, model.until, model.snoozed = who, self.now + CLAIM_LASTS, None

    @rule(place=PLACES, who=REVIEWERS, hours=st.integers(1, 48))
    def snooze(self, place, who, hours):
        until = self.now + timedelta(hours=hours)
        if self.tried(place, who, lambda case: self.room.review.snooze(case, who, until)):
            self.models[place].freed()
            self.models[place].snoozed = until

    @rule(place=PLACES, who=REVIEWERS, outcome=OUTCOMES)
    def decide(self, place, who, outcome):
        if self.tried(place, who, lambda case: self.room.review.decide(case, VERDICTS[outcome], who, "wk_1")):
            self.models[place].freed(outcome)

    @rule(place=PLACES, who=REVIEWERS)
    def undo(self, place, who):
        model = self.models[place]
        try:
            self.room.review.undo(self.ids[place], who, "wk_1")
        except ConflictError:
            assert model.outcome is None
        else:
            assert model.outcome is not None
            model.freed()

    @rule(places=st.lists(PLACES, min_size=1, max_size=CASES), who=REVIEWERS, outcome=OUTCOMES)
    def bulk(self, places, who, outcome):
        able = [place for place in dict.fromkeys(places) if not self.models[place].taken(who, self.now)]
        made = self.room.bulk.close([self.ids[place] for place in places], VERDICTS[outcome], who, "wk_1")
        assert [case.id for case in made.done.cases] == [self.ids[place] for place in able]
        for place in able:
            self.models[place].freed(outcome, made.id)
        if able:
            self.batches[made.id] = False

    @rule(data=st.data(), who=REVIEWERS)
    def undo_bulk(self, data, who):
        if not self.batches:
            return
        batch = data.draw(st.sampled_from(sorted(self.batches)))
        try:
            undone = self.room.bulk.undo(batch, who, "wk_1")
        except ConflictError:
            assert self.batches[batch]
            return
        assert not self.batches[batch]
        self.batches[batch] = True
        places = [place for place, model in enumerate(self.models) if model.batch == batch]
        assert sorted(case.id for case in undone.cases) == [self.ids[place] for place in places]
        for place in places:
            self.models[place].freed()

    @rule(minutes=st.sampled_from([1, 59, 60, 61, 600]))
    def time_passes(self, minutes):
        self.room.clock.forward(minutes=minutes)

    @rule(place=PLACES)
    def the_person_writes_again(self, place):
        self.later += 1
        address = (f"person{place}@bluebird.example",)
        _, decision = self.room.came(self.later, emails=address, source="later", received_at=self.now)
        wanted = self.models[place].outcome
        assert (decision.decided_by == "override") is (wanted is not None)
        if wanted is not None:
            assert decision.outcome is wanted

    @invariant()
    def all_is_as_it_should_be(self):
        if not hasattr(self, "room"):
            return
        for number, model in zip(self.ids, self.models, strict=True):
            case = self.room.review.case(number, "cleo")
            assert case.state("cleo", self.now) is model.state(self.now)
            assert (case.closing.outcome if case.closing else None) is model.outcome
            holder = case.holder(self.now)
            assert (holder.by if holder else None) == (model.holder if model.state(self.now) is State.CLAIMED else None)
        shelves = {Shelf.WAITING: {State.OPEN, State.CLAIMED}, Shelf.DECIDED: {State.DECIDED}}
        for shelf, states in shelves.items():
            listed = self.room.review.page(Wanted(shelf), "cleo", None, 50).items
            expected = {each for each, m in zip(self.ids, self.models, strict=True) if m.state(self.now) in states}
            assert {case.id for case in listed} & set(self.ids) == expected


LifeOfCases.TestCase.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
TestLifeOfCases = LifeOfCases.TestCase
