"""How often entries matched: each decision is read once, and only the last ones count."""

from dataclasses import replace
from datetime import timedelta

from tests.support.cases import NOW, facts, lead
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Outcome
from winnow.ports import PastDecision
from winnow.services.list_hits import NAMED, EntryHits

A, B = (ListEntry(name, ListAction.BLOCK, ListKind.DOMAIN, "spam.example", "Mia", "flood") for name in "ab")


class Decisions:
    """Decisions of which some hit entries; counts how many were read."""

    def __init__(self):
        self.made, self.read = [], 0

    def decide(self, *entries):
        number = len(self.made) + 1
        known = replace(facts(), now=NOW + timedelta(minutes=number), list_hits=entries)
        self.made.append(PastDecision(number, lead(), known, Outcome.ACCEPT))

    def latest(self, most):
        for each in self.made[: -most - 1 : -1]:
            self.read += 1
            yield each


def test_hits_are_counted_with_the_last_of_them():
    past = Decisions()
    for entries in ((A,), (), (A, B), ()):
        past.decide(*entries)
    found = EntryHits(past).counted()
    assert (found.looked_at, sorted(found.of)) == (4, ["a", "b"])
    assert (found.of["a"].count, found.of["a"].ids, found.of["a"].last) == (2, (3, 1), NOW + timedelta(minutes=3))


def test_only_new_decisions_are_read():
    past, hits = Decisions(), None
    for _ in range(10):
        past.decide(A)
    hits = EntryHits(past)
    hits.counted()
    past.read = 0
    past.decide(B)
    assert (hits.counted().of["b"].count, hits.counted().of["a"].count) == (1, 10)
    assert past.read == 3  # the new one and the one before it, then the newest, which is known


def test_what_is_longer_ago_counts_no_more():
    past, hits = Decisions(), None
    past.decide(A)
    hits = EntryHits(past, last=3)
    assert hits.counted().of["a"].count == 1
    for _ in range(3):
        past.decide(B)
    found = hits.counted()
    assert (found.looked_at, list(found.of), found.of["b"].count) == (3, ["b"], 3)


def test_few_decisions_are_named_however_many_there_are():
    past = Decisions()
    for _ in range(NAMED + 5):
        past.decide(A)
    found = EntryHits(past).counted().of["a"]
    assert (found.count, len(found.ids), found.ids[0]) == (NAMED + 5, NAMED, NAMED + 5)
