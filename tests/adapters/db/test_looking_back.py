"""What was decided comes back as a what-if takes it: one decision a lead, the oldest first, with its last label."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select, update

from tests.support.screening import NOW, Desk, a_lead
from winnow.adapters.db import looking_back as module
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.labels import Labels
from winnow.adapters.db.log import Journal
from winnow.adapters.db.looking_back import DecisionsOnRecord
from winnow.adapters.db.tables import decisions, leads, subject_keys
from winnow.core.learning.feedback.unlearn import Withdrawal
from winnow.core.whatif.past import Truth
from winnow.ports import Label


@pytest.fixture
def desk(store, vault):
    made = Desk(store, vault)
    made.record(made.submitted(*[a_lead(number) for number in range(5)]))
    return made


def refs(past, since=None):
    return [each.ref for _, page in past.pages(since) for each in page]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("page", [1, 2, 500])
def test_every_decision_comes_once_the_oldest_first(store, vault, monkeypatch, page):
    monkeypatch.setattr(module, "_PAGE", page)
    past = DecisionsOnRecord(store, vault)
    assert (past.count(None), refs(past)) == (5, ["0", "1", "2", "3", "4"])
    assert (past.count(NOW), past.count(NOW + timedelta(seconds=1))) == (5, 0)
    assert refs(past, NOW + timedelta(seconds=1)) == []


def test_it_holds_what_was_decided_and_what_it_was_made_of(store, vault, desk):
    for _, page in DecisionsOnRecord(store, vault).pages(None):
        for each in page:
            lead, facts, _ = desk.reader.decided(int(each.ref))
            assert (each.lead, each.facts) == (lead, facts)
    with reading(store) as connection:
        stored = connection.execute(select(decisions.c.outcome, decisions.c.score, decisions.c.decided_by)).all()
    assert [(each.outcome, each.score, each.decided_by) for each in page] == stored


@pytest.mark.usefixtures("desk")
def test_the_last_label_counts_and_the_erased_are_passed_over(store, vault):
    labels = Labels(store, Journal(vault))
    for verdict in ("converted", "junk"):
        labels.add(Label(2, verdict, "Mia", "api"), NOW)
    with reading(store) as connection:
        subject = connection.execute(select(leads.c.subject).where(leads.c.id == 1)).scalar_one()
    with writing(store) as connection:
        connection.execute(delete(subject_keys).where(subject_keys.c.subject == subject))
    past = DecisionsOnRecord(store, vault)
    found = {each.ref: each.truth for _, page in past.pages(None) for each in page}
    assert found == {"0": Truth.UNKNOWN, "2": Truth.JUNK, "3": Truth.UNKNOWN, "4": Truth.UNKNOWN}
    assert sum(read for read, _ in past.pages(None)) == past.count(None) == 5


@pytest.mark.usefixtures("desk")
def test_of_several_decisions_of_a_lead_the_last_that_was_acted_on_counts(store, vault, monkeypatch):
    monkeypatch.setattr(DecisionsOnRecord, "_read", lambda _, row: SimpleNamespace(ref=str(row.id)))
    with writing(store) as connection:
        connection.execute(update(decisions).where(decisions.c.id.in_([1, 2, 3])).values(lead=1))
        connection.execute(update(decisions).where(decisions.c.id.in_([3, 4])).values(shadow=True))
    assert refs(DecisionsOnRecord(store, vault)) == ["0", "2", "4"]


@pytest.mark.usefixtures("desk")
def test_a_label_that_was_taken_back_does_not_count(store, vault):
    labels = Labels(store, Journal(vault))
    for author, verdict in (("Mia", "converted"), ("Bo", "junk")):
        labels.add(Label(2, verdict, author, "api"), NOW)
    labels.withdraw(Withdrawal(author="Bo"), "Mia", NOW)
    (found,) = (each for _, page in DecisionsOnRecord(store, vault).pages(None) for each in page if each.ref == "2")
    assert found.truth is Truth.CONVERTED
