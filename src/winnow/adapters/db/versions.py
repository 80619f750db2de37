"""Telling other processes that something they keep in memory has changed."""

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from winnow.adapters.db.connections import reading
from winnow.adapters.db.tables import versions


def bump(connection: Connection, name: str) -> None:
    """Count a change, as part of the caller's transaction."""
    new_row = (postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert)(versions)
    counted = new_row.values(name=name, number=1).on_conflict_do_update(
        index_elements=[versions.c.name], set_={"number": versions.c.number + 1}
    )
    connection.execute(counted)


def numbers(engine: Engine) -> dict[str, int]:
    """How often each thing was changed."""
    with reading(engine) as connection:
        return {row.name: row.number for row in connection.execute(select(versions))}
