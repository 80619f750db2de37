"""Drafts of rules in the database."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.ruleset_tables import rule_drafts
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Page, RuleDraft


class StoredDrafts:
    """The drafts behind an engine; see the port DraftStore. Each call is a transaction of its own."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def add(self, draft: RuleDraft) -> None:
        """Keep a new draft."""
        row = {
            "id": draft.id,
            "document": _written(draft.document),
            "author": draft.author,
            "created_at": micros(draft.created_at),
            "changed_at": micros(draft.changed_at),
        }
        with writing(self._engine) as connection:
            connection.execute(insert(rule_drafts), row)
            change = Change("rule-draft.added", draft.author, draft.id, draft.document)
            self._journal.note(connection, change, draft.created_at)

    def draft(self, draft_id: str) -> RuleDraft:
        """One draft; raises NotFoundError."""
        with reading(self._engine) as connection:
            return _read(connection, draft_id)

    def page(self, after: str | None, limit: int) -> Page[RuleDraft]:
        """Drafts, in the order of their ids."""
        query = select(rule_drafts).order_by(rule_drafts.c.id).limit(limit + 1)
        if after is not None:
            query = query.where(rule_drafts.c.id > after)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        drafts = tuple(map(_draft, rows[:limit]))
        return Page(drafts, drafts[-1].id if len(rows) > limit else None)

    def replace(
        self, draft_id: str, document: Mapping[str, object], edition: str, actor: str, now: datetime
    ) -> RuleDraft:
        """Change a draft; raises NotFoundError, and ConflictError when it says something else than that edition."""
        with writing(self._engine) as connection:
            before = _read(connection, draft_id, lock=True)
            if before.edition != edition:
                raise ConflictError("the draft was changed since it was read", fix="read it again")
            values = {"document": _written(document), "changed_at": micros(now)}
            connection.execute(update(rule_drafts).where(rule_drafts.c.id == draft_id).values(values))
            self._journal.note(connection, Change("rule-draft.changed", actor, draft_id, document), now)
        return replace(before, document=document, changed_at=now)

    def remove(self, draft_id: str, actor: str, now: datetime) -> None:
        """Forget a draft; raises NotFoundError."""
        with writing(self._engine) as connection:
            if not connection.execute(delete(rule_drafts).where(rule_drafts.c.id == draft_id)).rowcount:
                raise _missing(draft_id)
            self._journal.note(connection, Change("rule-draft.removed", actor, draft_id, None), now)


def _read(connection: Connection, draft_id: str, *, lock: bool = False) -> RuleDraft:
    query = select(rule_drafts).where(rule_drafts.c.id == draft_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise _missing(draft_id)
    return _draft(row)


def _missing(draft_id: str) -> NotFoundError:
    return NotFoundError(f"there is no draft `{draft_id}`", fix="see the ids with GET /v1/rules/drafts")


def _written(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False)


def _draft(row: Row[tuple[object, ...]]) -> RuleDraft:
    return RuleDraft(row.id, json.loads(row.document), row.author, moment(row.created_at), moment(row.changed_at))
