"""The register on both databases: revisions are added and never changed, each a leaf of the log."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from winnow.adapters.db.connections import reading
from winnow.adapters.db.log import Journal, LogReader
from winnow.adapters.db.systems import VERSION_NAME, StoredSystems
from winnow.adapters.db.systems_tables import ai_systems
from winnow.adapters.db.tables import events
from winnow.adapters.db.versions import numbers
from winnow.core.govern.systems import AiSystem, Status
from winnow.errors import ConflictError, NotFoundError

pytestmark = pytest.mark.enable_socket  # psycopg asks the system for addresses

NOW = datetime(2026, 11, 22, 8, 30, 0, 125, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SYSTEM = AiSystem("acme-writer", "Acme ☂", "draft answers", "4.2", owner="us_1")


@pytest.fixture
def stored(store, vault):
    return StoredSystems(store, Journal(vault))


def test_every_revision_stays_and_the_last_one_holds(store, stored):
    other = AiSystem("bot", "Bot", "talk", "1")
    stored.keep(SYSTEM, "us_1", NOW, what="system.added")
    stored.keep(other, "us_2", NOW, what="system.added")
    changed = replace(SYSTEM, status=Status.SHADOW, revision=2)
    stored.keep(changed, "us_3", LATER, what="system.changed", note="tried")
    assert stored.system("acme-writer") == changed
    assert stored.all() == (changed, other)
    told = [(each.system, each.at, each.actor, each.what, each.note) for each in stored.history("acme-writer")]
    assert told == [(changed, LATER, "us_3", "system.changed", "tried"), (SYSTEM, NOW, "us_1", "system.added", "")]
    assert stored.history("nobody") == ()
    with reading(store) as connection:
        kinds = connection.execute(select(events.c.kind, events.c.actor, events.c.about).order_by(events.c.id)).all()
    assert [tuple(row) for row in kinds] == [
        ("system.added", "us_1", "acme-writer"),
        ("system.added", "us_2", "bot"),
        ("system.changed", "us_3", "acme-writer"),
    ]
    assert LogReader(store).frontier().size == 3
    assert numbers(store)[VERSION_NAME] == 3


@pytest.mark.parametrize(("revision", "said"), [(1, "there is or was"), (3, "changed since"), (0, "changed since")])
def test_a_revision_that_does_not_follow_the_last_is_not_kept(store, stored, revision, said):
    stored.keep(SYSTEM, "us_1", NOW, what="system.added")
    with pytest.raises(ConflictError, match=said):
        stored.keep(replace(SYSTEM, revision=revision), "us_2", LATER, what="system.changed")
    with reading(store) as connection:
        assert connection.execute(select(func.count()).select_from(ai_systems)).scalar() == 1
    assert LogReader(store).frontier().size == 1


def test_what_is_not_there_is_not_found(stored):
    assert stored.all() == ()
    with pytest.raises(NotFoundError):
        stored.system("acme-writer")
