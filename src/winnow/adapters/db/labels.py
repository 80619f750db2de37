"""The truth about leads as people and systems report it, how it is taken back, and what it says about sources."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, Subquery, func, insert, select
from sqlalchemy.sql import case

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.learning_tables import labels, withdrawn_labels
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.rows import insert_rows
from winnow.adapters.db.tables import leads
from winnow.adapters.db.versions import bump
from winnow.core.learning.feedback.unlearn import Said, Withdrawal
from winnow.core.scorecard import JUNK
from winnow.errors import InvalidInputError, NotFoundError
from winnow.ports import KnownLabel, Label

#: The row of `versions` that counts changes of labels.
VERSION_NAME = "labels"

#: What a lead turned out to be. A lost lead was real.
VERDICTS = ("junk", "genuine", "converted", "lost")

#: Judged leads from which on a source's share of junk says something: with 30, it is known to about 0.18 either way
#: (95 % Wilson interval of one half).
ENOUGH = 30


class Labels:
    """The labels behind an engine; each is a leaf of the log. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def add(self, label: Label, now: datetime) -> int:
        """Keep a label and return its number; a later one does not replace an earlier one."""
        if label.verdict not in VERDICTS:
            what = f"`{label.verdict}` is no verdict"
            raise InvalidInputError(what, where="verdict", fix=f"use {', '.join(VERDICTS)}")
        with writing(self._engine) as connection:
            source = connection.execute(select(leads.c.source).where(leads.c.id == label.lead)).scalar_one_or_none()
            if source is None:
                raise NotFoundError(f"there is no lead number {label.lead}", fix="take it from a decision")
            bump(connection, VERSION_NAME)
            return add_label(connection, self._journal, label, source, now)

    def standing(self) -> tuple[KnownLabel, ...]:
        """The labels that were not withdrawn, the oldest first."""
        with reading(self._engine, patient=True) as connection:
            return tuple(map(_known, connection.execute(_STANDING)))

    def withdraw(self, which: Withdrawal, actor: str, now: datetime) -> tuple[KnownLabel, ...]:
        """Take labels back, all in one transaction, and return them; none is no change."""
        with writing(self._engine, patient=True) as connection:
            taken = tuple(each for each in map(_known, connection.execute(_fitting(which))) if which.takes(_said(each)))
            if taken:
                bump(connection, VERSION_NAME)
                said = {**which.document, "labels": [each.id for each in taken]}
                number = self._journal.note(connection, Change("label.withdrawn", actor, which.words, said), now)
                insert_rows(connection, withdrawn_labels, [(each.id, number, micros(now)) for each in taken])
        return taken

    def junk_rates(self) -> dict[str, float]:
        """Share of junk by source, where enough leads were judged; of several labels of a lead the last counts."""
        last = last_words()
        junk = func.sum(case((last.c.verdict == "junk", 1), else_=0))
        query = select(last.c.source, junk, func.count()).group_by(last.c.source).having(func.count() >= ENOUGH)
        with reading(self._engine) as connection:
            return {source: int(found) / judged for source, found, judged in connection.execute(query)}


def add_label(connection: Connection, journal: Journal, label: Label, source: str, now: datetime) -> int:
    """Keep a label in the caller's transaction, which has counted the change; returns its number."""
    said = {"verdict": label.verdict, "origin": label.origin, "batch": label.batch}
    number = journal.note(connection, Change("label.added", label.author, str(label.lead), said), now)
    row = {
        "id": number,
        "lead": label.lead,
        "source": source,
        "verdict": label.verdict,
        "author": label.author,
        "origin": label.origin,
        "batch": label.batch,
        "at": micros(now),
    }
    connection.execute(insert(labels), row)
    return number


def take_back(connection: Connection, journal: Journal, numbers: Sequence[int], by: Change, now: datetime) -> None:
    """Take labels back in the caller's transaction, which has counted the change; those taken back already stay so."""
    gone = select(withdrawn_labels.c.label).where(withdrawn_labels.c.label.in_(numbers))
    left = sorted(set(numbers) - set(connection.execute(gone).scalars()))
    if left:
        number = journal.note(connection, replace(by, document={"labels": left}), now)
        insert_rows(connection, withdrawn_labels, [(each, number, micros(now)) for each in left])


def last_words() -> Subquery:
    """The label that counts for each lead: the last one that was not withdrawn."""
    latest = select(func.max(labels.c.id)).where(_STANDS).group_by(labels.c.lead)
    return select(labels).where(labels.c.id.in_(latest)).subquery()


_STANDS = labels.c.id.not_in(select(withdrawn_labels.c.label))
_STANDING = (
    select(labels, leads.c.lead_id).join(leads, leads.c.id == labels.c.lead).where(_STANDS).order_by(labels.c.id)
)


def _fitting(which: Withdrawal) -> Select[Any]:
    """What the database can tell of a withdrawal without looking at each label."""
    wanted = ((labels.c.author, which.author), (labels.c.batch, which.batch), (labels.c.source, which.source))
    query = _STANDING
    for column, value in wanted:
        query = query if value is None else query.where(column == value)
    return query


def _said(label: KnownLabel) -> Said:
    said = label.said
    return Said(label.lead_id, said.verdict == JUNK, said.author, label.source, said.batch, label.at)


def _known(row: Row[Any]) -> KnownLabel:
    said = Label(row.lead, row.verdict, row.author, row.origin, row.batch)
    return KnownLabel(row.id, row.lead_id, row.source, said, moment(row.at))
