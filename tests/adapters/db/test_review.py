"""The review queue on both databases: claims, dispositions with all that follows, undo, bulk, second looks."""

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from tests.support.cases import certified, starter
from tests.support.reviewing import DOUBTFUL, Room
from tests.support.screening import NOW
from winnow.adapters.db import codec
from winnow.adapters.db.connections import reading
from winnow.adapters.db.labels import VERSION_NAME as LABELS
from winnow.adapters.db.learning_tables import labels, withdrawn_labels
from winnow.adapters.db.log import LogReader
from winnow.adapters.db.overrides import VERSION_NAME as OVERRIDES
from winnow.adapters.db.review_tables import bulk_actions, cases, dispositions
from winnow.adapters.db.ruleset_tables import list_entries
from winnow.adapters.db.tables import events
from winnow.adapters.db.versions import numbers
from winnow.core.decide import decide
from winnow.core.outcome import Outcome
from winnow.core.review.case import Kept, State
from winnow.core.review.disposition import Spoken, verdict
from winnow.errors import ConflictError, InvalidInputError, NotFoundError
from winnow.ports.review import Acting, Shelf, Wanted

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

REJECT = Spoken(Outcome.REJECT, "spam", "the third one today")
ACCEPT = Spoken(Outcome.ACCEPT)


@pytest.fixture
def room(store, vault):
    return Room(store, vault)


@pytest.fixture
def everything_twice(store, vault):
    """A room in which each case gets a second look, as soon as there are two reviewers."""
    room = Room(store, vault, second_share=1.0)
    for number, who in ((901, "ana"), (902, "bo")):
        room.close(room.doubtful(number), by=who)
    return room


def kinds(store):
    with reading(store) as connection:
        return list(connection.execute(select(events.c.kind).order_by(events.c.id)).scalars())


def count(store, table, *where):
    with reading(store) as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def ids(page):
    return [case.id for case in page.items]


def test_a_disposition_is_label_override_log_and_case_at_once(store, room):
    case = room.doubtful(1)
    done = room.review.decide(case, REJECT, "ana", "wk_1")
    assert (done.closing.outcome, done.closing.followed, done.kept) == (Outcome.REJECT, True, Kept.DECIDED)
    assert kinds(store) == ["case.decided", "label.added"]
    with reading(store) as connection:
        label = connection.execute(select(labels)).one()
        row = connection.execute(select(dispositions)).one()
    assert (label.lead, label.verdict, label.author, label.origin, label.source) == (
        case,
        "junk",
        "ana",
        "queue",
        "web",
    )
    assert (row.label, row.followed, row.author) == (label.id, True, "ana")
    assert b"third" not in row.note
    (said,) = room.review.said(case, "bo")
    assert (said.note, said.by, said.reason) == ("the third one today", "ana", "spam")
    _, decision = room.came(2, emails=("person1@bluebird.example",))
    assert (decision.outcome, decision.decided_by) == (Outcome.REJECT, "override")
    assert decision.reasons[0].text == "ana: Spam or sent by a program"
    assert room.came(3)[1].decided_by == "score"


@pytest.mark.parametrize("batch", [None, "bulk_1"])
def test_other_processes_learn_of_a_label_and_of_the_first_override(store, room, batch):
    case, before = room.doubtful(1), numbers(store)
    room.close(case, outcome=Outcome.REJECT, reason="spam", batch=batch)
    after = numbers(store)
    assert OVERRIDES not in before
    assert OVERRIDES in after
    assert after[LABELS] == before.get(LABELS, 0) + 1


def test_undo_restores_the_outcome_of_the_next_lead(store, room):
    case = room.doubtful(1)
    same = {"emails": ("person1@bluebird.example",)}
    before = room.came(2, **same)[1].outcome
    room.review.decide(case, REJECT, "ana", "wk_1")
    assert room.came(3, **same)[1].outcome is Outcome.REJECT
    back = room.review.undo(case, "bo", "wk_2")
    assert (back.kept, back.closing, back.state("bo", NOW)) == (Kept.OPEN, None, State.OPEN)
    assert room.came(4, **same)[1].outcome is before
    assert count(store, withdrawn_labels) == 1
    assert kinds(store) == ["case.decided", "label.added", "label.withdrawn", "case.reopened"]
    assert LogReader(store).frontier().size == 4 + 4
    (said,) = room.review.said(case, "ana")
    assert said.undone_by == "bo"
    with pytest.raises(ConflictError):
        room.review.undo(case, "bo", "wk_2")
    assert room.review.decide(case, ACCEPT, "bo", "wk_2").closing.outcome is Outcome.ACCEPT


