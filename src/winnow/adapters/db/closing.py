"""What reviewers decide, with all that follows from it, in one transaction.

Rows are always locked in the same order (cases, then the counters of changes, then the head of the log), so that
two reviewers never wait for each other.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from winnow.adapters.db import codec
from winnow.adapters.db.case_events import CaseEvents
from winnow.adapters.db.case_subjects import Subject, subjects_of
from winnow.adapters.db.cases import locked, missing, store
from winnow.adapters.db.labels import VERSION_NAME as LABELS
from winnow.adapters.db.labels import add_label
from winnow.adapters.db.lists import StoredLists
from winnow.adapters.db.log import Change, Journal, locked_head
from winnow.adapters.db.moments import micros
from winnow.adapters.db.on_record import records_of
from winnow.adapters.db.overrides import begin_to_ask
from winnow.adapters.db.review_tables import FIRST_LOOK, SECOND_LOOK, bulk_actions, cases, dispositions, overrides
from winnow.adapters.db.rows import insert_missing
from winnow.adapters.db.tables import decisions, leads
from winnow.adapters.db.turn import opened_case_row
from winnow.adapters.db.vault import Vault, sealed
from winnow.adapters.db.versions import bump
from winnow.core.deliveries import EventType
from winnow.core.outcome import Outcome
from winnow.core.reasons import Reason
from winnow.core.records import NONCE_BYTES
from winnow.core.review.case import Case, Closing, Kept, closed, refusal
from winnow.core.review.disposition import Verdict, second_wanted
from winnow.errors import ConflictError
from winnow.ports import Label
from winnow.ports.review import Acting, Done

#: Dispositions among which somebody else's is looked for: alone, nobody could give a second look.
_RECENT = 500


class Closer:
    """Closes cases within somebody's transaction: case, label, override, log, events."""

    def __init__(self, journal: Journal, vault: Vault, lists: StoredLists, events: CaseEvents) -> None:
        self._journal = journal
        self._vault = vault
        self._lists = lists
        self._events = events

    def close(
        self, connection: Connection, numbers: Sequence[int], verdict: Verdict, acting: Acting, now: datetime
    ) -> Done:
        """Close cases with all that follows; what cannot be closed is left, and said why."""
        wanted = list(dict.fromkeys(numbers))
        if acting.releasing:
            self._open_rejected(connection, wanted, now)
        found = locked(connection, wanted)
        left = {number: why for number in wanted if (why := _why_not(found.get(number), number, acting.by, now))}
        if acting.batch is None and left:
            number, why = next(iter(left.items()))
            raise _refused(why) if number in found else missing(number)
        chosen = [found[number] for number in wanted if number not in left]
        if acting.batch is not None and (chosen or acting.entry):
            self._begin_batch(connection, acting, verdict, chosen, now)
        elif any(case.kept is Kept.OPEN for case in chosen):
            _count(connection, verdict)
        return Done(self._closed_all(connection, chosen, verdict, acting, now), left)

    def _begin_batch(
        self, connection: Connection, acting: Acting, verdict: Verdict, chosen: Sequence[Case], now: datetime
    ) -> None:
        row = {"id": acting.batch, "author": acting.by, "at": micros(now)}
        connection.execute(insert(bulk_actions), {**row, "entry": acting.entry.id if acting.entry else None})
        if any(case.kept is Kept.OPEN for case in chosen):
            _count(connection, verdict)
        if acting.entry is not None:
            self._lists.added(connection, [acting.entry], acting.actor, now)

    def _closed_all(
        self, connection: Connection, chosen: Sequence[Case], verdict: Verdict, acting: Acting, now: datetime
    ) -> tuple[Case, ...]:
        subjects = subjects_of(connection, self._vault, [case.id for case in chosen])
        shared = acting.second_share if _others_decide(connection, acting.by) else 0.0
        done = []
        for case in chosen:
            closing = self._noted(connection, case, subjects[case.id], verdict, acting, now)
            second = case.kept is Kept.OPEN and second_wanted(case.id, case.lead_id, shared)
            after = closed(case, closing, second=second)
            after = replace(after, urgent_at=now) if second else after  # behind those nobody has looked at
            store(connection, after)
            if case.kept is Kept.OPEN:
                self._events.tell(connection, EventType.CASE_DECIDED, after, closing.id, now)
            done.append(after if case.kept is Kept.OPEN else replace(after, closing=closing))
        return tuple(done)

    def _noted(
        self, connection: Connection, case: Case, subject: Subject, verdict: Verdict, acting: Acting, now: datetime
    ) -> Closing:
        """The disposition in the log and in its table, and with a first one its label and its override."""
        first, number = case.kept is Kept.OPEN, locked_head(connection).size
        followed = verdict.followed(case.outcome, case.score)
        note = None
        if verdict.note and subject.key is not None:
            note = sealed(subject.key, verdict.note.encode("utf-8", "surrogatepass"), number)
        kind = "case.decided" if first else "case.second-look"
        said = {**_document(verdict, note), "by": acting.by, "followed": followed, "batch": acting.batch}
        self._journal.note(connection, Change(kind, acting.actor, str(case.id), said), now)
        label = None
        if first and verdict.why.label is not None:
            told = Label(case.lead, verdict.why.label, acting.by, "queue", acting.batch)
            label = add_label(connection, self._journal, told, case.source, now)
        if first and verdict.why.lasts:
            connection.execute(insert(overrides), _override(number, subject.number, verdict, acting.by, now))
        row: dict[str, Any] = {
            "id": number,
            "case": case.id,
            "look": FIRST_LOOK if first else SECOND_LOOK,
            "outcome": int(verdict.outcome),
            "reason": verdict.why.code,
            "note": note,
            "followed": followed,
            "author": acting.by,
            "at": micros(now),
            "batch": acting.batch,
            "label": label,
        }
        connection.execute(insert(dispositions), row)
        return Closing(number, acting.by, now, verdict.outcome, verdict.why.code, followed, acting.batch)

    def _open_rejected(self, connection: Connection, numbers: Sequence[int], now: datetime) -> None:
        """Cases for leads that were rejected without a person; what is a case already stays as it is."""
        there = set(connection.execute(select(cases.c.id).where(cases.c.id.in_(numbers))).scalars())
        rejected = (
            select(decisions.c.id, decisions.c.lead, leads.c.source)
            .join(leads, leads.c.id == decisions.c.lead)
            .where(decisions.c.id.in_(set(numbers) - there), decisions.c.outcome == int(Outcome.REJECT))
            .where(decisions.c.shadow.is_(False))
        )
        found = connection.execute(rejected).all()
        records = records_of(connection, self._vault, [row.id for row in found])
        rows = []
        for row in found:
            decision = json.loads(codec.read_record(records[row.id][0][NONCE_BYTES:])[2])
            reasons = [Reason(**each) for each in decision["reasons"]]
            rows.append(opened_case_row(row.id, row.lead, row.source, now, reasons))
        insert_missing(connection, cases, rows)


