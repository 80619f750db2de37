"""The migrations make exactly the tables that the code works with, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from tests.support.databases import KINDS, new_database
from winnow.adapters.db.connections import make_engine, reading
from winnow.adapters.db.schema import current, newest, upgrade
from winnow.adapters.db.store import installation, prepare
from winnow.adapters.db.tables import metadata


def test_migrations_make_the_tables(store):
    with reading(store) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_database_is_brought_to_the_newest_edition_once(kind, tmp_path):
    engine = make_engine(new_database(kind, tmp_path))
    assert current(engine) is None
    upgrade(engine)
    assert current(engine) == newest() is not None
    upgrade(engine)
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
    engine.dispose()


def test_an_installation_keeps_its_id(store):
    assert prepare(store, lambda: "in_other") == installation(store) == "in_test"
