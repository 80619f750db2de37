"""Rulesets in the database: every one that ever decided, and which is live."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros
from winnow.adapters.db.tables import activations, rulesets
from winnow.adapters.db.versions import bump
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import ruleset_from
from winnow.errors import NotFoundError

#: The row of `versions` that counts changes of the live ruleset.
VERSION_NAME = "rulesets"


class StoredRulesets:
    """The rulesets behind an engine. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def keep(self, ruleset: Ruleset, author: str, now: datetime) -> None:
        """Keep a ruleset, so that what it decides can be derived again; one that is kept already stays as it is."""
        with writing(self._engine) as connection:
            _keep(connection, ruleset, author, now)

    def activate(self, ruleset: Ruleset, actor: str, now: datetime) -> None:
        """Make a ruleset the live one, on all replicas."""
        with writing(self._engine) as connection:
            _keep(connection, ruleset, actor, now)
            bump(connection, VERSION_NAME)
            change = Change("ruleset.activated", actor, ruleset.hash, {"id": ruleset.id})
            number = self._journal.note(connection, change, now)
            row = {"id": number, "ruleset": ruleset.hash, "at": micros(now), "actor": actor}
            connection.execute(insert(activations), row)

    def live(self) -> Ruleset | None:
        """The live ruleset; None before the first was activated."""
        query = (
            select(rulesets.c.document)
            .join(activations, activations.c.ruleset == rulesets.c.hash)
            .order_by(activations.c.id.desc())
            .limit(1)
        )
        with reading(self._engine) as connection:
            document = connection.execute(query).scalar_one_or_none()
        return None if document is None else ruleset_from(json.loads(document))

    def document(self, digest: str) -> Mapping[str, object]:
        """A ruleset by its hash, or by the beginning of it; raises NotFoundError."""
        query = select(rulesets.c.document).where(rulesets.c.hash.startswith(digest, autoescape=True)).limit(2)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalars().all()
        if len(found) != 1:
            raise NotFoundError(f"there is no one ruleset `{digest}`", fix="see the hashes with GET /v1/rulesets")
        return json.loads(found[0])  # type: ignore[no-any-return]

    def ruleset(self, digest: str) -> Ruleset:
        """The same, ready to decide."""
        return ruleset_from(self.document(digest))


def _keep(connection: Connection, ruleset: Ruleset, author: str, now: datetime) -> None:
    known = connection.execute(select(rulesets.c.hash).where(rulesets.c.hash == ruleset.hash)).first()
    if known is None:
        row = {
            "hash": ruleset.hash,
            "id": ruleset.id,
            "document": json.dumps(ruleset.document, ensure_ascii=False),
            "added_at": micros(now),
            "author": author,
        }
        connection.execute(insert(rulesets), row)
