"""What was decided before, read in pages, so that looking back over thousands never holds a transaction for long."""

from collections.abc import Iterator

from sqlalchemy import Engine, text

from winnow.adapters.db import codec
from winnow.adapters.db.connections import reading
from winnow.adapters.db.vault import Vault, opened
from winnow.core.outcome import Outcome
from winnow.core.records import NONCE_BYTES
from winnow.ports import PastDecision

_PAGE = 250
_LATEST = text(
    "SELECT d.id, d.outcome, d.record, l.subject, k.wrapped FROM decisions d JOIN leads l ON l.id = d.lead"
    " LEFT JOIN subject_keys k ON k.subject = l.subject WHERE d.id < :before ORDER BY d.id DESC LIMIT :page"
)
_NEWEST = 2**63 - 1


class StoredPast:
    """The decisions behind an engine; see the port Past."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def latest(self, most: int) -> Iterator[PastDecision]:
        """The last decisions, the newest first; those whose leads were erased count, but cannot be given."""
        before = _NEWEST
        while most > 0:
            asked = {"before": before, "page": min(most, _PAGE)}
            with reading(self._engine) as connection:
                rows = connection.execute(_LATEST, asked).all()
            if not rows:
                return
            for number, outcome, record, subject, wrapped in rows:
                if wrapped is not None:
                    yield self._read(number, outcome, record, self._vault.unwrapped(subject, wrapped))
            most -= len(rows)
            before = rows[-1].id

    @staticmethod
    def _read(number: int, outcome: int, record: bytes, key: bytes) -> PastDecision:
        lead, facts, _ = codec.read_record(opened(key, record, number)[NONCE_BYTES:])
        return PastDecision(number, lead, facts, Outcome(outcome))
