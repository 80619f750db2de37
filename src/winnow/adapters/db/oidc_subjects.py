"""Which person an OpenID provider means, in the database; that somebody was bound is a leaf of the decision log."""

from datetime import datetime

from sqlalchemy import Engine, delete, insert, or_, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal, locked_head
from winnow.adapters.db.moments import micros
from winnow.adapters.db.people_tables import oidc_subjects, one_time_links, users
from winnow.errors import ConflictError

_columns = oidc_subjects.c


class StoredSubjects:
    """The bindings behind an engine; see the port SubjectStore. Each call is a transaction of its own."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def bound(self, subject: bytes) -> str | None:
        """The id of the person that a provider's name for somebody is bound to."""
        with reading(self._engine) as connection:
            return connection.execute(select(_columns.person).where(_columns.digest == subject)).scalar_one_or_none()

    def bind(self, subject: bytes, issuer: str, person_id: str, now: datetime) -> None:
        """Bind it, and make an invited person active; raises ConflictError when that cannot be."""
        either = or_(_columns.digest == subject, (_columns.person == person_id) & (_columns.issuer == issuer))
        usable = select(users.c.joined_at).where(users.c.id == person_id, users.c.disabled_at.is_(None))
        with writing(self._engine) as connection:
            locked_head(connection)  # of two who come at the same moment, the second sees the first
            row = connection.execute(usable).one_or_none()
            if row is None or connection.execute(select(_columns.digest).where(either)).first() is not None:
                raise ConflictError("this account is bound to another one of the provider", fix="ask an administrator")
            bound = {"digest": subject, "issuer": issuer, "person": person_id, "bound_at": micros(now)}
            connection.execute(insert(oidc_subjects), bound)
            self._journal.note(connection, Change("person.bound", person_id, person_id, {"issuer": issuer}), now)
            if row.joined_at is None:  # what the invitation was for has happened
                connection.execute(delete(one_time_links).where(one_time_links.c.person == person_id))
                connection.execute(update(users).where(users.c.id == person_id).values(joined_at=micros(now)))
                self._journal.note(connection, Change("person.joined", person_id, person_id, None), now)
