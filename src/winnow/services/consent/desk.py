"""What people said about contact is recorded, looked up and told why it counts; addresses are linked on evidence."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from winnow.core.govern.consent import DENIALS, EXPRESS, Act, Capture, ConsentEvent, Standing, fold
from winnow.core.govern.identity import AddressKind, is_plain
from winnow.core.govern.limits import Limits
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address, Told, basis_of, time_of_no, wording_edition
from winnow.errors import InvalidInputError, NotAllowedError, NotFoundError
from winnow.ports import Clock
from winnow.ports.consent import Addressed, ConsentStore, Link

#: Events that one request may hold, all of them recorded or none.
MOST_EVENTS = 1_000

#: By so much a clock elsewhere may be ahead.
_SKEW = timedelta(minutes=5)
_BASIS = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_WORDING = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,119}")
_DIGITS = 12


class By(StrEnum):
    """Who records: a program can tell what a form was sent with, people and operators what they heard or read."""

    PROGRAM = "program"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who records something; `lifts_bars`: may say that a law or a register forbids something no more."""

    id: str
    by: By
    lifts_bars: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """An event as somebody states it; the fields are those of ConsentEvent.

    address: an e-mail address or telephone number as given, or a subject's number · country: for numbers without one
    how: None: a form if a program tells of a grant, else as somebody of the company recorded
    script, words, spoken_by: of what was said aloud: what the person was read, what they said, who heard it
    """

    act: Act
    email: str | None = None
    phone: str | None = None
    country: str | None = None
    subject: int | None = None
    channel: Channel | None = None
    purpose: str | None = None
    how: Capture | None = None
    basis: str | None = None
    wording: str | None = None
    evidence: str | None = None
    occurred_at: datetime | None = None
    expires_at: datetime | None = None
    script: str | None = None
    words: str | None = None
    spoken_by: str | None = None


