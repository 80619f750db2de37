"""Sessions in the database, asked at every request of a person: what ends one ends it everywhere at once."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, insert, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.people import person_of
from winnow.adapters.db.people_tables import sessions, users
from winnow.adapters.db.vault import Vault
from winnow.core.people.accounts import IDLE_SESSION, LONGEST_SESSION, Session, SignedIn

#: That a session is used is written down no more often.
_NOTED_EVERY = timedelta(minutes=1)


class StoredSessions:
    """The sessions behind an engine; see the port SessionStore. Each call is a transaction of its own."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def start(self, session: Session, instead: bytes | None = None) -> None:
        """Keep a session, and end another in the same moment; what has died is cleared away."""
        dead = (sessions.c.created_at <= micros(session.seen_at - LONGEST_SESSION)) | (
            sessions.c.seen_at <= micros(session.seen_at - IDLE_SESSION)
        )
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(dead | (sessions.c.digest == (instead or b""))))
            connection.execute(insert(sessions), _row(session))

    def find(self, digest: bytes, now: datetime, *, noted: bool = True) -> SignedIn | None:
        """Who is signed in by a session that is alive, and not disabled; `noted`: notes that it is used."""
        joined = select(users, *(sessions.c[name].label(f"s_{name}") for name in _TIMES))
        wanted = joined.join(sessions, sessions.c.person == users.c.id).where(sessions.c.digest == digest)
        with reading(self._engine) as connection:
            row = connection.execute(wanted.where(users.c.disabled_at.is_(None))).one_or_none()
        if row is None:
            return None
        session = Session(digest, row.id, *(moment(getattr(row, f"s_{name}")) for name in _TIMES))
        if not session.alive(now):
            return None
        if noted and now - session.seen_at >= _NOTED_EVERY:
            self._note(digest, now)
        return SignedIn(person_of(row, self._vault), session)

    def last_seen(self) -> dict[str, datetime]:
        """When people were here last, to the minute, by their ids; of sessions that are over only as long as kept."""
        newest = select(sessions.c.person, func.max(sessions.c.seen_at)).group_by(sessions.c.person)
        with reading(self._engine) as connection:
            return {person: moment(at) for person, at in connection.execute(newest)}

    def end(self, digest: bytes) -> None:
        """End a session, if there is one."""
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == digest))

    def _note(self, digest: bytes, now: datetime) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(sessions).where(sessions.c.digest == digest).values(seen_at=micros(now)))


_TIMES = ("created_at", "seen_at", "confirmed_at")


def _row(session: Session) -> dict[str, object]:
    times = {name: micros(getattr(session, name)) for name in _TIMES}
    return {"digest": session.digest, "person": session.person, **times}
