"""Allow and block entries in the database."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.ruleset_tables import list_entries
from winnow.adapters.db.versions import bump
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Scope
from winnow.core.ruleset_write import list_entry_document
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Page, WantedEntries

#: The row of `versions` that counts changes of lists.
VERSION_NAME = "lists"

#: Either database takes a statement of so many parameters.
_IDS_AT_ONCE = 10_000

#: Entries that are looked at for one page of those somebody looks for.
LOOKED_AT = 20_000


class StoredLists:
    """The entries behind an engine; every change is a leaf of the log. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def add(self, entries: Sequence[ListEntry], actor: str, now: datetime) -> None:
        """Add entries, all or none; raises ConflictError when an id is taken."""
        with writing(self._engine) as connection:
            self.added(connection, entries, actor, now)

    def added(self, connection: Connection, entries: Sequence[ListEntry], actor: str, now: datetime) -> None:
        """The same in the caller's transaction."""
        _need_free(connection, [entry.id for entry in entries])
        try:
            connection.execute(insert(list_entries), [_row(entry, now) for entry in entries])
        except IntegrityError:  # somebody else added one at this very moment
            raise ConflictError("an id was taken just now", fix="give the new entries other ids") from None
        documents = [list_entry_document(entry) for entry in entries]
        about = entries[0].id if len(entries) == 1 else f"{len(entries)} entries"
        self._note(connection, Change("list.added", actor, about, documents), now)

    def remove(self, entry_id: str, actor: str, now: datetime) -> None:
        """Take an entry out of force; raises NotFoundError when there is none in force."""
        with writing(self._engine) as connection:
            if not self.removed(connection, entry_id, actor, now):
                raise _missing(entry_id)

    def removed(self, connection: Connection, entry_id: str, actor: str, now: datetime) -> bool:
        """The same in the caller's transaction; False when there is none in force."""
        statement = update(list_entries).where(list_entries.c.id == entry_id, list_entries.c.removed_at.is_(None))
        if not connection.execute(statement.values(removed_at=micros(now), removed_by=actor)).rowcount:
            return False
        self._note(connection, Change("list.removed", actor, entry_id, None), now)
        return True

    def entry(self, entry_id: str) -> ListEntry:
        """An entry in force; raises NotFoundError."""
        with reading(self._engine) as connection:
            row = connection.execute(_IN_FORCE.where(list_entries.c.id == entry_id)).one_or_none()
        if row is None:
            raise _missing(entry_id)
        return _entry(row)

    def page(self, after: str | None, limit: int) -> Page[ListEntry]:
        """Entries in force, page by page."""
        query = _IN_FORCE if after is None else _IN_FORCE.where(list_entries.c.id > after)
        with reading(self._engine) as connection:
            rows = connection.execute(query.limit(limit + 1)).all()
        entries = tuple(map(_entry, rows[:limit]))
        return Page(entries, entries[-1].id if len(rows) > limit else None)

    def found(self, wanted: WantedEntries, before: str | None, limit: int) -> Page[ListEntry]:
        """Those in force that fit, from the last id to the first; see the port ListStore."""
        looked_at = select(list_entries).where(list_entries.c.removed_at.is_(None)).order_by(list_entries.c.id.desc())
        if before is not None:
            looked_at = looked_at.where(list_entries.c.id < before)
        some = looked_at.limit(LOOKED_AT).subquery()
        query = select(some).where(*_fitting(some.c, wanted)).order_by(some.c.id.desc()).limit(limit + 1)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            entries = tuple(map(_entry, rows[:limit]))
            if len(rows) > limit:
                return Page(entries, entries[-1].id)
            count, last = connection.execute(select(func.count(), func.min(some.c.id))).one()
        return Page(entries, last if count == LOOKED_AT else None)

    def all(self) -> tuple[ListEntry, ...]:
        """Every entry in force."""
        with reading(self._engine) as connection:
            return tuple(map(_entry, connection.execute(_IN_FORCE)))

    def _note(self, connection: Connection, change: Change, now: datetime) -> None:
        bump(connection, VERSION_NAME)
        self._journal.note(connection, change, now)


_IN_FORCE = select(list_entries).where(list_entries.c.removed_at.is_(None)).order_by(list_entries.c.id)


def _fitting(columns: Any, wanted: WantedEntries) -> Iterator[ColumnElement[bool]]:  # noqa: ANN401  # of a subquery
    if wanted.action is not None:
        yield columns.action == wanted.action.value
    if wanted.kind is not None:
        yield columns.kind == wanted.kind.value
    if wanted.text:
        texts = (columns.value, columns.id, columns.owner, columns.reason)
        yield or_(*(func.lower(each).contains(wanted.text.lower(), autoescape=True) for each in texts))


def _need_free(connection: Connection, ids: Sequence[str]) -> None:
    """Refuse ids that an entry has or had: reasons of old decisions name it by them."""
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = ids[start : start + _IDS_AT_ONCE]
        taken = connection.execute(select(list_entries.c.id).where(list_entries.c.id.in_(some)).limit(1)).scalar()
        if taken is not None:
            raise ConflictError(f"there is or was an entry `{taken}`", fix="give the new one another id")


def _missing(entry_id: str) -> NotFoundError:
    return NotFoundError(f"there is no list entry `{entry_id}`", fix="see the ids with GET /v1/lists")


def _row(entry: ListEntry, now: datetime) -> dict[str, object]:
    return {
        "id": entry.id,
        "action": entry.action.value,
        "kind": entry.kind.value,
        "value": entry.value,
        "scopes": " ".join(sorted(scope.value for scope in entry.scopes)),
        "owner": entry.owner,
        "reason": entry.reason,
        "source": entry.source,
        "created_at": micros(entry.created_at or now),
        "expires_at": None if entry.expires_at is None else micros(entry.expires_at),
    }


def _entry(row: Row[tuple[object, ...]]) -> ListEntry:
    return ListEntry(
        id=row.id,
        action=ListAction(row.action),
        kind=ListKind(row.kind),
        value=row.value,
        owner=row.owner,
        reason=row.reason,
        scopes=frozenset(map(Scope, row.scopes.split())),
        source=row.source,
        created_at=moment(row.created_at),
        expires_at=None if row.expires_at is None else moment(row.expires_at),
    )
