"""Leads on record with their last label that stands and who gave it: what an installation can learn from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, text

from winnow.adapters.db import codec
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.looking_back import DECIDED, ONE_EACH
from winnow.adapters.db.vault import Vault, opened
from winnow.core.lead import Lead
from winnow.core.records import NONCE_BYTES

_PAGE = 500

_LABEL = (
    " LEFT JOIN labels b ON b.id = (SELECT max(n.id) FROM labels n WHERE n.lead = d.lead"
    " AND n.id NOT IN (SELECT w.label FROM withdrawn_labels w))"
)
_READ = text(
    "SELECT d.id, d.record, l.subject, b.verdict, b.author, b.batch,"  # noqa: S608  # texts of this package only
    " (SELECT k.wrapped FROM subject_keys k WHERE k.subject = l.subject) AS wrapped"
    f"{DECIDED}{_LABEL}{ONE_EACH} ORDER BY d.id LIMIT :page"
)


@dataclass(frozen=True, slots=True)
class LabelledLead:
    """A lead, and what its last label says; empty texts where there is none."""

    lead: Lead
    verdict: str
    author: str
    batch: str


class LabelledLeads:
    """All decided leads, the oldest first. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, vault: Vault, journal: Journal) -> None:
        self._engine = engine
        self._vault = vault
        self._journal = journal

    def pages(self) -> Iterator[tuple[int, list[LabelledLead]]]:
        """Page by page how many leads are gone, since their persons were forgotten, and the others."""
        after = -1
        while True:
            with reading(self._engine) as connection:
                rows = connection.execute(_READ, {"after": after, "since": 0, "page": _PAGE}).all()
            if not rows:
                return
            there = [self._read(row) for row in rows if row.wrapped is not None]
            yield len(rows) - len(there), there
            after = rows[-1].id

    def _read(self, row: Row[Any]) -> LabelledLead:
        key = self._vault.unwrapped(row.subject, row.wrapped)
        lead, _, _ = codec.read_record(opened(key, row.record, row.id)[NONCE_BYTES:])
        return LabelledLead(lead, row.verdict or "", row.author or "", row.batch or "")

    def note(self, leads: int, labelled: int, actor: str, now: datetime) -> None:
        """Write down in the log that somebody took so many leads out."""
        change = Change("leads.exported", actor, "leads", {"leads": leads, "labelled": labelled})
        with writing(self._engine) as connection:
            self._journal.note(connection, change, now)
