"""What reviewers decide, with all that follows from it, in one transaction; and taking it back.

Rows are always locked in the same order (cases, then the counters of changes, then the head of the log), so that
two reviewers never wait for each other.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, insert, select, update

from winnow.adapters.db import codec
from winnow.adapters.db.cases import StoredCases, locked, missing, store
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.labels import VERSION_NAME as LABELS
from winnow.adapters.db.labels import add_label, take_back
from winnow.adapters.db.lists import StoredLists
from winnow.adapters.db.log import Change, Journal, locked_head
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.outbox import enqueue, has_receivers
from winnow.adapters.db.overrides import begin_to_ask
from winnow.adapters.db.review_tables import bulk_actions, dispositions, overrides
from winnow.adapters.db.rows import insert_missing
from winnow.adapters.db.tables import cases, decisions, leads, subject_keys
from winnow.adapters.db.turn import opened_case_row, records_of
from winnow.adapters.db.vault import Vault, opened, sealed
from winnow.adapters.db.versions import bump
from winnow.core.deliveries import EventType, event
from winnow.core.outcome import Outcome
from winnow.core.reasons import Reason
from winnow.core.records import NONCE_BYTES
from winnow.core.review.case import Case, Closing, Kept, closed, refusal, reopened
from winnow.core.review.disposition import Verdict, second_wanted
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Label
from winnow.ports.review import Acting, Done, Said

#: Dispositions among which somebody else's is looked for: alone, nobody could give a second look.
_RECENT = 500

_FIRST, _SECOND = 1, 2


@dataclass(frozen=True, slots=True)
class _Subject:
    """Who a case is about; without a key all that was known of them was erased."""

    number: int
    key: bytes | None


class StoredReview(StoredCases):
    """Cases and what is decided about them; see the port CaseStore."""

    def __init__(self, engine: Engine, journal: Journal, vault: Vault, lists: StoredLists, installation: str) -> None:
        super().__init__(engine, journal, vault)
        self._lists = lists
        self._installation = installation

    # ── closing ──────────────────────────────────────────────────────────────────────────────────

    def close(self, numbers: Sequence[int], verdict: Verdict, acting: Acting, now: datetime) -> Done:
        """Close cases with all that follows, in one transaction; what cannot be closed is left, and said why."""
        wanted = list(dict.fromkeys(numbers))
        with writing(self._engine) as connection:
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
        subjects = self._subjects(connection, [case.id for case in chosen])
        shared = acting.second_share if _others_decide(connection, acting.by) else 0.0
        done = []
        for case in chosen:
            closing = self._noted(connection, case, subjects[case.id], verdict, acting, now)
            second = case.kept is Kept.OPEN and second_wanted(case.id, case.lead_id, shared)
            after = closed(case, closing, second=second)
            after = replace(after, urgent_at=now) if second else after  # behind those nobody has looked at
            store(connection, after)
            if case.kept is Kept.OPEN:
                self._tell(connection, EventType.CASE_DECIDED, after, closing.id, now)
            done.append(after if case.kept is Kept.OPEN else replace(after, closing=closing))
        return tuple(done)

    def _noted(
        self, connection: Connection, case: Case, subject: _Subject, verdict: Verdict, acting: Acting, now: datetime
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
            "look": _FIRST if first else _SECOND,
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

    # ── taking back ──────────────────────────────────────────────────────────────────────────────

    def undo(self, number: int, by: str, actor: str, now: datetime) -> Case:
        """Take back one's own second look, or else what closed the case."""
        with writing(self._engine) as connection:
            found = locked(connection, [number])
            if number not in found:
                raise missing(number)
            case = found[number]
            own = _second_look(number, by)
            second = connection.execute(own).scalar() if case.kept is Kept.DECIDED else None
            if second is None:
                reopened(case.seen_by(by))  # raises when for them there is nothing to take back
            looks = [second] if second is not None else _standing(connection, number)
            return self._taken_back(connection, {case.id: case}, looks, by, actor, now)[0].seen_by(by)

    def undo_batch(self, batch: str, by: str, actor: str, now: datetime) -> Done:
        """Take back a bulk action with its list entry, once; what was reopened since is left."""
        with writing(self._engine) as connection:
            row = connection.execute(
                select(bulk_actions).where(bulk_actions.c.id == batch).with_for_update()
            ).one_or_none()
            if row is None:
                raise NotFoundError(f"there is no bulk action `{batch}`", fix="take its id from the answer to it")
            if row.undone_at is not None:
                raise ConflictError(f"`{row.undone_by}` has taken it back already", fix="it can be done anew")
            ended = {"undone_at": micros(now), "undone_by": by}
            connection.execute(update(bulk_actions).where(bulk_actions.c.id == batch).values(ended))
            of_batch = select(dispositions.c.id, dispositions.c.case).where(dispositions.c.batch == batch)
            made = connection.execute(of_batch.order_by(dispositions.c.id)).all()
            found = locked(connection, [each.case for each in made])
            standing = of_batch.where(dispositions.c.undone_at.is_(None)).order_by(dispositions.c.id)
            looks = [each.id for each in connection.execute(standing)]
            back = self._taken_back(connection, found, looks, by, actor, now, entry=row.entry)
            done = {case.id for case in back}
            left = {each.case: "it was undone before" for each in made if each.case not in done}
            return Done(tuple(case.seen_by(by) for case in back), left)

    def _taken_back(  # noqa: PLR0913, PLR0917  # all in one transaction
        self,
        connection: Connection,
        found: Mapping[int, Case],
        looks: Sequence[int],
        by: str,
        actor: str,
        now: datetime,
        entry: str | None = None,
    ) -> list[Case]:
        """Take back dispositions; one that goes takes the second look at the same case along."""
        row = dispositions.c
        gone = connection.execute(select(dispositions).where(row.id.in_(looks)).order_by(row.id)).all()
        taken = [each.label for each in gone if each.label is not None]
        if taken:
            bump(connection, LABELS)
        if entry is not None:
            self._lists.removed(connection, entry, actor, now)
        if taken:
            take_back(connection, self._journal, taken, Change("label.withdrawn", actor, "undone", None), now)
        back: dict[int, Case] = {}
        for each in gone:
            said = {"disposition": each.id, "by": by}
            self._journal.note(connection, Change("case.reopened", actor, str(each.case), said), now)
            before = back.get(each.case, found[each.case])
            back[each.case] = _stepped_back(before, each.id, each.look)
        ended = {"undone_at": micros(now), "undone_by": by}
        also = and_(row.case.in_([each.case for each in gone if each.look == _FIRST]), row.undone_at.is_(None))
        connection.execute(update(dispositions).where(row.id.in_(looks) | also).values(ended))
        connection.execute(update(overrides).where(overrides.c.id.in_(looks)).values(ended_at=micros(now)))
        for case in back.values():
            _put_back(connection, case)
            if case.kept is Kept.OPEN:
                closing = found[case.id].closing
                self._tell(connection, EventType.CASE_REOPENED, case, closing.id if closing else 0, now)
        return list(back.values())

    # ── looking back ─────────────────────────────────────────────────────────────────────────────

    def said(self, number: int, who: str) -> tuple[Said, ...]:
        """Every disposition of a case as `who` may see it; a second reviewer sees none before their own."""
        query = select(dispositions).where(dispositions.c.case == number).order_by(dispositions.c.id)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            subject = self._subjects(connection, [number]).get(number)
        blind = self.case(number, who).closing is None
        shown = [row for row in rows if row.undone_at is not None or not blind]
        return tuple(_said(row, subject.key if subject else None) for row in shown)

    def pairs(self, since: datetime) -> Mapping[tuple[Outcome, Outcome], int]:
        """First and second verdicts about the same cases that both stand."""
        one, two = dispositions.alias(), dispositions.alias()
        query = (
            select(one.c.outcome, two.c.outcome)
            .join(two, two.c.case == one.c.case)
            .where(two.c.look == _SECOND, two.c.undone_at.is_(None), two.c.at >= micros(since))
            .where(one.c.look == _FIRST, one.c.undone_at.is_(None))
        )
        found: dict[tuple[Outcome, Outcome], int] = {}
        with reading(self._engine) as connection:
            for first, second in connection.execute(query):
                pair = Outcome(first), Outcome(second)
                found[pair] = found.get(pair, 0) + 1
        return found

    def _subjects(self, connection: Connection, numbers: Sequence[int]) -> dict[int, _Subject]:
        query = (
            select(cases.c.id, leads.c.subject, subject_keys.c.wrapped)
            .join(leads, leads.c.id == cases.c.lead)
            .outerjoin(subject_keys, subject_keys.c.subject == leads.c.subject)
            .where(cases.c.id.in_(numbers))
        )
        return {
            number: _Subject(subject, wrapped and self._vault.unwrapped(subject, wrapped))
            for number, subject, wrapped in connection.execute(query)
        }

    def _tell(self, connection: Connection, kind: EventType, case: Case, disposition: int, now: datetime) -> None:
        if has_receivers(connection):
            data = {"case": case.id, "lead": case.lead, "disposition": disposition}
            enqueue(connection, [event(kind, now, data, installation=self._installation)], now)


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


