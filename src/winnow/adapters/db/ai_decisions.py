"""What AI systems concluded about people, each a leaf of the log, sealed with the key of whom it is about."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from winnow.adapters.db import log
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.permit_tables import ai_decisions
from winnow.adapters.db.permits import key_of
from winnow.adapters.db.rows import insert_rows
from winnow.adapters.db.tables import subject_keys
from winnow.adapters.db.vault import Vault, opened, sealed
from winnow.core.canonical import canonical_bytes
from winnow.core.records import NONCE_BYTES, commitment, entry, sealed_hash
from winnow.errors import NotFoundError
from winnow.ports.gate import AiDecision, Concluded

#: What the log calls it.
KIND = "ai-decision.recorded"


class StoredAiDecisions:
    """Keeps them behind an engine; see the port AiDecisionStore. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def add(self, decision: AiDecision, subject: int, now: datetime) -> int:
        """Keep one about a person, and return its number in the log."""
        content = canonical_bytes({name: getattr(decision, name) for name in _SAID})
        nonce = os.urandom(NONCE_BYTES)
        with writing(self._engine) as connection:
            head = log.locked_head(connection)
            kept = sealed(key_of(connection, self._vault, subject), nonce + content, head.size)
            leaf = entry(KIND, micros(now), commitment(nonce, content), sealed_hash(kept))
            row = (head.size, micros(now), decision.actor, decision.system, subject, kept)
            insert_rows(connection, ai_decisions, [row])
            log.append(connection, head, [(KIND, leaf)])
        return head.size

    def one(self, number: int) -> tuple[AiDecision, datetime]:
        """One by its number, and when it was recorded; raises NotFoundError, also when its person was erased."""
        query = select(ai_decisions, subject_keys.c.wrapped)
        query = query.outerjoin(subject_keys, subject_keys.c.subject == ai_decisions.c.subject)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(ai_decisions.c.id == number)).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no AI decision {number}", fix="take the id from the answer to it")
        if row.wrapped is None:
            raise NotFoundError("whom this was about was erased", fix="the log still proves that it was recorded")
        return self._read(row), moment(row.at)

    def page(self, before: int | None, limit: int, system: str | None = None) -> Sequence[Concluded]:
        """The newest first, of one system or all; those whose number is smaller than `before`."""
        query = select(ai_decisions, subject_keys.c.wrapped)
        query = query.outerjoin(subject_keys, subject_keys.c.subject == ai_decisions.c.subject)
        query = query.order_by(ai_decisions.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(ai_decisions.c.id < before)
        if system is not None:
            query = query.where(ai_decisions.c.system == system)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return [
            Concluded(row.id, moment(row.at), row.actor, row.system, self._read(row) if row.wrapped else None)
            for row in rows
        ]

    def _read(self, row: Any) -> AiDecision:  # noqa: ANN401  # a row of the query, with the key of the person
        content = opened(self._vault.unwrapped(row.subject, row.wrapped), row.record, row.id)
        said = json.loads(content[NONCE_BYTES:])
        return AiDecision(**{**said, "reasons": tuple(said["reasons"]), "data": tuple(said["data"])})


_SAID = ("system", "label", "conclusion", "reasons", "data", "actor", "permit", "version")
