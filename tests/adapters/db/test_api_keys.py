"""Keys come back from both databases as they were put in, and every change is noticed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from tests.support.databases import KINDS, new_database
from winnow.adapters.db.api_keys import ApiKeys, add_key, revoke_key
from winnow.adapters.db.connections import make_engine, sqlite_url, writing
from winnow.adapters.db.program_tables import api_keys
from winnow.adapters.db.tables import metadata, versions
from winnow.core.apikeys import ApiKey, Scope, networks_of
from winnow.errors import UnavailableError

NOW = datetime(2026, 11, 22, 12, 30, 15, 123456, tzinfo=UTC)
KEY = ApiKey("wk_1", b"\0\xff" * 16, "web site “é”", frozenset({Scope.LEADS_WRITE}), NOW, "admin")
BOUND = ApiKey(
    id="wk_2",
    digest=bytes(32),
    name="CRM",
    scopes=frozenset({Scope.DECISIONS_READ, Scope.FEEDBACK_WRITE}),
    created_at=NOW - timedelta(seconds=1),
    created_by="wk_1",
    networks=networks_of(["203.0.113.0/24", "2001:db8::/32"]),
    expires_at=NOW + timedelta(days=90),
)


@pytest.fixture(params=KINDS)
def engine(request, tmp_path):
    engine = make_engine(new_database(request.param, tmp_path))
    metadata.create_all(engine, tables=[api_keys, versions])
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine):
    return ApiKeys(engine)


def test_keys_come_back_as_they_were(store):
    store.add(KEY)
    store.add(BOUND)
    assert store.all() == store.active() == (BOUND, KEY)


def test_a_revoked_key_stays_in_the_records_and_is_no_longer_active(store):
    store.add(KEY)
    store.add(BOUND)
    later = NOW + timedelta(microseconds=1)
    assert store.revoke("wk_1", "wk_admin", later)
    assert store.active() == (BOUND,)
    assert store.all() == (BOUND, replace(KEY, revoked_at=later))


def test_the_version_grows_with_every_change_and_only_then(store):
    assert store.version() == 0
    store.add(KEY)
    store.add(BOUND)
    assert store.version() == 2
    assert not store.revoke("wk_none", "wk_admin", NOW)
    assert store.revoke("wk_1", "wk_admin", NOW)
    assert not store.revoke("wk_1", "wk_admin", NOW)
    assert store.version() == 3
    store.all()
    assert store.version() == 3


def test_nothing_changes_when_the_transaction_around_it_fails(engine, store):
    store.add(KEY)

    def changed_and_then_failed():
        with writing(engine) as connection:
            add_key(connection, BOUND)
            revoke_key(connection, "wk_1", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        changed_and_then_failed()
    assert store.active() == (KEY,)
    assert store.version() == 1


def test_an_id_is_given_once(store):
    store.add(KEY)
    with pytest.raises(IntegrityError):
        store.add(replace(BOUND, id="wk_1"))
    assert store.version() == 1


def test_other_versions_are_left_alone(engine, store):
    with engine.begin() as connection:
        connection.execute(insert(versions).values(name="lists", number=7))
    store.add(KEY)
    with engine.connect() as connection:
        assert dict(connection.execute(select(versions)).all()) == {"lists": 7, "api_keys": 1}


def test_a_scope_of_a_later_version_gives_nothing(engine, store):
    store.add(KEY)
    with engine.begin() as connection:
        connection.execute(update(api_keys).values(scopes="leads:write time:travel"))
    assert store.active() == (KEY,)


def test_a_database_that_is_away_is_called_so(tmp_path):
    engine = make_engine(sqlite_url(tmp_path / "no" / "such" / "folder.db"))
    store = ApiKeys(engine)
    for call in (
        store.version,
        store.active,
        store.all,
        lambda: store.add(KEY),
        lambda: store.revoke("x", "wk_admin", NOW),
    ):
        with pytest.raises(UnavailableError):
            call()
    engine.dispose()
