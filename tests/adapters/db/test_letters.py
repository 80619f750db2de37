"""Letters wait in the database: one process at a time has one, a digest is put in once, queues are counted."""

from datetime import date, timedelta
from threading import Thread

import pytest

from tests.support.people import NOW, World
from tests.support.reviewing import Room
from winnow.adapters.db.letters import StoredLetters, StoredQueue
from winnow.adapters.db.log import Journal
from winnow.adapters.db.oidc_subjects import StoredSubjects
from winnow.core.people.accounts import Standing
from winnow.errors import ConflictError, NotFoundError
from winnow.ports.mail import Kind

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

DAY, MINUTE = date(2026, 11, 22), timedelta(minutes=1)


@pytest.fixture
def letters(store, vault):
    return StoredLetters(store, vault)


@pytest.fixture
def world(store, vault):
    return World(store, vault)


def test_a_letter_is_taken_by_one_and_comes_back_when_nobody_says_what_became_of_it(letters):
    assert letters.take(NOW) is None
    letters.put(Kind.RESET, {"email": "ana@x.example"}, NOW)
    taken = letters.take(NOW)
    assert (taken.kind, taken.content, taken.put_at) == (Kind.RESET, {"email": "ana@x.example"}, NOW)
    assert (taken.tries, taken.begun_before) == (1, False)
    assert letters.take(NOW + 9 * MINUTE) is None
    lost = letters.take(NOW + 10 * MINUTE)
    assert (lost.id, lost.tries, lost.begun_before) == (taken.id, 2, True)
    letters.again(lost.id, NOW + 30 * MINUTE)
    assert letters.take(NOW + 29 * MINUTE) is None
    later = letters.take(NOW + 30 * MINUTE)
    assert (later.tries, later.begun_before) == (3, False)
    letters.done(later.id)
    assert letters.take(NOW + timedelta(days=9)) is None


def test_letters_come_in_the_order_of_their_turn(letters):
    for number in (2, 1, 3):
        letters.put(Kind.RESET, {"email": str(number)}, NOW + number * MINUTE)
    assert [letters.take(NOW + 9 * MINUTE).content["email"] for _ in range(3)] == ["1", "2", "3"]


def test_what_is_in_them_is_sealed(letters, store):
    letters.put(Kind.INVITATION, {"token": "needle"}, NOW)
    with store.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM letters").all()
    assert "needle" not in repr(rows)


def test_a_digest_is_put_in_once_a_day_however_many_try_at_once(letters, world):
    person, put = world.person("ana", "reviewer"), []
    tries = [Thread(target=lambda: put.append(letters.put_digest(person.id, DAY, NOW))) for _ in range(8)]
    for each in tries:
        each.start()
    for each in tries:
        each.join()
    assert sorted(put) == [False] * 7 + [True]
    assert letters.take(NOW).content == {"person": person.id, "day": "2026-11-22"}
    assert letters.take(NOW) is None
    assert not letters.put_digest(person.id, DAY - timedelta(days=1), NOW)
    assert letters.put_digest(person.id, DAY + timedelta(days=1), NOW)


def test_of_several_who_take_at_once_each_gets_another(letters):
    for number in range(4):
        letters.put(Kind.RESET, {"email": str(number)}, NOW)
    taken = []
    tries = [Thread(target=lambda: taken.append(letters.take(NOW))) for _ in range(8)]
    for each in tries:
        each.start()
    for each in tries:
        each.join()
    assert sorted(each.content["email"] for each in taken if each) == ["0", "1", "2", "3"]


def test_whether_somebody_wants_the_digest_is_kept(letters, world):
    person = world.person("ana", "reviewer")
    assert (person.digest, world.desk.person(person.id).gets_digest) == (None, True)
    letters.set_digest(person.id, False)
    assert not world.desk.person(person.id).gets_digest
    with pytest.raises(NotFoundError):
        letters.set_digest("us_none", True)


def test_the_queue_is_counted_without_what_is_put_off_or_decided(store, vault):
    room, queue = Room(store, vault), StoredQueue(store)
    assert queue.queue(room.clock.now()).waiting == 0
    numbers = [room.doubtful(number, source=source) for number, source in enumerate(("web", "web", "fair", "web"))]
    room.close(numbers[0])
    now = room.clock.now()
    room.store.put_off(numbers[1], "ana", now + timedelta(days=1), now)
    found = queue.queue(now)
    assert (found.waiting, found.overdue, found.by_source) == (2, 0, (("fair", 1), ("web", 1)))
    assert found.oldest is not None
    assert dict(found.by_reason)["form.honeypot"] == 2
    late = queue.queue(now + timedelta(days=40))
    assert (late.waiting, late.overdue) == (3, 3)


# ── whom providers mean ──────────────────────────────────────────────────────────────────────────


def test_a_person_and_a_name_at_a_provider_belong_together_for_good(store, vault, world):
    subjects = StoredSubjects(store, Journal(vault))
    ana, bo = world.person("ana"), world.person("bo")
    assert subjects.bound(b"a" * 32) is None
    subjects.bind(b"a" * 32, "https://i.example", ana.id, NOW)
    assert subjects.bound(b"a" * 32) == ana.id
    for subject, issuer, person in (
        (b"a" * 32, "https://i.example", bo.id),
        (b"b" * 32, "https://i.example", ana.id),
        (b"c" * 32, "https://i.example", "us_none"),
    ):
        with pytest.raises(ConflictError):
            subjects.bind(subject, issuer, person, NOW)
    subjects.bind(b"b" * 32, "https://j.example", ana.id, NOW)
    world.desk.disable(bo.id, "tests")
    with pytest.raises(ConflictError):
        subjects.bind(b"d" * 32, "https://i.example", bo.id, NOW)


def test_who_was_invited_has_joined_then(store, vault, world):
    link = world.desk.invite("cy@x.example", "Cy", ["rep"], "tests")
    StoredSubjects(store, Journal(vault)).bind(b"a" * 32, "https://i.example", link.person.id, NOW)
    assert world.desk.person(link.person.id).standing is Standing.ACTIVE
    with pytest.raises(NotFoundError):
        world.desk.join(link.token, "seven quiet lighthouses")


def test_a_hash_made_anew_takes_the_place_of_the_very_one_it_was_made_from(world):
    person = world.person()
    world.people.rehash(person.id, "another", "new")
    before = world.people.account(person.id).password
    assert before != "new"
    world.people.rehash(person.id, before, "new")
    assert world.people.account(person.id).password == "new"
