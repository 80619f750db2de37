"""Roll-backs in the database: the ruleset that is back, and lead by lead what it would have decided otherwise.

Leads are looked at again in pages. What a page has found, the events that tell of it and how far it has come are
written in one transaction, so that whoever is killed in between neither tells anything twice nor leaves anything out.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, func, insert, select, text, update

from winnow.adapters.db import codec
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.outbox import enqueue, receivers
from winnow.adapters.db.ruleset_tables import activations
from winnow.adapters.db.rulesets import StoredRulesets
from winnow.adapters.db.signing_tables import rollbacks, rolled_back_leads
from winnow.adapters.db.tables import decisions, leads
from winnow.adapters.db.vault import Vault, opened
from winnow.core.deliveries import Event, EventType, event
from winnow.core.outcome import Outcome
from winnow.core.records import NONCE_BYTES
from winnow.core.ruleset import Ruleset
from winnow.errors import NotFoundError
from winnow.ports import Affected, DecidedLead, Ground, Page, RollBack

#: Of a lead that was decided more than once, its last decision that was acted on counts.
_READ = text(
    "SELECT d.id, d.lead, d.outcome, d.record, l.subject,"  # a text of our own
    " (SELECT k.wrapped FROM subject_keys k WHERE k.subject = l.subject) AS wrapped"
    " FROM decisions d JOIN leads l ON l.id = d.lead"
    " WHERE d.id > :after AND d.id < :end AND NOT d.shadow"
    " AND NOT EXISTS (SELECT 1 FROM decisions o WHERE o.lead = d.lead AND NOT o.shadow AND o.id > d.id)"
    " ORDER BY d.id LIMIT :page"
)


class StoredRollbacks:
    """The roll-backs behind an engine; see the port RollBackStore."""

    def __init__(
        self, engine: Engine, journal: Journal, vault: Vault, rulesets: StoredRulesets, installation: str
    ) -> None:
        self._engine = engine
        self._journal = journal
        self._vault = vault
        self._rulesets = rulesets
        self._installation = installation

    def begin(self, ruleset: Ruleset, actor: str, now: datetime, ground: Ground, because: str) -> RollBack:
        """Make a ruleset that was live before the live one again, and note which leads are to be looked at anew."""
        with writing(self._engine) as connection:
            last = select(func.max(activations.c.id)).where(activations.c.ruleset == ruleset.hash)
            after = select(func.min(activations.c.id)).where(activations.c.id > last.scalar_subquery())
            first = connection.execute(after).scalar_one_or_none()
            number = self._rulesets.activated(connection, ruleset, actor, now, ground)
            said = {"because": because, "since": first}
            self._journal.note(connection, Change("rollback.begun", actor, ruleset.hash, said), now)
            row = {"id": number, "ruleset": ruleset.hash, "first": number if first is None else first}
            connection.execute(insert(rollbacks), {**row, "cursor": row["first"], "looked_at": 0, "affected": 0})
        return self.one(number)

    def one(self, number: int) -> RollBack:
        """A roll-back and how far it has come; raises NotFoundError."""
        with reading(self._engine) as connection:
            row = connection.execute(select(rollbacks).where(rollbacks.c.id == number)).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no roll-back {number}", fix="take the number from the answer to one")
        return _rollback(row)

    def unfinished(self) -> Sequence[RollBack]:
        """Those whose leads were not all looked at, the eldest first."""
        query = select(rollbacks).where(rollbacks.c.done_at.is_(None)).order_by(rollbacks.c.id)
        with reading(self._engine) as connection:
            return tuple(map(_rollback, connection.execute(query)))

    def decided(self, after: int, end: int, limit: int) -> tuple[int, Sequence[DecidedLead]]:
        """The next leads by the number of their last decision: how many were read, those erased among them."""
        asked = {"after": after, "end": end, "page": limit}
        with reading(self._engine) as connection:
            rows = connection.execute(_READ, asked).all()
        return len(rows), tuple(self._read(row) for row in rows)

    def step(self, before: RollBack, read: int, cursor: int, affected: Sequence[Affected], now: datetime) -> bool:
        """Keep what a page has found and tell it; False when somebody else has done so meanwhile."""
        with writing(self._engine) as connection:
            done = micros(now) if read == 0 else None
            moved = update(rollbacks).where(rollbacks.c.id == before.number, rollbacks.c.cursor == before.cursor)
            values = {"cursor": cursor, "looked_at": before.looked_at + read, "done_at": done}
            found = connection.execute(
                moved.where(rollbacks.c.done_at.is_(None)).values(**values, affected=before.affected + len(affected))
            )
            if not found.rowcount:
                return False
            if affected:
                connection.execute(insert(rolled_back_leads), [_row(before.number, each) for each in affected])
                enqueue(connection, self._events(before.number, affected, now), now)
            if done is not None:
                said = {"looked_at": before.looked_at, "affected": before.affected}
                change = Change("rollback.told", "system", before.ruleset, said)
                self._journal.note(connection, change, now)
        return True

    def affected(self, number: int, after: int | None, limit: int) -> Page[Affected]:
        """The leads that would be decided otherwise, by the number of their last decision."""
        of_it = rolled_back_leads.c.rollback == number, rolled_back_leads.c.decision > (after or -1)
        query = (
            select(rolled_back_leads, leads.c.lead_id, leads.c.source)
            .join(leads, leads.c.id == rolled_back_leads.c.lead)
            .where(*of_it)
            .order_by(rolled_back_leads.c.decision)
            .limit(limit + 1)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        items = tuple(
            Affected(row.decision, row.lead, Outcome(row.before), Outcome(row.after), row.lead_id, row.source)
            for row in rows[:limit]
        )
        return Page(items, str(items[-1].decision) if len(rows) > limit else None)

    def waiting(self, first: int, most: int) -> tuple[int, bool]:
        """How many leads were decided from a number of the log on, and whether that is all: `most` are counted."""
        since = select(decisions.c.lead).where(decisions.c.id > first, ~decisions.c.shadow)
        counted = since.order_by(decisions.c.id).limit(most + 1).subquery()
        query = select(func.count(counted.c.lead.distinct()), func.count())
        with reading(self._engine) as connection:
            leads, rows = connection.execute(query).one()
        return min(leads, most), rows <= most

    def receivers(self) -> int:
        """How many systems are told of a decision that is taken back."""
        with reading(self._engine) as connection:
            return receivers(connection, EventType.DECISION_RETRACTED)

    def _events(self, number: int, affected: Sequence[Affected], now: datetime) -> Iterator[Event]:
        for each in affected:
            data = {"decision": each.decision, "lead": each.lead, "rollback": number}
            yield event(EventType.DECISION_RETRACTED, now, data, installation=self._installation)

    def _read(self, row: Row[Any]) -> DecidedLead:
        if row.wrapped is None:
            return DecidedLead(row.id, row.lead, Outcome(row.outcome), None)
        key = self._vault.unwrapped(row.subject, row.wrapped)
        lead, facts, _ = codec.read_record(opened(key, row.record, row.id)[NONCE_BYTES:])
        return DecidedLead(row.id, row.lead, Outcome(row.outcome), (lead, facts))


def _row(number: int, each: Affected) -> dict[str, int]:
    what = {"decision": each.decision, "lead": each.lead, "before": int(each.before), "after": int(each.after)}
    return {"rollback": number, **what}


def _rollback(row: Row[Any]) -> RollBack:
    done = None if row.done_at is None else moment(row.done_at)
    return RollBack(row.id, row.ruleset, row.first, row.cursor, row.looked_at, row.affected, done)
