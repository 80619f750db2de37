"""A database that hangs is a refusal in time: what is looked up is given up, and so is waiting to record."""

from contextlib import contextmanager, nullcontext
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.databases import KINDS, new_database
from tests.support.gatekeeping import ASK, agree, gatekeeper, recipient
from winnow.adapters.db.connections import answered_by, make_engine, reading
from winnow.bootstrap.service import open_service
from winnow.config import load
from winnow.core.govern.ask import Grant, NotKnown
from winnow.errors import StoreAwayError
from winnow.services.gatekeep import Asking

#: Seconds that looking up may take here, and an answer at most after that.
#: Seconds the gate waits here, and how much later a busy machine may be; a database itself would wait for 5 or 10.
PATIENCE, GRACE = 0.4, 4.0
ANA = recipient("ana@example.com")
#: Never ends by itself.
_ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
#: What somebody else holds, so that the gate has to wait for it: a row everybody who records needs, or a whole table.
_HEAD = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT size FROM log_head FOR UPDATE"}
_TABLE = "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE"


@pytest.fixture(scope="module", params=KINDS)
def service(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("waits")
    settings = {"data.folder": str(folder / "data"), "store.url": new_database(request.param, folder)}
    opened = open_service(load(flags=settings))
    agree(opened, [ANA])
    yield opened
    opened.close()


def keeper_of(service: Any, **changed: Any) -> Any:
    keeper = gatekeeper(service, **changed)
    keeper._patience = (PATIENCE, PATIENCE)
    return keeper


@contextmanager
def held(service: Any, statement: str) -> Any:
    """Another connection holds something for as long as the block lasts."""
    engine = make_engine(service.config.text("store.url"))
    with engine.connect() as connection:
        connection.execute(text(statement))
        yield
        connection.rollback()
    engine.dispose()


@contextmanager
def in_time() -> Any:
    began = monotonic()
    yield
    assert PATIENCE <= monotonic() - began < PATIENCE + GRACE


def kind_of(service: Any) -> str:
    return str(service.engine.dialect.name)


def test_who_cannot_record_in_time_permits_nothing(service):
    keeper, before = keeper_of(service), service.log.frontier().size
    with held(service, _HEAD[kind_of(service)]), in_time(), pytest.raises(StoreAwayError, match="lock"):
        keeper.ask(ASK, [ANA], Asking("test"))
    assert service.log.frontier().size == before
    assert isinstance(keeper.ask(ASK, [ANA], Asking("test")).results[0], Grant)  # the connections are as before


def test_a_single_use_that_cannot_be_noted_in_time_is_none(service):
    keeper = keeper_of(service)
    token = keeper.ask(ASK, [ANA], Asking("test", once=True)).token(0)
    with held(service, _HEAD[kind_of(service)]), in_time(), pytest.raises(StoreAwayError, match="lock"):
        keeper.verify(token, {}, "test", redeem=True)
    assert keeper.verify(token, {}, "test", redeem=True).terms.once


def test_what_hangs_when_it_is_looked_up_is_a_refusal_on_record(service):
    def endless(*_: Any) -> Any:
        with reading(service.engine, patient=True) as connection:
            return connection.execute(text(_ENDLESS)).all()

    with in_time():
        given = keeper_of(service, consent=endless).ask(ASK, [ANA], Asking("test"))
    assert NotKnown.TOO_SLOW.what in {check.what for check in given.results[0].failing}
    assert given.number == service.log.frontier().size - 1


@pytest.mark.parametrize("table", ["consent_events", "stops", "contacts"])
def test_a_table_that_somebody_locked_is_a_refusal(service, table):
    if kind_of(service) == "sqlite":
        pytest.skip("SQLite has no locks of tables, and whoever reads waits for nobody")
    # nothing is looked up in `contacts` without a cap; a refusal is not written there, so that it can be recorded
    keeper, away = keeper_of(service), pytest.raises(StoreAwayError) if table == "contacts" else nullcontext()
    with held(service, _TABLE.format(table)), in_time(), away:
        failing = keeper.ask(ASK, [ANA], Asking("test")).results[0].failing
        assert {check.what for check in failing} >= {NotKnown.TOO_SLOW.what}


def test_who_is_in_no_hurry_waits_as_before(service):
    with answered_by(monotonic()), reading(service.engine) as connection:
        connection.execute(text("SELECT 1"))
    usual = {"sqlite": ("PRAGMA busy_timeout", 5_000), "postgresql": ("SHOW statement_timeout", "10s")}
    question, expected = usual[kind_of(service)]
    with reading(service.engine) as connection:
        assert connection.execute(text(question)).scalar_one() == expected