@dataclass(frozen=True, slots=True)
class For:
    """How things stand for one channel and purpose."""

    channel: Channel
    purpose: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known about contact with one address.

    address: None where it was erased or never told · events: the oldest first · links: to other addresses
    """

    subject: int
    address: Address | None
    standings: tuple[For, ...]
    events: tuple[ConsentEvent, ...]
    links: tuple[Link, ...]

    @property
    def kind(self) -> AddressKind | None:
        """Whether it is a mail address or a telephone number; None where that is not known."""
        return None if self.address is None else self.address.kind


class ConsentDesk:
    """Where consent is recorded and asked about. Every method may raise UnavailableError."""

    def __init__(self, ledger: ConsentStore, addressed: Addressed, limits: Callable[[], Limits], clock: Clock) -> None:
        self._ledger = ledger
        self._addressed = addressed
        self._limits = limits
        self._clock = clock

    # ── recording ────────────────────────────────────────────────────────────────────────────────

    def record(self, said: Sequence[Said], recorder: Recorder) -> tuple[int, ...]:
        """Record events, all or none; their numbers. Raises InvalidInputError for one that cannot be as it is."""
        if not 1 <= len(said) <= MOST_EVENTS:
            what = f"{len(said)} events at once"
            raise InvalidInputError(what, where="events", fix=f"send 1 to {MOST_EVENTS:,}")
        now = self._clock.now()
        return self._ledger.record([self.told(each, recorder, now) for each in said], recorder.id, now)

    def told(self, said: Said, recorder: Recorder, now: datetime) -> Told:
        """What is recorded of an event as it is stated; raises InvalidInputError, NotAllowedError."""
        how = said.how or (Capture.FORM if _is_form(said, recorder) else Capture.REP)
        if said.act not in DENIALS and said.occurred_at is not None and said.occurred_at > now + _SKEW:
            raise _refused("it happens in the future", "occurred_at", "say when the person acted")
        if said.wording is not None and not _WORDING.fullmatch(said.wording):
            raise _refused("this is no id of a wording", "wording", "use letters, digits, . _ : - and @")
        about = self._about(said)
        if said.act is Act.GRANT:
            return self._grant(said, about, how, recorder, now)
        return self._other(said, about, how, recorder)

    def _other(self, said: Said, about: Address | int, how: Capture, recorder: Recorder) -> Told:
        _check_other(said, how, recorder)
        purpose = said.purpose
        if purpose is not None and self._limits().purpose(purpose) is None:
            raise self._no_purpose(purpose)
        return Told(
            about,
            said.act,
            how,
            None if said.act is Act.OBJECTION else said.channel,
            purpose,
            wording=said.wording,
            evidence=said.evidence,
            occurred_at=time_of_no(said.occurred_at) or (self._clock.now() if said.act is Act.BAR_LIFTED else None),
            expires_at=said.expires_at,
        )

    def _grant(self, said: Said, about: Address | int, how: Capture, recorder: Recorder, now: datetime) -> Told:
        if said.channel is None or said.purpose is None:
            raise _refused("a yes to everything is none", "channel", "name one channel and one purpose")
        if self._limits().purpose(said.purpose) is None:
            raise self._no_purpose(said.purpose)
        if said.expires_at is not None and said.expires_at <= now:
            raise _refused("it expired already", "expires_at", "leave it out, or record nothing")
        read = self._read(said, how, recorder)
        return Told(about, Act.GRANT, how, said.channel, said.purpose, *read, said.occurred_at, said.expires_at)

    def _read(self, said: Said, how: Capture, recorder: Recorder) -> tuple[str, str | None, str | None]:
        """Basis, wording and evidence of a grant, by how it was given."""
        if how is Capture.FORM:
            return self._by_form(said, recorder)
        if how is Capture.VERBAL:
            return self._by_word(said, recorder)
        return _by_hearsay(said, how)

    def _by_form(self, said: Said, recorder: Recorder) -> tuple[str, str | None, str | None]:
        if recorder.by is not By.PROGRAM:
            fix = "record what they said (`verbal`), or have them send the form"
            raise NotAllowedError("a person cannot send a form in somebody's place", where="how", fix=fix)
        known = None if said.wording is None else self._limits().wording(said.wording)
        if known is None or said.channel not in known.channels or said.purpose != known.purpose:
            fix = "name a wording of the policy that is for this channel and purpose"
            raise _refused("nobody knows to which words the person agreed", "wording", fix)
        if said.basis not in {None, EXPRESS}:
            raise _refused("a form gives an express consent", "basis", "leave it out")
        return basis_of(known), wording_edition(known), said.evidence

    def _by_word(self, said: Said, recorder: Recorder) -> tuple[str, str | None, str | None]:
        given = {"occurred_at": said.occurred_at, "script": said.script, "words": said.words}
        missing = [name for name, each in given.items() if not each]
        if missing or not said.script:
            fix = "say who heard it, when, what the person was read, and what they said"
            raise _refused(f"`{missing[0]}` is missing of what was said aloud", missing[0], fix)
        known = self._limits().wording(said.script)
        edition = f"script@{sha256(said.script.encode()).hexdigest()[:_DIGITS]}"
        heard = {"heard_by": said.spoken_by or recorder.id, "script": said.script, "words": said.words}
        if said.evidence:
            heard["evidence"] = said.evidence
        basis = EXPRESS if known is None else basis_of(known)
        return basis, wording_edition(known) if known else edition, json.dumps(heard, ensure_ascii=False)

    def _about(self, said: Said) -> Address | int:
        given = [each for each in (said.email, said.phone, said.subject) if each is not None]
        if len(given) != 1:
            raise _refused("it is not clear whom it is about", "email", "give one of email, phone and subject")
        if said.subject is not None:
            return said.subject
        return self.address(said.email, said.phone, said.country, sure=True)

    def address(self, email: str | None, phone: str | None, country: str | None, *, sure: bool = False) -> Address:
        """An address in its one spelling; raises InvalidInputError.

        sure: not a telephone number without its country, nor an e-mail address that mail programs may take for another
        or for several: nobody could find again what is recorded of it
        """
        kind, text = (AddressKind.EMAIL, email) if email is not None else (AddressKind.PHONE, phone or "")
        found = self._addressed(kind, text, country)
        if found is None:
            fix = "write it like ana@bluebird.example" if kind is AddressKind.EMAIL else "write it like +493012345678"
            raise _refused(_NO_ADDRESS[kind], kind.value, fix)
        if sure and kind is AddressKind.PHONE and not found.text.startswith("+"):
            raise _refused("this number may be several people's", "phone", "write it with its country, like +49…")
        if sure and kind is AddressKind.EMAIL and not is_plain(found.text):
            fix = "write one address, like ana@bluebird.example, without quotes and comments"
            raise _refused("this may be taken for another address, or for several", "email", fix)
        return found

    def _no_purpose(self, purpose: str) -> InvalidInputError:
        declared = ", ".join(each.name for each in self._limits().purposes)
        return _refused(f"the policy has no purpose `{purpose[:40]}`", "purpose", f"use {declared}")

    # ── asking ───────────────────────────────────────────────────────────────────────────────────

    def subject(self, address: Address) -> int:
        """The number that stands for an address."""
        return self._ledger.subject(address)

    def standing(self, subject: int, channel: Channel, purpose: str) -> Standing:
        """How things stand for one channel and purpose."""
        events, others = self._ledger.events_of([subject]).get(subject, ()), self._limits().others(purpose)
        return fold(events, channel, purpose, self._clock.now(), others)

    def known(self, subject: int) -> Known:
        """All that is known about an address; raises NotFoundError where nothing is."""
        events, links = tuple(self._ledger.history(subject)), tuple(self._ledger.links(subject))
        if not events and not links:
            raise NotFoundError("nothing was ever recorded about this address", fix="search for the address itself")
        return Known(subject, self._ledger.address(subject), self._standings(events), events, links)

    def search(self, email: str | None, phone: str | None, country: str | None) -> Known:
        """The same for an address; one that nothing is known of is answered, too."""
        if (email is None) == (phone is None):
            raise _refused("it is not clear what to look for", "email", "give either email or phone")
        address = self.address(email, phone, country)
        subject = self._ledger.subject(address)
        events, links = tuple(self._ledger.history(subject)), tuple(self._ledger.links(subject))
        return Known(subject, address, self._standings(events), events, links)

    def _standings(self, events: Sequence[ConsentEvent]) -> tuple[For, ...]:
        now, limits = self._clock.now(), self._limits()
        others = {each.name: limits.others(each.name) for each in limits.purposes}
        return tuple(
            For(channel, purpose, fold(events, channel, purpose, now, others[purpose]))
            for channel in Channel
            for purpose in others
        )

    # ── identity ─────────────────────────────────────────────────────────────────────────────────

    def merge(self, pair: tuple[Address, Address], evidence: str, actor: str) -> int:
        """Note that two addresses are one person's; the denials of each count for both from now on."""
        if not evidence.strip():
            raise _refused("addresses are not linked without evidence", "evidence", "say how it is known")
        if pair[0] == pair[1]:
            raise _refused("this is one address", "other", "give two")
        return self._ledger.merge(pair, evidence, actor, self._clock.now())

    def unmerge(self, pair: tuple[int, int], evidence: str, actor: str) -> int:
        """Take that back; what counts as denied for each stays so."""
        if not evidence.strip():
            raise _refused("a link is not taken back without evidence", "evidence", "say how it is known")
        return self._ledger.unmerge(pair, evidence, actor, self._clock.now())

    def erase(self, subjects: Sequence[int], actor: str) -> None:
        """Make unreadable what is personal and void all grants; denials stay."""
        self._ledger.erase(subjects, actor, self._clock.now())


