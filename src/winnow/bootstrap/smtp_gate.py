"""Wiring of the gate where mail leaves: whom it asks, where mail goes on to, and what its settings say."""

import re
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from winnow.adapters.db.relayed import StoredRelays
from winnow.adapters.mail.relay import SmtpCarrier
from winnow.adapters.mail.server import MailServer, Security
from winnow.bootstrap.gatekeeping import make_gatekeeper
from winnow.bootstrap.mail_judge import GateJudge
from winnow.bootstrap.mailing import make_consent_links, pages_of
from winnow.bootstrap.service import Service
from winnow.bootstrap.smtp_ready import login_doubts, server_doubt
from winnow.bootstrap.systems import make_systems
from winnow.config import Config
from winnow.core.govern.identity import AddressKind, email_identity
from winnow.core.govern.limits import PurposeKind
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address
from winnow.errors import InvalidInputError, NotFoundError, WinnowError
from winnow.ports.outgoing import Carrier
from winnow.services.mail_gate import Link, MailGate, uses_of
from winnow.services.systems import SystemDesk

_MOST_PORT = 65_535
_MEGABYTE = 1_000_000
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_PLACE = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """What the settings say of the gate itself.

    name: what it calls itself · most_bytes: of a message · keep: a List-Unsubscribe that is there stays
    """

    host: str
    port: int
    name: str
    most_bytes: int
    most_connections: int
    most_recipients: int
    keep: bool
    tls: ssl.SSLContext | None


@dataclass(frozen=True, slots=True)
class SmtpParts:
    """What a server of the gate works with.

    carrier: makes a connection to the next server · link: makes the address to unsubscribe at
    refresh: learns which keys are valid; to be called all the time
    doubts, server_doubt: what keeps some mail from leaving just now, to be told before anything is served
    """

    settings: SmtpSettings
    desk: MailGate
    carrier: Callable[[], Carrier]
    link: Link
    now: Callable[[], datetime]
    refresh: Callable[[], bool]
    folder: Path
    doubts: tuple[WinnowError, ...]
    server_doubt: Callable[[], WinnowError | None]


def make_smtp_gate(service: Service) -> SmtpParts:
    """The parts of a service; raises InvalidInputError for settings that do not fit, or under which nothing leaves."""
    config, settings = service.config, smtp_settings(service.config)
    uses = uses_of(config.texts("smtp_gate.logins"), "smtp_gate.logins")
    if not uses:
        fix = "give KEY=SYSTEM:PURPOSE, with the id of a key that has the scope permits:write"
        raise InvalidInputError("nobody could log in", where="smtp_gate.logins", fix=fix)
    server = next_server(config)
    place, link, doubts = _place(config), _link(service), login_doubts(service, uses)
    judge = GateJudge(make_gatekeeper(service), _Inputs(make_systems(service)), place)
    relays = StoredRelays(service.engine, service.vault, service.journal)
    return SmtpParts(
        settings,
        MailGate(service.key_ring, uses, judge, relays, service.clock),
        lambda: SmtpCarrier(server, settings.name),
        link,
        service.clock.now,
        service.key_ring.refresh,
        service.folder,
        doubts,
        lambda: server_doubt(SmtpCarrier(server, settings.name)),
    )


def smtp_settings(config: Config) -> SmtpSettings:
    """What the settings say; raises InvalidInputError."""
    host, name = config.text("smtp_gate.host"), config.text("smtp_gate.name")
    if not _NAME.fullmatch(name):
        fix = "write it like gate.bluebird.example"
        raise InvalidInputError(f"`{name[:60]}` is no name of a machine", where="smtp_gate.name", fix=fix)
    tls = _tls(config)
    if tls is None and host not in _LOCAL:
        what = "from other machines nobody could log in, as passwords are taken under encryption only"
        raise InvalidInputError(what, where="smtp_gate.certificate", fix="name a certificate, or listen on 127.0.0.1")
    return SmtpSettings(
        host=host,
        port=config.count("smtp_gate.port", most=_MOST_PORT),
        name=name,
        most_bytes=config.count("smtp_gate.most_megabytes", most=1000) * _MEGABYTE,
        most_connections=config.count("smtp_gate.most_connections", most=10_000),
        most_recipients=config.count("smtp_gate.most_recipients", most=1000),
        keep=_one_of(config, "smtp_gate.list_unsubscribe", ("replace", "keep")) == "keep",
        tls=tls,
    )


