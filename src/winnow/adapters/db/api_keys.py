"""Keys of programs in the database; each change tells the replicas to read them anew, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, Select, insert, select, update

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.program_tables import api_keys
from winnow.adapters.db.tables import versions
from winnow.adapters.db.versions import bump
from winnow.core.apikeys import ApiKey, Scope, networks_of

#: The row of `versions` that counts changes of keys.
VERSION_NAME = "api_keys"


class ApiKeys:
    """The keys behind an engine; see the port ApiKeyStore. Each call is a transaction of its own.

    With a journal every change is a leaf of the decision log.
    """

    def __init__(self, engine: Engine, journal: Journal | None = None) -> None:
        self._engine = engine
        self._journal = journal

    def add(self, key: ApiKey) -> None:
        """Keep a new key."""
        with writing(self._engine) as connection:
            add_key(connection, key)
            self._note(connection, Change("key.created", key.created_by, key.id, _document(key)), key.created_at)

    def all(self) -> Sequence[ApiKey]:
        """Every key there ever was, the eldest first."""
        with reading(self._engine) as connection:
            return _keys(connection, select(api_keys))

    def active(self) -> Sequence[ApiKey]:
        """The keys that are not revoked; some may have expired."""
        with reading(self._engine) as connection:
            return _keys(connection, select(api_keys).where(api_keys.c.revoked_at.is_(None)))

    def revoke(self, key_id: str, actor: str, at: datetime) -> bool:
        """End a key for good; False when there is none of this id that is not revoked already."""
        with writing(self._engine) as connection:
            ended = revoke_key(connection, key_id, at)
            if ended:
                self._note(connection, Change("key.revoked", actor, key_id, None), at)
        return ended

    def version(self) -> int:
        """A number that grows with every change; 0 before the first."""
        with reading(self._engine) as connection:
            return connection.scalar(select(versions.c.number).where(versions.c.name == VERSION_NAME)) or 0

    def _note(self, connection: Connection, change: Change, at: datetime) -> None:
        if self._journal is not None:
            self._journal.note(connection, change, at)


def add_key(connection: Connection, key: ApiKey) -> None:
    """Keep a new key, as part of the caller's transaction."""
    connection.execute(insert(api_keys).values(_row(key)))
    bump(connection, VERSION_NAME)


def revoke_key(connection: Connection, key_id: str, at: datetime) -> bool:
    """End a key, as part of the caller's transaction; False when there is none to end."""
    statement = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
    ended = connection.execute(statement.values(revoked_at=micros(at))).rowcount > 0
    if ended:
        bump(connection, VERSION_NAME)
    return ended


def _document(key: ApiKey) -> dict[str, object]:
    """What the log keeps of a new key: all but its digest."""
    return {
        "name": key.name,
        "scopes": sorted(key.scopes),
        "networks": [str(network) for network in key.networks],
        "expires_at": None if key.expires_at is None else key.expires_at.isoformat(),
    }


def _keys(connection: Connection, rows: Select[tuple[object, ...]]) -> Sequence[ApiKey]:
    ordered = rows.order_by(api_keys.c.created_at, api_keys.c.id)
    return tuple(map(_key, connection.execute(ordered)))


def _key(row: Row[tuple[object, ...]]) -> ApiKey:
    return ApiKey(
        id=row.id,
        digest=row.digest,
        name=row.name,
        scopes=_known(row.scopes.split()),
        created_at=moment(row.created_at),
        created_by=row.created_by,
        networks=networks_of(row.networks.split()),
        expires_at=None if row.expires_at is None else moment(row.expires_at),
        revoked_at=None if row.revoked_at is None else moment(row.revoked_at),
    )


def _known(words: Sequence[str]) -> frozenset[Scope]:
    """The scopes among the words; one that a later version wrote gives nothing here."""
    return frozenset(scope for scope in Scope if scope.value in words)


def _row(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "digest": key.digest,
        "name": key.name,
        "scopes": " ".join(sorted(key.scopes)),
        "networks": " ".join(map(str, key.networks)),
        "created_at": micros(key.created_at),
        "created_by": key.created_by,
        "expires_at": None if key.expires_at is None else micros(key.expires_at),
        "revoked_at": None if key.revoked_at is None else micros(key.revoked_at),
    }
