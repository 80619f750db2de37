"""Answers to writes that carried an Idempotency-Key, so that a retry never does a thing twice.

A write claims its key before it begins. Its transaction marks the claim as carried out, together with the change
itself, so that a retry knows for certain. The answer follows in a transaction of its own. A claim whose process died
before it changed anything lapses; one that was carried out and whose answer was lost never runs again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, CursorResult, Engine, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from winnow.adapters.db.connections import before_commit, writing
from winnow.adapters.db.moments import micros
from winnow.adapters.db.program_tables import idempotency
from winnow.adapters.db.vault import Vault
from winnow.errors import ConflictError, KeyReusedError, UnavailableError
from winnow.ports import Answered

#: A claim that is older and still unmarked belongs to a process that died: no statement takes that long.
LAPSES = timedelta(seconds=60)

#: In `status`, where no HTTP status is known: carried out, and the answer not kept yet; or lost for ever.
_DONE, _LOST = 0, -1

_row = idempotency.c


class _Stored(msgspec.Struct, array_like=True):
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Answers:
    """The answers behind an engine. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def claim(self, key: bytes, request: bytes, now: datetime) -> Answered | None:
        """Begin a request: None when it is to be carried out, or what it was answered before.

        key: see winnow.shells.http.idempotency.slot · request: its fingerprint
        Raises KeyReusedError when the key came with another request, UnavailableError while the same request is
        being carried out, ConflictError when it was carried out and its answer got lost.
        """
        with writing(self._engine) as connection:
            if _inserted(connection, {"key": key, "request": request, "at": micros(now)}):
                return None
            found = connection.execute(select(idempotency).where(_row.key == key)).one_or_none()
            if found is None:
                raise _busy()  # it was released a moment ago
            if bytes(found.request) != request or found.decisions is not None:
                raise KeyReusedError(
                    "this Idempotency-Key came with another request before", fix="use a new key for a new request"
                )
            if found.status is None:
                _take_over(connection, key, found.at, now)
                return None
            if found.status == _DONE and found.at > micros(now - LAPSES):
                raise _busy()
            if found.status in {_DONE, _LOST}:
                raise ConflictError("this request was carried out, and its answer got lost", fix="look what is there")
        stored = msgspec.msgpack.decode(self._vault.open_own(found.answer, _about(key)), type=_Stored)
        return Answered(found.status, stored.headers, stored.body)

    @contextmanager
    def marking(self, key: bytes, claimed_at: datetime) -> Iterator[None]:
        """Every transaction within the block, in this thread or one begun from it, marks the claim as carried out."""
        mine = update(idempotency).where(_row.key == key, _row.at == micros(claimed_at))

        def mark(connection: Connection) -> None:
            if _rows(connection.execute(mine.values(status=_DONE))) == 0:
                raise UnavailableError("this request took too long, and a retry has begun it anew")

        with before_commit(mark):
            yield

    def keep(self, key: bytes, answer: Answered) -> None:
        """Keep what a request was answered."""
        content = msgspec.msgpack.encode(_Stored(list(answer.headers), answer.body))
        values = {"status": answer.status, "answer": self._vault.seal_own(content, _about(key))}
        with writing(self._engine) as connection:
            connection.execute(update(idempotency).where(_row.key == key).values(values))

    def release(self, key: bytes, *, unless_done: bool) -> None:
        """Forget a claim, because nothing was done.

        unless_done: nobody knows whether anything was: a marked claim stays, and its answer is lost
        """
        unanswered = (_row.key == key, _row.answer.is_(None), _row.decisions.is_(None))
        with writing(self._engine) as connection:
            if unless_done:
                connection.execute(update(idempotency).where(*unanswered, _row.status == _DONE).values(status=_LOST))
                connection.execute(delete(idempotency).where(*unanswered, _row.status.is_(None)))
            else:
                connection.execute(delete(idempotency).where(*unanswered))


def _inserted(connection: Connection, values: dict[str, object]) -> bool:
    """Whether the row is new; waits for whoever inserts the same one at this moment."""
    new_row = (postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert)(idempotency)
    claimed = new_row.values(values).on_conflict_do_nothing().returning(_row.key)
    return connection.execute(claimed).first() is not None


def _take_over(connection: Connection, key: bytes, at: int, now: datetime) -> None:
    if at > micros(now - LAPSES):
        raise _busy()
    lapsed = update(idempotency).where(_row.key == key, _row.at == at, _row.status.is_(None))
    if _rows(connection.execute(lapsed.values(at=micros(now)))) == 0:
        raise _busy()


def _busy() -> UnavailableError:
    return UnavailableError("this very request is being carried out", fix="send it again in a second")


def _rows(result: object) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101  # of a statement that changes rows
    return result.rowcount


def _about(key: bytes) -> str:
    return f"answer {key.hex()}"
