"""The link a first start prints: good for a day, and only as long as nobody has a key or an account."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import Engine

from winnow.adapters.db.notes import remember, remembered
from winnow.adapters.keys import new_secret
from winnow.ports import ApiKeyStore, Clock, PeopleStore

_NOTE = "setup link"
_GOOD_FOR = timedelta(hours=24)
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class FirstRun:
    """Makes the link and recognises it; of its token only a keyed hash is kept."""

    engine: Engine
    pepper: bytes
    api_keys: ApiKeyStore
    people: PeopleStore
    clock: Clock
    draw: Callable[[], str] = new_secret

    def token(self) -> str | None:
        """A new token in place of an earlier one; None when somebody can do something already."""
        if not self._nobody:
            return None
        token = self.draw()
        until = self.clock.now() + _GOOD_FOR
        remember(self.engine, _NOTE, f"{self._digest(token)} {until.isoformat()}")
        return token

    def opens(self, token: str) -> bool:
        """Whether it is the newest token, in time and before anybody has a key or an account."""
        known = remembered(self.engine, _NOTE) if len(token) <= _LONGEST else None
        if known is None:
            return False
        digest, _, until = known.partition(" ")
        in_time = self.clock.now() < datetime.fromisoformat(until)
        return hmac.compare_digest(digest, self._digest(token)) and in_time and self._nobody

    @property
    def _nobody(self) -> bool:
        return not self.api_keys.all() and not self.people.all()

    def _digest(self, token: str) -> str:
        return blake2b(token.encode(errors="surrogatepass"), key=self.pepper, digest_size=32).hexdigest()