def test_an_override_below_another_holds_again_once_that_is_undone(room):
    first, second = room.doubtful(1), room.doubtful(2, emails=("person1@bluebird.example",))
    room.review.decide(first, ACCEPT, "ana", "wk_1")
    room.clock.forward(hours=1)
    room.review.decide(second, REJECT, "ana", "wk_1")
    same = {"emails": ("person1@bluebird.example",)}
    assert room.came(3, **same)[1].outcome is Outcome.REJECT
    room.review.undo(second, "ana", "wk_1")
    assert room.came(4, **same, **DOUBTFUL)[1].outcome is Outcome.ACCEPT


def test_an_override_expires_and_what_says_nothing_of_the_person_makes_none(room):
    same = {"emails": ("person1@bluebird.example",)}
    case = room.doubtful(1)
    room.review.decide(case, Spoken(Outcome.REJECT, "duplicate"), "ana", "wk_1")
    assert room.came(2, **same)[1].decided_by == "score"
    room.review.undo(case, "ana", "wk_1")
    short = Spoken(Outcome.REJECT, "spam", expires_at=NOW + timedelta(hours=1))
    room.review.decide(case, short, "ana", "wk_1")
    assert room.came(3, **same)[1].outcome is Outcome.REJECT
    late = room.came(4, **same, received_at=NOW + timedelta(hours=1))[1]
    assert late.decided_by == "score"
    assert late.reasons[0].text.endswith("(expired)")


def test_decisions_with_overrides_replay_to_the_same_bytes(room):
    room.review.decide(room.doubtful(1), Spoken(Outcome.TAG, standing=True), "Zoë", "wk_1")
    recorded, decision = room.came(2, emails=("person1@bluebird.example",), **DOUBTFUL)
    assert (decision.outcome, decision.decided_by) == (Outcome.TAG, "override")
    lead, facts, stored = room.desk.reader.decided(recorded.id)
    assert facts.override.by == "Zoë"
    assert codec.decision_bytes(decide(lead, facts, starter())) == stored.decision == recorded.decision


def test_nobody_asks_for_overrides_before_there_is_one(room):
    room.overrides._any_yet = lambda: False
    room.review.decide(room.doubtful(1), REJECT, "ana", "wk_1")
    assert room.came(2, emails=("person1@bluebird.example",))[1].decided_by == "score"


