"""Removing what the gate answered and AI systems concluded once it is past its time: the leaves of the log stay."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, select, tuple_

from winnow.adapters.db import forgetting
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros
from winnow.adapters.db.permit_tables import ai_decisions, contacts, permit_answers, redeemed
from winnow.adapters.db.permits import PERIOD

#: People that the answers removed in one transaction are about at most, or it is a single answer: each takes room.
MOST_PEOPLE = 10_000

_ACTOR = "system"


def forget_answers(engine: Engine, journal: Journal, before: datetime, now: datetime) -> int:
    """Remove answers whose permits expired before a moment, with the uses of these, oldest first; how many went.

    An entry of the log says how many went. Numbers grow with time, and so no index on times is needed.
    """
    row = permit_answers.c
    oldest = select(row.id, row.asked, row.expires_at).order_by(row.id).limit(forgetting.AT_ONCE)
    with reading(engine) as connection:
        found = connection.execute(oldest).all()
    old = _some([(each.id, each.asked) for each in found if each.expires_at < micros(before)])
    if old:
        with writing(engine) as connection:
            connection.execute(delete(redeemed).where(redeemed.c.answer.in_(old)))
            connection.execute(delete(permit_answers).where(row.id.in_(old)))
            said = {"answers": len(old), "first": old[0], "last": old[-1], "expired_before": before.isoformat()}
            journal.note(connection, Change("permits.forgotten", _ACTOR, "permits", said), now)
    return len(old)


def forget_conclusions(engine: Engine, journal: Journal, before: datetime, now: datetime) -> int:
    """Remove what AI systems concluded before a moment, as above; how many, AT_ONCE at most."""
    row = ai_decisions.c
    with reading(engine) as connection:
        found = connection.execute(select(row.id, row.at).order_by(row.id).limit(forgetting.AT_ONCE)).all()
    old = [each.id for each in found if each.at < micros(before)]
    if old:
        with writing(engine) as connection:
            connection.execute(delete(ai_decisions).where(row.id.in_(old)))
            said = {"conclusions": len(old), "first": old[0], "last": old[-1], "recorded_before": before.isoformat()}
            journal.note(connection, Change("ai-decisions.forgotten", _ACTOR, "ai-decisions", said), now)
    return len(old)


def forget_contacts(engine: Engine, before: datetime) -> int:
    """Remove contacts counted in stretches of time that ended before a moment; how many, AT_ONCE at most."""
    key = contacts.primary_key.columns
    old = select(*key).where(contacts.c.period < micros(before) // PERIOD).limit(forgetting.AT_ONCE)
    with reading(engine) as connection:
        if connection.execute(old.limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        return int(connection.execute(delete(contacts).where(tuple_(*key).in_(old))).rowcount)


def _some(answers: Sequence[tuple[int, int]]) -> list[int]:
    """The first of these answers, each with how many people it is about, that go in one transaction."""
    some, people = list[int](), 0
    for number, asked in answers:
        people += asked
        if some and people > MOST_PEOPLE:
            break
        some.append(number)
    return some
