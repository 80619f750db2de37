"""Decisions on record as a what-if takes them, read in pages, so that no transaction is held for long."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, text

from winnow.adapters.db import codec
from winnow.adapters.db.connections import reading
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.vault import Vault, opened
from winnow.core.outcome import Outcome
from winnow.core.records import NONCE_BYTES
from winnow.core.whatif.past import PastLead, Truth

_PAGE = 500

#: Of a lead that was decided more than once, the last decision that was acted on counts; without one the last shadow.
DECIDED = " FROM decisions d JOIN leads l ON l.id = d.lead"
ONE_EACH = (
    " WHERE d.id > :after AND d.decided_at >= :since AND NOT EXISTS (SELECT 1 FROM decisions o WHERE o.lead = d.lead"
    " AND ((d.shadow AND NOT o.shadow) OR (d.shadow = o.shadow AND o.id > d.id)))"
)
_COUNT = text(f"SELECT count(*){DECIDED}{ONE_EACH}")  # texts of this module only
_READ = text(
    "SELECT d.id, d.outcome, d.score, d.decided_by, d.record, l.subject,"  # noqa: S608  # as above
    " (SELECT k.wrapped FROM subject_keys k WHERE k.subject = l.subject) AS wrapped,"
    " (SELECT b.verdict FROM labels b WHERE b.lead = d.lead AND b.id NOT IN (SELECT w.label FROM withdrawn_labels w)"
    " ORDER BY b.id DESC LIMIT 1) AS verdict"
    f"{DECIDED}{ONE_EACH} ORDER BY d.id LIMIT :page"
)

_SINCE = text("SELECT decided_at FROM decisions ORDER BY id DESC LIMIT 1 OFFSET :decisions")


class DecisionsOnRecord:
    """One decision a lead, the oldest first, with its last label that stands. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def count(self, since: datetime | None) -> int:
        """How many there are from a moment on, those whose leads were erased among them."""
        with reading(self._engine) as connection:
            found = connection.execute(_COUNT, {"after": -1, "since": _from(since)}).scalar_one()
        return int(found)

    def since_last(self, decisions: int) -> datetime | None:
        """From when on the last so many decisions are; None when there are no more than these."""
        with reading(self._engine) as connection:
            found = connection.execute(_SINCE, {"decisions": decisions}).scalar_one_or_none()
        return None if found is None else moment(found)

    def pages(self, since: datetime | None) -> Iterator[tuple[int, list[PastLead]]]:
        """Page by page how many were read, and those whose leads were not erased."""
        after = -1
        while True:
            asked = {"after": after, "since": _from(since), "page": _PAGE}
            with reading(self._engine) as connection:
                rows = connection.execute(_READ, asked).all()
            if not rows:
                return
            yield len(rows), [self._read(row) for row in rows if row.wrapped is not None]
            after = rows[-1].id

    def _read(self, row: Row[Any]) -> PastLead:
        key = self._vault.unwrapped(row.subject, row.wrapped)
        lead, facts, _ = codec.read_record(opened(key, row.record, row.id)[NONCE_BYTES:])
        return PastLead(
            ref=str(row.id),
            lead=lead,
            facts=facts,
            outcome=Outcome(row.outcome),
            score=row.score,
            decided_by=row.decided_by,
            truth=Truth.parse(row.verdict),
        )


def _from(since: datetime | None) -> int:
    return 0 if since is None else micros(since)
