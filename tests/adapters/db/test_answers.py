"""A write with an Idempotency-Key happens once, wherever its process dies; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tests.support.databases import KINDS, new_database
from winnow.adapters.db.answers import LAPSES, Answers
from winnow.adapters.db.connections import make_engine, reading, writing
from winnow.adapters.db.program_tables import idempotency
from winnow.adapters.db.store import prepare
from winnow.adapters.db.tables import meta
from winnow.adapters.db.vault import Vault
from winnow.errors import ConflictError, KeyReusedError, UnavailableError
from winnow.ports import Answered

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY, REQUEST = b"k" * 32, b"r" * 32
ANSWER = Answered(201, [(b"content-type", b"application/json")], b'{"secret":"wk_1_needle"}')


@pytest.fixture(params=KINDS, scope="module")
def engine(request, tmp_path_factory):
    made = make_engine(new_database(request.param, tmp_path_factory.mktemp("answers")))
    prepare(made, lambda: "in_1")
    yield made
    made.dispose()


@pytest.fixture
def answers(engine):
    yield Answers(engine, Vault(b"w" * 32, b"o" * 32, b"p" * 32))
    with writing(engine) as connection:
        connection.execute(idempotency.delete())
        connection.execute(meta.delete().where(meta.c.name.like("change%")))


def change(engine, name="change"):
    with writing(engine) as connection:
        connection.execute(insert(meta), {"name": name, "value": "made"})


def changes(engine):
    with reading(engine) as connection:
        return len(connection.execute(select(meta).where(meta.c.name.like("change%"))).all())


def test_what_was_answered_is_answered_again(answers, engine):
    assert answers.claim(KEY, REQUEST, NOW) is None
    with answers.marking(KEY, NOW):
        change(engine)
    answers.keep(KEY, ANSWER)
    assert answers.claim(KEY, REQUEST, NOW + timedelta(hours=47)) == ANSWER


def test_an_answer_is_sealed(answers, engine):
    answers.claim(KEY, REQUEST, NOW)
    answers.keep(KEY, ANSWER)
    with reading(engine) as connection:
        stored = connection.execute(select(idempotency.c.answer)).scalar_one()
    assert b"needle" not in bytes(stored)


def test_the_same_key_with_another_request(answers):
    answers.claim(KEY, REQUEST, NOW)
    with pytest.raises(KeyReusedError, match="another request"):
        answers.claim(KEY, b"x" * 32, NOW)


def test_a_key_that_leads_came_with(answers, engine):
    with writing(engine) as connection:
        row = {"key": KEY, "request": REQUEST, "at": 1, "decisions": "1 2"}
        connection.execute(insert(idempotency), row)
    with pytest.raises(KeyReusedError):
        answers.claim(KEY, REQUEST, NOW)
    answers.release(KEY, unless_done=False)
    with pytest.raises(KeyReusedError):
        answers.claim(KEY, REQUEST, NOW)


def test_a_retry_while_the_first_try_runs(answers):
    answers.claim(KEY, REQUEST, NOW)
    with pytest.raises(UnavailableError, match="being carried out"):
        answers.claim(KEY, REQUEST, NOW + LAPSES - timedelta(seconds=1))


def test_a_try_that_died_before_it_changed_anything_is_made_again(answers, engine):
    answers.claim(KEY, REQUEST, NOW)
    later = NOW + LAPSES + timedelta(seconds=1)
    assert answers.claim(KEY, REQUEST, later) is None
    # the first one was only slow: it finds out in its own transaction, and changes nothing
    with pytest.raises(UnavailableError, match="retry"), answers.marking(KEY, NOW):
        change(engine)
    assert changes(engine) == 0
    with answers.marking(KEY, later):
        change(engine)
    assert changes(engine) == 1


def test_a_try_that_died_after_its_change_is_never_made_again(answers, engine):
    answers.claim(KEY, REQUEST, NOW)
    with answers.marking(KEY, NOW):
        change(engine)
    with pytest.raises(UnavailableError, match="being carried out"):
        answers.claim(KEY, REQUEST, NOW + timedelta(seconds=1))  # its answer may be kept any moment
    with pytest.raises(ConflictError, match="answer got lost"):
        answers.claim(KEY, REQUEST, NOW + LAPSES)


def test_a_try_that_failed_after_its_change_is_never_made_again(answers, engine):
    answers.claim(KEY, REQUEST, NOW)
    with answers.marking(KEY, NOW):
        change(engine)
    answers.release(KEY, unless_done=True)
    for later in (timedelta(0), timedelta(hours=1)):
        with pytest.raises(ConflictError, match="answer got lost"):
            answers.claim(KEY, REQUEST, NOW + later)


def test_a_refused_try_frees_its_key(answers, engine):
    answers.claim(KEY, REQUEST, NOW)
    change(engine)
    with pytest.raises(IntegrityError), answers.marking(KEY, NOW):
        change(engine)  # there is one of this name
    answers.release(KEY, unless_done=True)
    assert changes(engine) == 1
    assert answers.claim(KEY, REQUEST, NOW) is None


def test_a_marked_claim_is_freed_only_when_nothing_was_done(answers, engine):
    answers.claim(KEY, REQUEST, NOW)
    with answers.marking(KEY, NOW):
        change(engine)
    answers.release(KEY, unless_done=False)
    assert answers.claim(KEY, REQUEST, NOW) is None


def test_a_kept_answer_is_never_freed(answers):
    answers.claim(KEY, REQUEST, NOW)
    answers.keep(KEY, ANSWER)
    answers.release(KEY, unless_done=False)
    assert answers.claim(KEY, REQUEST, NOW) == ANSWER


def test_of_many_at_once_one_is_carried_out(answers):
    def claimed(_):
        try:
            return answers.claim(KEY, REQUEST, NOW)
        except UnavailableError:
            return "busy"

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(claimed, range(24)))
    assert sorted(map(str, found)) == ["None", *["busy"] * 23]


def test_outside_the_block_nothing_is_marked(answers, engine):
    answers.claim(KEY, REQUEST, NOW)
    with answers.marking(KEY, NOW):
        pass
    change(engine)
    with reading(engine) as connection:
        assert connection.execute(select(idempotency.c.status)).scalar_one() is None
