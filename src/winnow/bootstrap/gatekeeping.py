"""Wiring of the gate: where its facts come from, what it signs with, where its answers are kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from winnow.adapters.db.ai_decisions import StoredAiDecisions
from winnow.adapters.db.consent import StoredConsent
from winnow.adapters.db.permit_answers import StoredAnswers
from winnow.adapters.db.permits import StoredPermits
from winnow.adapters.facts.timezones import hours_at
from winnow.adapters.keys import LogSigner, new_id, token_bytes, verify_signature
from winnow.bootstrap.consenting import addressed, make_ledger, make_standings
from winnow.bootstrap.files import reference
from winnow.bootstrap.policy import make_policy
from winnow.bootstrap.service import Service
from winnow.bootstrap.systems import make_systems
from winnow.core.govern.ask import NotKnown
from winnow.core.govern.identity import AddressKind, email_identity, is_plain
from winnow.core.govern.systems import AiSystem, Standing
from winnow.core.govern.told import Address
from winnow.core.keys import email_key
from winnow.core.lists import ListEntry, ListIndex, ListKind
from winnow.errors import NotFoundError
from winnow.ports.gate import AnswerList, PolicyInForce, Recipient, Seal, Sources
from winnow.services.ai_decisions import AiDecisionDesk
from winnow.services.gatekeep import Gatekeeper
from winnow.services.serving import ServeDesk
from winnow.services.systems import SystemDesk

if TYPE_CHECKING:
    from winnow.core.policy import Policy


def permit_signer(service: Service) -> LogSigner:
    """What permits are signed with; its key is published."""
    return service.keys.permits(f"{service.origin}/permits")


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate of an installation, and what is asked beside it.

    recipient: somebody by an address as it was written, with place and time zone
    answers: what it answered, one after the other
    of_lead: somebody by the id of a lead and its source; None: there is no such lead, or it has no address
    """

    keeper: Gatekeeper
    answers: AnswerList
    ai_decisions: AiDecisionDesk
    serving: ServeDesk
    recipient: Callable[[AddressKind, str, str | None, str | None], Recipient]
    of_lead: Callable[[str, str | None], Recipient | None]
    of_subject: Callable[[int], Recipient | None]


def make_gate(service: Service) -> Gate:
    """The gate of a service."""
    keeper, sources = make_gatekeeper(service), sources_of(service)
    stored = StoredAiDecisions(service.engine, service.vault)
    return Gate(
        keeper,
        StoredAnswers(service.engine, service.vault),
        AiDecisionDesk(stored, sources.policy, sources.system, sources.subject, service.clock),
        ServeDesk(keeper.checks, sources.hits, service.clock),
        recipient,
        partial(_of_lead, service),
        partial(_of_subject, make_ledger(service)),
    )


def make_gatekeeper(service: Service, sources: Sources | None = None) -> Gatekeeper:
    """What answers; `sources`: other facts than those of the service."""
    signer = permit_signer(service)
    seal = Seal(signer.key, signer.sign, verify_signature, token_bytes, new_id)
    permits = StoredPermits(service.engine, service.vault, service.journal)
    return Gatekeeper(sources or sources_of(service), permits, seal, service.clock)


def recipient(kind: AddressKind, text: str, place: str | None = None, zone: str | None = None) -> Recipient:
    """Somebody by an address as it was written."""
    found = addressed(kind, text, place and place.partition("-")[0])
    if found is None or (kind is AddressKind.EMAIL and not is_plain(found.text)):
        return Recipient(found or Address(kind, text.strip().lower()), text, place, zone, NotKnown.NO_ADDRESS)
    sure = kind is AddressKind.EMAIL or found.text.startswith("+")
    return Recipient(found, text, place, zone, None if sure else NotKnown.SHARED_NUMBER)


def _of_lead(service: Service, lead_id: str, source: str | None) -> Recipient | None:
    lead, _, _ = service.ledger.decided(service.ledger.number_of(lead_id, source))
    if lead.emails:
        return recipient(AddressKind.EMAIL, lead.emails[0], lead.country, lead.timezone)
    return recipient(AddressKind.PHONE, lead.phones[0], lead.country, lead.timezone) if lead.phones else None


def _of_subject(ledger: StoredConsent, subject: int) -> Recipient | None:
    found = ledger.address(subject)
    return None if found is None else Recipient(found, found.text)


def sources_of(service: Service) -> Sources:
    """Where facts come from."""
    live, consent = service.live, make_ledger(service)
    return Sources(
        catch_up=live.catch_up,
        stops=partial(live.stops, anew=True),
        policy=_Policy(service),
        system=partial(_system, make_systems(service)),
        subject=consent.subject,
        consent=make_standings(service),
        hits=_Listed(service),
        hours=_hours,
    )


class _Policy:
    """The policy in force, read and hashed once for as long as it stays; nothing changes one that is there."""

    def __init__(self, service: Service) -> None:
        self._live = service.live
        self._desk = make_policy(service)
        self._known: tuple[Policy, PolicyInForce] | None = None

    def __call__(self) -> PolicyInForce:
        policy, known = self._live.ruleset().policy, self._known
        if known is None or known[0] is not policy:
            found = self._desk.in_force()
            policy = found.policy
            told = PolicyInForce(policy.limits, found.packs, policy.off_limits, policy.owner, found.hash)
            self._known = known = policy, told
        return known[1]


def _system(desk: SystemDesk, system_id: str) -> tuple[AiSystem, Standing] | None:
    try:
        found = desk.registered(system_id)
    except NotFoundError:
        return None
    return found.system, found.standing


def _hours(place: str | None, zone: str | None, now: datetime) -> frozenset[int]:
    return hours_at(place, zone, now)


class _Listed:
    """The list entries in force that name a recipient, however the address is written, here or there."""

    def __init__(self, service: Service) -> None:
        self._live = service.live
        facts = reference(service.config)

        @lru_cache(maxsize=65_536)
        def domains(domain: str) -> tuple[tuple[ListKind, str], ...]:
            found = facts.email(f"somebody@{domain}")
            parts = ((ListKind.HOST, found.domain), (ListKind.DOMAIN, found.registrable))
            return tuple((kind, value) for kind, value in parts if value)

        self._domains = domains
        self._spelled: tuple[ListIndex | None, Mapping[str, Sequence[ListEntry]]] = None, {}

    def __call__(self, recipient: Recipient) -> tuple[ListEntry, ...]:
        index, address = self._live.index(), recipient.address
        if not index:
            return ()
        if address.kind is not AddressKind.EMAIL:
            return index.hits([(ListKind.PHONE, address.text)])
        spellings = dict.fromkeys((email_key(recipient.given), address.text))
        hosts = dict.fromkeys(each.rpartition("@")[2] for each in spellings)
        keys = [(ListKind.EMAIL, each) for each in spellings]
        found = index.hits([*keys, *(key for host in hosts for key in self._domains(host))])
        other = self._otherwise(index).get(address.text, ())
        return tuple({entry.id: entry for entry in (*found, *other)}.values())

    def _otherwise(self, index: ListIndex) -> Mapping[str, Sequence[ListEntry]]:
        """Entries for an e-mail address that stand in another than its one spelling, under the latter."""
        known, spelled = self._spelled
        if known is not index:
            found: dict[str, list[ListEntry]] = {}
            for entry in index.of_kind(ListKind.EMAIL):
                one = email_identity(entry.value)
                if one != entry.value:
                    found.setdefault(one, []).append(entry)
            spelled = found
            self._spelled = index, found
        return spelled
