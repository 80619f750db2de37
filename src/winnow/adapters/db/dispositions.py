"""What reviewers decided, kept: closing cases, taking that back, and looking back at it; see the port CaseStore."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from winnow.adapters.db.case_events import CaseEvents
from winnow.adapters.db.case_subjects import subjects_of
from winnow.adapters.db.cases import StoredCases
from winnow.adapters.db.closing import Closer
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.lists import StoredLists
from winnow.adapters.db.log import Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.reopening import Reopener, Undoing
from winnow.adapters.db.review_tables import FIRST_LOOK, SECOND_LOOK, dispositions
from winnow.adapters.db.vault import Vault, opened
from winnow.core.outcome import Outcome
from winnow.core.review.case import Case
from winnow.core.review.disposition import Verdict
from winnow.ports.review import Acting, Done, Said


class StoredReview(StoredCases):
    """Cases and what is decided about them; see the port CaseStore."""

    def __init__(self, engine: Engine, journal: Journal, vault: Vault, lists: StoredLists, installation: str) -> None:
        super().__init__(engine, journal, vault)
        events = CaseEvents(installation)
        self._closer = Closer(journal, vault, lists, events)
        self._reopener = Reopener(journal, lists, events)

    def close(self, numbers: Sequence[int], verdict: Verdict, acting: Acting, now: datetime) -> Done:
        """Close cases with all that follows, in one transaction; what cannot be closed is left, and said why."""
        with writing(self._engine) as connection:
            return self._closer.close(connection, numbers, verdict, acting, now)

    def undo(self, number: int, by: str, actor: str, now: datetime) -> Case:
        """Take back one's own second look, or else what closed the case."""
        with writing(self._engine) as connection:
            return self._reopener.reopen(connection, number, Undoing(by, actor, now))

    def undo_batch(self, batch: str, by: str, actor: str, now: datetime) -> Done:
        """Take back a bulk action with its list entry, once; what was reopened since is left."""
        with writing(self._engine) as connection:
            return self._reopener.reopen_batch(connection, batch, Undoing(by, actor, now))

    def said(self, number: int, who: str) -> tuple[Said, ...]:
        """Every disposition of a case as `who` may see it; a second reviewer sees none before their own."""
        query = select(dispositions).where(dispositions.c.case == number).order_by(dispositions.c.id)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            subject = subjects_of(connection, self._vault, [number]).get(number)
        blind = self.case(number, who).closing is None
        shown = [row for row in rows if row.undone_at is not None or not blind]
        return tuple(_said(row, subject.key if subject else None) for row in shown)

    def pairs(self, since: datetime) -> Mapping[tuple[Outcome, Outcome], int]:
        """First and second verdicts about the same cases that both stand."""
        one, two = dispositions.alias(), dispositions.alias()
        query = (
            select(one.c.outcome, two.c.outcome)
            .join(two, two.c.case == one.c.case)
            .where(two.c.look == SECOND_LOOK, two.c.undone_at.is_(None), two.c.at >= micros(since))
            .where(one.c.look == FIRST_LOOK, one.c.undone_at.is_(None))
        )
        found: dict[tuple[Outcome, Outcome], int] = {}
        with reading(self._engine) as connection:
            for first, second in connection.execute(query):
                pair = Outcome(first), Outcome(second)
                found[pair] = found.get(pair, 0) + 1
        return found


def _said(row: Any, key: bytes | None) -> Said:  # noqa: ANN401  # a row
    note = opened(key, row.note, row.id).decode("utf-8", "surrogatepass") if row.note and key else None
    undone = None if row.undone_at is None else moment(row.undone_at)
    what = (row.id, Outcome(row.outcome), row.reason, note, row.followed, row.author, moment(row.at))
    return Said(*what, row.look == SECOND_LOOK, row.batch, row.undone_by, undone)
