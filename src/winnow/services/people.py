"""Who has an account and which roles: invited, let in, given other roles, shut out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from winnow.core.apikeys import Caller, Scope
from winnow.core.people.accounts import PREFIX, Person, Standing, address_of, name_of, rights, roles_of
from winnow.core.people.passwords import check_password, normal
from winnow.core.people.tokens import INVITATION_FOR, RESET_FOR, Purpose, digest
from winnow.errors import ConflictError, NotAllowedError, NotFoundError
from winnow.ports import Clock, Hasher, Page, PeopleStore

_LINKS = (Purpose.INVITATION, Purpose.RESET)
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Link:
    """What somebody chooses a password with, once, until then; nobody will ever see its token again."""

    person: Person
    until: datetime
    token: str = field(repr=False)


class PeopleDesk:
    """Where accounts are made and ended; every change is a leaf of the decision log. May raise UnavailableError.

    Where `of` is asked for, it is who asks: nobody gives rights they do not have unless they have `admin`, nobody
    changes their own roles, nobody shuts themselves out (NotAllowedError). None is whoever has the machine.
    """

    def __init__(
        self,
        store: PeopleStore,
        hasher: Hasher,
        pepper: bytes,
        clock: Clock,
        draw: tuple[Callable[[str, datetime], str], Callable[[], str]],
    ) -> None:
        """`draw`: an id with a prefix; 40 or more letters and digits, by lot."""
        self._store = store
        self._hasher = hasher
        self._pepper = pepper
        self._clock = clock
        self._new_id, self._new_secret = draw

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────

    def all(self) -> Sequence[Person]:
        """Everybody, those who came first at the front."""
        return self._store.all()

    def page(self, after: str | None, limit: int) -> Page[Person]:
        """The same, page by page; `after` is the id of the last one of the page before."""
        people = self._store.all()
        ids = [person.id for person in people]
        start = ids.index(after) + 1 if after in ids else 0
        found = tuple(people[start : start + limit])
        return Page(found, found[-1].id if start + limit < len(people) else None)

    def person(self, person_id: str) -> Person:
        """Somebody by their id; raises NotFoundError."""
        account = self._store.account(person_id)
        if account is None:
            raise NotFoundError(f"nobody has the id `{person_id[:_SHOWN]}`", fix="list the people")
        return account.person

    def called(self, email: str) -> Person:
        """Somebody by their mail address; raises NotFoundError."""
        account = self._store.account_of(address_of(email))
        if account is None:
            raise NotFoundError(f"nobody has the mail address `{email[:_SHOWN]}`", fix="list the people")
        return account.person

    # ── Letting in ───────────────────────────────────────────────────────────────────────────────

    def first(self, email: str, name: str, password: str) -> Person:
        """Make the first account, an administrator's; raises ConflictError when there is one already."""
        hashed = self._hashed(password, address_of(email))
        person = self._new(email, name, ["admin"], joined=True)
        if not self._store.first(person, hashed, person.created_at):
            raise ConflictError("there is an account already", fix="have its owner invite you")
        return person

    def create(self, email: str, name: str, roles: Sequence[str], password: str, actor: str) -> Person:
        """Make an account that can be used at once."""
        person = self._new(email, name, roles, by=actor, joined=True)
        self._store.add(person, actor, person.created_at, self._hashed(password, person.email))
        return person

    def invite(self, email: str, name: str, roles: Sequence[str], actor: str, of: Caller | None = None) -> Link:
        """Make an account whose owner chooses the password; again for one who did not, to replace the link.

        Raises InvalidInputError, NotAllowedError, and ConflictError when the address has an account that is used.
        """
        _need_own(roles_of(roles), of)
        known = self._store.account_of(address_of(email))
        if known is None:
            person = self._new(email, name, roles, by=actor)
            self._store.add(person, actor, person.created_at)
        elif known.person.standing is Standing.INVITED and known.person.roles == roles_of(roles):
            person = known.person
        else:
            raise ConflictError("this mail address has an account", where="email", fix="give that one other roles")
        return self._link(person, Purpose.INVITATION, actor)

    def join(self, token: str, password: str) -> Person:
        """Choose a password with a link, which ends all sessions; raises NotFoundError for one that is none."""
        now = self._clock.now()
        for purpose in _LINKS:
            link = digest(token, purpose, self._pepper)
            invited = None if link is None else self._store.invited(link, purpose, now)
            if link is not None and invited is not None:
                joined = self._store.join(link, purpose, self._hashed(password, invited.email), now)
                if joined is not None:
                    return joined
        raise NotFoundError("this link has expired or was used", fix="ask for another one")

    # ── Changing ─────────────────────────────────────────────────────────────────────────────────

    def set_roles(self, person_id: str, roles: Sequence[str], actor: str, of: Caller | None = None) -> Person:
        """Give other roles, in force at the next request; raises ConflictError for the last administrator's."""
        wanted = roles_of(roles)
        _need_other(person_id, of)
        _need_own(wanted, of)
        return self._store.set_roles(person_id, wanted, actor, self._clock.now())

    def disable(self, person_id: str, actor: str, of: Caller | None = None) -> Person:
        """Shut somebody out, at once and everywhere; raises ConflictError for the last administrator."""
        _need_other(person_id, of)
        return self._store.disable(person_id, actor, self._clock.now())

    def enable(self, person_id: str, actor: str, of: Caller | None = None) -> Person:
        """Let somebody in again who was shut out, with the password they had."""
        _need_own(self.person(person_id).roles, of)
        return self._store.enable(person_id, actor, self._clock.now())

    def reset(self, person_id: str, actor: str, *, authenticator: bool = False) -> Link:
        """A link to choose another password; until it is used the old one holds. Raises ConflictError if disabled.

        authenticator: take that away as well, so that no code is asked for
        """
        person = self._resettable(person_id, actor, authenticator=authenticator)
        return self._link(person, Purpose.RESET if person.joined_at else Purpose.INVITATION, actor)

    def reset_asked(self, email: str, actor: str) -> Link | None:
        """The same for whoever has a mail address and asked for it; None where nobody has it or may use it."""
        account = self._store.account_of(email)
        if account is None or account.person.standing is Standing.DISABLED:
            return None
        return self.reset(account.person.id, actor)

    def set_password(self, person_id: str, password: str, actor: str, *, authenticator: bool = False) -> None:
        """Give somebody a password, which ends their sessions; see `reset`."""
        person = self._resettable(person_id, actor, authenticator=authenticator)
        self._store.set_password(person.id, self._hashed(password, person.email), actor, self._clock.now())

    # ── Inside ───────────────────────────────────────────────────────────────────────────────────

    def _resettable(self, person_id: str, actor: str, *, authenticator: bool) -> Person:
        person = self.person(person_id)
        if person.standing is Standing.DISABLED:
            raise ConflictError("this account is disabled", fix="enable it first")
        if authenticator:
            self._store.set_secret(person.id, None, actor, self._clock.now())
        return person

    def _new(self, email: str, name: str, roles: Sequence[str], *, by: str = "", joined: bool = False) -> Person:
        now = self._clock.now()
        person_id = self._new_id(PREFIX, now)
        since = now if joined else None
        return Person(person_id, address_of(email), name_of(name), roles_of(roles), now, by or person_id, since)

    def _link(self, person: Person, purpose: Purpose, actor: str) -> Link:
        now, token = self._clock.now(), self._new_secret()
        until = now + (INVITATION_FOR if purpose is Purpose.INVITATION else RESET_FOR)
        kept = digest(token, purpose, self._pepper)
        assert kept is not None  # noqa: S101  # what is drawn has the form that is asked for
        self._store.invite(person.id, kept, purpose, actor, now=now, until=until)
        return Link(person, until, token)

    def _hashed(self, password: str, email: str) -> str:
        check_password(password, email)
        return self._hasher.hash(normal(password))


def _need_own(roles: frozenset[str], of: Caller | None) -> None:
    beyond = sorted(rights(roles) - of.scopes) if of is not None and Scope.ADMIN not in of.scopes else []
    if beyond:
        what = f"who does not have `{beyond[0]}` cannot give it to another"
        raise NotAllowedError(what, where="roles", fix="ask an administrator")


def _need_other(person_id: str, of: Caller | None) -> None:
    if of is not None and of.id == person_id:
        raise NotAllowedError("nobody does this to their own account", fix="ask another administrator")
