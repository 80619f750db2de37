"""A gate over a real store, with a system that may act and people who agreed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from winnow.adapters.db.consent import StoredConsent
from winnow.bootstrap.desks import Desks
from winnow.bootstrap.gatekeeping import make_gatekeeper, sources_of
from winnow.bootstrap.service import Service
from winnow.core.govern.ask import Ask
from winnow.core.govern.consent import EXPRESS, Act, Capture
from winnow.core.govern.identity import AddressKind, identity_of
from winnow.core.govern.systems import AiSystem, Mode, Standing, Status
from winnow.core.govern.terms import Action, Channel
from winnow.core.govern.told import Address, Told
from winnow.ports.gate import Recipient
from winnow.services.gatekeep import Gatekeeper

MAILER = AiSystem(
    id="mailer",
    name="Mailer",
    purpose="writes newsletters",
    version="1",
    purposes=frozenset({"marketing", "service"}),
    owner="pe_owner",
    inputs=frozenset({"contact", "company"}),
    actions=frozenset(Action),
    channels=frozenset(Channel),
    status=Status.LIVE,
    next_review=date(2027, 6, 1),
)
ACTS = Standing(Mode.LIVE)
ASK = Ask("mailer", Action.CONTACT, "marketing", Channel.EMAIL, ("contact",), (), "the newsletter they asked for")


def recipient(text: str, place: str | None = "DE", zone: str | None = None) -> Recipient:
    kind = AddressKind.EMAIL if "@" in text else AddressKind.PHONE
    return Recipient(Address(kind, identity_of(kind, text)), text, place, zone)


def gatekeeper(service: Service, **changed: Any) -> Gatekeeper:
    """The gate of a service in which the mailer is registered, signed and live; `changed`: other sources of facts."""
    changed.setdefault("system", lambda name: (MAILER, ACTS) if name == MAILER.id else None)
    return make_gatekeeper(service, replace(sources_of(service), **changed))


@contextmanager
def knowing_the_mailer(desks: Desks, service: Service) -> Iterator[Gatekeeper]:
    """The gate of a running application, asked with such a register in place of its own."""
    real, known = desks.gate.keeper, gatekeeper(service)
    object.__setattr__(desks.gate, "keeper", known)
    yield known
    object.__setattr__(desks.gate, "keeper", real)


def consent_of(service: Service) -> StoredConsent:
    return StoredConsent(service.engine, service.vault, service.journal)


def agree(service: Service, people: Sequence[Recipient], channel: Channel = Channel.EMAIL) -> None:
    """Each of them said yes to marketing, in writing."""
    _told(service, people, Act.GRANT, channel=channel, purpose="marketing", basis=EXPRESS, wording="newsletter@1")


def opt_out(service: Service, people: Sequence[Recipient]) -> None:
    """Each of them unsubscribed with one click."""
    _told(service, people, Act.OPT_OUT, Capture.LINK)


def _told(service: Service, people: Sequence[Recipient], act: Act, how: Capture = Capture.FORM, **said: Any) -> None:
    now = service.clock.now()
    told = [Told(each.address, act, how, occurred_at=now, **said) for each in people]
    consent_of(service).record(told, "test", now)
