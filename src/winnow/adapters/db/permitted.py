"""What was permitted for whom, and what left through the gate, looked up for many persons at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from winnow.adapters.db.connections import reading
from winnow.adapters.db.consent_rows import AT_ONCE
from winnow.adapters.db.mail_tables import relayed_mail
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.permit_tables import contacts, permit_answers
from winnow.adapters.db.permits import PERIOD
from winnow.core.govern.permit import permit_id
from winnow.core.govern.terms import Channel
from winnow.core.govern.workaround import Permitted


class StoredPermitted:
    """See the port PermittedStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def permitted(self, subjects: Sequence[int], since: datetime, until: datetime) -> Mapping[int, Sequence[Permitted]]:
        """What was permitted for some persons, or left for them, between two moments."""
        found: dict[int, list[Permitted]] = {}
        some = sorted(set(subjects))
        with reading(self._engine, patient=True) as connection:
            for start in range(0, len(some), AT_ONCE):
                part = some[start : start + AT_ONCE]
                _permits(connection, part, (micros(since), micros(until)), found)
                _mail(connection, part, (micros(since), micros(until)), found)
        return found


def _permits(
    connection: Connection, subjects: Sequence[int], between: tuple[int, int], found: dict[int, list[Permitted]]
) -> None:
    given = permit_answers.c
    query = select(contacts, given.answer.label("name"), given.expires_at)
    query = query.join_from(contacts, permit_answers, given.id == contacts.c.answer)
    for period in range(between[0] // PERIOD, between[1] // PERIOD + 1):
        within = contacts.c.period == period, contacts.c.subject.in_(subjects), contacts.c.at.between(*between)
        for row in connection.execute(query.where(*within)):
            permit = Permitted(
                permit_id(row.name, row.place),
                moment(row.at),
                moment(row.expires_at),
                Channel(row.channel),
                row.purpose,
            )
            found.setdefault(row.subject, []).append(permit)


def _mail(
    connection: Connection, subjects: Sequence[int], between: tuple[int, int], found: dict[int, list[Permitted]]
) -> None:
    query = select(relayed_mail).where(relayed_mail.c.subject.in_(subjects), relayed_mail.c.at.between(*between))
    for row in connection.execute(query):
        left = Permitted(row.permit, moment(row.at), None, Channel.EMAIL, row.purpose)
        found.setdefault(row.subject, []).append(left)
