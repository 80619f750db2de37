"""Signing in and staying so: passwords and codes are compared here, attempts counted, sessions begun and ended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from winnow.core.people import totp
from winnow.core.people.accounts import Account, Session, SignedIn, Standing
from winnow.core.people.attempts import OF_ACCOUNT, OF_ADDRESS, Allowance
from winnow.core.people.passwords import LONGEST, check_password, normal
from winnow.core.people.tokens import Purpose, digest
from winnow.errors import CodeNeededError, ConflictError, InvalidInputError, NotAuthenticatedError, TooManyAttemptsError
from winnow.ports import AttemptStore, Clock, Hasher, PeopleStore, SessionStore

#: The kinds of buckets that attempts are counted in.
BY_ACCOUNT, BY_ADDRESS = "sign-ins of account", "sign-ins from address"

_LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Stores:
    """What is kept of people."""

    people: PeopleStore
    sessions: SessionStore
    attempts: AttemptStore


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that was just begun; `token` is its id, which nobody will ever see again."""

    signed_in: SignedIn
    token: str = field(repr=False)


class SignIns:
    """Lets people in. Every method may raise UnavailableError."""

    def __init__(
        self,
        stores: Stores,
        hasher: Hasher,
        pepper: bytes,
        clock: Clock,
        draw: tuple[Callable[[], str], Callable[[int], bytes]],
    ) -> None:
        """`draw`: by lot, 40 or more letters and digits; and so many bytes."""
        self._people, self._sessions, self._attempts = stores.people, stores.sessions, stores.attempts
        self._hasher = hasher
        self._pepper = pepper
        self._clock = clock
        self._new_secret, self._new_bytes = draw

    def sign_in(self, email: str, password: str, code: str | None, origin: str, *, before: str = "") -> NewSession:
        """Begin a session, whose id is always new, in place of the one `before`.

        origin: the network address it is tried from
        Raises TooManyAttemptsError; CodeNeededError; NotAuthenticatedError, with the same words and after the same
        time whatever was wrong.
        """
        name = email.strip().casefold()[:_LONGEST_ADDRESS]
        self._count(name, origin)
        account = self._proven(self._people.account_of(name), password, code, (name, origin))
        return self._begin(account, self._digest(before))

    def vouched(self, person_id: str, *, before: str = "", again: SignedIn | None = None) -> NewSession:
        """Begin a session for somebody who was proven elsewhere, or go on with theirs under another id.

        Raises NotAuthenticatedError unless the account is active, and the one of the session `again`.
        """
        account = self._people.account(person_id)
        if account is None or account.person.standing is not Standing.ACTIVE:
            raise NotAuthenticatedError("this account cannot be used", fix="ask an administrator")
        if again is None:
            return self._begin(account, self._digest(before))
        if again.id != person_id:
            raise NotAuthenticatedError("this is somebody else's account", fix="sign out, then sign in with it")
        return self._begin(account, again.session.digest, since=again.session.created_at)

    def who(self, token: str, *, unasked: bool = False) -> SignedIn | None:
        """Who is signed in by the id of a session; `unasked`: that does not count as using it."""
        found = self._digest(token)
        return None if found is None else self._sessions.find(found, self._clock.now(), noted=not unasked)

    def sign_out(self, signed_in: SignedIn) -> None:
        """End a session."""
        self._sessions.end(signed_in.session.digest)

    def confirm(self, signed_in: SignedIn, password: str, code: str | None, origin: str) -> NewSession:
        """Prove anew who one is, which is asked for before what weighs heavily; the session gets another id.

        Raises as `sign_in` does.
        """
        account = self._again(signed_in, password, code, origin)
        return self._begin(account, signed_in.session.digest, since=signed_in.session.created_at)

    def change_password(self, signed_in: SignedIn, current: str, new: str, code: str | None, origin: str) -> NewSession:
        """Choose another password, which ends all other sessions; raises as `sign_in` does, and InvalidInputError."""
        person = signed_in.person
        check_password(new, person.email)
        account = self._again(signed_in, current, code, origin)
        self._people.set_password(person.id, self._hasher.hash(normal(new)), person.id, self._clock.now())
        return self._begin(account, None, since=signed_in.session.created_at)

    # ── The authenticator ────────────────────────────────────────────────────────────────────────

    def new_authenticator(self, signed_in: SignedIn) -> bytes:
        """The secret for an authenticator; it counts once a code of it was given. Raises ConflictError if one does."""
        person = signed_in.person
        if person.two_steps:
            raise ConflictError("codes of an authenticator are asked for already", fix="take that one away first")
        secret = self._new_bytes(totp.SECRET_BYTES)
        self._people.set_secret(person.id, secret, person.id, self._clock.now())
        return secret

    def try_authenticator(self, signed_in: SignedIn, code: str, origin: str) -> None:
        """From now on ask for codes; raises InvalidInputError when this is none, TooManyAttemptsError."""
        person = signed_in.person
        self._count(person.email, origin)
        account = self._people.account(person.id)
        if account is None or not self._is_code(account, code):
            what = "this is not the code of this moment"
            raise InvalidInputError(what, where="code", fix="check the clock of the device, and give the next code")
        self._give_back(person.email, origin)

    def drop_authenticator(self, signed_in: SignedIn) -> None:
        """Ask for no codes any more."""
        self._people.set_secret(signed_in.id, None, signed_in.id, self._clock.now())

    # ── Inside ───────────────────────────────────────────────────────────────────────────────────

    def _again(self, signed_in: SignedIn, password: str, code: str | None, origin: str) -> Account:
        name = signed_in.person.email
        self._count(name, origin)
        return self._proven(self._people.account(signed_in.id), password, code, (name, origin))

    def _proven(self, account: Account | None, password: str, code: str | None, tried: tuple[str, str]) -> Account:
        """The account, if all that is asked for was given; what was no attempt is given back."""
        active = account if account is not None and account.person.standing is Standing.ACTIVE else None
        typed = normal(password[: 2 * LONGEST])
        if not self._hasher.proves(typed, active.password if active else None) or active is None:
            raise _wrong()
        if active.person.two_steps and not code:
            self._give_back(*tried)
            raise CodeNeededError(
                "the code of the authenticator is needed too", where="code", fix="send it with the password"
            )
        if active.person.two_steps and not self._is_code(active, code or ""):
            raise _wrong()
        self._give_back(*tried)
        self._renew(active, typed)
        return active

    def _renew(self, account: Account, password: str) -> None:
        """Hash a password that was proven as hashes are made today, if its hash was made otherwise."""
        if account.password is not None and self._hasher.outdated(account.password):
            self._people.rehash(account.person.id, account.password, self._hasher.hash(password))

    def _is_code(self, account: Account, code: str) -> bool:
        """Whether it is a code of this moment, and the first time it is given."""
        now = self._clock.now()
        step = None if account.secret is None else totp.matching_step(account.secret, code, now)
        return step is not None and self._people.use_step(account.person.id, step, now)

    def _begin(self, account: Account, instead: bytes | None, *, since: datetime | None = None) -> NewSession:
        token, now = self._new_secret(), self._clock.now()
        kept = self._digest(token)
        assert kept is not None  # noqa: S101  # what is drawn has the form that is asked for
        session = Session(kept, account.person.id, since or now, now, now)
        self._sessions.start(session, instead)
        return NewSession(SignedIn(account.person, session), token)

    def _count(self, name: str, origin: str) -> None:
        now = self._clock.now()
        self._attempts.clear(now)
        for kind, each, allowance in _buckets(name, origin):
            wait = self._attempts.take(kind, each, allowance, now)
            if wait > 0.0:
                raise TooManyAttemptsError("it was tried too often", retry_after=wait, fix="wait, then try again")

    def _give_back(self, name: str, origin: str) -> None:
        for kind, each, allowance in _buckets(name, origin):
            self._attempts.give_back(kind, each, allowance)

    def _digest(self, token: str) -> bytes | None:
        return digest(token, Purpose.SESSION, self._pepper)


def _buckets(name: str, origin: str) -> tuple[tuple[str, str, Allowance], ...]:
    return (BY_ADDRESS, origin, OF_ADDRESS), (BY_ACCOUNT, name, OF_ACCOUNT)


def _wrong() -> NotAuthenticatedError:
    return NotAuthenticatedError(
        "the mail address, the password or the code is wrong", fix="try again, or ask an administrator for a new link"
    )
