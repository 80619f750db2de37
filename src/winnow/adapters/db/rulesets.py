"""Rulesets in the database: every one that ever decided, and which is live."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.ruleset_tables import activations, rulesets
from winnow.adapters.db.versions import bump
from winnow.core.govern.signing import Basis, policy_part_hash
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import ruleset_from
from winnow.errors import NotAllowedError, NotFoundError
from winnow.ports import Ground, KnownRuleset, Page

#: The row of `versions` that counts changes of the live ruleset.
VERSION_NAME = "rulesets"

#: Kinds of entries in the log: what happens seldom and weighs heavily has names of its own.
_KINDS = dict.fromkeys(Basis, "ruleset.activated") | {
    Basis.ROLLBACK: "ruleset.rolled-back",
    Basis.BREAK_GLASS: "break-glass.used",
    Basis.RETURN: "break-glass.ended",
}

#: The author of what the service keeps by itself.
SYSTEM = "system"


class StoredRulesets:
    """The rulesets behind an engine. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def keep(self, ruleset: Ruleset, author: str, now: datetime) -> None:
        """Keep a ruleset, so that what it decides can be derived again; one that is kept already stays as it is."""
        with writing(self._engine) as connection:
            _keep(connection, ruleset, author, now)

    def add(self, ruleset: Ruleset, author: str, now: datetime) -> None:
        """Keep a ruleset that somebody made, and say so in the log; one that is kept already stays as it is."""
        with writing(self._engine) as connection:
            if _keep(connection, ruleset, author, now):
                change = Change("ruleset.added", author, ruleset.hash, {"id": ruleset.id})
                self._journal.note(connection, change, now)

    def activate(self, ruleset: Ruleset, actor: str, now: datetime, ground: Ground) -> int:
        """Make a ruleset the live one, on all replicas; see the port."""
        with writing(self._engine) as connection:
            return self.activated(connection, ruleset, actor, now, ground)

    def activated(self, connection: Connection, ruleset: Ruleset, actor: str, now: datetime, ground: Ground) -> int:
        """The same as part of a transaction."""
        _keep(connection, ruleset, actor, now)
        bump(connection, VERSION_NAME)
        said = {"id": ruleset.id, "basis": ground.basis.value, "sign_off": ground.sign_off}
        number = self._journal.note(connection, Change(_KINDS[ground.basis], actor, ruleset.hash, said), now)
        row = {"id": number, "ruleset": ruleset.hash, "at": micros(now), "actor": actor}
        try:
            connection.execute(insert(activations), {**row, "basis": ground.basis.value, "sign_off": ground.sign_off})
        except IntegrityError:
            what = "no sign-off of this very ruleset holds now"
            raise NotAllowedError(what, fix="have a second person sign it (docs/sign-off.md)") from None
        return number

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

    def certified_since(self) -> datetime | None:
        """From when on the live rulesets have rejected by score under one certificate; None when this one does not.

        A change of rules or lists makes another ruleset, and the certificate goes on.
        """
        query = select(activations.c.at, activations.c.ruleset).order_by(activations.c.id.desc())
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        wanted, since = None, None
        for at, digest in rows:
            found = _certificate(self.document(digest))
            if found is None or wanted not in (None, found):
                break
            wanted, since = found, moment(at)
        return since

    def document(self, digest: str) -> Mapping[str, object]:
        """A ruleset by its hash, or by the beginning of it; raises NotFoundError."""
        query = select(rulesets.c.document).where(rulesets.c.hash.startswith(digest, autoescape=True)).limit(2)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalars().all()
        if len(found) != 1:
            raise _missing(digest)
        return json.loads(found[0])  # type: ignore[no-any-return]  # a table, as it was stored

    def ruleset(self, digest: str) -> Ruleset:
        """The same, ready to decide."""
        return ruleset_from(self.document(digest))

    def page(self, after: str | None, limit: int) -> Page[KnownRuleset]:
        """Those that people added or that were live, the newest first; `after` is the whole hash of one."""
        newest = tuple_(rulesets.c.added_at, rulesets.c.hash)
        query = _KNOWN.order_by(rulesets.c.added_at.desc(), rulesets.c.hash.desc()).limit(limit + 1)
        with reading(self._engine) as connection:
            if after is not None:
                last = connection.execute(select(rulesets.c.added_at).where(rulesets.c.hash == after)).scalar()
                query = query.where(newest < tuple_(literal(last or 0), literal(after)))
            rows = connection.execute(query).all()
        found = tuple(map(_known, rows[:limit]))
        return Page(found, found[-1].hash if len(rows) > limit else None)

    def known(self, digest: str) -> KnownRuleset:
        """One of them by its whole hash; raises NotFoundError."""
        with reading(self._engine) as connection:
            row = connection.execute(_KNOWN.where(rulesets.c.hash == digest)).one_or_none()
        if row is None:
            raise _missing(digest)
        return _known(row)


_latest = (
    select(activations.c.ruleset, func.max(activations.c.id).label("id")).group_by(activations.c.ruleset).subquery()
)
#: Left out are the editions the service keeps by itself, in which a ruleset is bound to lists and reference data.
_KNOWN = (
    select(
        rulesets.c.hash,
        rulesets.c.id,
        rulesets.c.added_at,
        rulesets.c.author,
        activations.c.at,
        activations.c.actor,
        (activations.c.id == select(func.max(activations.c.id)).scalar_subquery()).label("live"),
    )
    .join_from(rulesets, _latest, _latest.c.ruleset == rulesets.c.hash, isouter=True)
    .join(activations, activations.c.id == _latest.c.id, isouter=True)
    .where(or_(rulesets.c.author != SYSTEM, activations.c.id.is_not(None)))
)


def _known(row: Row[Any]) -> KnownRuleset:
    return KnownRuleset(
        hash=row.hash,
        id=row.id,
        added_at=moment(row.added_at),
        author=row.author,
        live=bool(row.live),
        activated_at=None if row.at is None else moment(row.at),
        activated_by=row.actor,
    )


def _certificate(document: Mapping[str, Any]) -> object:
    """The certificate of a ruleset that has a reject band; None without."""
    thresholds = document["thresholds"]
    bands = (thresholds, *thresholds.get("by_source", {}).values())
    return thresholds.get("certificate") if any("reject" in each for each in bands) else None


def _missing(digest: str) -> NotFoundError:
    return NotFoundError(f"there is no one ruleset `{digest}`", fix="see the hashes with GET /v1/rulesets")


def _keep(connection: Connection, ruleset: Ruleset, author: str, now: datetime) -> bool:
    """Keep a ruleset unless it is kept already; whether it was new."""
    if connection.execute(select(rulesets.c.hash).where(rulesets.c.hash == ruleset.hash)).first() is not None:
        return False
    row = {
        "hash": ruleset.hash,
        "id": ruleset.id,
        "document": json.dumps(ruleset.document, ensure_ascii=False),
        "added_at": micros(now),
        "author": author,
        "policy": policy_part_hash(ruleset.document),
    }
    new_row = (postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert)(rulesets)
    kept = new_row.values(row).on_conflict_do_nothing().returning(rulesets.c.hash)
    return connection.execute(kept).first() is not None
