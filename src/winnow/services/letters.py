"""Letters that wait are written and sent, again when the mail server could not take them; and who may ask for one."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from winnow.core.people.accounts import Person
from winnow.core.people.attempts import OF_ADDRESS, OF_MAILBOX
from winnow.errors import TooManyAttemptsError, UnavailableError, WinnowError
from winnow.ports import AttemptStore, Clock
from winnow.ports.mail import Kind, Letter, LetterStore, LetterWriter, Post, Sending, WaitingLetter

_log = logging.getLogger(__name__)

#: The kinds of buckets that requests for letters are counted in.
TO_MAILBOX, FROM_ADDRESS = "letters to mailbox", "letters asked from address"

#: How long after each try the next one comes, and how long it is tried at all.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
LONGEST = timedelta(hours=24)

_LONGEST_ADDRESS = 254

#: Writes the letter for some content; None when nobody needs it any more.
Write = Callable[[Mapping[str, str]], Letter | None]


class MailRoom:
    """Where letters are put in and sent from. Every method may raise UnavailableError."""

    def __init__(
        self, letters: LetterStore, attempts: AttemptStore, post: Post, writes: Mapping[Kind, Write], clock: Clock
    ) -> None:
        self._letters = letters
        self._attempts = attempts
        self._post = post
        self._writes = writes
        self._clock = clock

    def reset_wanted(self, email: str, origin: str) -> None:
        """Have whoever has this address sent a link to choose another password.

        origin: the network address it is asked from
        Does the same, and takes as long, whether or not anybody has the address: that is looked up when it is written.
        Raises TooManyAttemptsError.
        """
        name, now = email.strip().casefold()[:_LONGEST_ADDRESS], self._clock.now()
        self._attempts.clear(now)
        for kind, each, allowance in ((FROM_ADDRESS, origin, OF_ADDRESS), (TO_MAILBOX, name, OF_MAILBOX)):
            wait = self._attempts.take(kind, each, allowance, now)
            if wait > 0.0:
                raise TooManyAttemptsError("it was asked for too often", retry_after=wait, fix="wait, then try again")
        self._letters.put(Kind.RESET, {"email": name}, now)

    def invite(self, person: Person, token: str, until: datetime) -> None:
        """Have somebody sent the link of their invitation."""
        content = {"person": person.id, "token": token, "until": until.isoformat()}
        self._letters.put(Kind.INVITATION, content, self._clock.now())

    def send_one(self) -> bool:
        """Write and send the letter whose turn it is; False when there is none."""
        waiting = self._letters.take(self._clock.now())
        if waiting is None:
            return False
        if waiting.begun_before and waiting.kind is Kind.DIGEST:
            self._give_up(waiting, "nobody knows whether it was sent")
        elif self._clock.now() - waiting.put_at > LONGEST:
            self._give_up(waiting, "it is too late")
        else:
            self._write_and_send(waiting)
        return True

    def _write_and_send(self, waiting: WaitingLetter) -> None:
        try:
            letter = self._writes[waiting.kind](waiting.content)
        except UnavailableError as error:
            self._settle(waiting, Sending(str(error), again=True))
            return
        except WinnowError as error:  # it will not be otherwise the next time
            self._give_up(waiting, str(error))
            return
        if letter is None:
            self._letters.done(waiting.id)
        else:
            self._settle(waiting, self._post.send(letter))

    def _settle(self, waiting: WaitingLetter, sending: Sending) -> None:
        """Note what became of a letter."""
        if sending.error is None:
            self._letters.done(waiting.id)
            return
        once_only = sending.unknown and waiting.kind is Kind.DIGEST
        due_at = self._clock.now() + PAUSES[min(waiting.tries, len(PAUSES)) - 1]
        if not sending.again or once_only or due_at - waiting.put_at > LONGEST:
            self._give_up(waiting, sending.error)
            return
        _log.warning("a letter (%s) was not sent, again at %s: %s", waiting.kind, due_at, sending.error)
        self._letters.again(waiting.id, due_at)

    def _give_up(self, waiting: WaitingLetter, why: str) -> None:
        _log.error("a letter (%s) is not sent, after %d tries: %s", waiting.kind, waiting.tries, why)
        self._letters.done(waiting.id)


def link_letter(writer: LetterWriter, person: Person, token: str, until: datetime, now: datetime) -> Letter:
    """The letter with somebody's link: an invitation as long as they have not joined."""
    write = writer.invitation if person.joined_at is None else writer.reset
    return write(person, token, until, now)
