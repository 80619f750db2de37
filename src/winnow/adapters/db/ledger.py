"""Decisions on record: lead, decision, log leaf, review case and deliveries of a group in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from winnow.adapters.db import codec, log
from winnow.adapters.db.connections import reading
from winnow.adapters.db.on_record import opened_records, records_of
from winnow.adapters.db.steady import Steady
from winnow.adapters.db.tables import decisions, leads, leaves
from winnow.adapters.db.turn import Means, Turn
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.records import NONCE_BYTES
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Recorded, Submitted


class StoredLedger:
    """Writes decisions, used by one thread at a time; see the port Ledger."""

    def __init__(self, steady: Steady, means: Means) -> None:
        self._steady = steady
        self._means = means

    def record(
        self, group: Sequence[Submitted], now: datetime, *, stops: int | None
    ) -> list[Sequence[Recorded] | ConflictError]:
        """Put submissions on record in one transaction."""
        history = self._means.history
        try:
            with self._steady.writing() as connection:
                head = log.locked_head(connection)
                log.must_still_hold(head, stops)
                history.catch_up(connection, head.size, head.swept)
                turn = Turn(self._means, connection, group, head.size)
                answers = turn.answers(now)
                swept = turn.write(head, now)
        except BaseException:
            history.abandon_sweep()
            raise
        history.added(turn.counted, turn.size)
        if swept is not None:
            history.swept(swept)
        return answers


class LedgerReader:
    """Reads decisions; used by any thread. Every method may raise StoreAwayError."""

    def __init__(self, engine: Engine, means: Means) -> None:
        self._engine = engine
        self._means = means

    def decided(self, number: int) -> tuple[Lead, Facts, Recorded]:
        """All that a decision was made of; raises NotFoundError."""
        with reading(self._engine) as connection:
            record, at = records_of(connection, self._means.vault, [number])[number]
        lead, facts, decision = codec.read_record(record[NONCE_BYTES:])
        return lead, facts, Recorded(number, lead.id, decision, at, again=True)

    def evidence(self, number: int) -> tuple[bytes, bytes, bytes]:
        """What a receipt needs of a decision: its entry in the log, nonce and record."""
        with reading(self._engine) as connection:
            record, _ = records_of(connection, self._means.vault, [number])[number]
            content = connection.execute(select(leaves.c.entry).where(leaves.c.id == number)).scalar_one()
        return content, record[:NONCE_BYTES], record[NONCE_BYTES:]

    def number_of(self, lead_id: str, source: str | None) -> int:
        """The number of a lead: that of its first decision; raises NotFoundError, or ConflictError when unclear."""
        wanted = select(leads.c.id).where(leads.c.lead_id == lead_id)
        if source is not None:
            wanted = wanted.where(leads.c.source == source)
        with reading(self._engine) as connection:
            found = connection.execute(wanted.limit(2)).scalars().all()
        if not found:
            raise NotFoundError(f"there is no lead `{lead_id}`", fix="take the id from the answer to it")
        if len(found) > 1:
            raise ConflictError(f"several sources have a lead `{lead_id}`", fix="name the source")
        return int(found[0])

    def latest_of(self, lead: int) -> int:
        """The number of the last decision about a lead."""
        newest = select(decisions.c.id).where(decisions.c.lead == lead).order_by(decisions.c.id.desc()).limit(1)
        with reading(self._engine) as connection:
            return int(connection.execute(newest).scalar_one())

    def decisions_of(self, lead: int) -> list[Recorded]:
        """Every decision about a lead, the oldest first; those of which everything was erased are left out."""
        query = select(decisions.c.id).where(decisions.c.lead == lead).order_by(decisions.c.id)
        with reading(self._engine) as connection:
            return self._recorded(connection, connection.execute(query).scalars().all())

    def kept(self, numbers: Sequence[int]) -> list[Recorded]:
        """These decisions in this order, without what was erased."""
        with reading(self._engine) as connection:
            return self._recorded(connection, numbers)

    def _recorded(self, connection: Connection, numbers: Sequence[int]) -> list[Recorded]:
        """These decisions in this order, without what was erased."""
        found = opened_records(connection, self._means.vault, numbers)
        kept = [(number, record) for number in numbers if (record := found[number])]
        return [_of_record(number, content[NONCE_BYTES:], at) for number, (content, at) in kept]


def _of_record(number: int, record: bytes, at: datetime) -> Recorded:
    lead, _, decision = codec.read_record(record)
    return Recorded(number, lead.id, decision, at, again=True)
