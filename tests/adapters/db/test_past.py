"""What was decided before comes back whole, the newest first, however many pages it takes."""

import pytest
from sqlalchemy import delete, select

from tests.support.screening import Desk, a_lead
from winnow.adapters.db import past as module
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.past import StoredPast
from winnow.adapters.db.tables import leads, subject_keys


@pytest.fixture
def desk(store, vault):
    return Desk(store, vault)


@pytest.mark.parametrize("page", [1, 3, 7, 100])
def test_as_many_as_are_asked_for_come_the_newest_first(store, vault, desk, monkeypatch, page):
    monkeypatch.setattr(module, "_PAGE", page)
    desk.record(desk.submitted(*[a_lead(number, emails=(f"p{number}@acme.example",)) for number in range(7)]))
    past = StoredPast(store, vault)
    for most in (0, 1, 3, 7, 50):
        assert [each.id for each in past.latest(most)] == [6, 5, 4, 3, 2, 1, 0][:most]
    for each in past.latest(7):
        lead, facts, _ = desk.reader.decided(each.id)
        assert (each.lead, each.facts) == (lead, facts)


def test_what_was_erased_is_passed_over(store, vault, desk):
    desk.record(desk.submitted(*[a_lead(number, emails=(f"p{number}@acme.example",)) for number in range(4)]))
    with reading(store) as connection:
        subject = connection.execute(select(leads.c.subject).where(leads.c.id == 2)).scalar_one()
    with writing(store) as connection:
        connection.execute(delete(subject_keys).where(subject_keys.c.subject == subject))
    assert [each.id for each in StoredPast(store, vault).latest(9)] == [3, 1, 0]


def test_nothing_was_decided_in_an_empty_installation(store, vault):
    assert list(StoredPast(store, vault).latest(9)) == []
