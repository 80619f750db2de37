"""Everything looked up about a lead before it is decided; None means not known, never no.

Facts arrive through one batched look-up, `facts_for(leads)`. Every signal names the lead fields
its facts come from, so that masking a field also masks what was looked up from it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from winnow.core.govern.stop import Halt
from winnow.core.lists import ListEntry
from winnow.core.outcome import Outcome


@dataclass(frozen=True, slots=True)
class EmailFacts:
    """What reference lists and the address itself say about an e-mail address.

    valid: the address is well formed (RFC 5321/6531); the rest is None when it is not
    local, domain: the two halves in lower case, the domain in ASCII (IDNA)
    registrable: the part of the domain somebody registered (public suffix list), e.g. `example.co.uk`
    suffix: its public suffix, e.g. `co.uk`
    disposable, free, relay: on the disposable, free-mail or privacy-relay list; at most one of them holds
    role: the local part names a function (info, sales) rather than a person
    typo_of: the big provider the domain is most likely a misspelling of
    age_days: since registration of the domain, when a source of that is configured
    """

    valid: bool
    local: str | None = None
    domain: str | None = None
    registrable: str | None = None
    suffix: str | None = None
    disposable: bool | None = None
    free: bool | None = None
    relay: bool | None = None
    role: bool | None = None
    typo_of: str | None = None
    age_days: int | None = None


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """What reference tables say about an IP address.

    ip: normalised text form
    network: the /24 (IPv4) or /48 (IPv6) it lies in, in CIDR notation
    ip_class: one of IP_CLASSES; None when no table knows
    country: ISO 3166-1 alpha-2 of the network
    asn: number of the autonomous system
    """

    ip: str
    network: str
    ip_class: str | None = None
    country: str | None = None
    asn: int | None = None


#: `relay` is a privacy relay of ordinary people (iCloud Private Relay); `corporate` the gateway of a company or
#: of a co-working space.
IP_CLASSES = ("residential", "mobile", "corporate", "relay", "hosting", "vpn", "tor", "private")

#: What kind of program a user agent names; `tool` is a script or HTTP library, `headless` an automated browser.
AGENT_CLASSES = ("browser", "bot", "tool", "headless")


@dataclass(frozen=True, slots=True)
class PhoneFacts:
    """What the numbering plans say: `e164` and `country` only for a possible number."""

    valid: bool
    e164: str | None = None
    country: str | None = None


class History(NamedTuple):
    """How often the same value was seen before this lead, point in time, this lead not counted.

    Hour, day and week are the 3,600, 86,400 and 604,800 seconds before `received_at`; a count is
    None when the lead lacks the value or the time. Counts saturate at COUNT_CEILING.
    """

    ip_hour: int | None = None
    ip_day: int | None = None
    ip_week: int | None = None
    network_hour: int | None = None
    network_day: int | None = None
    device_day: int | None = None
    device_week: int | None = None
    domain_hour: int | None = None
    domain_day: int | None = None
    domain_week: int | None = None
    message_hour: int | None = None
    message_day: int | None = None
    message_week: int | None = None
    email_month: int | None = None
    phone_month: int | None = None


#: A count never exceeds this, so that one flooding address cannot grow what must be remembered.
COUNT_CEILING = 1000


class Seen(NamedTuple):
    """The values of one lead that are counted, and when it came (POSIX seconds); None is not counted."""

    at: float | None
    ip: str | None = None
    network: str | None = None
    device: str | None = None
    domain: str | None = None
    message: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A person's earlier decision about this lead, which stands until it expires."""

    outcome: Outcome
    by: str
    reason: str
    expires_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether it counts at a moment."""
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about one lead at the moment `now` (aware, UTC).

    is_customer: the person is a known customer or has an open deal; None when nobody could tell
    source_junk_rate: share of this source's earlier leads that people called junk, 0 to 1
    list_hits: entries of all lists that match the lead, also the expired ones
    name_similarity: how much of the name is found in the e-mail's local part, 0 to 1; None when either is
        missing or they are written in different scripts
    company_similarity: the same for the company and the registrable domain; None for free mail
    timezone_countries: the countries in which the stated time zone is used
    failed: names of look-ups that failed or timed out
    paused: why nothing is rejected automatically at the moment; empty when nothing is in the way
    halts: what of deciding this lead was stopped
    """

    now: datetime
    email: EmailFacts | None = None
    network: NetworkFacts | None = None
    agent_class: str | None = None
    phone: PhoneFacts | None = None
    history: History = field(default_factory=History)
    list_hits: tuple[ListEntry, ...] = ()
    is_customer: bool | None = None
    override: Override | None = None
    source_junk_rate: float | None = None
    name_similarity: float | None = None
    company_similarity: float | None = None
    timezone_countries: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    paused: str = ""
    halts: tuple[Halt, ...] = ()
