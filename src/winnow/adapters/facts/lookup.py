"""The one batched look-up: reference data, lists, customers and point-in-time history."""

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import NamedTuple

from winnow.adapters.facts.reference import Reference
from winnow.adapters.facts.similarity import company_similarity, name_similarity
from winnow.adapters.facts.timezones import timezone_countries
from winnow.core.drafts import filled
from winnow.core.facts import EmailFacts, Facts, History, NetworkFacts, Override, PhoneFacts, Seen
from winnow.core.keys import company_key, email_key, message_key
from winnow.core.lead import Lead
from winnow.core.lists import ListIndex, ListKind
from winnow.errors import LookUpFailedError
from winnow.ports import HistorySource

#: Shorter messages are the same by chance.
_SHORTEST_COUNTED_MESSAGE = 20

#: What is known about a lead without looking at other leads.
Known = tuple[EmailFacts | None, NetworkFacts | None, PhoneFacts | None]


_facts = filled(Facts)


def no_junk_rate(source: str | None) -> float | None:  # noqa: ARG001  # nobody has judged earlier leads
    """For leads out of files."""
    return None


def no_overrides(leads: Sequence[Lead]) -> Sequence[Override | None]:
    """For leads out of files."""
    return [None] * len(leads)


def never_paused(source: str | None) -> str:  # noqa: ARG001  # there is nobody who could have paused it
    """For leads out of files."""
    return ""


class OfSources(NamedTuple):
    """What is asked about the source of each lead.

    junk_rate: the share of its earlier leads that people called junk; None when too few were judged
    paused: why nothing of it is rejected automatically just now; empty when nothing is in the way
    """

    junk_rate: Callable[[str | None], float | None] = no_junk_rate
    paused: Callable[[str | None], str] = never_paused


NOTHING_OF_SOURCES = OfSources()


class BatchFacts:
    """Facts from reference data, a history, lists and customers.

    now: gives the moment a lead without `received_at` is decided at
    index: gives the list entries in force
    customers: e-mail addresses and domains of known customers; None when nobody can tell
    sources: gives what is known of a lead's source
    overrides: gives what people decided about those behind some leads
    """

    def __init__(  # noqa: PLR0913  # each a thing it looks into
        self,
        reference: Reference,
        history: HistorySource,
        *,
        now: Callable[[], datetime],
        index: Callable[[], ListIndex] = ListIndex,
        customers: Set[str] | None = None,
        sources: OfSources = NOTHING_OF_SOURCES,
        overrides: Callable[[Sequence[Lead]], Sequence[Override | None]] = no_overrides,
    ) -> None:
        self._reference = reference
        self._history = history
        self._now = now
        self._index = index
        self._customers = customers
        self._sources = sources
        self._overrides = overrides

    def facts_for(self, leads: Sequence[Lead]) -> list[Facts]:
        """One Facts a lead; the history is asked once for the whole batch."""
        known = [self.known(lead) for lead in leads]
        failed: tuple[str, ...] = ()
        try:
            histories = self._history.counts([seen(lead, *each) for lead, each in zip(leads, known, strict=True)])
        except LookUpFailedError:
            histories, failed = [History()] * len(leads), ("history",)
        index, overrides = self._index(), self._overrides(leads)
        found = zip(leads, known, histories, overrides, strict=True)
        return [self._facts(*each, index, failed) for each in found]

    def known(self, lead: Lead) -> Known:
        """E-mail, network and phone facts."""
        reference = self._reference
        return (
            reference.email(lead.emails[0]) if lead.emails else None,
            reference.network(lead.ip) if lead.ip else None,
            reference.phone(lead.phones[0], lead.country) if lead.phones else None,
        )

    def _facts(  # called for every lead
        self,
        lead: Lead,
        known: Known,
        history: History,
        override: Override | None,
        index: ListIndex,
        failed: tuple[str, ...],
    ) -> Facts:
        email, network, phone = known
        own_domain = email is not None and not (email.free or email.relay)
        return _facts(  # every field by position, in the order of Facts
            lead.received_at or self._now(),
            email,
            network,
            self._reference.agent_class(lead.user_agent) if lead.user_agent else None,
            phone,
            history,
            index.hits(match_keys(lead, known)) if index else (),
            self._is_customer(lead, email),
            override,
            self._sources.junk_rate(lead.source),
            name_similarity(lead.name, email.local) if email is not None else None,
            company_similarity(lead.company, email.registrable) if email and own_domain else None,
            timezone_countries(lead.timezone) if lead.timezone else (),
            failed,
            self._sources.paused(lead.source),
            (),  # what is stopped is known to whoever decides, see `services.screen`
        )

    def _is_customer(self, lead: Lead, email: EmailFacts | None) -> bool | None:
        if self._customers is None or not lead.emails:
            return None
        if any(email_key(address) in self._customers for address in lead.emails):
            return True
        if email is None or email.free or email.relay or email.disposable:
            return False  # nobody is a customer for having an address where anybody can have one
        return email.domain in self._customers or email.registrable in self._customers


def seen(lead: Lead, email: EmailFacts | None, network: NetworkFacts | None, phone: PhoneFacts | None) -> Seen:
    """The values of a lead that velocity and duplicates are counted by."""
    shared = email is None or email.free or email.relay
    message = lead.message
    return Seen(
        lead.received_at.timestamp() if lead.received_at is not None else None,
        network.ip if network is not None else None,
        network.network if network is not None else None,
        lead.device_id,
        None if shared or email is None else email.registrable or email.domain,
        message_key(message) if message is not None and len(message) >= _SHORTEST_COUNTED_MESSAGE else None,
        email_key(lead.emails[0]) if lead.emails else None,
        phone.e164 if phone is not None else None,
    )


def match_keys(lead: Lead, known: Known) -> list[tuple[ListKind, str]]:
    """Every value under which a list entry could name this lead."""
    email, network, phone = known
    keys = (
        *[(ListKind.EMAIL, email_key(address)) for address in lead.emails],
        (ListKind.HOST, email.domain if email else None),
        (ListKind.DOMAIN, email.registrable if email else None),
        (ListKind.IP, network.ip if network else None),
        (ListKind.ASN, str(network.asn) if network and network.asn is not None else None),
        (ListKind.PHONE, phone.e164 if phone else None),
        (ListKind.COMPANY, company_key(lead.company) if lead.company else None),
        (ListKind.DEVICE, lead.device_id),
        (ListKind.MESSAGE, message_key(lead.message) if lead.message else None),
    )
    return [(kind, value) for kind, value in keys if value]
