"""The decision log as people look through it: what kind of thing was recorded when, and by whom, never what it said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, null, select

from winnow.adapters.db.connections import reading
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.tables import decisions, events, leaves, log_head
from winnow.core.records import Entry, parse_entry
from winnow.errors import BrokenLogError, NotFoundError
from winnow.ports import Page

#: The kind of those entries that are no events.
_DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries somebody looks for.

    kind: empty: all · actors: ids; None: whoever it was, also the rules
    since, until: from a moment on, and before one
    """

    kind: str = ""
    actors: Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry.

    kind: empty when the entry is unreadable, because somebody changed it; then at is None
    actor: who did it; None: the rules decided a lead · about: the id of what it is about, as far as the log may say
    commitment, sealed: the hashes that the entry binds, see winnow.core.records
    """

    number: int
    kind: str
    at: datetime | None
    actor: str | None
    about: str | None
    commitment: str
    sealed: str


class LoggedEntries:
    """The entries behind an engine, found by an index or by their numbers, however many there are.

    Each call is a transaction of its own and may raise StoreAwayError.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def size(self) -> int:
        """How many entries there are."""
        with reading(self._engine) as connection:
            return _size(connection)

    def page(self, wanted: Wanted, before: int | None, limit: int) -> Page[Logged]:
        """Entries, the newest first; `before` is the cursor of the page before."""
        with reading(self._engine) as connection:
            size = _size(connection)
            low = 0 if wanted.since is None else _first_from(connection, wanted.since, size)
            high = size if wanted.until is None else _first_from(connection, wanted.until, size)
            high = high if before is None else min(high, before)
            query = _query(wanted, low, high)
            rows: Sequence[Row[Any]] = () if query is None else connection.execute(query.limit(limit + 1)).all()
        found = tuple(map(_logged, rows[:limit]))
        return Page(found, str(found[-1].number) if len(rows) > limit else None)

    def one(self, number: int) -> Logged:
        """An entry by its number; raises NotFoundError."""
        with reading(self._engine) as connection:
            row = connection.execute(_rows.where(leaves.c.id == number)).one_or_none()
        if row is None:
            raise NotFoundError(f"the log has no entry {number}", fix="take a smaller number")
        return _logged(row)


_shown = (leaves.c.id, leaves.c.entry, events.c.actor, events.c.about)
_rows: Select[Any] = select(*_shown).select_from(leaves.outerjoin(events, events.c.id == leaves.c.id))
_done = select(*_shown).select_from(events.join(leaves, events.c.id == leaves.c.id))
_decided = select(*_shown[:2], null().label("actor"), null().label("about")).select_from(
    decisions.join(leaves, decisions.c.id == leaves.c.id)
)

#: One would do, were it not that somebody may have made it unreadable.
_near = select(leaves.c.entry).order_by(leaves.c.id).limit(5)


def _size(connection: Connection) -> int:
    return int(connection.execute(select(log_head.c.size)).scalar_one())


def _query(wanted: Wanted, low: int, high: int) -> Select[Any] | None:
    """Rows of the table that has an index for what is asked, in the order of their numbers; None: there are none."""
    if wanted.actors is None and not wanted.kind:
        return _between(_rows, leaves.c.id, low, high)
    if wanted.kind == _DECISION:
        return None if wanted.actors is not None else _between(_decided, decisions.c.id, low, high)
    done = _between(_done, events.c.id, low, high)
    if wanted.kind:
        done = done.where(events.c.kind == wanted.kind)
    return done if wanted.actors is None else done.where(events.c.actor.in_(wanted.actors))


def _between(query: Select[Any], number: Any, low: int, high: int) -> Select[Any]:  # noqa: ANN401  # SQLAlchemy's
    return query.where(number >= low, number < high).order_by(number.desc())


def _first_from(connection: Connection, at: datetime, size: int) -> int:
    """The number of the first entry from a moment on, by halves: entries come in the order of their times."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        near = _near.where(leaves.c.id >= middle, leaves.c.id < high)
        said = next(filter(None, map(_said, connection.execute(near).scalars())), None)
        earlier = said is not None and said.at_us < micros(at)
        low, high = (middle + 1, high) if earlier else (low, middle)
    return low


def _said(content: bytes) -> Entry | None:
    """What an entry says; None for one that was changed into something else."""
    try:
        return parse_entry(bytes(content))
    except BrokenLogError:
        return None


def _logged(row: Row[Any]) -> Logged:
    said = _said(row.entry)
    if said is None:
        return Logged(row.id, "", None, row.actor, row.about, "", "")
    decided = said.kind == _DECISION
    about = str(row.id) if decided else row.about
    actor = None if decided else row.actor
    return Logged(row.id, said.kind, moment(said.at_us), actor, about, said.commitment.hex(), said.sealed.hex())
