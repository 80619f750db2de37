"""A person with an account, and a session: pure data, and the questions that can be asked of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from winnow.core.apikeys import ROLES, Scope
from winnow.errors import InvalidInputError

#: What the id of every person begins with.
PREFIX = "us"

_OF_PROGRAMS = frozenset({"ingest", "ai-tool"})

#: The roles of people, as scopes: those of the one table of rights, but for those that only programs have.
PEOPLES_ROLES: Mapping[str, frozenset[Scope]] = {
    role: scopes for role, scopes in ROLES.items() if role not in _OF_PROGRAMS
}

#: The role without which nobody could let others in.
ADMIN = "admin"
#: The role of those who look after the queue each day.
REVIEWER = "reviewer"

#: A session ends so long after it began, and so long after it was last used.
LONGEST_SESSION = timedelta(hours=12)
IDLE_SESSION = timedelta(hours=1)
#: For so long after proving who they are, people need not do it again for what weighs heavily.
CONFIRMED_FOR = timedelta(minutes=10)

_LONGEST_ADDRESS, _LONGEST_NAME, _SHOWN = 254, 200, 60
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


class Standing(StrEnum):
    """How an account stands."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has an account, or was asked to make one.

    roles: names of PEOPLES_ROLES; one that is not known gives nothing · joined_at: when they first chose a password
    two_steps: a code of an authenticator is asked for besides the password
    digest: whether they want a mail about the queue each day; None: as is usual for their roles
    """

    id: str
    email: str
    name: str
    roles: frozenset[str]
    created_at: datetime
    created_by: str
    joined_at: datetime | None = None
    disabled_at: datetime | None = None
    two_steps: bool = False
    digest: bool | None = None

    @property
    def standing(self) -> Standing:
        """How the account stands."""
        if self.disabled_at is not None:
            return Standing.DISABLED
        return Standing.INVITED if self.joined_at is None else Standing.ACTIVE

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the person may do: nothing, unless the account is active and a role says so."""
        if self.standing is not Standing.ACTIVE:
            return frozenset()
        return rights(self.roles)

    @property
    def lets_others_in(self) -> bool:
        """Whether this is one of those of whom there must always be one."""
        return self.standing is Standing.ACTIVE and ADMIN in self.roles

    @property
    def gets_digest(self) -> bool:
        """Whether they are sent the queue each day: reviewers unless they said no, who may see it if they said yes."""
        if Scope.CASES_READ not in self.scopes or self.digest is False:
            return False
        return self.digest is True or REVIEWER in self.roles


@dataclass(frozen=True, slots=True)
class Account:
    """A person with what proves them.

    password: its Argon2 hash, None before they joined · secret: of the authenticator, also of one that was not tried
    """

    person: Person
    password: str | None = field(repr=False)
    secret: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has signed in: one browser, for some hours.

    digest: what `digest` makes of its id, which only the browser knows
    """

    digest: bytes
    person: str
    created_at: datetime
    seen_at: datetime
    confirmed_at: datetime

    @property
    def expires_at(self) -> datetime:
        """When it ends at the latest."""
        return self.created_at + LONGEST_SESSION

    def alive(self, now: datetime) -> bool:
        """Whether it has not ended by `now`."""
        return now < self.expires_at and now < self.seen_at + IDLE_SESSION

    def confirmed(self, now: datetime) -> bool:
        """Whether the person proved only just now who they are."""
        return now < self.confirmed_at + CONFIRMED_FOR


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person in a session; like a key it has an id and scopes."""

    person: Person
    session: Session

    @property
    def id(self) -> str:
        """The id of the person, whom the decision log names for what is done."""
        return self.person.id

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the person may do."""
        return self.person.scopes


def rights(roles: Iterable[str]) -> frozenset[Scope]:
    """What all roles together allow."""
    return frozenset().union(*(PEOPLES_ROLES.get(role, frozenset()) for role in roles))


def roles_of(words: Iterable[str]) -> frozenset[str]:
    """The roles that words name, at least one; raises InvalidInputError."""
    found = frozenset(words)
    wrong = sorted(found - PEOPLES_ROLES.keys())
    if wrong or not found:
        what = f"`{wrong[0][:_SHOWN]}` is no role of people" if wrong else "a person without a role can do nothing"
        raise InvalidInputError(what, where="roles", fix=f"use some of {', '.join(PEOPLES_ROLES)}")
    return found


def address_of(text: str) -> str:
    """A mail address as accounts know it, folded to lower case; raises InvalidInputError for what is none."""
    folded = text.strip().casefold()
    if len(folded) > _LONGEST_ADDRESS or not folded.isprintable() or not _ADDRESS.fullmatch(folded):
        raise InvalidInputError(
            f"`{text[:_SHOWN]}` is no mail address", where="email", fix="write it like ana@x.example"
        )
    return folded


def name_of(text: str) -> str:
    """A person's name as it is shown; raises InvalidInputError for what is none."""
    name = " ".join(text.split(" ")).strip()
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        what = f"a name is 1 to {_LONGEST_NAME} printable characters"
        raise InvalidInputError(what, where="name", fix="write what colleagues call them")
    return name
