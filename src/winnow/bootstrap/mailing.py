"""Wiring of letters to people: the mail server, the words, where they wait. Without a server nothing is ever sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from winnow.adapters.db.attempts import StoredAttempts
from winnow.adapters.db.letters import StoredLetters, StoredQueue
from winnow.adapters.mail.server import MailServer, Security
from winnow.adapters.mail.words import WrittenLetters
from winnow.bootstrap.consenting import make_links
from winnow.bootstrap.people import make_people
from winnow.config import Config
from winnow.core.people.accounts import address_of
from winnow.errors import InvalidInputError
from winnow.ports.mail import Kind, Letter, LetterWriter, Post
from winnow.services.consent import ConsentLinks
from winnow.services.consent.links import Mailing as ConsentMailing
from winnow.services.digest import DigestDesk, Hour
from winnow.services.letters import MailRoom, Write, link_letter
from winnow.services.people import PeopleDesk

if TYPE_CHECKING:
    from winnow.bootstrap.service import Service

#: Where one click on "unsubscribe" is posted to, with the token at its end.
UNSUBSCRIBE_PATH = "/v1/digest/off"

#: Whom the decision log names for links that are sent by mail.
_ACTOR = "mail"
_MOST_PORT, _HOURS = 65_535, 24
#: Seconds between two looks for letters that wait.
_IDLE_SECONDS = 2.0
#: Seconds between two looks whether it is time for the digest.
_DIGEST_SECONDS = 60.0
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Mail:
    """Letters of an installation; `post` carries one at once."""

    room: MailRoom
    post: Post


class Mailing:
    """Sends what waits, and has the digest sent when its hour comes; for one thread."""

    def __init__(self, service: "Service") -> None:
        mail = make_mail(service)
        self.needed = mail is not None
        self._room = mail.room if mail else None
        self._digest = make_digest(service)
        self._look_at = 0.0

    def step(self) -> float:
        """Send a letter; returns in how many seconds to look again."""
        if self._room is None:
            return _IDLE_SECONDS
        if monotonic() >= self._look_at:
            self._digest.put_due()
            self._look_at = monotonic() + _DIGEST_SECONDS
        return 0.0 if self._room.send_one() else _IDLE_SECONDS


def make_mail(service: "Service") -> Mail | None:
    """What sends letters; None where no mail server is set. Raises InvalidInputError for settings that do not fit."""
    server = mail_server(service.config)
    if server is None:
        return None
    from winnow.adapters.mail.smtp import SmtpPost  # noqa: PLC0415  # a start without a server is quicker

    post, clock = SmtpPost(server), service.clock
    letters, attempts = StoredLetters(service.engine, service.vault), StoredAttempts(service.engine, service.vault)
    writes = _writes(service, make_people(service).desk, make_writer(service.config), make_digest(service))
    return Mail(MailRoom(letters, attempts, post, writes, clock), post)


def make_digest(service: "Service") -> DigestDesk:
    """The digest of a service; without a mail server good for looking at it."""
    stores = service.people, StoredLetters(service.engine, service.vault), StoredQueue(service.engine)
    pages, config = pages_of(service.config), service.config
    unsubscribe = service.keys.hashing("digest links"), f"{pages}{UNSUBSCRIBE_PATH}/{{}}".format
    return DigestDesk(stores, make_writer(config), hour_of(config), service.clock, unsubscribe)


def make_consent_links(service: "Service") -> ConsentLinks:
    """What makes links to unsubscribe and to confirm; without a mail server it asks nobody to confirm anything."""
    mailing, engine, vault = None, service.engine, service.vault
    if mail_server(service.config) is not None:
        writer = make_writer(service.config)
        mailing = ConsentMailing(StoredLetters(engine, vault), StoredAttempts(engine, vault), writer)
    return make_links(service, pages_of(service.config), mailing)


def make_writer(config: Config) -> LetterWriter:
    """What puts letters into words."""
    return WrittenLetters(pages_of(config), zone_of(config))


def mail_server(config: Config) -> MailServer | None:
    """The mail server of the settings; None where none is named."""
    host = config.text("mail.server").strip()
    if not host:
        return None
    sender, user = _address(config.text("mail.from")), config.text("mail.user")
    if not config.text("mail.address_of_pages"):
        fix = "give the address of this installation as people open it"
        raise InvalidInputError("letters would have no links", where="mail.address_of_pages", fix=fix)
    pages_of(config)
    security = _security(config.text("mail.security"))
    if security is Security.NONE and user and host not in _LOCAL:
        what = "the password would be sent in the clear"
        raise InvalidInputError(what, where="mail.security", fix="use starttls or tls")
    port = config.count("mail.port", most=_MOST_PORT)
    return MailServer(host, port, security, sender, user, config.text("mail.password"))


def pages_of(config: Config) -> str:
    """The address of the installation as people open it, without a slash at its end; empty if none is set."""
    address = config.text("mail.address_of_pages").strip().rstrip("/")
    parts = urlsplit(address)
    plain = parts.scheme in {"http", "https"} and parts.netloc and not (parts.query or parts.fragment or "@" in address)
    if address and not (plain and address.isprintable() and " " not in address):
        what = f"`{address[:60]}` is no address of pages"
        raise InvalidInputError(what, where="mail.address_of_pages", fix="write it like https://winnow.example")
    return address


def hour_of(config: Config) -> Hour:
    """When the digest is sent."""
    text = config.text("mail.digest_at").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) < _HOURS):  # noqa: PLR2004
        raise InvalidInputError(f"`{text[:20]}` is no hour", where="mail.digest_at", fix="give 0 to 23, or nothing")
    return Hour(int(text) if text else None, zone_of(config))


def zone_of(config: Config) -> ZoneInfo:
    """The time zone that letters tell times in."""
    name = config.text("mail.time_zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = f"`{name[:40]}` is no time zone"
        raise InvalidInputError(what, where="mail.time_zone", fix="write it like Europe/Zagreb") from None


def _writes(service: "Service", desk: PeopleDesk, writer: LetterWriter, digest: DigestDesk) -> Mapping[Kind, Write]:
    def invitation(content: Mapping[str, str]) -> Letter | None:
        account = service.people.account(content["person"])
        until, now = datetime.fromisoformat(content["until"]), service.clock.now()
        if account is None or account.person.disabled_at is not None or until <= now:
            return None
        return link_letter(writer, account.person, content["token"], until, now)

    def reset(content: Mapping[str, str]) -> Letter | None:
        link = desk.reset_asked(content["email"], _ACTOR)
        if link is None:
            return None
        return link_letter(writer, link.person, link.token, link.until, service.clock.now())

    consent = make_consent_links(service).letter
    return {Kind.INVITATION: invitation, Kind.RESET: reset, Kind.DIGEST: digest.letter, Kind.CONSENT: consent}


def _address(text: str) -> str:
    try:
        return address_of(text)
    except InvalidInputError:
        fix = "write it like winnow@bluebird.example"
        raise InvalidInputError(f"`{text[:60]}` is no mail address", where="mail.from", fix=fix) from None


def _security(text: str) -> Security:
    try:
        return Security(text.strip().lower())
    except ValueError:
        known = ", ".join(Security)
        raise InvalidInputError(f"`{text[:20]}` is not known", where="mail.security", fix=f"use {known}") from None
