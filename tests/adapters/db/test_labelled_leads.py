"""An installation's leads come back with the last label that stands, and who gave it."""

import pytest
from sqlalchemy import delete, select

from tests.support.screening import NOW, Desk, a_lead
from winnow.adapters.db import labelled_leads as module
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.labelled_leads import LabelledLeads
from winnow.adapters.db.labels import Labels
from winnow.adapters.db.log import Journal
from winnow.adapters.db.tables import events, leads, subject_keys
from winnow.core.learning.feedback.unlearn import Withdrawal
from winnow.ports import Label


@pytest.fixture
def record(store, vault):
    """Five leads, of which 2 was judged twice and 3 by somebody whose word was taken back."""
    desk = Desk(store, vault)
    desk.record(desk.submitted(*[a_lead(number) for number in range(5)]))
    labels = Labels(store, Journal(vault))
    labels.add(Label(2, "junk", "Mia", "api", "b1"), NOW)
    labels.add(Label(2, "converted", "Bo", "crm"), NOW)
    labels.add(Label(3, "genuine", "Ana", "api"), NOW)
    labels.add(Label(3, "junk", "Eve", "api", "attack"), NOW)
    labels.withdraw(Withdrawal(author="Eve"), "Mia", NOW)
    return LabelledLeads(store, vault, Journal(vault))


@pytest.mark.parametrize("page", [1, 2, 500])
def test_each_lead_comes_once_with_its_last_word(record, monkeypatch, page):
    monkeypatch.setattr(module, "_PAGE", page)
    found = [each for gone, leads_there in record.pages() for each in leads_there if gone == 0]
    assert [each.lead for each in found] == [a_lead(number) for number in range(5)]
    said = [(each.verdict, each.author, each.batch) for each in found]
    nothing = ("", "", "")
    assert said == [nothing, nothing, ("converted", "Bo", ""), ("genuine", "Ana", ""), nothing]


def test_leads_of_forgotten_persons_are_counted_and_gone(record, store):
    with reading(store) as connection:
        subject = connection.execute(select(leads.c.subject).where(leads.c.id == 1)).scalar_one()
    with writing(store) as connection:
        connection.execute(delete(subject_keys).where(subject_keys.c.subject == subject))
    assert [(gone, len(there)) for gone, there in record.pages()] == [(1, 4)]


def test_taking_leads_out_is_in_the_log(record, store):
    record.note(5, 2, "Ana", NOW)
    with reading(store) as connection:
        row = connection.execute(select(events.c.kind, events.c.actor).order_by(events.c.id.desc()).limit(1)).one()
    assert tuple(row) == ("leads.exported", "Ana")
