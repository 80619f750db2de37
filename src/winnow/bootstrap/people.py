"""Wiring of what people sign in with."""

from dataclasses import dataclass

from winnow.adapters.db.attempts import StoredAttempts
from winnow.adapters.db.sessions import StoredSessions
from winnow.adapters.keys import new_secret, token_bytes
from winnow.adapters.passwords import Argon2
from winnow.bootstrap.service import Service
from winnow.services.people import PeopleDesk
from winnow.services.sign_in import BY_ACCOUNT, SignIns, Stores


@dataclass(frozen=True, slots=True)
class People:
    """Accounts and sessions of an installation."""

    desk: PeopleDesk
    sign_ins: SignIns
    attempts: StoredAttempts
    sessions: StoredSessions

    def unlock(self, email: str) -> None:
        """Let somebody try again who tried too often."""
        self.attempts.forget(BY_ACCOUNT, email)


def make_people(service: Service) -> People:
    """The accounts and sessions of a service."""
    engine, vault, clock = service.engine, service.vault, service.clock
    hasher, attempts = Argon2(), StoredAttempts(engine, vault)
    links, ids = service.keys.hashing("one-time links"), service.keys.hashing("sessions")
    sessions = StoredSessions(engine, vault)
    stores = Stores(service.people, sessions, attempts)
    return People(
        PeopleDesk(service.people, hasher, links, clock, (service.new_id, new_secret)),
        SignIns(stores, hasher, ids, clock, (new_secret, token_bytes)),
        attempts,
        sessions,
    )