_NO_ADDRESS: Mapping[AddressKind, str] = {
    AddressKind.EMAIL: "this is no mail address",
    AddressKind.PHONE: "this is no telephone number",
}
#: What nobody can tell of in somebody else's place.
_OURS = frozenset({Capture.DOUBLE_OPT_IN, Capture.MERGE})


def _is_form(said: Said, recorder: Recorder) -> bool:
    return said.act is Act.GRANT and recorder.by is By.PROGRAM and said.wording is not None


def _check_other(said: Said, how: Capture, recorder: Recorder) -> None:
    if said.act is Act.ERASED:
        raise _refused("an erasure is not told, it is done", "act", "use the request of the person")
    if how in _OURS:
        raise _refused(f"`{how}` is nobody's to tell but Winnow's", "how", "leave it out")
    if said.act in {Act.BAR, Act.BAR_LIFTED} and not (said.evidence or "").strip():
        raise _refused("nobody could tell which law or register it is", "evidence", "name it")
    if said.act is Act.BAR_LIFTED and not recorder.lifts_bars:
        fix = "ask somebody who signs off, such as the privacy officer"
        raise NotAllowedError("a bar of the law is not yours to lift", where="act", fix=fix)
    if said.act in DENIALS - {Act.BAR} and said.expires_at is not None:
        raise _refused("a no does not expire", "expires_at", "leave it out")
    if said.basis is not None:
        raise _refused("only a grant has a basis", "basis", "leave it out")


def _by_hearsay(said: Said, how: Capture) -> tuple[str, str | None, str | None]:
    """What others say, or the company itself: never outweighs a no, and needs something to show."""
    if how in _OURS or how is Capture.ENRICHMENT:
        raise _refused(f"`{how}` is no consent", "how", "record only what the person did")
    if not (said.evidence or "").strip():
        raise _refused("nothing shows that the person agreed", "evidence", "say where it can be seen")
    basis = said.basis or ""
    if not _BASIS.fullmatch(basis):
        raise _refused("it is not said what it rests on", "basis", f"use `{EXPRESS}`, or `purchase` or the like")
    if how in {Capture.REP, Capture.REPLY, Capture.LINK, Capture.SIGNAL} and basis == EXPRESS:
        fix = "record what they said (`verbal`), or have them confirm by mail"
        raise _refused("an entry of the company's is not the person's yes", "how", fix)
    return basis, said.wording, said.evidence


def _refused(what: str, where: str, fix: str) -> InvalidInputError:
    return InvalidInputError(what, where=where, fix=fix)
