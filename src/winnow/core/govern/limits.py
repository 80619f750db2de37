"""What an organisation allows itself: the part of the policy that binds every AI system, campaign and person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from winnow.core.govern.terms import Answer, Channel, Needed
from winnow.core.outcome import ACQUISITION_SCOPES, Scope

#: What nothing may be concluded about a person unless a signed policy says otherwise.
PROHIBITED_INFERENCES = frozenset({
    "health", "religion", "ethnicity", "sexual_orientation", "politics", "union", "biometrics",
})  # fmt: skip

#: The categories of data that purposes, systems and off-limits speak of; one of your own is called `custom.NAME`.
CATEGORIES: Mapping[str, str] = {
    "contact": "names, addresses, telephone numbers",
    "company": "employer, position, web site",
    "message": "what a person wrote or said",
    "behaviour": "how a form was filled in, what was visited or opened",
    "campaign": "where a person came from",
    "network": "IP addresses, devices, browsers",
    "commerce": "offers, purchases, contracts",
    "location": "where a person is or lives, more exactly than the country",
    "finance": "income, debts, payments",
    "age": "age or date of birth",
    "gender": "gender",
    "family": "partner, children, household",
    "criminal_record": "offences and convictions",
    "health": "health, illness, disability, pregnancy",
    "religion": "religious or other beliefs",
    "ethnicity": "racial or ethnic origin",
    "sexual_orientation": "sex life or sexual orientation",
    "politics": "political opinions",
    "union": "membership of a trade union",
    "biometrics": "faces, voices, fingerprints and other biometric data",
}

#: How a category or inference of the organisation's own begins.
OWN = "custom."

#: Categories of data that most work needs and that are not special to the law.
ORDINARY_DATA = frozenset({"contact", "company", "message", "behaviour", "campaign", "network", "commerce"})

#: The law packs that come with Winnow; all of them are in use unless the policy names those it wants.
SHIPPED_PACKS = ("eu", "uk", "california", "canada", "us-federal")


class PurposeKind(StrEnum):
    """What a purpose is to the law.

    MARKETING: to sell what is one's own · PARTNER: to sell what is somebody else's, or to hand the person on for it
    SERVICE: what the person asked for, or what a contract with them needs
    """

    MARKETING = "marketing"
    PARTNER = "partner"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why people are contacted, scored or segmented; one that is not declared here is held to the strictest of all.

    name: what asks of the gate say · kind: what it is to the law
    data: categories of data that may be used for it · channels: those it may go through
    """

    name: str
    kind: PurposeKind
    data: frozenset[str] = ORDINARY_DATA
    channels: frozenset[Channel] = frozenset(Channel)
    text: str = ""


#: The purposes of a policy that declares none.
PURPOSES = (
    Purpose("marketing", PurposeKind.MARKETING, text="to sell what we offer"),
    Purpose("service", PurposeKind.SERVICE, text="to do what a person asked for"),
)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A lead field that tells an off-limits category without naming it.

    field: as in `off_limits`, e.g. `custom.parish` · stands_for: the category, e.g. `religion`
    """

    field: str
    stands_for: str


class Reach(NamedTuple):
    """What a no is to: a channel, and a purpose or, with None, every purpose; written as `email:marketing` or `ads`."""

    channel: Channel
    purpose: str | None = None

    def __str__(self) -> str:
        return self.channel.value if self.purpose is None else f"{self.channel.value}:{self.purpose}"


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """What the organisation itself asks for before it contacts somebody; an empty set is everything of its kind.

    places: ISO 3166 countries (`DE`) or parts of one (`US-CA`) · purposes: names of declared purposes
    implied_days: with IMPLIED, the relationships that count and for how many days each; None is without an end
    """

    id: str
    needed: Needed
    text: str
    channels: frozenset[Channel] = frozenset()
    purposes: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    implied_days: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` contacts of one person within any `days` days; an empty set is everything of its kind."""

    id: str
    most: int
    days: int
    channels: frozenset[Channel] = frozenset()
    purposes: frozenset[str] = frozenset()

    def counts(self, channel: Channel | None, purpose: str | None) -> bool:
        """Whether a contact is one of those it counts; one whose channel or purpose is not known always is."""
        of_channel = channel is None or not self.channels or channel in self.channels
        return of_channel and (purpose is None or not self.purposes or purpose in self.purposes)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words a person agreed to; a lead's `consent_wording` names one by its id.

    channels, purpose: what agreeing to them grants, and nothing else · language: as in `de` or `pt-BR`
    confirm: the yes counts only once the person confirmed it
    """

    id: str
    channels: frozenset[Channel]
    purpose: str
    text: str
    language: str = ""
    confirm: bool = False


class Told(StrEnum):
    """What an example of a policy supposes is known of a person's will; the words of the consent ledger."""

    OBJECTED = "objected"
    OPTED_OUT = "opted-out"
    BARRED = "barred"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    GRANTED = "granted"


