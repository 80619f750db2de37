"""Signing in with an OpenID provider: who is meant, and whether they may come in. Sessions are begun elsewhere."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from winnow.core.people.accounts import PREFIX, Person, Standing, address_of, name_of
from winnow.core.people.oidc import Asked, Identity, check_state, identity_of, mapped_roles, subject_digest
from winnow.errors import ConflictError, InvalidInputError, NotAuthenticatedError
from winnow.ports import Clock, PeopleStore
from winnow.ports.oidc import Provider
from winnow.ports.people import SubjectStore

_log = logging.getLogger(__name__)

#: Whom the decision log names for what the provider says about people.
ACTOR = "oidc"

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class OidcRules:
    """What the provider's word counts for.

    roles_claim: the claim with somebody's groups; empty: their roles are given here · roles: those by group
    allow_new: whoever it knows gets an account
    """

    roles_claim: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    allow_new: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back with a browser; empty where it did not."""

    code: str = field(default="", repr=False)
    state: str = field(default="", repr=False)
    error: str = ""
    issuer: str = ""


class OidcDesk:
    """Sends people to the provider and understands what it answers. Every method may raise UnavailableError."""

    def __init__(
        self,
        provider: Provider,
        stores: tuple[PeopleStore, SubjectStore],
        rules: OidcRules,
        pepper: bytes,
        clock: Clock,
        draw: tuple[Callable[[str, datetime], str], Callable[[], str]],
    ) -> None:
        """`draw`: an id with a prefix; 40 or more letters and digits, by lot."""
        self._provider = provider
        self._people, self._subjects = stores
        self._rules = rules
        self._pepper = pepper
        self._clock = clock
        self._new_id, self._new_secret = draw

    def begin(self, back: str, page: str = "/", again: str | None = None) -> tuple[str, Asked]:
        """Where to send a browser, and what it has to bring back; `again`: the id of who is to prove it anew."""
        secrets = self._new_secret(), self._new_secret(), self._new_secret()
        asked = Asked(*secrets, at=self._clock.now(), page=page, again=again)
        return self._provider.address(asked, back), asked

    def end(self, answered: Answered, asked: Asked | None, back: str) -> Person:
        """Who came back from the provider, with an account that can be used; raises NotAuthenticatedError."""
        asked = check_state(asked, answered.state, self._clock.now())
        if answered.issuer not in {"", self._provider.issuer}:  # RFC 9207
            raise NotAuthenticatedError("another provider answered", fix="begin to sign in again")
        if answered.error or not answered.code:
            said = "".join(each for each in answered.error[:_SHOWN] if each.isalnum() or each in "_-") or "nothing"
            raise NotAuthenticatedError(f"the provider did not sign you in (`{said}`)", fix="begin to sign in again")
        claims = self._provider.claims(answered.code, asked, back)
        identity = identity_of(
            *(claims, self._provider.issuer, self._provider.client, asked, self._clock.now()),
            roles_claim=self._rules.roles_claim,
        )
        return self._person(identity)

    def _person(self, identity: Identity) -> Person:
        """The person meant: by what was bound, else by a verified address, else a new one if that is allowed."""
        subject = subject_digest(identity, self._pepper)
        bound = self._subjects.bound(subject)
        account = self._people.account(bound) if bound is not None else None
        person = account.person if account is not None else self._bind(identity, subject)
        if person.standing is not Standing.ACTIVE:
            raise _stranger()
        return self._with_roles(person, identity)

    def _bind(self, identity: Identity, subject: bytes) -> Person:
        person = self._invited_or_new(identity)
        if person.standing is Standing.DISABLED:
            raise _stranger()
        try:
            self._subjects.bind(subject, identity.issuer, person.id, self._clock.now())
        except ConflictError:
            raise _stranger() from None
        account = self._people.account(person.id)
        assert account is not None  # noqa: S101  # it was just bound, and accounts are never removed
        return account.person

    def _invited_or_new(self, identity: Identity) -> Person:
        if identity.email is None:
            raise _stranger()
        try:
            email = address_of(identity.email)
        except InvalidInputError:
            raise _stranger() from None
        known = self._people.account_of(email)
        return known.person if known is not None else self._new(identity, email)

    def _new(self, identity: Identity, email: str) -> Person:
        roles = mapped_roles(identity.groups, self._rules.roles)
        if not self._rules.allow_new or not roles:
            raise _stranger()
        now = self._clock.now()
        person_id = self._new_id(PREFIX, now)
        person = Person(person_id, email, _name(identity, email), roles, now, ACTOR)
        try:
            self._people.add(person, ACTOR, now)
        except ConflictError:
            raise _stranger() from None  # somebody was quicker; the next try finds it
        return person

    def _with_roles(self, person: Person, identity: Identity) -> Person:
        """The person with the roles that their groups have now, if it is the provider who says so."""
        if not self._rules.roles_claim:
            return person
        roles = mapped_roles(identity.groups, self._rules.roles)
        if not roles:
            raise _stranger()
        if roles == person.roles:
            return person
        try:
            return self._people.set_roles(person.id, roles, ACTOR, self._clock.now())
        except ConflictError:
            _log.warning("the last administrator `%s` keeps that role, whatever the provider says", person.id)
            return person


def _name(identity: Identity, email: str) -> str:
    with suppress(InvalidInputError):
        return name_of(identity.name)
    return name_of(email.partition("@")[0])


def _stranger() -> NotAuthenticatedError:
    """One answer for all who may not come in, so that it tells nothing about who has an account."""
    return NotAuthenticatedError(
        "the provider's account is not one of this installation",
        fix="ask an administrator to invite the address it has for you, and to have it verified there",
    )