def next_server(config: Config) -> MailServer:
    """The server that takes mail further; raises InvalidInputError."""
    host, user = config.text("smtp_gate.server").strip(), config.text("smtp_gate.server_user")
    if not host:
        fix = "name the mail server that takes further what may leave"
        raise InvalidInputError("mail could go nowhere", where="smtp_gate.server", fix=fix)
    security = Security(_one_of(config, "smtp_gate.server_security", tuple(Security)))
    if security is Security.NONE and user and host not in _LOCAL:
        what = "the password would be sent in the clear"
        raise InvalidInputError(what, where="smtp_gate.server_security", fix="use starttls or tls")
    port = config.count("smtp_gate.server_port", most=_MOST_PORT)
    return MailServer(host, port, security, "", user, config.text("smtp_gate.server_password"))


def _tls(config: Config) -> ssl.SSLContext | None:
    certificate = config.path("smtp_gate.certificate")
    if certificate is None:
        return None
    key = config.path("smtp_gate.key")
    _need_readable(certificate, "smtp_gate.certificate")
    if key is not None:
        _need_readable(key, "smtp_gate.key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as wrong:
        what = f"the certificate cannot be used: {str(wrong.strerror or wrong).lower()}"
        fix = "name a PEM file with the certificate, and in smtp_gate.key one with its key"
        raise InvalidInputError(what, where="smtp_gate.certificate", fix=fix) from None
    return context


def _need_readable(path: Path, where: str) -> None:
    """Raise InvalidInputError for a file that is not there or may not be read: the library tells not which of two."""
    try:
        with path.open("rb"):
            return
    except OSError as error:
        what = f"`{path}` cannot be read: {(error.strerror or str(error)).lower()}"
        fix = "give the path of a PEM file that whoever runs the gate may read"
        raise InvalidInputError(what, where=where, fix=fix) from None


def _one_of(config: Config, name: str, known: Iterable[str]) -> str:
    value = config.text(name).strip().lower()
    if value not in known:
        raise InvalidInputError(f"`{value[:20]}` is not known", where=name, fix=f"use {', '.join(known)}")
    return value


def _place(config: Config) -> str | None:
    place = config.text("smtp_gate.place").strip()
    if place and not _PLACE.fullmatch(place):
        raise InvalidInputError(f"`{place[:20]}` is no place", where="smtp_gate.place", fix="write DE or US-CA")
    return place or None


def _link(service: Service) -> Link:
    """Makes the link of a recipient; nobody unsubscribes from what they asked for or a contract needs."""
    if not pages_of(service.config):
        fix = "give the address of this installation as people open it (https://winnow.example)"
        raise InvalidInputError("mail would have no link to unsubscribe", where="mail.address_of_pages", fix=fix)
    links, live = make_consent_links(service), service.live

    def link(address: str, purpose: str) -> str | None:
        known = live.ruleset().policy.limits.purpose(purpose)
        if known is not None and known.kind is PurposeKind.SERVICE:
            return None
        about = Address(AddressKind.EMAIL, email_identity(address))
        return links.unsubscribe_link(about, Channel.EMAIL, purpose).url

    return link


class _Inputs:
    """What data a system works with, by the register: whoever hands in a mail does not say."""

    def __init__(self, systems: SystemDesk) -> None:
        self._systems = systems

    def __call__(self, system: str) -> Iterable[str]:
        try:
            return self._systems.registered(system).system.inputs
        except NotFoundError:
            return ()