@dataclass(frozen=True, slots=True)
class PolicyExample:
    """A case whose answer the author of a policy is sure of; a policy in which it does not hold is refused.

    place: None is not known · told, basis, since: what is known of the person's will, what it rests on
    (`express`, or a relationship such as `purchase`), and since when · on: the day that is asked about
    needed, allowed: what has to come out; at least one of them
    """

    channel: Channel
    purpose: str
    on: date
    place: str | None = None
    told: Told = Told.UNKNOWN
    basis: str = ""
    since: date | None = None
    needed: Needed | None = None
    allowed: bool | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """After how many days a class of record is forgotten.

    network_days: IP addresses and devices · rejected_days: what rejected leads said · decisions_days: decisions
    """

    network_days: int = 90
    rejected_days: int = 365
    decisions_days: int = 1095


@dataclass(frozen=True, slots=True)
class Limits:
    """The governance part of a policy.

    categories: of data nobody may use, e.g. `health`, over what `Policy.off_limits` says of single fields
    scan_texts: whether what tells such a category is masked in texts, too
    proxies: fields that tell such a category · inferences: what may not be concluded about a person
    cleared_labels: outputs that sound like a prohibited inference and are none, such as `account health`
    purposes: the only ones anything may be done for · consent: requirements besides those of the law
    block_scopes: what a block may keep a person from · protected: attributes that bias audits look at
    packs: the law packs in use · wordings: consent texts in use · examples: what must come out
    gpc_covers: what a browser that sends the Global Privacy Control says no to besides `ads`, which it always does
    """

    categories: frozenset[str] = frozenset()
    proxies: tuple[Proxy, ...] = ()
    inferences: frozenset[str] = PROHIBITED_INFERENCES
    cleared_labels: frozenset[str] = frozenset()
    purposes: tuple[Purpose, ...] = PURPOSES
    consent: tuple[ConsentRule, ...] = ()
    caps: tuple[Cap, ...] = ()
    block_scopes: frozenset[Scope] = ACQUISITION_SCOPES
    retention: Retention = field(default_factory=Retention)
    protected: frozenset[str] = frozenset()
    packs: tuple[str, ...] = SHIPPED_PACKS
    wordings: tuple[Wording, ...] = ()
    examples: tuple[PolicyExample, ...] = ()
    scan_texts: bool = False
    gpc_covers: tuple[Reach, ...] = ()

    def purpose(self, name: str | None) -> Purpose | None:
        """The purpose of that name; None for one that is not declared."""
        return next((each for each in self.purposes if each.name == name), None)

    def others(self, purpose: str) -> frozenset[str] | None:
        """The purposes whose noes are none to this one; None where only a no to this very one is.

        A no to a purpose that is no more may be to one that goes by another name now: it counts for all that the
        person did not ask for.
        """
        found = self.purpose(purpose)
        if found is None or found.kind is PurposeKind.SERVICE:
            return None
        return frozenset(each.name for each in self.purposes) - {purpose}

    def wording(self, name: str | None) -> Wording | None:
        """The consent text of that id; None for one nobody wrote down, which grants nothing."""
        return next((each for each in self.wordings if each.id == name), None)

    def caps_on(self, channel: Channel | None, purpose: str | None) -> tuple[Cap, ...]:
        """The caps that count a contact."""
        return tuple(cap for cap in self.caps if cap.counts(channel, purpose))


@dataclass(frozen=True, slots=True)
class Because:
    """One ground of an answer.

    id: `PACK.RULE` of a law, `policy.ID` of the organisation's own, or `default`
    article: where it is written, e.g. `GDPR Art. 21(2)`; empty for the organisation's own · text: in plain words
    """

    id: str
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer of the gate with its grounds; UNKNOWN never lets anything through."""

    answer: Answer
    because: Sequence[Because] = ()
