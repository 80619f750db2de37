"""Counts of what was dropped because it is off limits, in the database; several processes add to them."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.moments import day_number, day_of
from winnow.adapters.db.off_limits_tables import dropped
from winnow.ports.off_limits import Dropped, Of


class StoredDropped:
    """The counts behind an engine; see the port DroppedStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, numbers: Mapping[Of, int]) -> None:
        """Add to the counts, all or none; always in the same order, so that two who add do not wait for each other."""
        rows = [(day_number(of.day), of.source, of.what, number) for of, number in sorted(numbers.items())]
        with writing(self._engine) as connection:
            insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
            for row in rows:
                new_row = insert(dropped).values(row)
                more = {"number": dropped.c.number + new_row.excluded.number}
                key = [dropped.c.day, dropped.c.source, dropped.c.what]
                connection.execute(new_row.on_conflict_do_update(index_elements=key, set_=more))

    def since(self, day: date) -> Sequence[Dropped]:
        """What was dropped from a day on, the newest day first, then by source and what."""
        query = select(dropped).where(dropped.c.day >= day_number(day))
        ordered = query.order_by(dropped.c.day.desc(), dropped.c.source, dropped.c.what)
        with reading(self._engine) as connection:
            rows = connection.execute(ordered).all()
        return tuple(Dropped(Of(day_of(row.day), row.source, row.what), row.number) for row in rows)
