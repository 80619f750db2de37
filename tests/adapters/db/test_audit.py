"""Every kind of record is held against its entry, wherever it is kept; what was forgotten in time is no fault."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from winnow.adapters.db.ai_decisions import StoredAiDecisions
from winnow.adapters.db.audit import check_records
from winnow.adapters.db.connections import writing
from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.forgetting_permits import forget_answers, forget_conclusions
from winnow.adapters.db.log import Change, Journal, LogReader
from winnow.adapters.db.permit_tables import ai_decisions, permit_answers
from winnow.adapters.db.permits import StoredPermits
from winnow.adapters.db.tables import events
from winnow.core.govern.ask import Ask
from winnow.core.govern.consent import Act, Capture
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.permit import Terms
from winnow.core.govern.permit_tree import commitments_of
from winnow.core.govern.terms import Action, Channel
from winnow.core.govern.told import Address, Told
from winnow.errors import BrokenLogError
from winnow.ports.gate import AiDecision, GateAnswer

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ASK = Ask("mailer", Action.CONTACT, "marketing", Channel.EMAIL, ("contact",), (), "she asked for it")


@pytest.fixture
def kept(store, vault):
    """The numbers of an event, of answers about one and about two people, and of a conclusion."""
    journal = Journal(vault)
    permits = StoredPermits(store, vault, journal)
    ana = Address(AddressKind.EMAIL, "ana@bluebird.example")
    ledger = StoredConsent(store, vault, journal)
    subject = ledger.subject(ana)
    ledger.record([Told(ana, Act.OPT_OUT, Capture.LINK)], "test", NOW)
    with writing(store) as connection:
        event = journal.note(connection, Change("list.added", "wk", "a", {}), NOW)
    answers = [given(permits, name, subjects) for name, subjects in (("pm_1", [subject]), ("pm_2", [subject, 7]))]
    said = AiDecision("mailer", "likely", "buys soon", ("asked for a price",), ("contact",), "wk", "pm_1-0", "1")
    return event, *answers, StoredAiDecisions(store, vault).add(said, subject, NOW)


def given(permits, name, subjects):
    seed = b"s" * 32
    commitments = commitments_of(seed, [f"email:{each}@example.com" for each in subjects])
    terms = Terms(name, "mailer", Action.CONTACT, Channel.EMAIL, "marketing", "ab" * 32, NOW, NOW + DAY)
    made = GateAnswer(terms, ASK, "wk_test", "the note", seed, tuple(subjects), commitments, (), {})
    number = permits.record(made, permits.position(), NOW)
    assert isinstance(number, int)
    return number


def checked(store, vault):
    size = LogReader(store).frontier().size
    assert list(check_records(store, vault, 0, size)) == [size]


@pytest.mark.usefixtures("kept")
def test_what_is_kept_and_what_was_forgotten(store, vault):
    checked(store, vault)
    journal, later = Journal(vault), NOW + 400 * DAY
    assert forget_answers(store, journal, later, later) == 2
    assert forget_conclusions(store, journal, later, later) == 1
    checked(store, vault)


@pytest.mark.parametrize(("table", "at"), [(events, 0), (permit_answers, 1), (permit_answers, 2), (ai_decisions, 3)])
def test_what_was_changed_or_taken_away(store, vault, kept, table, at):
    for act, told in (
        (update(table).values(record=b"x"), "not the one that was logged"),
        (delete(table), "what this entry is about is missing"),
    ):
        with writing(store) as connection:
            connection.execute(act.where(table.c.id == kept[at]))
        with pytest.raises(BrokenLogError, match=told) as found:
            checked(store, vault)
        assert found.value.where == f"entry {kept[at]}"


def test_what_was_forgotten_in_time_covers_nothing_else(store, vault, kept):
    journal, later = Journal(vault), NOW + 400 * DAY
    forget_conclusions(store, journal, later, later)
    with writing(store) as connection:
        connection.execute(delete(permit_answers).where(permit_answers.c.id == kept[1]))
    with pytest.raises(BrokenLogError, match="missing"):
        checked(store, vault)
