"""What is told to other systems: the events, their words, and when a delivery is tried again or given up.

After the Standard Webhooks specification 1.0.0, sections "Payload structure", "Deliverability and
reliability" and "Delivery success and failure".
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from winnow.core.canonical import canonical_bytes
from winnow.errors import InvalidInputError


class EventType(StrEnum):
    """What happened."""

    DECISION_MADE = "decision.made"
    CASE_OPENED = "case.opened"
    CASE_DECIDED = "case.decided"
    CASE_REOPENED = "case.reopened"
    DECISION_RETRACTED = "decision.retracted"
    CHECKPOINT_SIGNED = "checkpoint.signed"
    WEBHOOK_TEST = "webhook.test"


#: What an event names. Ids only: whoever wants to know more asks the API, and so needs the right to.
DATA = {
    EventType.DECISION_MADE: ("decision", "lead"),
    EventType.CASE_OPENED: ("case", "lead"),
    EventType.CASE_DECIDED: ("case", "disposition", "lead"),
    EventType.CASE_REOPENED: ("case", "disposition", "lead"),
    EventType.DECISION_RETRACTED: ("decision", "lead", "rollback"),
    EventType.CHECKPOINT_SIGNED: ("size",),
    EventType.WEBHOOK_TEST: ("webhook",),
}

#: Those that carry an automatic act on to another system; the others tell what people did, or that somebody should
#: look. The kill switch holds the acts back, see docs/stop.md.
ACTS = frozenset({EventType.DECISION_MADE})

#: All events, in a subscription.
EVERYTHING = "*"

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # cannot hold an e-mail address


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `id` is the same at every receiver and attempt, so that it can be counted once."""

    id: str
    kind: EventType
    body: bytes


def event(kind: EventType, at: datetime, data: Mapping[str, int | str], *, installation: str) -> Event:
    """The event that is sent for `data`, which must name exactly what DATA says; raises ValueError otherwise.

    The id is derived, not drawn: the same happening told twice is one event. `installation` keeps those of
    two deployments apart that tell the same receiver.
    """
    if tuple(sorted(data)) != tuple(sorted(DATA[kind])):
        raise ValueError(f"{kind} names {', '.join(DATA[kind])}")
    if any(isinstance(value, str) and _ID.fullmatch(value) is None for value in data.values()):
        raise ValueError(f"{kind} may name ids only")
    moment = at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    body = canonical_bytes({"type": kind.value, "timestamp": moment, "data": dict(data)})
    digest = hashlib.sha256(installation.encode() + b"\0" + body).hexdigest()
    return Event(f"msg_{digest[:32]}", kind, body)


def subscription(kinds: Iterable[str]) -> str:
    """Names of events, or EVERYTHING, as they are stored; raises InvalidInputError for an unknown one and for none."""
    chosen = set(kinds)
    for unknown in sorted(chosen - set(EventType) - {EVERYTHING}):
        raise InvalidInputError(f"`{unknown}` is not an event", fix=f"use {', '.join(EventType)} or {EVERYTHING}")
    if not chosen:
        raise InvalidInputError("no event is named", fix=f"use {', '.join(EventType)} or {EVERYTHING}")
    return EVERYTHING if EVERYTHING in chosen else " ".join(sorted(chosen))