@pytest.mark.parametrize("store_kind", ["claim", "decide"])
def test_of_two_reviewers_at_once_one_gets_the_case(room, store, store_kind):
    case, start, got = room.doubtful(1), Barrier(2), []

    def tries(who):
        start.wait()
        try:
            if store_kind == "claim":
                got.append(room.review.claim(case, who).claim.by)
            else:
                got.append(room.review.decide(case, ACCEPT, who, "wk_1").closing.by)
        except ConflictError as error:
            got.append(error)

    threads = [Thread(target=tries, args=(who,)) for who in ("ana", "bo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (refused,) = [each for each in got if isinstance(each, ConflictError)]
    (winner,) = [each for each in got if isinstance(each, str)]
    assert f"by `{winner}`" in refused.what
    assert count(store, dispositions) == (0 if store_kind == "claim" else 1)


def test_bulk_actions_on_the_same_cases_in_any_order_never_hang(room):
    numbers = [room.doubtful(number) for number in range(1, 21)]
    start, done = Barrier(2), []

    def bulk(who, chosen):
        start.wait()
        done.append(room.bulk.close(chosen, ACCEPT, who, "wk_1").done)

    threads = [Thread(target=bulk, args=each) for each in (("ana", numbers), ("bo", numbers[::-1]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(len(each.cases) for each in done) == [0, 20]
    assert {len(each.left) for each in done} == {0, 20}


def test_a_claim_keeps_others_out_until_it_lapses(room):
    case = room.doubtful(1)
    room.review.claim(case, "ana")
    for act in (
        lambda: room.review.claim(case, "bo"),
        lambda: room.review.give_back(case, "bo"),
        lambda: room.review.decide(case, ACCEPT, "bo", "wk_1"),
        lambda: room.review.snooze(case, "bo", NOW + timedelta(hours=2)),
    ):
        with pytest.raises(ConflictError, match="taken by `ana` until 2026-11-22 13:00 UTC"):
            act()
    assert room.review.next("bo") is None
    room.clock.forward(minutes=60)
    assert room.review.next("bo").id == case
    assert room.review.give_back(case, "bo").claim is None


def test_the_order_is_that_of_what_waiting_costs(room):
    at = []
    for number, ahead in enumerate((0, -2, 3, 1)):
        at.append(room.came(number, ahead=timedelta(days=ahead), **DOUBTFUL)[0].id)
        room.clock.forward(hours=1)
    first = room.review.page(Wanted(), "ana", None, 3)
    assert ids(first) == [at[2], at[3], at[0]]
    assert ids(room.review.page(Wanted(), "ana", first.next, 3)) == [at[1]]
    assert room.review.next("ana").id == at[2]
    with pytest.raises(InvalidInputError):
        room.review.page(Wanted(), "ana", "12", 3)


def test_shelves_and_filters(room):
    one, two, three = room.doubtful(1), room.doubtful(2, source="fair"), room.doubtful(3)
    until = NOW + timedelta(days=1)
    room.review.snooze(three, "ana", until)
    assert ids(room.review.page(Wanted(), "ana", None, 9)) == [one, two]
    assert ids(room.review.page(Wanted(source="fair"), "ana", None, 9)) == [two]
    assert ids(room.review.page(Wanted(Shelf.SNOOZED), "ana", None, 9)) == [three]
    assert ids(room.review.page(Wanted(reason="fill_sec"), "ana", None, 9)) == [one, two]
    assert ids(room.review.page(Wanted(reason="nothing"), "ana", None, 9)) == []
    found = room.review.waiting()
    assert (found.waiting, found.snoozed, found.overdue, dict(found.by_source)) == (2, 1, 0, {"web": 2, "fair": 1})
    assert found.oldest == NOW
    room.review.decide(one, REJECT, "ana", "wk_1")
    room.clock.forward(minutes=1)
    room.review.decide(two, ACCEPT, "ana", "wk_1")
    decided = Wanted(Shelf.DECIDED)
    first = room.review.page(decided, "ana", None, 1)
    assert ids(first) == [two]
    assert ids(room.review.page(decided, "ana", first.next, 1)) == [one]
    assert ids(room.review.page(Wanted(Shelf.DECIDED, outcomes=frozenset({Outcome.REJECT})), "ana", None, 9)) == [one]
    either = frozenset({Outcome.REJECT, Outcome.ACCEPT})
    assert ids(room.review.page(Wanted(Shelf.DECIDED, outcomes=either), "ana", None, 9)) == [two, one]
    for since, before, found in (
        (NOW, None, [two, one]),
        (NOW + timedelta(minutes=1), None, [two]),
        (None, NOW + timedelta(minutes=1), [one]),
        (NOW, NOW, []),
    ):
        between = Wanted(Shelf.DECIDED, since=since, until=before)
        assert ids(room.review.page(between, "ana", None, 9)) == found, (since, before)
    assert ids(room.review.page(Wanted(Shelf.DECIDED, source="fair"), "ana", None, 9)) == [two]
    with pytest.raises(InvalidInputError):
        room.review.page(Wanted(outcomes=frozenset({Outcome.REJECT})), "ana", None, 9)
    room.clock.time = until
    assert ids(room.review.page(Wanted(), "ana", None, 9)) == [three]
    assert room.review.waiting().overdue == 0
    room.clock.forward(seconds=1)
    assert room.review.waiting().overdue == 1


def test_a_bulk_action_leaves_what_others_have_and_is_undone_once(store, room):
    one, two, three, four = (room.doubtful(number) for number in range(1, 5))
    room.review.claim(three, "bo")
    room.review.decide(four, ACCEPT, "bo", "wk_2")
    wanted = [one, two, three, four, 99_999, one]
    preview = room.bulk.preview(wanted, "ana")
    assert (preview.cases, set(preview.left)) == ((one, two), {three, four, 99_999})
    bulk = room.bulk.close(wanted, REJECT, "ana", "wk_1")
    assert [case.id for case in bulk.done.cases] == [one, two]
    assert bulk.done.left == preview.left
    assert count(store, labels, labels.c.batch == bulk.id) == 2
    room.review.undo(two, "ana", "wk_1")
    undone = room.bulk.undo(bulk.id, "ana", "wk_1")
    assert ([case.id for case in undone.cases], set(undone.left)) == ([one], {two})
    assert count(store, withdrawn_labels) == 2
    assert room.review.case(one, "bo").state("bo", NOW) is State.OPEN
    assert room.came(9, emails=("person1@bluebird.example",))[1].decided_by == "score"
    with pytest.raises(ConflictError, match="`ana`"):
        room.bulk.undo(bulk.id, "bo", "wk_1")
    with pytest.raises(NotFoundError):
        room.bulk.undo("bulk_0", "bo", "wk_1")
    with pytest.raises(InvalidInputError):
        room.bulk.close([], ACCEPT, "ana", "wk_1")


def test_one_that_fails_changes_nothing(store, room):
    one, two = room.doubtful(1), room.doubtful(2)
    before = LogReader(store).frontier().size
    with pytest.raises(NotFoundError):
        room.review.decide(99_999, REJECT, "ana", "wk_1")
    room.review.claim(two, "bo")
    with pytest.raises(ConflictError):
        room.close(one, two)
    assert LogReader(store).frontier().size == before
    assert count(store, dispositions) == count(store, labels) == count(store, bulk_actions) == 0


def rejected(room, number):
    """The number of a lead that was rejected without a person."""
    recorded, decision = room.came(number, ruleset=certified(), form_fill_seconds=2.0, ip="3.5.140.1")
    assert decision.outcome is Outcome.REJECT
    return recorded.id


def test_a_rejected_lead_is_released_and_put_back(store, room):
    number = rejected(room, 1)
    with pytest.raises(NotFoundError):
        room.review.decide(number, ACCEPT, "ana", "wk_1")
    with pytest.raises(InvalidInputError):
        room.review.release(number, REJECT, "ana", "wk_1")
    case = room.review.release(number, ACCEPT, "ana", "wk_1")
    assert (case.closing.followed, case.outcome) == (False, Outcome.REJECT)
    assert room.came(2, emails=("person1@bluebird.example",))[1].decided_by == "override"
    with pytest.raises(ConflictError):
        room.review.release(number, ACCEPT, "bo", "wk_1")
    room.review.undo(number, "ana", "wk_1")
    assert count(store, cases) == 0
    assert count(store, dispositions) == 1
    accepted = room.came(3)[0].id
    with pytest.raises(NotFoundError):
        room.review.release(accepted, ACCEPT, "ana", "wk_1")


def test_allowing_what_leads_share_lets_through_what_it_held(store, room):
    held, apart = room.doubtful(1), room.doubtful(2, emails=("eve@other.example",))
    lost = rejected(room, 3)
    preview = room.bulk.shared_preview("domain", "bluebird.example", 100, "ana")
    assert (preview.cases, preview.rejected, preview.looked_at) == ((held,), (lost,), 3)
    said = {"kind": "domain", "value": "Bluebird.example", "owner": "Mia", "reason": "partner"}
    with pytest.raises(InvalidInputError, match=f"lead {apart} does not share it"):
        room.bulk.allow_shared(said, [held, apart], ACCEPT, "ana", "wk_1")
    assert count(store, list_entries) == 0
    bulk = room.bulk.allow_shared(said, [held, lost], ACCEPT, "ana", "wk_1")
    assert [case.id for case in bulk.done.cases] == [held, lost]
    assert (bulk.entry.value, bulk.entry.source) == ("bluebird.example", "person")
    assert count(store, list_entries, list_entries.c.removed_at.is_(None)) == 1
    room.bulk.undo(bulk.id, "ana", "wk_1")
    assert count(store, list_entries, list_entries.c.removed_at.is_(None)) == 0
    assert ids(room.review.page(Wanted(), "ana", None, 9)) == [held, apart]
    again = room.bulk.shared_preview("domain", "bluebird.example", 100, "ana")
    assert (again.cases, again.rejected) == ((held,), (lost,))
    for kind in ("email", "message", "colour"):
        with pytest.raises(InvalidInputError):
            room.bulk.shared_preview(kind, "x", 10, "ana")


def test_a_reason_is_shared_without_an_entry(store, room):
    held = room.doubtful(1)
    code = room.review.case(held, "ana").codes[0]
    assert room.bulk.shared_preview("reason", code, 1, "ana").cases == (held,)
    assert room.bulk.shared_preview("reason", code[:-1], 1, "ana").cases == ()
    said = {"kind": "reason", "value": code}
    bulk = room.bulk.allow_shared(said, [held], ACCEPT, "ana", "wk_1")
    assert (bulk.entry, len(bulk.done.cases), count(store, list_entries)) == (None, 1, 0)


def test_a_second_reviewer_looks_unawares(store, everything_twice):
    room = everything_twice
    case = room.doubtful(1)
    room.review.decide(case, REJECT, "ana", "wk_1")
    before = kinds(store)
    assert case not in ids(room.review.page(Wanted(), "ana", None, 9))
    assert case in ids(room.review.page(Wanted(), "bo", None, 9))
    seen = room.review.case(case, "bo")
    assert (seen.closing, seen.state("bo", NOW), room.review.said(case, "bo")) == (None, State.OPEN, ())
    with pytest.raises(ConflictError):
        room.review.undo(case, "bo", "wk_2")
    waits = {who: room.review.waiting(who) for who in ("ana", "bo", None)}
    assert {who: (each.waiting, dict(each.by_source)) for who, each in waits.items()} == {
        "ana": (0, {}),
        "bo": (1, {"web": 1}),
        None: (1, {"web": 1}),
    }
    room.review.snooze(case, "bo", NOW + timedelta(hours=1))
    assert [(each.waiting, each.snoozed) for each in map(room.review.waiting, ("ana", "bo"))] == [(0, 0), (0, 1)]
    second = room.review.decide(case, ACCEPT, "bo", "wk_2")
    assert second.closing.by == "bo"
    assert kinds(store) == [*before, "case.snoozed", "case.second-look"]
    assert room.came(2, emails=("person1@bluebird.example",))[1].outcome is Outcome.REJECT
    assert room.review.case(case, "bo").closing.by == "ana"
    found = room.review.agreement(30)
    assert (found.table, found.pairs, found.kappa) == (((0, 0), (1, 0)), 1, None)
    room.review.undo(case, "bo", "wk_2")
    assert room.review.agreement(30).pairs == 0
    assert room.came(3, emails=("person1@bluebird.example",))[1].outcome is Outcome.REJECT
    room.review.decide(case, REJECT, "bo", "wk_2")
    assert room.review.agreement(30).table == ((0, 0), (0, 1))
    room.review.undo(case, "ana", "wk_1")
    assert room.review.agreement(30).pairs == 0
    assert room.review.case(case, "bo").state("bo", NOW) is State.OPEN


def test_alone_nobody_waits_for_a_second_look(store, vault):
    room = Room(store, vault, second_share=1.0)
    for number in (1, 2):
        assert room.review.decide(room.doubtful(number), ACCEPT, "ana", "wk_1").kept is Kept.DECIDED


def test_what_became_of_those_alike_is_shown(room):
    like, other = room.doubtful(1), room.doubtful(2)
    room.review.decide(like, REJECT, "ana", "wk_1")
    apart = room.doubtful(3, message="nothing to say here at all, thank you")
    shown = room.review.opened(other, "bo")
    assert (dict(shown.alike.outcomes), shown.alike.cases) == ({Outcome.REJECT: 1}, (like,))
    assert room.review.opened(apart, "bo").alike.cases == ()
    assert (shown.lead.id, shown.decision["outcome"]) == ("lead-2", "review")


def test_the_lot_of_the_blind_sample_is_not_shown(room):
    sampled = None
    for number in range(1, 400):
        recorded, decision = room.came(number, ruleset=certified(), form_fill_seconds=2.0, ip="3.5.140.1")
        if decision.outcome is Outcome.REVIEW:
            sampled = recorded
            break
    assert "system.blind_sample" in json.dumps(json.loads(sampled.decision))
    shown = room.review.opened(sampled.id, "ana")
    assert "blind" not in json.dumps(shown.decision) + " ".join(shown.case.codes)


def test_close_with_nothing_to_do_writes_nothing(store, room):
    case = room.doubtful(1)
    room.review.claim(case, "bo")
    done = room.store.close([case], _verdict(), Acting("ana", "wk_1", "bulk_1"), NOW)
    assert (done.cases, set(done.left)) == ((), {case})
    assert count(store, bulk_actions) == 0


def _verdict():
    return verdict(Outcome.ACCEPT, None, "", NOW)
