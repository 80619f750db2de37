"""A lead that was spooled is decided once, whatever happens between the disk and the database."""

from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy import func, select

from tests.support.cases import lead
from winnow.adapters.db.connections import reading
from winnow.adapters.db.tables import decisions
from winnow.bootstrap.service import open_service
from winnow.bootstrap.spooling import Spooling
from winnow.config import load
from winnow.errors import StoreAwayError
from winnow.ports import Arrival

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def service(tmp_path):
    found = open_service(load(flags={"data.folder": str(tmp_path / "data")}))
    yield found
    found.engine.dispose()


def arrival(*names: str, **fields) -> Arrival:
    return Arrival([lead(id=name, received_at=NOW, **fields) for name in names], [False] * len(names))


def stored(service) -> int:
    with reading(service.engine) as connection:
        return connection.execute(select(func.count()).select_from(decisions)).scalar_one()


def test_what_was_kept_is_taken_over_once_and_the_disk_is_empty_again(service):
    spooling = Spooling(service)
    spooling.keep([arrival("a", "b"), arrival("c")])
    assert spooling.depth == 2
    assert spooling.drain() == 2
    assert (spooling.drain(), spooling.depth, stored(service)) == (0, 0, 3)
    spooling.close()
    assert list((service.folder / "spool").iterdir()) == []


def test_what_a_dead_process_left_is_taken_over_by_the_next(service):
    dead = Spooling(service)
    dead.keep([arrival("a")])
    dead.close()
    heir = Spooling(service)
    assert heir.drain() == 1
    assert stored(service) == 1


def test_dying_between_the_database_and_the_disk_doubles_nothing(service, monkeypatch):
    first = Spooling(service)
    first.keep([arrival("a"), arrival("b")])
    monkeypatch.setattr("winnow.adapters.spool.Spool.done", lambda *_: None)  # dead before the disk is told
    assert first.drain() == 2
    first.close()
    monkeypatch.undo()
    heir = Spooling(service)
    assert heir.drain() == 2
    assert stored(service) == 2


def test_while_the_database_is_away_everything_stays(service):
    def away(*_):
        raise StoreAwayError("away")

    waiting = Spooling(service, away)
    waiting.keep([arrival("a")])
    with pytest.raises(StoreAwayError):
        waiting.drain()
    waiting.close()
    assert (Spooling(service).drain(), stored(service)) == (1, 1)


def test_a_lead_whose_id_was_taken_meanwhile_is_decided_under_a_new_one(service):
    spooling = Spooling(service)
    spooling.keep([arrival("a", message="kept while the database was away")])
    service.intake.take([Arrival([lead(id="a")], [True])])
    assert spooling.drain() == 1
    found, _, recorded = service.ledger.decided(service.ledger.latest_of(stored(service)))
    assert found.external_id == "a"
    assert found.id == msgspec.json.decode(recorded.decision)["lead_id"] != "a"


def test_a_spooled_key_is_remembered(service):
    spooling = Spooling(service)
    kept = Arrival([lead(id="made-1", received_at=NOW)], [False], b"key", b"request")
    spooling.keep([kept])
    spooling.drain()
    ((again,),) = service.intake.take([Arrival([lead(id="made-2")], [False], b"key", b"request")])
    assert (again.lead_id, again.again) == ("made-1", True)
    assert stored(service) == 1
