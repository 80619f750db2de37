"""The register of AI systems in the database: every revision of every entry, each a leaf of the log."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select, tuple_

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal, locked_head
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.systems_tables import ai_systems
from winnow.adapters.db.versions import bump
from winnow.core.govern.systems import AiSystem, Revision, document_of
from winnow.core.govern.systems_read import system_from
from winnow.errors import ConflictError, NotFoundError

#: The row of `versions` that counts changes of the register.
VERSION_NAME = "ai-systems"

_SHOWN = 64


class StoredSystems:
    """The register behind an engine; see the port SystemStore. Each call is a transaction of its own."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def keep(self, system: AiSystem, actor: str, now: datetime, *, what: str, note: str = "") -> None:
        """Keep another revision of a system; raises ConflictError unless its number follows the last one, from 1."""
        with writing(self._engine) as connection:
            locked_head(connection)  # of two who come at the same moment, the second sees the first
            if system.revision != _last(connection, system.id) + 1:
                raise _taken(system)
            document = document_of(system)
            row = {"id": system.id, "revision": system.revision, "at": micros(now), "actor": actor, "what": what}
            written = json.dumps(document, ensure_ascii=False)
            connection.execute(insert(ai_systems), {**row, "document": written, "note": note})
            bump(connection, VERSION_NAME)
            said = {"system": document, "content": system.content_hash, "note": note}
            self._journal.note(connection, Change(what, actor, system.id, said), now)

    def system(self, system_id: str) -> AiSystem:
        """A system as it stands; raises NotFoundError."""
        with reading(self._engine) as connection:
            row = connection.execute(_of(system_id).limit(1)).one_or_none()
        if row is None:
            raise _missing(system_id)
        return _system(row)

    def all(self) -> Sequence[AiSystem]:
        """All as they stand, in the order of their ids."""
        with reading(self._engine) as connection:
            return tuple(map(_system, connection.execute(_STANDING)))

    def history(self, system_id: str) -> Sequence[Revision]:
        """All revisions of one, the newest first; none when there is no such system."""
        with reading(self._engine) as connection:
            rows = connection.execute(_of(system_id)).all()
        return tuple(Revision(_system(row), moment(row.at), row.actor, row.what, row.note) for row in rows)


_newest = select(ai_systems.c.id, func.max(ai_systems.c.revision)).group_by(ai_systems.c.id)
_STANDING = (
    select(ai_systems).where(tuple_(ai_systems.c.id, ai_systems.c.revision).in_(_newest)).order_by(ai_systems.c.id)
)


def _of(system_id: str) -> Select[tuple[object, ...]]:
    return select(ai_systems).where(ai_systems.c.id == system_id).order_by(ai_systems.c.revision.desc())


def _last(connection: Connection, system_id: str) -> int:
    """The number of the last revision; 0 when there is none."""
    query = select(func.max(ai_systems.c.revision)).where(ai_systems.c.id == system_id)
    return connection.execute(query).scalar() or 0


def _taken(system: AiSystem) -> ConflictError:
    if system.revision == 1:
        return ConflictError(f"there is or was a system `{system.id}`", fix="give the new one another id")
    return ConflictError("the system was changed since it was read", fix="read it again")


def _missing(system_id: str) -> NotFoundError:
    return NotFoundError(f"there is no AI system `{system_id[:_SHOWN]}`", fix="see the ids with GET /v1/ai-systems")


def _system(row: Row[tuple[object, ...]]) -> AiSystem:
    return system_from(json.loads(row.document))
