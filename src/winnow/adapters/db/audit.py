"""Going through everything on record to hold it against the log."""

from collections.abc import Iterator

from sqlalchemy import Engine, select, union_all

from winnow.adapters.db.connections import reading
from winnow.adapters.db.tables import decisions, events, leaves
from winnow.core.records import check_sealed
from winnow.errors import BrokenLogError

_PAGE = 2_000


def check_records(engine: Engine, start: int, end: int) -> Iterator[int]:
    """Hold every sealed record of the entries from `start` to before `end` against its entry.

    Yields, page by page, how many entries were looked at; raises BrokenLogError at the first that does not fit.
    """
    for begin in range(start, end, _PAGE):
        until = min(begin + _PAGE, end)
        found = _records(engine, begin, until)
        with reading(engine) as connection:
            query = select(leaves.c.id, leaves.c.entry).where(leaves.c.id >= begin, leaves.c.id < until)
            rows = connection.execute(query.order_by(leaves.c.id)).all()
        for number, entry in rows:
            _check(number, bytes(entry), found.get(number))
        yield until


def _records(engine: Engine, begin: int, end: int) -> dict[int, bytes]:
    """The sealed records of decisions and other events by the numbers of their entries."""
    parts = [
        select(table.c.id, table.c.record).where(table.c.id >= begin, table.c.id < end) for table in (decisions, events)
    ]
    with reading(engine) as connection:
        return {row[0]: bytes(row[1]) for row in connection.execute(union_all(*parts))}


def _check(number: int, entry: bytes, record: bytes | None) -> None:
    if record is None:
        raise BrokenLogError("what this entry is about is missing", where=f"entry {number}", fix="restore a backup")
    try:
        check_sealed(entry, record)
    except BrokenLogError as error:
        raise BrokenLogError(error.what, where=f"entry {number}", fix=error.fix) from None
