"""A case and its life: each step is a pure function, so that of two reviewers one gets it, whatever the database.

It is open, claimed, snoozed or decided. A claim lapses and a snooze ends by themselves: both are moments that pass,
and nothing has to be cleaned up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from winnow.core.outcome import Outcome
from winnow.core.reasons import BLIND_SAMPLE, Reason
from winnow.errors import ConflictError, InvalidInputError

#: How long a case stays with who claimed it and does nothing.
CLAIM_LASTS = timedelta(minutes=60)
LONGEST_SNOOZE = timedelta(days=30)


class State(StrEnum):
    """Where a case is."""

    OPEN = "open"
    CLAIMED = "claimed"
    SNOOZED = "snoozed"
    DECIDED = "decided"


class Kept(StrEnum):
    """What is stored of it: `second` is decided, and waits for a second reviewer who does not know that."""

    OPEN = "open"
    SECOND = "second"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who has a case, until when."""

    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """The disposition that closed a case: its number in the log, who, when, what, and the code of the reason.

    followed: it was what the score leaned to · batch: the bulk action it was part of
    """

    id: int
    by: str
    at: datetime
    outcome: Outcome
    reason: str
    followed: bool
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One lead that waits for a person, or did.

    id: the number of the decision that asked · lead: the number of the lead; `lead_id` is its id within its source
    score: of that decision · codes: its reason codes, without the one nobody may see who decides
    urgent_at: its place in the queue, see `waiting` · due_at: when somebody should have looked
    ruleset: hash of the one that decided
    """

    id: int
    lead: int
    lead_id: str
    source: str
    outcome: Outcome
    score: int
    codes: tuple[str, ...]
    opened_at: datetime
    due_at: datetime
    urgent_at: datetime
    kept: Kept = Kept.OPEN
    claim: Claim | None = None
    snoozed_until: datetime | None = None
    closing: Closing | None = None
    ruleset: str = ""

    def state(self, who: str, now: datetime) -> State:
        """What it is for a reviewer: one that waits for a second look is open for everybody but the first."""
        if self._decided_for(who):
            return State.DECIDED
        if self.holder(now) is not None:
            return State.CLAIMED
        return State.SNOOZED if self.snoozed(now) else State.OPEN

    def holder(self, now: datetime) -> Claim | None:
        """The claim in force."""
        return self.claim if self.claim is not None and now < self.claim.until else None

    def snoozed(self, now: datetime) -> bool:
        """Whether it is put off."""
        return self.snoozed_until is not None and now < self.snoozed_until

    def seen_by(self, who: str) -> "Case":
        """The case as a reviewer may see it: without the first verdict while a second is wanted of them.

        Then it waits since that verdict: it would stand out by its age among those that nobody has looked at.
        """
        if self._decided_for(who) or self.closing is None:
            return self
        later = self.closing.at - self.opened_at
        return replace(self, closing=None, opened_at=self.opened_at + later, due_at=self.due_at + later)

    def _decided_for(self, who: str) -> bool:
        if self.kept is Kept.SECOND:
            return self.closing is not None and self.closing.by == who
        return self.kept is Kept.DECIDED


def codes_of(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """The codes of what speaks for holding a lead, each once, in order: what makes cases alike.

    That a lot has drawn the lead is not among them: whoever decides it must not know.
    """
    return tuple(sorted({each.code for each in reasons if each.code != BLIND_SAMPLE and _holds(each)}))


def _holds(reason: Reason) -> bool:
    return reason.points > 0 or (reason.points == 0 and reason.source != "scorecard")


def between_blanks(codes: Iterable[str]) -> str:
    """Codes as they are stored and looked for."""
    return f" {' '.join(codes)} "


def pattern_of(codes: Iterable[str]) -> int:
    """A positive 63-bit number that stands for some codes."""
    return int.from_bytes(sha256(between_blanks(codes).encode()).digest()[:8]) >> 1


def claimed(case: Case, who: str, now: datetime) -> Case:
    """The case in somebody's hands for CLAIM_LASTS from now; raises ConflictError when another has it, or decided."""
    _need_free(case, who, now)
    return replace(case, claim=Claim(who, now + CLAIM_LASTS), snoozed_until=None)


def given_back(case: Case, who: str, now: datetime) -> Case:
    """The case without the claim; raises ConflictError when another has it. One that nobody has stays as it is."""
    _need_free(case, who, now)
    return replace(case, claim=None)


def put_off(case: Case, who: str, until: datetime, now: datetime) -> Case:
    """The case out of the queue for a time, and out of everybody's hands; raises as `claimed` does."""
    if not now < until <= now + LONGEST_SNOOZE:
        fix = f"give a moment within {LONGEST_SNOOZE.days} days"
        raise InvalidInputError("it cannot be put off until then", where="until", fix=fix)
    _need_free(case, who, now)
    return replace(case, claim=None, snoozed_until=until)


def closed(case: Case, closing: Closing, *, second: bool) -> Case:
    """The case after a verdict; `second`: somebody else is to look at it as well.

    A second verdict changes nothing but that nobody is waited for: the first holds. Raises as `claimed` does.
    """
    _need_free(case, closing.by, closing.at)
    if case.kept is Kept.SECOND:
        return replace(case, kept=Kept.DECIDED, claim=None, snoozed_until=None)
    kept = Kept.SECOND if second else Kept.DECIDED
    return replace(case, kept=kept, claim=None, snoozed_until=None, closing=closing)


def reopened(case: Case) -> Case:
    """The case as if its verdict had not been; raises ConflictError when there is none to take back."""
    if case.closing is None:
        raise ConflictError(f"case {case.id} is not decided", fix="there is nothing to take back")
    return replace(case, kept=Kept.OPEN, claim=None, snoozed_until=None, closing=None)


def refusal(case: Case, who: str, now: datetime) -> str | None:
    """Why somebody cannot act on a case just now, in words; None when they can."""
    if case.state(who, now) is State.DECIDED:
        by = f" by `{case.closing.by}` at {_minute(case.closing.at)}" if case.closing else ""
        return f"case {case.id} was decided{by}"
    holder = case.holder(now)
    if holder is not None and holder.by != who:
        return f"case {case.id} is taken by `{holder.by}` until {_minute(holder.until)}"
    return None


def _need_free(case: Case, who: str, now: datetime) -> None:
    why_not = refusal(case, who, now)
    if why_not is not None:
        raise ConflictError(why_not, fix="take another one, or have it given back or undone")


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
