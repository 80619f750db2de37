"""The outbox on both databases: who gets a delivery, what is noted, what is sent again."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from tests.support.databases import KINDS, new_database
from tests.support.outbox import NOW, SECRET, add_webhook, cases_opened, make_tables, put, rows, soon, unseal
from winnow.adapters.db.connections import make_engine, reading, sqlite_url, writing
from winnow.adapters.db.delivery_records import DeliveryRecords
from winnow.adapters.db.outbox import PENDING, SqlOutbox, enqueue
from winnow.adapters.db.program_tables import deliveries, webhooks
from winnow.core.deliveries import Answer, EventType, Settled, State, Verdict, event, rotated, webhook_secret
from winnow.errors import StoreAwayError

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

LEASE = timedelta(seconds=90)


@pytest.fixture(params=KINDS)
def database_engine(request, tmp_path):
    engine = make_engine(new_database(request.param, tmp_path))
    make_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def outbox(database_engine):
    return SqlOutbox(database_engine, unseal)


@pytest.fixture
def records(database_engine):
    return DeliveryRecords(database_engine)


def claimed(outbox, now=NOW, limit=100, each=100, room=None):
    return outbox.claim(now, now + LEASE, limit=limit, each=each, room=room or {})


def settled(delivery, state=State.DELIVERED, status=200, error=None, wait=timedelta()):
    return Settled(delivery, Answer(status, error=error), Verdict(state, wait))


def test_an_event_goes_to_those_who_asked_for_it(database_engine):
    add_webhook(database_engine, "all")
    add_webhook(database_engine, "decisions", events="decision.made checkpoint.signed")
    add_webhook(database_engine, "cases", events="case.opened")
    add_webhook(database_engine, "off", disabled_at=5)
    (told,) = cases_opened(1)
    assert put(database_engine, [told]) == 2
    assert [(row.webhook, row.event, row.kind, row.body) for row in rows(database_engine)] == [
        (webhook, told.id, "case.opened", told.body) for webhook in ("all", "cases")
    ]
    test = event(EventType.WEBHOOK_TEST, NOW, {"webhook": "decisions"}, installation="test")
    assert put(database_engine, [test], only="decisions") == 1
    assert put(database_engine, [test], only="off") == 0
    assert put(database_engine, []) == 0
    assert rows(database_engine)[-1].webhook == "decisions"


def enqueue_and_fail(engine):
    with writing(engine) as connection:
        enqueue(connection, cases_opened(1), NOW)
        raise ZeroDivisionError


def test_an_event_is_told_if_and_only_if_its_transaction_is_committed(database_engine):
    add_webhook(database_engine, "one")
    with pytest.raises(ZeroDivisionError):
        enqueue_and_fail(database_engine)
    assert rows(database_engine) == []


def test_a_claim_holds_until_its_time_is_over(database_engine, outbox):
    add_webhook(database_engine, "one", "https://one.example/")
    (told,) = cases_opened(1)
    put(database_engine, [told])
    assert claimed(outbox, NOW - timedelta(microseconds=1)) == ()
    (delivery,) = claimed(outbox)
    assert (delivery.webhook, delivery.url, delivery.event) == ("one", "https://one.example/", told.id)
    assert (delivery.body, delivery.attempts, delivery.secrets) == (told.body, 0, (SECRET,))
    assert SECRET not in repr(delivery)
    assert not claimed(outbox, NOW + LEASE - timedelta(microseconds=1))
    (again,) = claimed(outbox, NOW + LEASE)
    assert (again.id, again.attempts) == (delivery.id, 0)
    outbox.settle([settled(delivery)], NOW + LEASE)
    assert rows(database_engine)[0].state == "pending", "who was too late does not settle what another one sends"
    outbox.settle([settled(again)], NOW + LEASE)
    assert rows(database_engine)[0].state == "delivered"
    outbox.settle([settled(again, State.DEAD, 500)], NOW + LEASE)
    assert rows(database_engine)[0].state == "delivered"


def test_what_is_noted(database_engine, outbox, records):
    add_webhook(database_engine, "one")
    put(database_engine, cases_opened(1, 3))
    first, second, third = claimed(outbox)
    outbox.settle(
        [
            settled(first),
            settled(second, State.PENDING, 503, wait=timedelta(seconds=5)),
            settled(third, State.DEAD, None, "connection refused"),
        ],
        soon(seconds=1),
    )
    kept = [records.record(delivery.id) for delivery in (first, second, third)]
    assert [(it.state, it.attempts, it.last_status, it.last_error, it.due_at, it.finished_at) for it in kept] == [
        (State.DELIVERED, 1, 200, None, None, soon(seconds=1)),
        (State.PENDING, 1, 503, "answered 503", soon(seconds=6), None),
        (State.DEAD, 1, None, "connection refused", None, soon(seconds=1)),
    ]
    assert (kept[0].kind, kept[0].event, kept[0].created_at) == ("case.opened", first.event, NOW)
    assert records.record(99) is None
    assert not claimed(outbox, soon(seconds=6) - timedelta(microseconds=1))
    (due,) = claimed(outbox, soon(seconds=6))
    assert (due.id, due.attempts) == (second.id, 1)


def test_no_receiver_takes_the_room_of_the_others(database_engine, outbox):
    for webhook in ("a", "b", "c"):
        add_webhook(database_engine, webhook, events="*" if webhook == "a" else "decision.made")
    put(database_engine, cases_opened(1, 50))
    made = [event(EventType.DECISION_MADE, NOW, {"decision": n, "lead": n}, installation="t") for n in range(5)]
    put(database_engine, made, soon(seconds=1))
    later = soon(seconds=2)

    def counted(**parts):
        webhook_ids = [delivery.webhook for delivery in claimed(outbox, later, **parts)]
        later_rows = update(deliveries).values(claimed_until=None)
        with writing(database_engine) as connection:
            connection.execute(later_rows)
        return webhook_ids

    assert counted(limit=6, each=4) == ["a", "b", "c"] * 2, "every receiver's first before any one's second"
    assert sorted(counted(limit=100, each=3)) == ["a"] * 3 + ["b"] * 3 + ["c"] * 3
    assert counted(limit=100, each=1, room={"a": 0, "b": 2}) == ["b", "c", "b"]
    assert counted(limit=100, each=0, room={"c": 1}) == ["c"]
    assert counted(limit=100, each=0, room={"c": -1}) == []


def test_many_receivers_are_asked_about_in_pieces(database_engine, outbox):
    with writing(database_engine) as connection:
        one = {
            "url": "https://a.example/",
            "events": "*",
            "secret": SECRET.encode(),
            "created_at": 1,
            "created_by": "A",
        }
        connection.execute(webhooks.insert(), [one | {"id": f"wh_{number:04}"} for number in range(450)])
    put(database_engine, cases_opened(1, 2))
    assert len({delivery.webhook for delivery in claimed(outbox, limit=450)}) == 450


def test_a_secret_that_cannot_be_read_stays_with_its_receiver(database_engine, outbox):
    old, new = SECRET, webhook_secret(bytes(24))
    add_webhook(database_engine, "lost", secret="lost")
    add_webhook(database_engine, "odd", secret="no secret")
    add_webhook(database_engine, "rotated", secret=rotated(old, new, soon(hours=1)))
    put(database_engine, cases_opened(1))
    found = {delivery.webhook: delivery.secrets for delivery in claimed(outbox)}
    assert found == {"lost": (), "odd": (), "rotated": (new, old)}


def test_a_disabled_receiver_gets_nothing_more(database_engine, outbox, records):
    add_webhook(database_engine, "gone")
    add_webhook(database_engine, "other")
    put(database_engine, cases_opened(1, 3))
    first = next(delivery for delivery in claimed(outbox, limit=2) if delivery.webhook == "gone")
    outbox.disable("gone", "answered 410", soon(seconds=1))
    outbox.disable("gone", "another reason", soon(seconds=2))
    gone = records.page(webhook="gone").rows
    assert {(it.state, it.last_error, it.finished_at) for it in gone[:2]} == {
        (State.DEAD, "the webhook is disabled", soon(seconds=1))
    }
    outbox.settle([settled(first)], soon(seconds=3))
    assert records.record(first.id).state is State.DEAD
    with reading(database_engine) as connection:
        row = connection.execute(webhooks.select().where(webhooks.c.id == "gone")).one()
    assert row.disabled_because == "answered 410", "the first reason stays"
    assert put(database_engine, cases_opened(9)) == 1, "and is told of nothing new"
    assert records.requeue([it.id for it in gone], soon(seconds=4)) == 0
    assert {delivery.webhook for delivery in claimed(outbox, soon(days=1))} == {"other"}


def test_what_slipped_in_while_a_receiver_was_disabled_is_given_up_and_visible(database_engine, outbox, records):
    add_webhook(database_engine, "gone")
    add_webhook(database_engine, "other")
    put(database_engine, cases_opened(1, 3))
    with writing(database_engine) as connection:
        connection.execute(update(webhooks).where(webhooks.c.id == "gone").values(disabled_at=1))
    assert {delivery.webhook for delivery in claimed(outbox)} == {"other"}
    assert records.counts() == {State.PENDING: 3, State.DEAD: 3}


def test_sending_again(database_engine, outbox, records):
    add_webhook(database_engine, "one")
    put(database_engine, cases_opened(1, 4))
    arrived, dead, dead_later, pending = claimed(outbox)
    outbox.settle([settled(arrived), settled(dead, State.DEAD, 500)], soon(hours=1))
    outbox.settle([settled(dead_later, State.DEAD, 500)], soon(hours=2))
    outbox.settle([settled(pending, State.PENDING, 500, wait=timedelta(hours=9))], soon(hours=2))
    assert records.requeue([arrived.id, pending.id, 99], soon(hours=3)) == 1
    (again,) = claimed(outbox, soon(hours=3))
    assert (again.id, again.event, again.attempts) == (arrived.id, arrived.event, 0)
    assert records.requeue([arrived.id], soon(hours=3)) == 0, "it is on its way"
    assert records.requeue([dead.id, dead_later.id], soon(hours=3)) == 2
    assert {delivery.id for delivery in claimed(outbox, soon(hours=3))} == {dead.id, dead_later.id}
    assert records.record(dead.id).finished_at is None
    assert records.record(pending.id).attempts == 1
    assert len(rows(database_engine)) == 4, "one row for one event and receiver"


def test_page_by_page(database_engine, outbox, records):
    add_webhook(database_engine, "one")
    add_webhook(database_engine, "two", events="decision.made")
    put(database_engine, cases_opened(1, 7))
    made = event(EventType.DECISION_MADE, NOW, {"decision": 1, "lead": 1}, installation="t")
    put(database_engine, [made])
    outbox.settle([settled(each, State.DEAD, 500) for each in claimed(outbox) if each.id % 2], NOW)

    def pages(**chosen):
        before, found = None, []
        while True:
            page = records.page(before=before, limit=3, **chosen)
            found.append([record.id for record in page.rows])
            if page.before is None:
                return found
            before = page.before

    assert pages() == [[9, 8, 7], [6, 5, 4], [3, 2, 1]]
    assert pages(webhook="one") == [[8, 7, 6], [5, 4, 3], [2, 1]]
    assert pages(state=State.DEAD) == [[9, 7, 5], [3, 1]]
    assert pages(state=State.PENDING, webhook="one") == [[8, 6, 4], [2]]
    assert pages(state=State.DELIVERED) == [[]]
    assert pages(webhook="'; drop table webhooks; --") == [[]]


def test_counts_and_the_oldest(database_engine, outbox, records):
    assert records.counts() == {State.PENDING: 0, State.DEAD: 0}
    assert records.oldest_due() is None
    add_webhook(database_engine, "one")
    put(database_engine, cases_opened(1, 2), soon(seconds=5))
    put(database_engine, cases_opened(3, 3))
    first, second, third = claimed(outbox)
    outbox.settle([settled(first), settled(second, State.DEAD, 500), settled(third, State.PENDING, 500)], NOW)
    assert records.counts() == {State.PENDING: 3, State.DEAD: 1}
    assert records.oldest_due() == NOW


def test_two_workers_never_get_the_same_delivery(database_engine):
    add_webhook(database_engine, "one")
    put(database_engine, cases_opened(1, 200))
    got: list[int] = []
    start = threading.Barrier(4)

    def work():
        mine = SqlOutbox(database_engine, unseal)
        start.wait()
        while batch := claimed(mine, limit=7):
            got.extend(delivery.id for delivery in batch)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    # a worker that finds only what others just took comes back with nothing, and would be asked again
    left = claimed(SqlOutbox(database_engine, unseal), limit=200, each=200)
    assert sorted([*got, *(delivery.id for delivery in left)]) == list(range(1, 201))


def test_looking_for_what_is_due_reads_an_index_that_holds_nothing_else(database_engine, outbox):
    add_webhook(database_engine, "one")
    put(database_engine, cases_opened(1, 300))
    outbox.settle([settled(each) for each in claimed(outbox, limit=300, each=300)], NOW)
    sqlite = database_engine.dialect.name == "sqlite"
    with writing(database_engine) as connection:
        if not sqlite:
            connection.execute(text("analyze deliveries"))
            connection.execute(text("set local enable_seqscan = off"))
        plan = connection.execute(
            text(
                f"explain {'query plan ' if sqlite else ''}select id from deliveries "
                f"where webhook = 'one' and {PENDING} and due_at <= 5 order by due_at, id limit 4"
            )
        ).all()
    assert "ix_deliveries_due" in str(plan)


def test_the_database_is_away(tmp_path):
    outbox = SqlOutbox(make_engine(sqlite_url(tmp_path / "nowhere" / "winnow.sqlite")), unseal)
    with pytest.raises(StoreAwayError):
        claimed(outbox)
