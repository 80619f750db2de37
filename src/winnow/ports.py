"""What the services need from the outside world, as protocols that adapters fulfil."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, NamedTuple, Protocol, TypeVar

from winnow.core.apikeys import ApiKey
from winnow.core.canonical import content_hash
from winnow.core.decide import Decision
from winnow.core.deliveries import Delivery, DeliveryRecord, Settled, State, Webhook
from winnow.core.facts import Facts, History, Seen
from winnow.core.lead import Lead
from winnow.core.learning.ladder import Rung, Standing
from winnow.core.learning.shadow import Beside, Shadow, ShadowReport
from winnow.core.learning.study import Fitted, Study
from winnow.core.learning.unlearn import Withdrawal
from winnow.core.lists import ListEntry
from winnow.core.monitor.incident import Incident, Pause
from winnow.core.monitor.rounds import Counts
from winnow.core.outcome import Outcome
from winnow.core.ruleset import Ruleset
from winnow.errors import ConflictError

T = TypeVar("T")


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...


class FactSource(Protocol):
    """Looks up everything about some leads at once."""

    def facts_for(self, leads: Sequence[Lead]) -> Sequence[Facts]:
        """One Facts a lead, in the same order; what cannot be looked up is None or named in `failed`."""
        ...


class HistorySource(Protocol):
    """Counts how often a lead's values were seen before it."""

    def counts(self, batch: Sequence[Seen]) -> Sequence[History]:
        """One History a lead, in the same order; every lead of a batch also counts for those after it."""
        ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """Leads that came in one request, each with whether its sender gave its id; see Submitted for the rest."""

    leads: Sequence[Lead]
    named: Sequence[bool]
    key: bytes | None = None
    request: bytes = b""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A lead, what was known about it and what was decided, not yet on record.

    named: the sender gave the id, so the lead may have come before
    beside: what rulesets in shadow decided about it
    """

    lead: Lead
    facts: Facts
    decision: Decision
    named: bool
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class Submitted:
    """Leads that came together and are recorded together or not at all.

    key: stands for the sender and its Idempotency-Key; None when none was given
    request: hash of what was sent with it
    """

    leads: Sequence[Assessed]
    key: bytes | None = None
    request: bytes = b""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision on record: its number in the log, its JSON, when it was made.

    again: it was on record before this request
    """

    id: int
    lead_id: str
    decision: bytes
    decided_at: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """One report of what a lead turned out to be.

    lead: its number · author: who says so · origin: through what (`api`, `crm`, `queue`) · batch: what it came with
    """

    lead: int
    verdict: str
    author: str
    origin: str
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered over HTTP, kept for a retry of it."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a model is fitted.

    seed: equal seeds give equal models · pairs: most tables of two signals together
    rising, falling: signals that may only add with a greater value, or only take away
    """

    seed: int = 1
    pairs: int = 0
    rising: frozenset[str] = frozenset()
    falling: frozenset[str] = frozenset()


class Trainer(Protocol):
    """Fits an additive model; the only way to the training library."""

    def fit(self, study: Study, settings: FitSettings, progress: Callable[[float], None]) -> Fitted:
        """Fit all signals of the study; `progress` is told how much is done, 0 to 1."""
        ...


class Ledger(Protocol):
    """Keeps decisions for ever."""

    def record(self, group: Sequence[Submitted], now: datetime) -> Sequence[Sequence[Recorded] | ConflictError]:
        """Put submissions on record, all in one transaction; what is there already is answered as it was then.

        Raises StoreAwayError when nothing can be written. Giving the same group again is safe.
        """
        ...


class Outbox(Protocol):
    """Keeps what is to be sent to other systems until it was sent or given up."""

    def claim(
        self, now: datetime, until: datetime, *, limit: int, each: int, room: Mapping[str, int]
    ) -> Sequence[Delivery]:
        """Up to `limit` due deliveries, which nobody else gets before `until`.

        At most `each` of one receiver, or `room[receiver]` where that says otherwise.
        """
        ...

    def settle(self, made: Sequence[Settled], now: datetime) -> None:
        """Note what became of claimed deliveries; one that was claimed anew in the meantime is left alone."""
        ...

    def disable(self, webhook: str, because: str, now: datetime) -> None:
        """Send a receiver nothing more; what is still pending for it is given up."""
        ...


class ApiKeyStore(Protocol):
    """Where the keys of programs are kept, without their secrets; every method may raise UnavailableError."""

    def add(self, key: ApiKey) -> None:
        """Keep a new key."""
        ...

    def all(self) -> Sequence[ApiKey]:
        """Every key there ever was, the eldest first."""
        ...

    def active(self) -> Sequence[ApiKey]:
        """The keys that are not revoked; some may have expired."""
        ...

    def revoke(self, key_id: str, actor: str, at: datetime) -> bool:
        """End a key for good; False when there is none of this id that is not revoked already."""
        ...

    def version(self) -> int:
        """A number that grows with every change."""
        ...


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of many things; `next` is the cursor of those that follow, None at the end."""

    items: tuple[T, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A decision on record with all it was made of; `outcome` is that for sales."""

    id: int
    lead: Lead
    facts: Facts
    outcome: Outcome


class Past(Protocol):
    """What was decided before."""

    def latest(self, most: int) -> Iterator[PastDecision]:
        """The last decisions, the newest first; those whose leads were erased are passed over."""
        ...


class ListStore(Protocol):
    """Keeps allow and block entries; every change is a leaf of the log, and every method may raise StoreAwayError."""

    def add(self, entries: Sequence[ListEntry], actor: str, now: datetime) -> None:
        """Add entries, all or none; raises ConflictError when an id is taken."""
        ...

    def remove(self, entry_id: str, actor: str, now: datetime) -> None:
        """Take an entry out of force; raises NotFoundError when there is none in force."""
        ...

    def entry(self, entry_id: str) -> ListEntry:
        """An entry in force; raises NotFoundError."""
        ...

    def page(self, after: str | None, limit: int) -> Page[ListEntry]:
        """Entries in force, in the order of their ids."""
        ...


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule that is being written; it decides nothing. `document` is the rule as plain tables."""

    id: str
    document: Mapping[str, object]
    author: str
    created_at: datetime
    changed_at: datetime

    @property
    def edition(self) -> str:
        """Stands for what the draft says; whoever changes it names the edition they have read."""
        return content_hash(self.document)[:32]


class DraftStore(Protocol):
    """Keeps drafts of rules; every change is a leaf of the log, and every method may raise StoreAwayError."""

    def add(self, draft: RuleDraft) -> None:
        """Keep a new draft."""
        ...

    def draft(self, draft_id: str) -> RuleDraft:
        """One draft; raises NotFoundError."""
        ...

    def page(self, after: str | None, limit: int) -> Page[RuleDraft]:
        """Drafts, in the order of their ids."""
        ...

    def replace(
        self, draft_id: str, document: Mapping[str, object], edition: str, actor: str, now: datetime
    ) -> RuleDraft:
        """Change a draft; raises NotFoundError, and ConflictError when it says something else than that edition."""
        ...

    def remove(self, draft_id: str, actor: str, now: datetime) -> None:
        """Forget a draft; raises NotFoundError."""
        ...


@dataclass(frozen=True, slots=True)
class KnownRuleset:
    """A ruleset as it is listed; when and by whom it was activated last is None when it never was."""

    hash: str
    id: str
    added_at: datetime
    author: str
    live: bool
    activated_at: datetime | None = None
    activated_by: str | None = None


class RulesetStore(Protocol):
    """Keeps rulesets; every change is a leaf of the log, and every method may raise StoreAwayError."""

    def add(self, ruleset: Ruleset, author: str, now: datetime) -> None:
        """Keep a ruleset; one that is kept already stays as it is."""
        ...

    def activate(self, ruleset: Ruleset, actor: str, now: datetime) -> None:
        """Make a ruleset the live one, on all replicas."""
        ...

    def document(self, digest: str) -> Mapping[str, object]:
        """A ruleset by its hash, or by the beginning of it; raises NotFoundError."""
        ...

    def live(self) -> Ruleset | None:
        """The one that was activated last; None before the first."""
        ...

    def page(self, after: str | None, limit: int) -> Page[KnownRuleset]:
        """Those that people added or that were live, the newest first."""
        ...

    def known(self, digest: str) -> KnownRuleset:
        """One of them by its whole hash; raises NotFoundError."""
        ...


class WebhookStore(Protocol):
    """Keeps receivers of events; every change is a leaf of the log, and every method may raise StoreAwayError."""

    def add(self, webhook: Webhook, secret: str, now: datetime) -> None:
        """Keep a new receiver and what is sent to it is signed with."""
        ...

    def webhook(self, webhook_id: str) -> Webhook:
        """One receiver; raises NotFoundError."""
        ...

    def page(self, after: str | None, limit: int) -> Page[Webhook]:
        """Receivers, in the order of their ids."""
        ...

    def remove(self, webhook_id: str, actor: str, now: datetime) -> None:
        """Forget a receiver and its secret, and give up what is pending for it; raises NotFoundError."""
        ...

    def rotate(self, webhook_id: str, secret: str, until: datetime, actor: str, now: datetime) -> None:
        """Sign with a new secret, and until a moment with the one before as well; raises NotFoundError."""
        ...

    def test(self, webhook_id: str, actor: str, now: datetime) -> DeliveryRecord:
        """Put a test into the outbox; raises NotFoundError, and ConflictError when the receiver is disabled."""
        ...

    def replay(self, delivery: int, actor: str, now: datetime) -> DeliveryRecord:
        """Send a finished delivery again; raises NotFoundError, and ConflictError when it cannot be sent."""
        ...

    def deliveries(
        self, before: int | None, limit: int, *, webhook: str | None, state: State | None
    ) -> Page[DeliveryRecord]:
        """Deliveries, the newest first."""
        ...


class Backlog(NamedTuple):
    """What waits for people: cases, how many of them are overdue, and when the eldest is or was due."""

    waiting: int
    overdue: int
    oldest_due: datetime | None


class GuardCounts(Protocol):
    """What guards compare, day by day; every method may raise StoreAwayError."""

    def refresh(self, now: datetime, horizon: timedelta) -> None:
        """Count what has happened since the last time; what became of a lead counts once `horizon` has passed."""
        ...

    def counts(self) -> Counts:
        """Everything that was counted."""
        ...

    def backlog(self, now: datetime) -> Backlog:
        """What waits for people."""
        ...

    def changes(self) -> frozenset[date]:
        """The days on which another ruleset became the live one, UTC."""
        ...


class IncidentStore(Protocol):
    """Keeps incidents and pauses; every change is a leaf of the log, and every method may raise StoreAwayError."""

    def open(self, incident: Incident, actor: str, now: datetime) -> bool:
        """Keep a new incident and the pause it brings; False when one about the same is not closed yet."""
        ...

    def close(self, incident_id: str, actor: str, reason: str, now: datetime, *, renew: bool) -> Incident:
        """Close an incident and lift its pause; raises NotFoundError, and ConflictError when it is closed already."""
        ...

    def incident(self, incident_id: str) -> Incident:
        """One incident; raises NotFoundError."""
        ...

    def page(self, before: str | None, limit: int, *, unclosed: bool) -> Page[Incident]:
        """Incidents, the newest first; `unclosed`: only those nobody has dealt with."""
        ...

    def closed(self) -> Sequence[Incident]:
        """All that people have dealt with."""
        ...

    def standing(self) -> Sequence[Pause]:
        """The pauses in force."""
        ...


@dataclass(frozen=True, slots=True)
class KnownLabel:
    """A label on record: its number in the log, the id of its lead, and the lead's source (empty: none)."""

    id: int
    lead_id: str
    source: str
    said: Label
    at: datetime


class LabelStore(Protocol):
    """Keeps what leads turned out to be; every change is a leaf of the log, and every method may raise StoreAwayError.

    What was withdrawn counts nowhere any more, and is still there to be seen in the log.
    """

    def add(self, label: Label, now: datetime) -> int:
        """Keep a label and return its number; a later one does not replace an earlier one."""
        ...

    def standing(self) -> Sequence[KnownLabel]:
        """The labels that were not withdrawn, the oldest first."""
        ...

    def withdraw(self, which: Withdrawal, actor: str, now: datetime) -> Sequence[KnownLabel]:
        """Take labels back, all in one transaction, and return them; none is no change."""
        ...


class ShadowStore(Protocol):
    """Which rulesets run in shadow, and what they decided; every method may raise StoreAwayError."""

    def start(self, ruleset: str, share: float, actor: str, now: datetime) -> Shadow:
        """Put a ruleset in shadow by its whole hash; one that runs already gets the share and goes on."""
        ...

    def stop(self, ruleset: str, actor: str, now: datetime) -> None:
        """Take a ruleset out of shadow; raises NotFoundError when it is not in it."""
        ...

    def running(self) -> Sequence[Shadow]:
        """Those in shadow, the eldest first."""
        ...

    def report(self, ruleset: str, most_changed: int) -> ShadowReport:
        """How a ruleset differed over all its time in shadow; raises NotFoundError when it never was."""
        ...

    def read(self, ruleset: str, leads: int, actor: str, now: datetime) -> None:
        """Note that somebody has read the report over so many leads; raises NotFoundError."""
        ...


class LadderStore(Protocol):
    """Where scorecards and rules stand; every change is a leaf of the log, and each call may raise StoreAwayError."""

    def standings(self) -> Sequence[Standing]:
        """Everything that stands anywhere."""
        ...

    def move(self, standing: Standing) -> None:
        """Put something on a rung, on all replicas."""
        ...


class SignOffs(Protocol):
    """Who agreed, as a second person, to something's doing more than before."""

    def signed(self, subject: str, rung: Rung, content: str) -> str | None:
        """Who signed that `subject` may climb to `rung`, for the ruleset with this hash; None when nobody has."""
        ...
