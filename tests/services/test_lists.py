"""The desk of the lists: entries are made sound before they are kept, and tried on what was decided before."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from tests.support.cases import NOW, facts, lead
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ListKind
from winnow.core.outcome import Outcome
from winnow.errors import InvalidInputError
from winnow.ports import PastDecision
from winnow.services.lists import EVIDENCE_STANDS, MOST_ENTRIES, MOST_LOOKED_AT, ListDesk

ENTRY = {"action": "block", "kind": "email", "value": "Bo@Spam.Example", "owner": "Mia", "reason": "flood"}


class World:
    """A store that only remembers what it was given, and six thousand decisions."""

    def __init__(self):
        self.added, self.read, self.numbers = [], 0, count(1)
        here: Any = self
        self.desk = ListDesk(here, here, keys_of, here, lambda prefix, _: f"{prefix}_{next(self.numbers)}")

    def now(self):
        return NOW

    def add(self, entries, actor, now):
        self.added.append((entries, actor, now))

    def latest(self, most):
        for number in range(6000, 6000 - most, -1):
            self.read += 1
            who = "bo@spam.example" if number % 3 == 0 else "ana@bluebird.example"
            yield PastDecision(number, lead(emails=(who,)), facts(), Outcome(number % 4))


def keys_of(someone: Lead, _: Facts):
    return [(ListKind.EMAIL, someone.emails[0])]


@pytest.fixture
def world():
    return World()


def test_an_entry_is_canonical_and_dated_when_it_is_kept(world):
    entry = world.desk.add(ENTRY, "wk_1")
    assert (entry.id, entry.value, entry.created_at, entry.expires_at) == ("le_1", "bo@spam.example", NOW, None)
    assert world.added == [([entry], "wk_1", NOW)]


@pytest.mark.parametrize(
    ("action", "source", "expires_at"),
    [
        ("block", "rule", NOW + EVIDENCE_STANDS),
        ("block", "feedback", NOW + EVIDENCE_STANDS),
        ("block", "person", None),
        ("block", "import", None),
        ("allow", "rule", None),
    ],
)
def test_only_a_block_on_evidence_lapses_by_itself(world, action, source, expires_at):
    assert timedelta(days=180) == EVIDENCE_STANDS
    document = {**ENTRY, "action": action, "source": source}
    assert world.desk.add(document, "wk_1").expires_at == expires_at
    given = world.desk.add({**document, "expires_at": "2026-12-01T00:00:00Z"}, "wk_1")
    assert given.expires_at.isoformat() == "2026-12-01T00:00:00+00:00"


def test_what_is_wrong_with_one_of_many_keeps_all_from_being_added(world):
    for change, where in (
        ({"value": "nobody"}, "entries[1]"),
        ({"kind": "smell"}, "entries[1].kind"),
        ({"reason": "x" * 2001}, "entries[1].reason"),
        ({"owner": "\t"}, "entries[1].owner"),
        ({"id": "a b"}, "entries[1].id"),
        ({"id": "le_x"}, "entries[1].id"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            world.desk.add_all([{**ENTRY, "id": "le_x"}, {**ENTRY, **change}], "wk_1")
        assert caught.value.where == where
    for documents in ([], [ENTRY] * (MOST_ENTRIES + 1)):
        with pytest.raises(InvalidInputError):
            world.desk.add_all(documents, "wk_1")
    assert world.added == []


def test_a_preview_counts_and_names_whom_an_entry_matches_and_keeps_nothing(world):
    found = world.desk.preview(ENTRY, 10)
    assert (found.looked_at, found.ids) == (10, (6000, 5997, 5994, 5991))
    assert found.outcomes == {Outcome.ACCEPT: 1, Outcome.TAG: 1, Outcome.REVIEW: 1, Outcome.REJECT: 1}
    assert world.desk.preview(ENTRY, 10**9).looked_at == MOST_LOOKED_AT
    assert world.added == []


class Customers(World):
    """The same, where every sixth decision was about a customer, and `vip.example` is one by name."""

    def __init__(self):
        super().__init__()
        here: Any = self
        names = lambda entry: entry.value.endswith("vip.example")  # noqa: E731  # short
        self.desk = ListDesk(here, here, keys_of, here, lambda prefix, _: f"{prefix}_{next(self.numbers)}", names)

    def latest(self, most):
        for past in super().latest(most):
            yield replace(past, facts=replace(past.facts, is_customer=past.id % 6 == 0))


def test_a_preview_tells_which_leads_were_customers():
    assert Customers().desk.preview(ENTRY, 10).customers == (6000, 5994)


def test_a_block_that_would_have_held_customers_is_refused_and_an_allow_is_not():
    world = Customers()
    with pytest.raises(InvalidInputError, match="2 of customers") as caught:
        world.desk.add_looked_at(ENTRY, "us_1", 10)
    assert (caught.value.where, world.added) == ("value", [])
    world.desk.add_looked_at({**ENTRY, "action": "allow"}, "us_1", 10)
    world.desk.add_looked_at({**ENTRY, "value": "somebody@else.example"}, "us_1", 10)
    assert len(world.added) == 2


def test_whom_a_block_names_must_not_be_a_customer():
    world = Customers()
    vip = {**ENTRY, "value": "bo@vip.example"}
    with pytest.raises(InvalidInputError, match="customers are not blocked") as caught:
        world.desk.add(vip, "wk_1")
    assert caught.value.where == "value"
    for ask in (world.desk.checked, lambda entries: world.desk.add_all(entries, "wk_1")):
        with pytest.raises(InvalidInputError) as caught:
            ask([ENTRY, vip])
        assert caught.value.where == "entries[1].value"
    assert world.added == []
    world.desk.add({**vip, "action": "allow"}, "wk_1")


def test_what_would_be_added_is_told_and_not_added(world):
    assert [entry.value for entry in world.desk.checked([ENTRY])] == ["bo@spam.example"]
    assert world.added == []


def test_a_wrong_entry_is_not_called_by_a_name_nobody_gave_it(world):
    with pytest.raises(InvalidInputError) as caught:
        world.desk.add({**ENTRY, "value": "nobody"}, "wk_1")
    assert caught.value.what == "`nobody` is not a valid email"