def _second_look(number: int, by: str) -> Any:  # noqa: ANN401  # SQLAlchemy has no plain name for its type
    row = dispositions.c
    return select(row.id).where(row.case == number, row.look == _SECOND, row.author == by, row.undone_at.is_(None))


def _standing(connection: Connection, number: int) -> list[int]:
    row = dispositions.c
    query = select(row.id).where(row.case == number, row.look == _FIRST, row.undone_at.is_(None))
    return list(connection.execute(query).scalars())


def _stepped_back(case: Case, disposition: int, look: int) -> Case:
    """The case before a disposition: before the second look, the first still holds."""
    if look == _SECOND:
        return case if case.kept is Kept.OPEN else replace(case, kept=Kept.SECOND)
    return reopened(case) if case.closing is not None and case.closing.id == disposition else case


def _put_back(connection: Connection, case: Case) -> None:
    """A rejected lead that was let through goes back to where it was: no case waits for it."""
    if case.kept is Kept.OPEN and case.outcome is Outcome.REJECT:
        connection.execute(delete(cases).where(cases.c.id == case.id))
    else:
        store(connection, case)


def _said(row: Any, key: bytes | None) -> Said:  # noqa: ANN401  # a row
    note = opened(key, row.note, row.id).decode("utf-8", "surrogatepass") if row.note and key else None
    undone = None if row.undone_at is None else moment(row.undone_at)
    what = (row.id, Outcome(row.outcome), row.reason, note, row.followed, row.author, moment(row.at))
    return Said(*what, row.look == _SECOND, row.batch, row.undone_by, undone)
