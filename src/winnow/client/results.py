"""What the service answers, typed. Fields a newer service adds are passed over, so that an old client copes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One line of evidence.

    code: stable dotted name, e.g. `form.fill_seconds`; docs/reasons.md lists them
    family: the kind of evidence, whose points are capped together
    points: thousandths of a logit towards junk; negative ones count towards genuine; None while they are withheld from
        those who may decide the case, who are told `strength` (weak, medium, strong) and `towards` (junk, genuine)
    text: the reason in words a sales rep understands
    source: what said so: `scorecard`, `rule:ID`, `list:ID`, `policy:ID`, `customer`, `override`, `system`
    """

    code: str
    family: str
    points: int | None
    text: str
    source: str
    strength: str | None = None
    towards: str | None = None


class RulesetName(msgspec.Struct, frozen=True, kw_only=True):
    """Which ruleset decided: its id, and the hash of everything in it."""

    id: str
    hash: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about a lead, and everything that led to it.

    outcome: `accept`, `tag`, `review` or `reject`, for the sales scope · scopes: the same for every scope
    probability: of being junk, 0.01 to 0.99 · score: base + the sum of the reasons' points
    threshold_band: what the score alone asks for
    These four and `base` are None while they are withheld from those who may decide the case (docs/queue.md)
    decided_by: source of the deciding reason, or `score`
    unknown: signals that could not be measured · skipped_rules: rules that read one of them
    shadow: the decision was recorded and is not to be acted on
    """

    id: str
    lead_id: str
    source: str | None = None
    outcome: str
    probability: float | None
    score: int | None
    base: int | None
    threshold_band: str | None
    decided_by: str
    reasons: tuple[Reason, ...]
    scopes: Mapping[str, str]
    unknown: tuple[str, ...] = ()
    skipped_rules: tuple[str, ...] = ()
    ruleset: RulesetName
    shadow: bool = False
    decided_at: datetime


class Spooled(msgspec.Struct, frozen=True, kw_only=True):
    """The lead is kept safely and will be decided later: the service could not reach its database."""

    lead_id: str | None = None
    status: str = "spooled"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One reason on the way from the base to the score: the score before it and after it."""

    code: str
    text: str
    points: int
    before: int
    after: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the person could have done differently."""

    signal: str
    was: bool | float | str | None = None
    would_be: str


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome the lead would have had after some changes, all of them together."""

    outcome: str
    changes: tuple[Change, ...]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a decision came out as it did; `document` is all the service said, for what has no field here."""

    outcome: str
    probability: float | None
    score: int | None
    base: int | None
    decided_by: str
    reasons: tuple[Reason, ...] = ()
    steps: tuple[Step, ...] = ()
    would_be: tuple[Alternative, ...] = ()
    document: Mapping[str, Any] = {}


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that a decision is in the decision log.

    index: number of the decision's entry in the log · tree_size: how many entries the proof speaks of
    checkpoint: the signed head of the log
    text: exactly what the service sent, to be kept in a file and checked without the service
    """

    index: int
    tree_size: int
    checkpoint: str
    text: bytes = b""


class StoredLead(msgspec.Struct, frozen=True, kw_only=True):
    """A lead as the service keeps it, and what was decided about it; the latest decision is the last.

    lead: its fields without those that are off limits; empty when it has been erased
    """

    id: str
    source: str | None = None
    lead: Mapping[str, Any] = {}
    decisions: tuple[Decision, ...] = ()


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody reported about a lead, as it was recorded."""

    lead_id: str
    verdict: str
    id: str | None = None
    source: str | None = None
    author: str | None = None
    batch: str | None = None
    at: datetime | None = None


class ListEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One allow or block entry; docs/lists.md says what the fields mean."""

    id: str
    action: str
    kind: str
    value: str
    owner: str
    reason: str
    scopes: tuple[str, ...] = ()
    source: str = "person"
    created_at: datetime | None = None
    expires_at: datetime | None = None


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some entries, and the cursor of those that follow; None at the end."""

    entries: tuple[ListEntry, ...]
    next: str | None = None


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the service takes leads, and what it says about itself."""

    ready: bool
    document: Mapping[str, Any] = {}
