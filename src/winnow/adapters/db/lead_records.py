"""What is on record about one lead besides its decisions; see the port LeadRecords."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, or_, select

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.learning_tables import labels, withdrawn_labels
from winnow.adapters.db.log import Change, Journal, locked_head
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.program_tables import deliveries
from winnow.adapters.db.review_tables import overrides
from winnow.adapters.db.tables import decisions, events, leads
from winnow.adapters.db.vault import Vault
from winnow.core.outcome import Outcome
from winnow.core.records import NONCE_BYTES
from winnow.core.review.disposition import text_of
from winnow.core.review.fate import Reported
from winnow.errors import ConflictError, NotFoundError
from winnow.ports.lead_file import StandingOverride, Take, Told

#: What the log calls it.
TAKEN = "lead.taken"


class StoredLeadRecords:
    """Leads behind an engine."""

    def __init__(self, engine: Engine, journal: Journal, vault: Vault) -> None:
        self._engine = engine
        self._journal = journal
        self._vault = vault

    def lead_of(self, decision: int) -> int:
        """The lead that a decision is about."""
        with reading(self._engine) as connection:
            found = connection.execute(select(decisions.c.lead).where(decisions.c.id == decision)).scalar()
        if found is None:
            raise NotFoundError(f"there is no decision {decision}", fix="take the id from the answer to a lead")
        return int(found)

    def reported(self, lead: int) -> list[Reported]:
        """Its labels, and what took back those that were."""
        gone = withdrawn_labels.c
        query = (
            select(labels, gone.at.label("gone_at"), events.c.actor, events.c.about)
            .outerjoin(withdrawn_labels, gone.label == labels.c.id)
            .outerjoin(events, events.c.id == gone.withdrawal)
            .where(labels.c.lead == lead)
            .order_by(labels.c.id)
        )
        with reading(self._engine) as connection:
            return [_reported(row) for row in connection.execute(query)]

    def overrides(self, lead: int, now: datetime) -> list[StandingOverride]:
        """Those of the person that nobody ended and that have not expired, the newest first."""
        row = overrides.c
        query = (
            select(overrides)
            .join(leads, leads.c.subject == row.subject)
            .where(leads.c.id == lead, row.ended_at.is_(None))
            .where(or_(row.expires_at.is_(None), row.expires_at > micros(now)))
            .order_by(row.id.desc())
        )
        with reading(self._engine) as connection:
            return [_override(each) for each in connection.execute(query)]

    def told(self, ids: Sequence[str]) -> list[Told]:
        """What became of some events, receiver by receiver."""
        row = deliveries.c
        query = select(row.event, row.kind, row.webhook, row.state, row.finished_at).where(row.event.in_(ids))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(row.id)).all() if ids else []
        return [
            Told(each.event, each.kind, each.webhook, each.state, each.finished_at and moment(each.finished_at))
            for each in rows
        ]

    def takes(self, lead: int) -> list[Take]:
        """Who has taken it."""
        with reading(self._engine) as connection:
            return self._takes(connection, lead)

    def take(self, lead: int, by: str, actor: str, covered_by: Mapping[str, str], now: datetime) -> Take:
        """Note that somebody has taken it, unless somebody has."""
        with writing(self._engine) as connection:
            locked_head(connection)  # of two who want it, one waits for the other
            for known in self._takes(connection, lead):
                if known.by != by:
                    fix = "speak with them, or take another one"
                    raise ConflictError(f"`{known.by}` has taken it", fix=fix)
                return known
            said = {"by": by, "covered_by": dict(covered_by)}
            number = self._journal.note(connection, Change(TAKEN, actor, str(lead), said), now)
        return Take(number, by, now, covered_by)

    def _takes(self, connection: Connection, lead: int) -> list[Take]:
        row = events.c
        query = select(row.id, row.at, row.record).where(row.about == str(lead), row.kind == TAKEN).order_by(row.id)
        return [self._read(each) for each in connection.execute(query)]

    def _read(self, row: Any) -> Take:  # noqa: ANN401  # a row
        said = json.loads(self._vault.open_own(row.record, f"event {row.id}")[NONCE_BYTES:])["is"]
        return Take(row.id, said["by"], moment(row.at), said["covered_by"])


def _reported(row: Row[Any]) -> Reported:
    said = (row.id, row.verdict, row.author, row.origin, moment(row.at))
    return Reported(*said) if row.gone_at is None else Reported(*said, moment(row.gone_at), row.actor, row.about)


def _override(row: Row[Any]) -> StandingOverride:
    expires = None if row.expires_at is None else moment(row.expires_at)
    made = (Outcome(row.outcome), row.author, text_of(row.reason), moment(row.made_at), expires)
    return StandingOverride(row.id, *made)
