"""The queue of the day by mail: who gets it, when, once, and how somebody says that they want it no more."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from winnow.core.people.accounts import Person
from winnow.core.review.digest import QueueOfDay
from winnow.errors import ConflictError, NotFoundError
from winnow.ports import Clock, PeopleStore
from winnow.ports.mail import Letter, LetterStore, LetterWriter, QueueSource

_PERSON = b"winnow digest"
_MAC_BYTES = 20


@dataclass(frozen=True, slots=True)
class Hour:
    """When the digest is sent: from this full hour of the day on, in this zone; never if there is none."""

    at: int | None
    zone: ZoneInfo

    def day(self, now: datetime) -> date:
        """The day it is there."""
        return now.astimezone(self.zone).date()

    def has_come(self, now: datetime) -> bool:
        """Whether it is time."""
        return self.at is not None and now.astimezone(self.zone).hour >= self.at


class DigestDesk:
    """Has the digest sent. Every method may raise UnavailableError."""

    def __init__(
        self,
        stores: tuple[PeopleStore, LetterStore, QueueSource],
        writer: LetterWriter,
        hour: Hour,
        clock: Clock,
        unsubscribe: tuple[bytes, Callable[[str], str]],
    ) -> None:
        """`unsubscribe`: what tokens are signed with, 16 to 64 secret bytes; the address to which one is posted."""
        self._people, self._letters, self._queue = stores
        self._writer = writer
        self._hour = hour
        self._clock = clock
        self._pepper, self._address = unsubscribe

    def readers(self) -> Sequence[Person]:
        """Who gets it."""
        return [person for person in self._people.all() if person.gets_digest]

    def put_due(self, *, early: bool = False) -> int:
        """Have it sent to all who did not get it today; how many these are.

        early: also before its hour
        """
        now = self._clock.now()
        if not (early or self._hour.has_come(now)):
            return 0
        day = self._hour.day(now)
        return sum(self._letters.put_digest(person.id, day, now) for person in self.readers())

    def queue(self) -> QueueOfDay:
        """What it would say at this moment."""
        return self._queue.queue(self._clock.now())

    def letter(self, content: Mapping[str, str]) -> Letter | None:
        """The digest for somebody (`person`) for a `day`, as the queue is now.

        None when there is nothing to say any more: the queue is clear, the day is over, or they want it no more.
        """
        account = self._people.account(content["person"])
        over = content["day"] != self._hour.day(self._clock.now()).isoformat()
        return None if over or account is None or not account.person.gets_digest else self.letter_to(account.person)

    def letter_to(self, person: Person) -> Letter | None:
        """The same, for this very person, whatever they want and got; None when the queue is clear."""
        queue = self.queue()
        if not queue.waiting:
            return None
        return self._writer.digest(person, queue, self._address(self._token(person.id)), self._clock.now())

    def set_wanted(self, person_id: str, *, wanted: bool) -> Person:
        """Send it to somebody from now on, or no more; raises NotFoundError, ConflictError for who may not see it."""
        self._letters.set_digest(person_id, wanted)
        account = self._people.account(person_id)
        if account is None:
            raise NotFoundError("nobody has this id", fix="list the people")
        if wanted and not account.person.gets_digest:
            raise ConflictError(
                "they may not see the queue, so they get no mail about it", fix="give them a role that may"
            )
        return account.person

    def unsubscribe(self, token: str) -> None:
        """Send it no more to whoever got this token in a mail; raises NotFoundError for one that is none."""
        person_id, _, _ = token.rpartition(".")
        if not hmac.compare_digest(self._token(person_id).encode(), token.encode("utf-8", "surrogatepass")):
            raise NotFoundError("this link leads nowhere", fix="use the one of the newest mail")
        self._letters.set_digest(person_id, False)  # noqa: FBT003  # it is the value

    def _token(self, person_id: str) -> str:
        """Names a person, and cannot be made by anybody else; good for ever, and for this only."""
        text = person_id.encode("utf-8", "surrogatepass")
        mac = blake2b(text, key=self._pepper, digest_size=_MAC_BYTES, person=_PERSON).hexdigest()
        return f"{person_id}.{mac}"