def _why_not(case: Case | None, number: int, by: str, now: datetime) -> str | None:
    return f"there is no case {number}" if case is None else refusal(case, by, now)


def _refused(why: str) -> ConflictError:
    return ConflictError(why, fix="take another one, or have it given back or undone")


def _count(connection: Connection, verdict: Verdict) -> None:
    """Count what changes before the log is locked: the same order everywhere."""
    if verdict.why.label is not None:
        bump(connection, LABELS)
    if verdict.why.lasts:
        begin_to_ask(connection)


def _document(verdict: Verdict, note: bytes | None) -> dict[str, object]:
    """What the log says: not the note, which can be erased, but which note it was."""
    return {
        "outcome": verdict.outcome.word,
        "reason": verdict.why.code,
        "expires_at": None if verdict.expires_at is None else verdict.expires_at.isoformat(),
        "overrides": verdict.why.lasts,
        "note": None if note is None else hashlib.sha256(note).hexdigest(),
    }


def _override(number: int, subject: int, verdict: Verdict, by: str, now: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "subject": subject,
        "outcome": int(verdict.outcome),
        "author": by,
        "reason": verdict.why.code,
        "made_at": micros(now),
        "expires_at": None if verdict.expires_at is None else micros(verdict.expires_at),
    }


def _others_decide(connection: Connection, by: str) -> bool:
    """Whether anybody but `by` has decided something lately."""
    lately = select(dispositions.c.author).order_by(dispositions.c.id.desc()).limit(_RECENT).subquery()
    return connection.execute(select(lately.c.author).where(lately.c.author != by).limit(1)).first() is not None
