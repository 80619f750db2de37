"""Allow and block entries in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, insert, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.tables import list_entries
from winnow.adapters.db.versions import bump
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Scope
from winnow.core.ruleset_write import list_entry_document
from winnow.errors import ConflictError, NotFoundError

#: The row of `versions` that counts changes of lists.
VERSION_NAME = "lists"


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries in the order of their ids; `after` is the cursor of the next page, None when this is the last."""

    entries: tuple[ListEntry, ...]
    after: str | None


class StoredLists:
    """The entries behind an engine; every change is a leaf of the log. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def add(self, entries: Sequence[ListEntry], actor: str, now: datetime) -> None:
        """Add entries, all or none; raises ConflictError when an id is taken."""
        with writing(self._engine) as connection:
            taken = connection.execute(
                select(list_entries.c.id).where(list_entries.c.id.in_([entry.id for entry in entries])).limit(1)
            ).scalar()
            if taken is not None:
                raise ConflictError(f"there is an entry `{taken}` already", fix="give the new one another id")
            connection.execute(insert(list_entries), [_row(entry, now) for entry in entries])
            documents = [list_entry_document(entry) for entry in entries]
            about = entries[0].id if len(entries) == 1 else f"{len(entries)} entries"
            self._note(connection, Change("list.added", actor, about, documents), now)

    def remove(self, entry_id: str, actor: str, now: datetime) -> None:
        """Take an entry out of force; raises NotFoundError when there is none in force."""
        with writing(self._engine) as connection:
            statement = update(list_entries).where(list_entries.c.id == entry_id, list_entries.c.removed_at.is_(None))
            ended = connection.execute(statement.values(removed_at=micros(now), removed_by=actor)).rowcount
            if not ended:
                raise NotFoundError(f"there is no list entry `{entry_id}`", fix="see the ids with GET /v1/lists")
            self._note(connection, Change("list.removed", actor, entry_id, None), now)

    def page(self, after: str | None, limit: int) -> EntryPage:
        """Entries in force, page by page."""
        query = select(list_entries).where(list_entries.c.removed_at.is_(None)).order_by(list_entries.c.id)
        if after is not None:
            query = query.where(list_entries.c.id > after)
        with reading(self._engine) as connection:
            rows = connection.execute(query.limit(limit + 1)).all()
        entries = tuple(map(_entry, rows[:limit]))
        return EntryPage(entries, entries[-1].id if len(rows) > limit else None)

    def all(self) -> tuple[ListEntry, ...]:
        """Every entry in force."""
        query = select(list_entries).where(list_entries.c.removed_at.is_(None)).order_by(list_entries.c.id)
        with reading(self._engine) as connection:
            return tuple(map(_entry, connection.execute(query)))

    def _note(self, connection: Connection, change: Change, now: datetime) -> None:
        bump(connection, VERSION_NAME)
        self._journal.note(connection, change, now)


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
