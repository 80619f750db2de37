"""Where people's accounts, sessions and attempts to sign in are kept, and what passwords are hashed with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from winnow.core.people.accounts import Account, Person, Session, SignedIn
from winnow.core.people.attempts import Allowance
from winnow.core.people.tokens import Purpose


class PeopleStore(Protocol):
    """Where accounts are kept; each change is a leaf of the decision log, and may raise UnavailableError."""

    def first(self, person: Person, password: str, now: datetime) -> bool:
        """Keep the very first account, with its password's hash; False when there is one already."""
        ...

    def add(self, person: Person, actor: str, now: datetime, password: str | None = None) -> None:
        """Keep an account; raises ConflictError when the address has one."""
        ...

    def all(self) -> Sequence[Person]:
        """Everybody, those who came first at the front."""
        ...

    def account(self, person_id: str) -> Account | None:
        """An account by its id."""
        ...

    def account_of(self, email: str) -> Account | None:
        """An account by its mail address, folded."""
        ...

    def invite(
        self, person_id: str, link: bytes, purpose: Purpose, actor: str, *, now: datetime, until: datetime
    ) -> None:
        """Keep the digest of a link to choose a password with, in place of earlier ones."""
        ...

    def invited(self, link: bytes, purpose: Purpose, now: datetime) -> Person | None:
        """Whose link it is, if it is good and its owner not disabled."""
        ...

    def join(self, link: bytes, purpose: Purpose, password: str, now: datetime) -> Person | None:
        """Use a link up, keep the password and end all sessions; None when the link is good for nothing."""
        ...

    def set_password(self, person_id: str, password: str, actor: str, now: datetime) -> None:
        """Keep another password and end all sessions."""
        ...

    def rehash(self, person_id: str, before: str, password: str) -> None:
        """Keep another hash of the same password, unless another password was chosen since it was `before`."""
        ...

    def set_roles(self, person_id: str, roles: frozenset[str], actor: str, now: datetime) -> Person:
        """Give other roles; raises NotFoundError, and ConflictError when nobody would be left to let others in."""
        ...

    def disable(self, person_id: str, actor: str, now: datetime) -> Person:
        """End an account, its sessions and links; raises as `set_roles` does."""
        ...

    def enable(self, person_id: str, actor: str, now: datetime) -> Person:
        """Take that back; raises NotFoundError."""
        ...

    def set_secret(self, person_id: str, secret: bytes | None, actor: str, now: datetime) -> None:
        """Keep the secret of an authenticator that has to be tried first; None: no code is asked for any more."""
        ...

    def use_step(self, person_id: str, step: int, now: datetime) -> bool:
        """Note that the code of a step was used; False when it, or a later one, was before."""
        ...


class SubjectStore(Protocol):
    """Whom OpenID providers mean; every method may raise UnavailableError."""

    def bound(self, subject: bytes) -> str | None:
        """The id of the person that a provider's name for somebody is bound to."""
        ...

    def bind(self, subject: bytes, issuer: str, person_id: str, now: datetime) -> None:
        """Bind it, and make an invited person active; a leaf of the decision log.

        Raises ConflictError when either is bound already, or the account is disabled.
        """
        ...


class SessionStore(Protocol):
    """Where sessions are kept; every method may raise UnavailableError."""

    def start(self, session: Session, instead: bytes | None = None) -> None:
        """Keep a session, and end another in the same moment."""
        ...

    def find(self, digest: bytes, now: datetime, *, noted: bool = True) -> SignedIn | None:
        """Who is signed in by a session that is alive, and not disabled; `noted`: notes that it is used."""
        ...

    def end(self, digest: bytes) -> None:
        """End a session, if there is one."""
        ...


class AttemptStore(Protocol):
    """Counts attempts in every process together; every method may raise UnavailableError."""

    def take(self, kind: str, name: str, allowance: Allowance, now: datetime) -> float:
        """Count an attempt, in one step with asking whether there is one left: 0, or the seconds to wait."""
        ...

    def clear(self, now: datetime) -> None:
        """Forget what makes no difference any more."""
        ...

    def give_back(self, kind: str, name: str, allowance: Allowance) -> None:
        """An attempt was none: it succeeded."""
        ...

    def forget(self, kind: str, name: str) -> None:
        """Begin anew."""
        ...


class Hasher(Protocol):
    """Makes hashes of passwords, slowly and a few at a time; may raise UnavailableError."""

    def hash(self, password: str) -> str:
        """The hash of a password."""
        ...

    def proves(self, password: str, hashed: str | None) -> bool:
        """Whether it is the password of the hash; takes as long where there is none (None)."""
        ...

    def outdated(self, hashed: str) -> bool:
        """Whether it was made otherwise than hashes are made today."""
        ...
