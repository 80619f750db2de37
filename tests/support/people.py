"""People who sign in, over a real store, with a clock that can be moved and hashes that take no time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from unittest.mock import patch

from argon2 import PasswordHasher

from winnow.adapters.db.attempts import StoredAttempts
from winnow.adapters.db.log import Journal
from winnow.adapters.db.people import StoredPeople
from winnow.adapters.db.sessions import StoredSessions
from winnow.adapters.keys import new_secret, token_bytes
from winnow.adapters.passwords import Argon2
from winnow.core.people import totp
from winnow.services.people import PeopleDesk
from winnow.services.sign_in import SignIns, Stores

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PASSWORD, OTHER = "seven quiet lighthouses", "nine loud trombones"
HOME = "203.0.113.7"


class Clock:
    moment = NOW

    def now(self) -> datetime:
        return self.moment

    def forward(self, **passed: float) -> None:
        self.moment += timedelta(**passed)


class FastHasher:
    """Remembers what was compared."""

    def __init__(self) -> None:
        self.compared: list[str | None] = []

    def hash(self, password: str) -> str:
        return "fast:" + sha256(password.encode()).hexdigest()

    def proves(self, password: str, hashed: str | None) -> bool:
        self.compared.append(hashed)
        return hashed == self.hash(password)

    def outdated(self, hashed: str) -> bool:
        return not hashed.startswith("fast:")


class CheapArgon2(Argon2):
    """The real one with the least that the algorithm takes."""

    def __init__(self) -> None:
        super().__init__()
        self._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """Installations opened within the block hash passwords in no time."""
    with patch("winnow.bootstrap.people.Argon2", CheapArgon2):
        yield


class World:
    """A store with accounts and everything that lets people in."""

    def __init__(self, engine: Any, vault: Any) -> None:
        self.engine, self.clock, self.hasher, numbers = engine, Clock(), FastHasher(), count(1)
        self.people = StoredPeople(engine, vault, Journal(vault))
        self.sessions, self.attempts = StoredSessions(engine, vault), StoredAttempts(engine, vault)
        new_id = lambda prefix, _now: f"{prefix}_{next(numbers)}"  # noqa: E731  # a name for what is said often
        self.desk = PeopleDesk(self.people, self.hasher, b"l" * 32, self.clock, (new_id, new_secret))
        stores = Stores(self.people, self.sessions, self.attempts)
        self.sign_ins = SignIns(stores, self.hasher, b"s" * 32, self.clock, (new_secret, token_bytes))

    def person(self, name: str = "ana", *roles: str, password: str = PASSWORD) -> Any:
        return self.desk.create(f"{name}@x.example", name, roles or ("admin",), password, "tests")

    def sign_in(self, name: str = "ana", password: str = PASSWORD, code: str | None = None, **more: Any) -> Any:
        return self.sign_ins.sign_in(f"{name}@x.example", password, code, more.pop("origin", HOME), **more)

    def code(self, secret: bytes, away: int = 0) -> str:
        return totp.code(secret, totp.step_at(self.clock.now()) + away)
