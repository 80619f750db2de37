"""Going through everything on record to hold it against the log."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Engine, Row, Select, Table, select, union_all

from winnow.adapters.db.connections import reading
from winnow.adapters.db.permit_tables import ai_decisions, permit_answers
from winnow.adapters.db.tables import decisions, events, leaves
from winnow.adapters.db.vault import Vault
from winnow.core.records import NONCE_BYTES, check_sealed, parse_entry
from winnow.errors import BrokenLogError

_PAGE = 2_000
#: Answers about a hundred thousand people are long, so that only a few are in memory at once.
_ANSWERS = 10
#: Records that go when their time is over, each with what the log tells of the first and the last that went.
_FORGOTTEN = {"permit.answered": "permits.forgotten", "ai-decision.recorded": "ai-decisions.forgotten"}


def check_records(engine: Engine, vault: Vault, start: int, end: int) -> Iterator[int]:
    """Hold every sealed record of the entries from `start` to before `end` against its entry.

    What the log itself says was forgotten need not be there. Yields, page by page, how many entries were looked at;
    raises BrokenLogError at the first that does not fit.
    """
    for begin in range(start, end, _PAGE):
        until = min(begin + _PAGE, end)
        entries = _entries(engine, begin, until)
        found = _compared(engine, entries, begin, until)
        forgotten = _forgotten(engine, vault, begin, until) if len(found) < len(entries) else {}
        for number, entry in entries.items():
            wrong = found[number] if number in found else _missing(number, forgotten.get(parse_entry(entry).kind, ()))
            if wrong is not None:
                raise BrokenLogError(wrong.what, where=f"entry {number}", fix=wrong.fix)
        yield until


def _entries(engine: Engine, begin: int, end: int) -> dict[int, bytes]:
    with reading(engine) as connection:
        query = select(leaves.c.id, leaves.c.entry).where(leaves.c.id >= begin, leaves.c.id < end)
        return {row[0]: bytes(row[1]) for row in connection.execute(query.order_by(leaves.c.id))}


def _compared(engine: Engine, entries: dict[int, bytes], begin: int, end: int) -> dict[int, BrokenLogError | None]:
    """What is wrong with each record that is there, by the numbers of their entries."""
    short = union_all(*(_sealed(table, begin, end) for table in (decisions, events, ai_decisions)))
    long = _sealed(permit_answers, begin, end).execution_options(yield_per=_ANSWERS)
    with reading(engine, patient=True) as connection:
        return _wrong(entries, connection.execute(short)) | _wrong(entries, connection.execute(long))


def _sealed(table: Table, begin: int, end: int) -> Select[int, bytes]:
    return select(table.c.id, table.c.record).where(table.c.id >= begin, table.c.id < end)


def _wrong(entries: dict[int, bytes], rows: Iterable[Row[int, bytes]]) -> dict[int, BrokenLogError | None]:
    found: dict[int, BrokenLogError | None] = {}
    for number, record in rows:
        try:
            check_sealed(entries.get(number, b""), bytes(record))
            found[number] = None
        except BrokenLogError as error:
            found[number] = error
    return found


def _forgotten(engine: Engine, vault: Vault, begin: int, end: int) -> dict[str, list[tuple[int, int]]]:
    """Between which entries of a kind some were forgotten; read after the records, as both go in one transaction."""
    found: dict[str, list[tuple[int, int]]] = {}
    with reading(engine) as connection:
        for kind, told in _FORGOTTEN.items():
            query = select(events.c.id, events.c.record).where(events.c.kind == told)
            for number, record in connection.execute(query):
                stated: dict[str, Any] = json.loads(vault.open_own(record, f"event {number}")[NONCE_BYTES:])["is"]
                if stated["first"] < end and stated["last"] >= begin:
                    found.setdefault(kind, []).append((stated["first"], stated["last"]))
    return found


def _missing(number: int, forgotten: Iterable[tuple[int, int]]) -> BrokenLogError | None:
    if any(first <= number <= last for first, last in forgotten):
        return None
    return BrokenLogError("what this entry is about is missing", fix="restore a backup")
