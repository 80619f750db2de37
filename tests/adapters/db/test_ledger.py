"""What is put on record is there whole, once, and for ever; what is not acknowledged is not there at all."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from tests.support.cases import starter
from tests.support.screening import NOW, Desk, a_lead
from winnow.adapters.db import codec
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal, LogReader
from winnow.adapters.db.program_tables import deliveries, webhooks
from winnow.adapters.db.review_tables import cases
from winnow.adapters.db.tables import decisions, leads, leaves, metadata, subject_keys
from winnow.core.decide import decide
from winnow.core.records import check_record, check_sealed
from winnow.core.tlog import Frontier
from winnow.errors import ConflictError, NotFoundError


@pytest.fixture
def desk(store, vault):
    return Desk(store, vault)


def count(store, table) -> int:
    with reading(store) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def ids(answers) -> list[list[int]]:
    return [[recorded.id for recorded in answer] for answer in answers]


def test_a_lead_is_on_record_with_its_decision_and_its_leaf(store, desk):
    ((recorded,),) = desk.record(desk.submitted(a_lead()))
    assert (recorded.id, recorded.lead_id, recorded.decided_at, recorded.again) == (0, "lead-1", NOW, False)
    assert [count(store, each) for each in (leads, decisions, leaves, subject_keys)] == [1, 1, 1, 1]
    lead, facts, stored = desk.reader.decided(0)
    assert lead == a_lead()
    assert stored.decision == recorded.decision == codec.decision_bytes(decide(lead, facts, starter()))


def test_the_leaf_commits_to_the_record_and_to_what_is_stored(store, desk):
    desk.record(desk.submitted(a_lead()))
    entry, nonce, record = desk.reader.evidence(0)
    assert check_record(entry, nonce, record).kind == "decision"
    with reading(store) as connection:
        check_sealed(entry, connection.execute(select(decisions.c.record)).scalar_one())


def test_the_head_is_that_of_the_entries(store, desk):
    for number in range(5):
        desk.record(*[desk.submitted(a_lead(10 * number + each)) for each in range(number + 1)])
    reader = LogReader(store)
    assert reader.frontier() == Frontier().extended(reader.entries(0, 15))


def test_nothing_of_a_person_is_stored_in_the_clear(store, desk):
    needle = "needle@secret.example"
    desk.record(desk.submitted(a_lead(emails=(needle,), message=f"write to {needle}", full_name="Needle Needle")))
    with reading(store) as connection:
        everything = repr([connection.execute(select(table)).all() for table in metadata.sorted_tables])
    assert "needle" not in everything.lower()


# ── sent again ───────────────────────────────────────────────────────────────────────────────────


def test_the_same_lead_again_is_answered_as_before(store, desk):
    ((first,),) = desk.record(desk.submitted(a_lead()))
    ((again,),) = desk.record(desk.submitted(a_lead()))
    assert (again.id, again.decision, again.again) == (first.id, first.decision, True)
    assert count(store, decisions) == 1


def test_the_same_lead_twice_in_a_group_is_recorded_once(store, desk):
    answers = desk.record(desk.submitted(a_lead()), desk.submitted(a_lead()), desk.submitted(a_lead(), a_lead()))
    assert ids(answers) == [[0], [0], [0, 0]]
    assert count(store, decisions) == 1


def test_a_lead_of_another_source_may_have_the_same_id(desk):
    assert ids(desk.record(desk.submitted(a_lead(), a_lead(source="fair"), a_lead(source=None)))) == [[0, 1, 2]]


@pytest.mark.parametrize("together", [True, False])
def test_another_lead_with_a_known_id_is_refused_and_nothing_of_its_request_is_recorded(store, desk, together):
    first, second = desk.submitted(a_lead()), desk.submitted(a_lead(2), a_lead(message="something else"))
    answers = desk.record(first, second) if together else [*desk.record(first), *desk.record(second)]
    assert isinstance(answers[1], ConflictError)
    assert "lead-1" in answers[1].what
    assert count(store, leads) == 1


def test_ids_that_winnow_made_are_not_looked_up(desk):
    desk.record(desk.submitted(a_lead(), named=False))
    assert ids(desk.record(desk.submitted(a_lead(2), named=False))) == [[1]]


def test_a_key_repeated_gives_the_same_answer(store, desk):
    sent = desk.submitted(a_lead(1, id="made-1"), a_lead(2, id="made-2"), named=False, key=b"key", request=b"r")
    first = desk.record(sent)[0]
    retry = desk.submitted(a_lead(1, id="made-3"), a_lead(2, id="made-4"), named=False, key=b"key", request=b"r")
    again = desk.record(retry, retry)
    for answer in again:
        assert [each.decision for each in answer] == [each.decision for each in first]
        assert all(each.again for each in answer)
    assert count(store, leads) == 2


def test_a_key_repeated_in_one_group_is_recorded_once(store, desk):
    sent = [desk.submitted(a_lead(1, id=f"made-{each}"), named=False, key=b"key", request=b"r") for each in range(3)]
    assert ids(desk.record(*sent)) == [[0], [0], [0]]
    assert count(store, leads) == 1


def test_a_key_with_another_request_is_refused(store, desk):
    desk.record(desk.submitted(a_lead(), key=b"key", request=b"one"))
    (answer,) = desk.record(desk.submitted(a_lead(2), key=b"key", request=b"two"))
    assert isinstance(answer, ConflictError)
    assert count(store, leads) == 1


# ── all or nothing ───────────────────────────────────────────────────────────────────────────────


def test_a_group_that_fails_leaves_nothing_and_can_be_given_again(store, desk, monkeypatch):
    desk.record(desk.submitted(a_lead()))
    group = [desk.submitted(a_lead(2)), desk.submitted(a_lead(3))]
    with monkeypatch.context() as patch:
        patch.setattr("winnow.adapters.db.log.append", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.record(*group)
    assert [count(store, each) for each in (leads, decisions, leaves)] == [1, 1, 1]
    assert ids(desk.record(*group)) == [[1], [2]]
    assert desk.facts.facts_for([a_lead(4, ip=a_lead(2).ip)])[0].history.ip_hour == 1


def test_replicas_share_one_sequence(store, vault):
    desks = [Desk(store, vault), Desk(store, vault)]
    numbers = [ids(desks[turn % 2].record(desks[turn % 2].submitted(a_lead(turn)))) for turn in range(6)]
    assert numbers == [[[number]] for number in range(6)]
    again = desks[1].record(desks[1].submitted(a_lead(0)))
    assert ids(again) == [[0]]
    reader = LogReader(store)
    assert reader.frontier() == Frontier().extended(reader.entries(0, 6))


def test_decisions_and_other_changes_share_the_log(store, vault, desk):
    desk.record(desk.submitted(a_lead()))
    with writing(store) as connection:
        number = Journal(vault).note(connection, Change("list.added", "mia", "le_1", {"value": "x"}), NOW)
    assert number == 1
    assert ids(desk.record(desk.submitted(a_lead(2)))) == [[2]]
    reader = LogReader(store)
    assert reader.frontier() == Frontier().extended(reader.entries(0, 3))


# ── what follows from a decision ─────────────────────────────────────────────────────────────────

JUNK: dict[str, Any] = {
    "emails": ("x7k2q9@mailinator.com",),
    "form_fill_seconds": 0.2,
    "form_honeypot": True,
    "message": "CHEAP SEO http://a.example http://b.example http://c.example",
}


def test_a_lead_for_review_opens_a_case(store, desk):
    ((junk,),) = desk.record(desk.submitted(a_lead(**JUNK)))
    assert msgspec.json.decode(junk.decision)["outcome"] == "review"
    desk.record(desk.submitted(a_lead(2)))
    with reading(store) as connection:
        (case,) = connection.execute(select(cases)).all()
    assert (case.id, case.lead, case.source, case.state) == (0, 0, "web", "open")


def test_receivers_are_told_in_the_same_transaction(store, desk):
    hook = {
        "id": "wh_1",
        "url": "https://crm.example/",
        "events": "*",
        "secret": b"",
        "created_at": 0,
        "created_by": "m",
    }
    with writing(store) as connection:
        connection.execute(webhooks.insert(), hook)
    desk.record(desk.submitted(a_lead(**JUNK)))
    with reading(store) as connection:
        rows = connection.execute(select(deliveries.c.kind, deliveries.c.body).order_by(deliveries.c.kind)).all()
    assert [row.kind for row in rows] == ["case.opened", "decision.made"]
    assert [msgspec.json.decode(row.body)["data"] for row in rows] == [
        {"case": 0, "lead": 0},
        {"decision": 0, "lead": 0},
    ]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def test_leads_are_found_by_their_id(desk):
    desk.record(desk.submitted(a_lead(), a_lead(2), a_lead(2, source="fair")))
    assert desk.reader.number_of("lead-1", None) == 0
    assert desk.reader.number_of("lead-2", "fair") == 2
    assert desk.reader.latest_of(2) == 2
    with pytest.raises(ConflictError, match="several sources"):
        desk.reader.number_of("lead-2", None)
    with pytest.raises(NotFoundError):
        desk.reader.number_of("lead-3", None)
    with pytest.raises(NotFoundError, match="no decision 9"):
        desk.reader.decided(9)


def test_an_erased_person_leaves_the_leaf_and_nothing_to_read(store, desk):
    desk.record(desk.submitted(a_lead()))
    with writing(store) as connection:
        connection.execute(subject_keys.delete())
    with pytest.raises(NotFoundError, match="erased"):
        desk.reader.decided(0)
    assert LogReader(store).frontier().size == 1


def test_all_records_of_one_person_have_one_key(store, desk):
    desk.record(desk.submitted(a_lead(), a_lead(2, emails=a_lead().emails)))
    desk.record(desk.submitted(a_lead(3, emails=(" PERSON1@Bluebird.example ",))))
    desk.record(desk.submitted(a_lead(4)))
    assert count(store, subject_keys) == 2
