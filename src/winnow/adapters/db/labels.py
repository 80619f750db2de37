"""The truth about leads as people and systems report it, and what it says about sources."""

from datetime import datetime

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.sql import case

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros
from winnow.adapters.db.tables import labels, leads
from winnow.adapters.db.versions import bump
from winnow.errors import InvalidInputError, NotFoundError
from winnow.ports import Label

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
            said = {"verdict": label.verdict, "origin": label.origin, "batch": label.batch}
            number = self._journal.note(connection, Change("label.added", label.author, str(label.lead), said), now)
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

    def junk_rates(self) -> dict[str, float]:
        """Share of junk by source, where enough leads were judged; of several labels of a lead the last counts."""
        latest = select(func.max(labels.c.id)).group_by(labels.c.lead)
        junk = func.sum(case((labels.c.verdict == "junk", 1), else_=0))
        query = (
            select(labels.c.source, junk, func.count())
            .where(labels.c.id.in_(latest))
            .group_by(labels.c.source)
            .having(func.count() >= ENOUGH)
        )
        with reading(self._engine) as connection:
            return {source: int(found) / judged for source, found, judged in connection.execute(query)}
