"""Attempts to sign in, counted for all processes together.

A bucket is the time at which it will be full again (the generic cell rate algorithm, as in the limits of requests).
Counting and asking are one statement: whoever asks first and counts afterwards lets every guess through that is made
at the same moment.
"""

from datetime import datetime, timedelta

from sqlalchemy import Engine, case, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from winnow.adapters.db.connections import writing
from winnow.adapters.db.moments import micros
from winnow.adapters.db.people_tables import sign_in_attempts
from winnow.adapters.db.vault import Vault
from winnow.core.people.attempts import Allowance

_MICROSECOND = timedelta(microseconds=1)
_columns = sign_in_attempts.c


class StoredAttempts:
    """The buckets behind an engine; see the port AttemptStore."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def take(self, kind: str, name: str, allowance: Allowance, now: datetime) -> float:
        """Count an attempt, in one step with asking whether there is one left: 0, or the seconds to wait."""
        at, every, window = micros(now), allowance.every // _MICROSECOND, allowance.window // _MICROSECOND
        is_sqlite = self._engine.dialect.name == "sqlite"
        fresh = (sqlite_insert if is_sqlite else postgresql_insert)(sign_in_attempts)
        full_at = case((_columns.full_at > at, _columns.full_at), else_=at) + every
        counted = (
            fresh.values(name=self._vault.hashed(kind, name), full_at=at + every)
            .on_conflict_do_update(
                index_elements=[_columns.name], set_={"full_at": full_at}, where=full_at <= at + window
            )
            .returning(_columns.full_at)
        )
        with writing(self._engine) as connection:
            if connection.execute(counted).scalar_one_or_none() is not None:
                return 0.0
            wanted = select(_columns.full_at).where(_columns.name == self._vault.hashed(kind, name))
            known: int = connection.execute(wanted).scalar_one_or_none() or at
        return max(known + every - window - at, 1) / 1_000_000

    def clear(self, now: datetime) -> None:
        """Forget buckets that are full: a name that is not known has a full one."""
        full = select(_columns.name).where(_columns.full_at <= micros(now)).with_for_update(skip_locked=True)
        with writing(self._engine) as connection:
            connection.execute(delete(sign_in_attempts).where(_columns.name.in_(full)))

    def give_back(self, kind: str, name: str, allowance: Allowance) -> None:
        """An attempt was none: it succeeded."""
        every = allowance.every // _MICROSECOND
        with writing(self._engine) as connection:
            of_name = update(sign_in_attempts).where(_columns.name == self._vault.hashed(kind, name))
            connection.execute(of_name.values(full_at=_columns.full_at - every))

    def forget(self, kind: str, name: str) -> None:
        """Begin anew."""
        with writing(self._engine) as connection:
            connection.execute(delete(sign_in_attempts).where(_columns.name == self._vault.hashed(kind, name)))
