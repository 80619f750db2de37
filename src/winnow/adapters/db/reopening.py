"""Taking back what reviewers decided, with all that followed from it, in one transaction.

Rows are locked in the same order as in `closing`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, select, update

from winnow.adapters.db.case_events import CaseEvents
from winnow.adapters.db.cases import locked, missing, store
from winnow.adapters.db.labels import VERSION_NAME as LABELS
from winnow.adapters.db.labels import take_back
from winnow.adapters.db.lists import StoredLists
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros
from winnow.adapters.db.review_tables import FIRST_LOOK, SECOND_LOOK, bulk_actions, cases, dispositions, overrides
from winnow.adapters.db.versions import bump
from winnow.core.deliveries import EventType
from winnow.core.outcome import Outcome
from winnow.core.review.case import Case, Kept, reopened
from winnow.errors import ConflictError, NotFoundError
from winnow.ports.review import Done


@dataclass(frozen=True, slots=True)
class Undoing:
    """How something is taken back: by which reviewer, whom the log names (a key, a program), and when."""

    by: str
    actor: str
    at: datetime


class Reopener:
    """Takes dispositions back within somebody's transaction: case, label, override, log, events."""

    def __init__(self, journal: Journal, lists: StoredLists, events: CaseEvents) -> None:
        self._journal = journal
        self._lists = lists
        self._events = events

    def reopen(self, connection: Connection, number: int, undoing: Undoing) -> Case:
        """Take back one's own second look, or else what closed the case."""
        found = locked(connection, [number])
        if number not in found:
            raise missing(number)
        case = found[number]
        own = _second_look(number, undoing.by)
        second = connection.execute(own).scalar() if case.kept is Kept.DECIDED else None
        if second is None:
            reopened(case.seen_by(undoing.by))  # raises when for them there is nothing to take back
        looks = [second] if second is not None else _standing(connection, number)
        return self._taken_back(connection, {case.id: case}, looks, undoing)[0].seen_by(undoing.by)

    def reopen_batch(self, connection: Connection, batch: str, undoing: Undoing) -> Done:
        """Take back a bulk action with its list entry, once; what was reopened since is left."""
        row = connection.execute(select(bulk_actions).where(bulk_actions.c.id == batch).with_for_update()).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no bulk action `{batch}`", fix="take its id from the answer to it")
        if row.undone_at is not None:
            raise ConflictError(f"`{row.undone_by}` has taken it back already", fix="it can be done anew")
        ended = {"undone_at": micros(undoing.at), "undone_by": undoing.by}
        connection.execute(update(bulk_actions).where(bulk_actions.c.id == batch).values(ended))
        of_batch = select(dispositions.c.id, dispositions.c.case).where(dispositions.c.batch == batch)
        made = connection.execute(of_batch.order_by(dispositions.c.id)).all()
        found = locked(connection, [each.case for each in made])
        standing = of_batch.where(dispositions.c.undone_at.is_(None)).order_by(dispositions.c.id)
        looks = [each.id for each in connection.execute(standing)]
        back = self._taken_back(connection, found, looks, undoing, entry=row.entry)
        done = {case.id for case in back}
        left = {each.case: "it was undone before" for each in made if each.case not in done}
        return Done(tuple(case.seen_by(undoing.by) for case in back), left)

    def _taken_back(
        self,
        connection: Connection,
        found: Mapping[int, Case],
        looks: Sequence[int],
        undoing: Undoing,
        entry: str | None = None,
    ) -> list[Case]:
        """Take back dispositions; one that goes takes the second look at the same case along."""
        row, actor, at = dispositions.c, undoing.actor, undoing.at
        gone = connection.execute(select(dispositions).where(row.id.in_(looks)).order_by(row.id)).all()
        taken = [each.label for each in gone if each.label is not None]
        if taken:
            bump(connection, LABELS)
        if entry is not None:
            self._lists.removed(connection, entry, actor, at)
        if taken:
            take_back(connection, self._journal, taken, Change("label.withdrawn", actor, "undone", None), at)
        back: dict[int, Case] = {}
        for each in gone:
            said = {"disposition": each.id, "by": undoing.by}
            self._journal.note(connection, Change("case.reopened", actor, str(each.case), said), at)
            before = back.get(each.case, found[each.case])
            back[each.case] = _stepped_back(before, each.id, each.look)
        ended = {"undone_at": micros(at), "undone_by": undoing.by}
        also = and_(row.case.in_([each.case for each in gone if each.look == FIRST_LOOK]), row.undone_at.is_(None))
        connection.execute(update(dispositions).where(row.id.in_(looks) | also).values(ended))
        connection.execute(update(overrides).where(overrides.c.id.in_(looks)).values(ended_at=micros(at)))
        for case in back.values():
            _put_back(connection, case)
            if case.kept is Kept.OPEN:
                closing = found[case.id].closing
                self._events.tell(connection, EventType.CASE_REOPENED, case, closing.id if closing else 0, at)
        return list(back.values())


def _second_look(number: int, by: str) -> Select[Any]:
    row = dispositions.c
    return select(row.id).where(row.case == number, row.look == SECOND_LOOK, row.author == by, row.undone_at.is_(None))


def _standing(connection: Connection, number: int) -> list[int]:
    row = dispositions.c
    query = select(row.id).where(row.case == number, row.look == FIRST_LOOK, row.undone_at.is_(None))
    return list(connection.execute(query).scalars())


def _stepped_back(case: Case, disposition: int, look: int) -> Case:
    """The case before a disposition: before the second look, the first still holds."""
    if look == SECOND_LOOK:
        return case if case.kept is Kept.OPEN else replace(case, kept=Kept.SECOND)
    return reopened(case) if case.closing is not None and case.closing.id == disposition else case


def _put_back(connection: Connection, case: Case) -> None:
    """A rejected lead that was let through goes back to where it was: no case waits for it."""
    if case.kept is Kept.OPEN and case.outcome is Outcome.REJECT:
        connection.execute(delete(cases).where(cases.c.id == case.id))
    else:
        store(connection, case)
