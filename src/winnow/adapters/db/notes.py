"""A few words the installation remembers about itself."""

from sqlalchemy import Engine, delete, insert, select

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.tables import meta


def remember(engine: Engine, name: str, value: str | None) -> None:
    """Keep a value under a name in place of the one before; None forgets it."""
    with writing(engine) as connection:
        connection.execute(delete(meta).where(meta.c.name == name))
        if value is not None:
            connection.execute(insert(meta), {"name": name, "value": value})


def remembered(engine: Engine, name: str) -> str | None:
    """What was kept under a name."""
    with reading(engine) as connection:
        return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar_one_or_none()
