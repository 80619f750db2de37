"""Letters to people: what they are, who carries them, and where they wait until somebody did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from winnow.core.people.accounts import Person
from winnow.core.review.digest import QueueOfDay


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person.

    to: their address · at: when it was written, aware · text, html: the same twice
    unsubscribe: the address that one click on "unsubscribe" is posted to (RFC 8058)
    """

    to: str
    subject: str
    text: str
    html: str
    at: datetime
    unsubscribe: str | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of a letter: `error` is None when the server took it.

    again: it is worth another try · unknown: nobody can tell whether the server took it
    """

    error: str | None = None
    again: bool = False
    unknown: bool = False


class Post(Protocol):
    """Carries letters."""

    def send(self, letter: Letter) -> Sending:
        """Hand a letter to the mail server, within a time; a failure is an answer with an error."""
        ...


class LetterWriter(Protocol):
    """Puts what is to be said into words."""

    def invitation(self, person: Person, token: str, until: datetime, now: datetime) -> Letter:
        """To somebody who may make an account with a link."""
        ...

    def reset(self, person: Person, token: str, until: datetime, now: datetime) -> Letter:
        """To somebody who may choose another password with a link."""
        ...

    def digest(self, person: Person, queue: QueueOfDay, unsubscribe: str, now: datetime) -> Letter:
        """To somebody who reviews: what waits."""
        ...

    def consent(self, to: str, wording: str, link: str, until: datetime, now: datetime) -> Letter:
        """To an address whose owner is asked to confirm a wording."""
        ...


class Kind(StrEnum):
    """What a letter is about."""

    INVITATION = "invitation"
    RESET = "reset"
    DIGEST = "digest"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter that is to be written and sent.

    content: what is needed to write it · tries: how often it was tried, this time counted
    begun_before: the last try began and nobody knows how it ended
    """

    id: int
    kind: Kind
    content: Mapping[str, str] = field(repr=False)
    put_at: datetime
    tries: int
    begun_before: bool = False


class LetterStore(Protocol):
    """Where letters wait, for all processes together; every method may raise UnavailableError."""

    def put(self, kind: Kind, content: Mapping[str, str], now: datetime) -> None:
        """Have a letter written and sent."""
        ...

    def put_digest(self, person_id: str, day: date, now: datetime) -> bool:
        """Have somebody sent the digest of a day, and note that they were, in one step; False when they were before."""
        ...

    def take(self, now: datetime) -> WaitingLetter | None:
        """A letter whose turn it is, which nobody else gets for some minutes."""
        ...

    def done(self, number: int) -> None:
        """It is sent, or never will be."""
        ...

    def again(self, number: int, due_at: datetime) -> None:
        """It is to be tried again; it is known not to have been sent."""
        ...

    def set_digest(self, person_id: str, wanted: bool) -> None:  # noqa: FBT001  # it is the value
        """Note whether somebody wants the digest; raises NotFoundError."""
        ...


class QueueSource(Protocol):
    """What waits in the review queue, as counts."""

    def queue(self, now: datetime) -> QueueOfDay:
        """How much waits at this moment."""
        ...
