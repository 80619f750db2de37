"""What people do with a link in a mail: unsubscribe with one click, or confirm that they want to be written to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from winnow.core.govern.consent import DENIALS, EXPRESS, Act, Capture, ConsentEvent, fold
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.limits import Limits, Wording
from winnow.core.govern.links import Joining, Leaving, joining, joining_token, leaving, leaving_token
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address, Told, wording_edition
from winnow.core.people.attempts import OF_MAILBOX, Allowance
from winnow.errors import ConflictError, NotFoundError, TooManyAttemptsError
from winnow.ports import AttemptStore, Clock
from winnow.ports.consent import ConsentStore
from winnow.ports.mail import Kind, Letter, LetterStore, LetterWriter

#: For so long a link to confirm is good.
CONFIRM_DAYS = 7

#: Whom the log names for what people do with links.
_BY_LINK = "link"
_TO_MAILBOX = "consent letters to mailbox"

#: Who said no gets one letter in so long a time, since anybody may have typed their address into the form again.
_AFTER_NO = Allowance(1, timedelta(days=30))
_TO_WHOM_SAID_NO = "consent letters to whom said no"

#: Channels that somebody who reads a mail can agree to for that address.
_OF_MAIL = frozenset(Channel) - {Channel.PHONE, Channel.SMS}


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """What a mail needs so that one click ends it: the headers of RFC 2369 and RFC 8058, and the link for its text."""

    url: str

    @property
    def headers(self) -> Mapping[str, str]:
        """Both headers; RFC 8058 section 4 asks that DKIM signs them."""
        return {"List-Unsubscribe": f"<{self.url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


@dataclass(frozen=True, slots=True)
class Mailing:
    """What letters are asked for and written with; None of it where no mail server is set."""

    letters: LetterStore
    attempts: AttemptStore
    writer: LetterWriter


class ConsentLinks:
    """Makes links and does what they are for. Every method may raise UnavailableError."""

    def __init__(  # what it is wired with
        self,
        ledger: ConsentStore,
        limits: Callable[[], Limits],
        clock: Clock,
        pepper: bytes,
        pages: str,
        mailing: Mailing | None = None,
    ) -> None:
        """`pepper`: what tokens are signed with · `pages`: the address of the installation as people open it."""
        self._ledger = ledger
        self._limits = limits
        self._clock = clock
        self._pepper = pepper
        self._pages = pages
        self._mailing = mailing

    # ── unsubscribing ────────────────────────────────────────────────────────────────────────────

    def unsubscribe_link(self, about: Address | int, channel: Channel | None, purpose: str | None) -> Unsubscribing:
        """The link by which the owner of an address ends what goes there; it is good for ever.

        Raises ConflictError where nobody said under which address people reach this installation.
        """
        self._need_pages()
        subject = about if isinstance(about, int) else self._ledger.subject(about)
        token = leaving_token(Leaving(subject, channel, purpose), self._pepper)
        return Unsubscribing(f"{self._pages}/u/{token}")

    def leaving(self, token: str) -> Leaving:
        """What a link to unsubscribe is for; raises NotFoundError for one that was not made here."""
        link = leaving(token, self._pepper)
        if link is None:
            raise _nowhere()
        return link

    def unsubscribe(self, token: str) -> Leaving:
        """Record the opt-out of whoever followed a link; done twice it is done once. Raises NotFoundError."""
        link = self.leaving(token)
        events = self._ledger.events_of([link.subject]).get(link.subject, ())
        if not _left(events, link):
            now = self._clock.now()
            told = Told(link.subject, Act.OPT_OUT, Capture.LINK, link.channel, link.purpose, occurred_at=now)
            self._ledger.record([told], _BY_LINK, now)
        return link

    # ── confirming ───────────────────────────────────────────────────────────────────────────────

    def ask(self, address: Address, wording_id: str) -> datetime:
        """Have a mail sent that asks its reader to confirm a wording; until when its link is good.

        Raises NotFoundError for an unknown wording, ConflictError where no mail can be sent, or where the person said
        no and no yes waits for a confirmation, TooManyAttemptsError.
        """
        wording, mailing = self._wording(wording_id), self._mailing
        if mailing is None:
            raise ConflictError("this installation sends no letters", fix="set mail.server and mail.from")
        self._need_pages()
        if address.kind is not AddressKind.EMAIL or not wording.channels & _OF_MAIL:
            fix = "ask for an e-mail address and a wording for a channel other than phone and sms"
            raise ConflictError("a mail cannot confirm this", fix=fix)
        now, subject = self._clock.now(), self._ledger.subject(address)
        until, channels = now + timedelta(days=CONFIRM_DAYS), tuple(sorted(wording.channels & _OF_MAIL))
        link = Joining(subject, channels, wording.purpose, wording_edition(wording), now, until)
        said_no = self._said_no(subject)
        if said_no and not self._waits(link):
            fix = "they can agree anew with a form, and then confirm it"
            raise ConflictError("the person said no, and is not to be asked again by mail", fix=fix)
        topic, allowed = (_TO_WHOM_SAID_NO, _AFTER_NO) if said_no else (_TO_MAILBOX, OF_MAILBOX)
        wait = mailing.attempts.take(topic, address.text, allowed, now)
        if wait > 0.0:
            raise TooManyAttemptsError("it was asked for too often", retry_after=wait, fix="wait, then try again")
        content = {"address": address.text, "wording": wording.text, "until": until.isoformat()}
        mailing.letters.put(Kind.CONSENT, {**content, "token": joining_token(link, self._pepper)}, now)
        return until

    def letter(self, content: Mapping[str, str]) -> Letter | None:
        """The letter that asks for a confirmation; None when it is too late, or the person said no and no yes waits."""
        until, now = datetime.fromisoformat(content["until"]), self._clock.now()
        link = joining(content["token"], self._pepper)
        if self._mailing is None or link is None or until <= now:
            return None
        if self._said_no(link.subject) and not self._waits(link):
            return None
        told = content["address"], content["wording"], f"{self._pages}/c/{content['token']}"
        return self._mailing.writer.consent(*told, until, now)

    def joining(self, token: str) -> Joining:
        """What a link to confirm is for; raises NotFoundError for one that was not made here, or is too old."""
        link = joining(token, self._pepper)
        if link is None or link.until <= self._clock.now():
            raise _nowhere()
        return link

    def wording(self, link: Joining) -> str | None:
        """The words that a link asks to agree to; None where the policy does not hold that edition any more."""
        return next((each.text for each in self._limits().wordings if wording_edition(each) == link.wording), None)

    def confirm(self, token: str) -> Joining:
        """Record that whoever reads the mails of an address agreed; a link is good once. Raises NotFoundError."""
        link, now = self.joining(token), self._clock.now()
        evidence = f"confirmed the mail that was asked for at {link.asked_at.isoformat()}"
        since = [event for event in self._ledger.history(link.subject) if event.received_at >= link.asked_at]
        if any(event.act is Act.ERASED for event in since):  # and with it what tells whether the link was used
            raise _nowhere()
        confirmed = [event for event in since if event.how is Capture.DOUBLE_OPT_IN and event.wording == link.wording]
        if any(event.evidence == evidence for event in confirmed):
            return link
        told = [
            Told(
                about=link.subject,
                act=Act.GRANT,
                how=Capture.DOUBLE_OPT_IN,
                channel=channel,
                purpose=link.purpose,
                basis=EXPRESS,
                wording=link.wording,
                evidence=evidence,
                occurred_at=now,
            )
            for channel in link.channels
        ]
        self._ledger.record(told, _BY_LINK, now)
        return link

    def _wording(self, wording_id: str) -> Wording:
        found = self._limits().wording(wording_id)
        if found is None:
            raise NotFoundError(f"the policy has no wording `{wording_id[:40]}`", fix="see the wordings of the policy")
        return found

    def _waits(self, link: Joining) -> bool:
        """Whether a yes that came after every no waits for just this confirmation."""
        events, now = self._ledger.events_of([link.subject]).get(link.subject, ()), self._clock.now()
        others = self._limits().others(link.purpose)
        return any(fold(events, channel, link.purpose, now, others).waits for channel in link.channels)

    def _said_no(self, subject: int) -> bool:
        """Whether they ever said no to mails: to ask them again is what they did not want."""
        events = self._ledger.events_of([subject]).get(subject, ())
        return any(
            event.act in DENIALS and (event.act is Act.OBJECTION or event.channel in {None, Channel.EMAIL})
            for event in events
        )

    def _need_pages(self) -> None:
        if not self._pages:
            fix = "set mail.address_of_pages to the address of this installation as people open it"
            raise ConflictError("links would lead nowhere", fix=fix)


def _left(events: Sequence[ConsentEvent], link: Leaving) -> bool:
    """Whether this very link was followed before, and nothing has been agreed to since."""
    mine = [
        event.number
        for event in events
        if event.how is Capture.LINK and (event.channel, event.purpose) == (link.channel, link.purpose)
    ]
    agreed = [event.number for event in events if event.act is Act.GRANT]
    return bool(mine) and max(mine) > max(agreed, default=-1)


def _nowhere() -> NotFoundError:
    return NotFoundError("this link leads nowhere", fix="use the one of the newest mail")