def subscribed(subscription: str, kind: EventType) -> bool:
    """Whether a stored subscription has a kind of event."""
    return subscription == EVERYTHING or kind.value in subscription.split()


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver of events; its secret is kept apart.

    events: a subscription · disabled_at, disabled_because: since when and why it is sent nothing any more
    """

    id: str
    url: str
    events: str
    created_at: datetime
    created_by: str
    disabled_at: datetime | None = None
    disabled_because: str | None = None


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────────

_PREFIX = "whsec_"
_SECRET_BYTES = range(24, 65)  # "Signature scheme": at least 192, at most 512 bits


def webhook_secret(key: bytes) -> str:
    """A key of 24 to 64 random bytes as receivers are given it; raises ValueError for another length."""
    if len(key) not in _SECRET_BYTES:
        raise ValueError("a webhook's key has 24 to 64 bytes")
    return _PREFIX + base64.b64encode(key).decode()


def rotated(stored: str, fresh: str, until: datetime) -> str:
    """The secrets of a webhook after a rotation: new deliveries are also signed with the one before, until `until`."""
    latest = stored.partition("\n")[0].partition(" ")[0]
    return f"{fresh}\n{latest} {until.astimezone(UTC).isoformat()}"


def valid_secrets(stored: str, now: datetime) -> tuple[str, ...]:
    """The secrets to sign with at `now`, the latest first; raises ValueError when the text is no list of secrets."""
    lines = [line.partition(" ") for line in stored.split("\n")]
    if not all(secret.startswith(_PREFIX) for secret, _, _ in lines):
        raise ValueError(f"a webhook's secret begins with {_PREFIX}")
    return tuple(secret for secret, _, until in lines if not until or now < datetime.fromisoformat(until))


# ── Attempts ─────────────────────────────────────────────────────────────────────────────────────


class State(StrEnum):
    """What became of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one receiver.

    attempts: how many were made and answered before this one
    claimed_until: until then nobody else sends it
    secrets: what to sign with; empty when they cannot be read
    under: for an automatic act, the number of the Stops it was claimed under; None: it is none
    """

    id: int
    webhook: str
    url: str
    event: str
    body: bytes
    attempts: int
    claimed_until: datetime
    secrets: tuple[str, ...] = field(repr=False)
    under: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered, or why there is no answer.

    status: the HTTP status · retry_after: in seconds, as the receiver asked · seconds: how long it took
    error: why there is no whole answer
    """

    status: int | None = None
    retry_after: int | None = None
    seconds: float = 0.0
    error: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the receiver has the event: it answered 2xx, and answered in full."""
        return self.error is None and self.status is not None and self.status // 100 == 2  # noqa: PLR2004  # 2xx

    @property
    def problem(self) -> str | None:
        """Why the event does not count as received; None when it does."""
        return None if self.accepted else self.error or f"answered {self.status}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from an answer; `wait` is for the next attempt, `gone` that the receiver wants nothing any more."""

    state: State
    wait: timedelta = timedelta()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """An attempt that was made."""

    delivery: Delivery
    answer: Answer
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A delivery as people see it; `due_at` is None once it is finished."""

    id: int
    webhook: str
    event: str
    kind: str
    state: State
    created_at: datetime
    due_at: datetime | None
    attempts: int
    last_status: int | None
    last_error: str | None
    finished_at: datetime | None


#: What is waited before each attempt: the example schedule of "Deliverability and reliability", 75 h 35 min 5 s in all.
SCHEDULE = tuple(
    timedelta(seconds=seconds) for seconds in (0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
#: The most a receiver can put an attempt off.
LONGEST_WAIT = timedelta(days=1)

_GONE = 410
_MAY_ASK_FOR_TIME = frozenset({429, 503})  # RFC 6585 section 4, RFC 9110 section 10.2.3


def wait_before(attempt: int, delivery: int) -> timedelta:
    """How long to wait before an attempt; the first has the number 1.

    That of the schedule, up to a tenth more or less, so that what failed together does not come back together.
    The same delivery always waits the same.
    """
    digest = hashlib.sha256(f"{delivery}.{attempt}".encode()).digest()
    thousandths = 900 + int.from_bytes(digest[:8], "big") % 201
    return SCHEDULE[attempt - 1] * thousandths / 1000


def after(delivery: Delivery, answer: Answer) -> Verdict:
    """What follows from the answer to an attempt.

    2xx: delivered. 410: given up, and the receiver disabled. Everything else, also a redirect, is a failure:
    tried again until the schedule ends. 429 and 503 may ask for a later attempt, never for an earlier one.
    """
    made = delivery.attempts + 1
    if answer.accepted:
        return Verdict(State.DELIVERED)
    if answer.status == _GONE:
        return Verdict(State.DEAD, gone=True)
    if made >= len(SCHEDULE):
        return Verdict(State.DEAD)
    return Verdict(State.PENDING, max(wait_before(made + 1, delivery.id), _asked_for(answer)))


def _asked_for(answer: Answer) -> timedelta:
    if answer.status not in _MAY_ASK_FOR_TIME or answer.retry_after is None:
        return timedelta()
    return timedelta(seconds=min(max(answer.retry_after, 0), LONGEST_WAIT.total_seconds()))
