"""Opening the store: tables of the right edition, the first row of the log, what this installation is called."""

from collections.abc import Callable

from sqlalchemy import Connection, Engine, insert, select

from winnow.adapters.db.connections import assert_durable, reading, writing
from winnow.adapters.db.guards import need_guards
from winnow.adapters.db.schema import current, upgrade
from winnow.adapters.db.tables import log_head, meta
from winnow.core.tlog import Frontier


def prepare(engine: Engine, new_installation: Callable[[], str]) -> str:
    """Bring the database to the present edition and return the id of the installation.

    Raises StoreAwayError when it cannot be reached, WinnowError when what it acknowledges would not last or nothing
    guards it.
    """
    assert_durable(engine)
    upgrade(engine)
    need_guards(engine)
    with writing(engine) as connection:
        if connection.execute(select(log_head.c.id)).first() is None:
            empty = Frontier()
            connection.execute(
                insert(log_head), {"id": 1, "size": 0, "frontier": empty.to_bytes(), "swept": 0, "stops": 0}
            )
        return _remembered(connection, "installation", new_installation)


def installation(engine: Engine) -> str | None:
    """The id of the installation; None when the database is empty or holds tables only."""
    if current(engine) is None:
        return None
    with reading(engine) as connection:
        return connection.execute(select(meta.c.value).where(meta.c.name == "installation")).scalar_one_or_none()


def _remembered(connection: Connection, name: str, fresh: Callable[[], str]) -> str:
    known = connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar_one_or_none()
    if known is None:
        known = fresh()
        connection.execute(insert(meta), {"name": name, "value": known})
    return str(known)
