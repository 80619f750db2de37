"""Who asks: keys of programs are made, ended and recognised here.

Recognising happens at every request, so it reads memory only. The memory is compared with the store all the
time in another thread. When the store is away, what needs a key is refused soon, because a key might have been
revoked meanwhile; leads alone are still taken, because a lead that is turned away is lost and nobody notices.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from winnow.core.apikeys import (
    PREFIX,
    ApiKey,
    Caller,
    Denial,
    Scope,
    Token,
    denial,
    digest,
    networks_of,
    proves,
    scopes_of,
)
from winnow.errors import InvalidInputError, NotAllowedError, NotAuthenticatedError, NotFoundError, UnavailableError
from winnow.ports import ApiKeyStore, Clock, Page

#: How often the store is asked whether keys changed: a revoked key is dead within a second everywhere.
REFRESH_SECONDS = 0.5

#: How old what is known may be when the store does not answer; a database that is restarted is back by then.
MOST_SECONDS = 5.0

_LONGEST_NAME = 200
_SHOWN = 40
_PAST_USE = frozenset({Denial.REVOKED, Denial.EXPIRED})


@dataclass(frozen=True, slots=True)
class _Known:
    """The keys as of a moment of the monotonic clock."""

    keys: Mapping[str, ApiKey]
    version: int
    as_of: float


class KeyRing:
    """The active keys in memory."""

    def __init__(
        self,
        store: ApiKeyStore,
        pepper: bytes,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is known before the first `refresh`; until then everything is refused as unavailable."""
        # One after another: a slow one that began earlier would forget a key that was made meanwhile.
        self._refreshing = Lock()
        self._store = store
        self._pepper = pepper
        self._clock = clock
        self._monotonic = monotonic
        self._known: _Known | None = None

    def authenticate(self, token: Token | None, scope: Scope, ip: str | None) -> ApiKey:
        """The key of whoever asks for what needs the scope; takes some microseconds and waits for nothing.

        Raises NotAuthenticatedError for a missing, wrong or ended key, NotAllowedError for one without the scope
        or from another network, UnavailableError when what is known of keys is too old to be relied on.
        """
        known = self._known
        if known is None:
            raise _away()
        key = known.keys.get(token.id) if token is not None else None
        if token is None or key is None or not proves(token, key, self._pepper):
            raise NotAuthenticatedError(
                "no valid key was sent", fix="send `Authorization: Bearer wk_…` with a live key"
            )
        objection = denial(key, scope, self._clock.now(), ip)
        if objection is not None:
            raise _denied(objection, scope)
        if scope is not Scope.LEADS_WRITE and self._monotonic() - known.as_of > MOST_SECONDS:
            raise _away()
        return key

    def knows(self, key_id: str) -> bool:
        """Whether a key of this id is active, so that a guess at its secret could succeed."""
        return self._known is not None and key_id in self._known.keys

    def refresh(self) -> bool:
        """Learn what changed in the store; False when it is away. Waits for the store: not for the loop's thread."""
        with self._refreshing:
            asked_at = self._monotonic()
            try:
                version = self._store.version()  # before the keys: what changes in between is learnt the next time
                known = self._known
                if known is None or known.version != version:
                    keys: Mapping[str, ApiKey] = {key.id: key for key in self._store.active()}
                else:
                    keys = known.keys
            except UnavailableError:
                return False
            self._known = _Known(keys, version, asked_at)
            return True

    async def keep_fresh(self) -> None:
        """Refresh for ever, in another thread; to be cancelled."""
        while True:
            with suppress(Exception):  # whatever it was: without another try nobody would ever be let in again
                await asyncio.to_thread(self.refresh)
            await asyncio.sleep(REFRESH_SECONDS)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made, and its token, which nobody will ever see again."""

    key: ApiKey
    token: str = field(repr=False)


class KeyDesk:
    """Where keys are made and ended."""

    def __init__(
        self,
        store: ApiKeyStore,
        pepper: bytes,
        clock: Clock,
        new_id: Callable[[str, datetime], str],
        new_secret: Callable[[], str],
    ) -> None:
        """`new_id` puts letters and digits behind prefix and `_`; `new_secret` makes 22 or more, by lot."""
        self._store = store
        self._pepper = pepper
        self._clock = clock
        self._new_id = new_id
        self._new_secret = new_secret

    def create(
        self,
        name: str,
        scopes: Sequence[str],
        created_by: str,
        *,
        networks: Sequence[str] = (),
        expires_at: datetime | None = None,
        of: Caller | None = None,
    ) -> NewKey:
        """Make and keep a key; raises InvalidInputError for what no key can have.

        scopes: scopes and roles by name · networks: CIDR; none is anywhere · expires_at: aware, in the future
        of: who asks for it, and must have what it gives (else NotAllowedError) unless they have `admin`;
        None is whoever has the machine
        """
        now = self._clock.now()
        _check(name, scopes, expires_at, now)
        if of is not None:
            _need_own(scopes_of(scopes), of)
        token = Token(self._new_id(PREFIX, now), self._new_secret())
        key = ApiKey(
            id=token.id,
            digest=digest(token, self._pepper),
            name=name.strip(),
            scopes=scopes_of(scopes),
            created_at=now,
            created_by=created_by,
            networks=networks_of(networks),
            expires_at=expires_at,
        )
        self._store.add(key)
        return NewKey(key, str(token))

    def all_keys(self) -> Sequence[ApiKey]:
        """Every key there ever was, the eldest first."""
        return self._store.all()

    def page(self, after: str | None, limit: int) -> Page[ApiKey]:
        """The keys, the eldest first; `after` is the id of the last one of the page before."""
        keys = self._store.all()
        ids = [key.id for key in keys]
        start = ids.index(after) + 1 if after in ids else 0
        found = tuple(keys[start : start + limit])
        return Page(found, found[-1].id if start + limit < len(keys) else None)

    def revoke(self, key_id: str, actor: str) -> None:
        """End a key for good, within a second everywhere; raises NotFoundError when there is none to end."""
        if not self._store.revoke(key_id, actor, self._clock.now()):
            raise NotFoundError(f"no live key has the id `{key_id[:_SHOWN]}`", fix="list the keys")


def _check(name: str, scopes: Sequence[str], expires_at: datetime | None, now: datetime) -> None:
    if not 1 <= len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        what = f"the name of a key is 1 to {_LONGEST_NAME} printable characters"
        raise InvalidInputError(what, where="name", fix="call it after the program that will use it")
    if not scopes:
        raise InvalidInputError("a key without scopes can do nothing", where="scopes", fix="name a scope or a role")
    if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now):
        what = f"`{expires_at.isoformat()}` is not a moment in the future"
        raise InvalidInputError(what, where="expires_at", fix="give a later one, with its offset from UTC")


def _need_own(scopes: frozenset[Scope], grantor: Caller) -> None:
    beyond = sorted(scopes - grantor.scopes)
    if beyond and Scope.ADMIN not in grantor.scopes:
        what = f"a key without `{beyond[0]}` cannot give it to another"
        raise NotAllowedError(what, where="scopes", fix="leave it out, or ask an administrator")


def _denied(objection: Denial, scope: Scope) -> NotAllowedError | NotAuthenticatedError:
    if objection in _PAST_USE:
        return NotAuthenticatedError(objection.value, fix="ask an administrator for a new key")
    fix = f"ask for the scope `{scope}`" if objection is Denial.OUT_OF_SCOPE else "ask for another network"
    return NotAllowedError(objection.value, fix=fix)


def _away() -> UnavailableError:
    return UnavailableError("keys cannot be checked just now", fix="try again in a few seconds")
