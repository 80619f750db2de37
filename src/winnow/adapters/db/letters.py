"""Letters that wait in the database, each taken by one process at a time, whichever of them ends meanwhile."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, literal_column, or_, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.moments import day_number, micros, moment
from winnow.adapters.db.people_tables import letters, users
from winnow.adapters.db.review_tables import cases
from winnow.adapters.db.vault import Vault
from winnow.core.review.case import Kept
from winnow.core.review.digest import QueueOfDay, counted_codes, ranked
from winnow.errors import NotFoundError
from winnow.ports.mail import Kind, WaitingLetter

#: For so long a letter belongs to whoever took it; sending takes less.
_TAKEN_FOR = timedelta(minutes=10)
_OPEN = cases.c.state == literal_column(f"'{Kept.OPEN.value}'")


class StoredLetters:
    """The letters behind an engine; see the port LetterStore. Each call is a transaction of its own."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def put(self, kind: Kind, content: Mapping[str, str], now: datetime) -> None:
        """Have a letter written and sent."""
        with writing(self._engine) as connection:
            self._put(connection, kind, content, now)

    def put_digest(self, person_id: str, day: date, now: datetime) -> bool:
        """Have somebody sent the digest of a day, and note that they were; False when they were before."""
        number = day_number(day)
        earlier = or_(users.c.digested_on.is_(None), users.c.digested_on < number)
        noted = update(users).where(users.c.id == person_id, earlier).values(digested_on=number)
        with writing(self._engine) as connection:
            if not connection.execute(noted).rowcount:
                return False
            self._put(connection, Kind.DIGEST, {"person": person_id, "day": day.isoformat()}, now)
        return True

    def take(self, now: datetime) -> WaitingLetter | None:
        """A letter whose turn it is, which nobody else gets for some minutes."""
        due = select(letters).where(letters.c.due_at <= micros(now)).order_by(letters.c.due_at, letters.c.id).limit(1)
        with reading(self._engine) as connection:  # most of the time there is none, which is asked without a lock
            if connection.execute(due).first() is None:
                return None
        with writing(self._engine) as connection:
            row = connection.execute(due.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            taken = {"due_at": micros(now + _TAKEN_FOR), "begun_at": micros(now), "tries": row.tries + 1}
            connection.execute(update(letters).where(letters.c.id == row.id).values(**taken))
        return self._letter(row)

    def done(self, number: int) -> None:
        """It is sent, or never will be."""
        with writing(self._engine) as connection:
            connection.execute(delete(letters).where(letters.c.id == number))

    def again(self, number: int, due_at: datetime) -> None:
        """It is to be tried again; it is known not to have been sent."""
        with writing(self._engine) as connection:
            known = update(letters).where(letters.c.id == number)
            connection.execute(known.values(due_at=micros(due_at), begun_at=None))

    def set_digest(self, person_id: str, wanted: bool) -> None:  # noqa: FBT001  # it is the value
        """Note whether somebody wants the digest; raises NotFoundError."""
        with writing(self._engine) as connection:
            noted = update(users).where(users.c.id == person_id).values(digest=wanted)
            if not connection.execute(noted).rowcount:
                raise NotFoundError("nobody has this id", fix="list the people")

    def _put(self, connection: Connection, kind: Kind, content: Mapping[str, str], now: datetime) -> None:
        sealed = self._vault.seal_own(json.dumps(dict(content)).encode(), _about(kind))
        times = {"put_at": micros(now), "due_at": micros(now)}
        connection.execute(insert(letters), {"kind": kind.value, "content": sealed, "tries": 0, **times})

    def _letter(self, row: Row[Any]) -> WaitingLetter:
        kind = Kind(row.kind)
        content = json.loads(self._vault.open_own(row.content, _about(kind)))
        return WaitingLetter(row.id, kind, content, moment(row.put_at), row.tries + 1, row.begun_at is not None)


class StoredQueue:
    """The review queue as counts; see the port QueueSource."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def queue(self, now: datetime) -> QueueOfDay:
        """How much waits, without second looks and what is put off; read once a day, so it may take its time."""
        at = micros(now)
        waits = _OPEN & or_(cases.c.snoozed_until.is_(None), cases.c.snoozed_until <= at)
        overdue = select(func.count()).where(waits, cases.c.due_at < at)
        oldest = select(func.min(cases.c.opened_at)).where(waits)
        with reading(self._engine, patient=True) as connection:
            sources = _counts(connection, cases.c.source, waits)
            patterns = _counts(connection, cases.c.reasons, waits)
            late, eldest = connection.execute(overdue).scalar_one(), connection.execute(oldest).scalar_one()
        return QueueOfDay(
            waiting=sum(count for _, count in sources),
            overdue=late,
            oldest=None if eldest is None else moment(eldest),
            by_source=ranked(sources),
            by_reason=counted_codes(patterns),
        )


def _counts(connection: Connection, name: Any, which: Any) -> list[tuple[str, int]]:  # noqa: ANN401  # SQLAlchemy's
    rows = connection.execute(select(name, func.count()).where(which).group_by(name))
    return [(str(value), int(count)) for value, count in rows]


def _about(kind: Kind) -> str:
    return f"letter {kind.value}"
