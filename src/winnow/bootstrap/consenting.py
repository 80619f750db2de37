"""Wiring of consent: the ledger, the spelling of addresses, files, and the links that people follow."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.standings import StoredStandings
from winnow.adapters.facts.phones import Phones
from winnow.adapters.files.cells import csv_cell
from winnow.core.govern.identity import AddressKind, bare, email_identity, phone_identity
from winnow.core.govern.limits import Limits
from winnow.core.govern.told import Address
from winnow.services.consent import EXPORTED, ConsentDesk, ConsentFiles, ConsentLinks
from winnow.services.consent.links import Mailing

if TYPE_CHECKING:
    from winnow.bootstrap.service import Service

_EMAIL = re.compile(r"[^\s@]+(?:@[^\s@]+)+")
_LONGEST = 320
_FEWEST_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent of an installation; `ledger` is what the gate asks."""

    ledger: StoredConsent
    desk: ConsentDesk
    files: ConsentFiles
    links: ConsentLinks


def make_ledger(service: "Service") -> StoredConsent:
    """The ledger of a service."""
    return StoredConsent(service.engine, service.vault, service.journal)


def make_standings(service: "Service") -> StoredStandings:
    """How things stand for very many addresses, as the policy in force has it."""
    limits = limits_of(service)
    return StoredStandings(service.engine, lambda purpose: limits().others(purpose))


def make_links(service: "Service", pages: str, mailing: Mailing | None) -> ConsentLinks:
    """What makes links and does what they are for."""
    pepper = service.keys.hashing("consent links")
    return ConsentLinks(make_ledger(service), limits_of(service), service.clock, pepper, pages, mailing)


def make_consent(service: "Service", links: ConsentLinks) -> Consent:
    """Everything about consent."""
    ledger, limits = make_ledger(service), limits_of(service)
    desk = ConsentDesk(ledger, addressed, limits, service.clock)
    return Consent(ledger, desk, ConsentFiles(desk, ledger, limits, service.clock), links)


def limits_of(service: "Service") -> Callable[[], Limits]:
    """The limits of the policy in force, whenever it is asked."""
    return lambda: service.live.ruleset().policy.limits


def addressed(kind: AddressKind, text: str, country: str | None) -> Address | None:
    """An address in its one spelling; None for what cannot be one."""
    text = bare(text)
    if len(text) > _LONGEST:
        return None
    if kind is AddressKind.EMAIL:
        return Address(kind, email_identity(text)) if _EMAIL.fullmatch(text) else None
    facts = _phones().facts(text, country)
    number = facts.e164 if facts is not None and facts.e164 is not None else phone_identity(text)
    fits = number.removeprefix("+").isdigit() and len(number) >= _FEWEST_DIGITS
    return Address(kind, number) if fits else None


@lru_cache(maxsize=1)
def _phones() -> Phones:
    return Phones()


def consent_csv(rows: Iterable[Mapping[str, str]]) -> Iterable[str]:
    """Rows of an export as lines of a CSV file, in which no cell is a formula."""
    yield ",".join(EXPORTED) + "\n"
    for row in rows:
        yield ",".join(csv_cell(row[name]) for name in EXPORTED) + "\n"
