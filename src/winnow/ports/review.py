"""What the review queue needs: cases, what was said about them, and what people decided for later leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from winnow.core.facts import Facts, Override
from winnow.core.lead import Lead
from winnow.core.lists import ListEntry
from winnow.core.outcome import Outcome
from winnow.core.review.case import Case
from winnow.core.review.disposition import Verdict
from winnow.ports.paging import Page


class Shelf(StrEnum):
    """Where cases are looked for."""

    WAITING = "waiting"
    SNOOZED = "snoozed"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are asked for.

    outcomes: what they were decided, any if empty · since, until: when, the end left out; of decided ones only
    reason: what one of their reason codes contains
    """

    shelf: Shelf = Shelf.WAITING
    source: str | None = None
    outcomes: frozenset[Outcome] = frozenset()
    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits.

    waiting: without what is put off (`snoozed`), second looks among it · by_source: what is put off too
    overdue, oldest: how many are late, and when the eldest came, of those that nobody has decided
    """

    waiting: int
    overdue: int
    snoozed: int
    oldest: datetime | None
    by_source: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Alike:
    """What became of the last decided cases with the very same reasons; `cases` are the newest of them."""

    outcomes: Mapping[Outcome, int]
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Acting:
    """How cases are closed.

    by: the reviewer · actor: whom the log names (a key, a program) · batch: of several at once
    entry: a list entry that is added with them · second_share: see `second_wanted`
    releasing: leads that were rejected without a person may be among them
    """

    by: str
    actor: str
    batch: str | None = None
    entry: ListEntry | None = None
    second_share: float = 0.0
    releasing: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What became of several cases: those that were closed or reopened, and why the others were left."""

    cases: tuple[Case, ...]
    left: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """One disposition as it is remembered; `undone_by` is who took it back."""

    id: int
    outcome: Outcome
    reason: str
    note: str | None
    followed: bool
    by: str
    at: datetime
    second: bool
    batch: str | None
    undone_by: str | None
    undone_at: datetime | None


class CaseStore(Protocol):
    """Keeps cases; what reviewers decide is a leaf of the log, and every method may raise StoreAwayError.

    What cannot be done for the state a case is in raises ConflictError, a case that is not there NotFoundError.
    """

    def page(self, wanted: Wanted, who: str, after: str | None, limit: int, now: datetime) -> Page[Case]:
        """Cases as `who` may see them: those that wait by their place in the queue, decided ones the newest first.

        So that a page costs the same however rare what is looked for, it may hold fewer than `limit` while there is
        a `next`.
        """
        ...

    def case(self, number: int, who: str) -> Case:
        """One case, as `who` may see it."""
        ...

    def cases_of(self, numbers: Sequence[int], who: str) -> Mapping[int, Case]:
        """The cases among some decisions, as `who` may see them."""
        ...

    def waiting(self, now: datetime, who: str | None = None) -> Waiting:
        """How much waits; for `who`: without what waits for somebody else to look at their verdict."""
        ...

    def claim(self, number: int, who: str, now: datetime) -> Case:
        """Put a case into somebody's hands."""
        ...

    def give_back(self, number: int, who: str, now: datetime) -> Case:
        """Take it out of them."""
        ...

    def put_off(self, number: int, who: str, until: datetime, now: datetime) -> Case:
        """Take it out of the queue for a time."""
        ...

    def close(self, numbers: Sequence[int], verdict: Verdict, acting: Acting, now: datetime) -> Done:
        """Close cases with all that follows (label, override, log, events), in one transaction.

        One that cannot be closed is left, and said why; without a batch it raises instead.
        """
        ...

    def undo(self, number: int, by: str, actor: str, now: datetime) -> Case:
        """Take back what closed a case: label, override and state; the log keeps both."""
        ...

    def undo_batch(self, batch: str, by: str, actor: str, now: datetime) -> Done:
        """Take back a bulk action with its list entry, once; a case that was reopened since is left as it is."""
        ...

    def alike(self, case: Case) -> Alike:
        """What became of cases with the same reasons."""
        ...

    def said(self, number: int, who: str) -> Sequence[Said]:
        """Every disposition of a case, undone ones too, the oldest first, as `who` may see them."""
        ...

    def pairs(self, since: datetime) -> Mapping[tuple[Outcome, Outcome], int]:
        """First and second verdicts about the same cases, of second looks since a moment."""
        ...

    def records(self, numbers: Sequence[int]) -> Mapping[int, tuple[Lead, Facts, bytes]]:
        """Lead, facts and decision of cases, without what was erased."""
        ...


class OverrideSource(Protocol):
    """What people decided about those behind some leads."""

    def overrides(self, leads: Sequence[Lead]) -> Sequence[Override | None]:
        """One for each lead, in the same order; also one that has expired."""
        ...
