"""What the API takes and gives about one case, as types; see `types`, and `bulk_types` for many at once."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from winnow.core.decide import probability
from winnow.core.outcome import Outcome
from winnow.core.review.agreement import Agreement
from winnow.core.review.case import Case, State
from winnow.core.review.disposition import LONGEST_NOTE, REJECT_REASONS, Spoken
from winnow.ports import Clock
from winnow.ports.review import Alike, Said, Waiting

_TIME = "2026-11-22T08:30:00Z"
_BATCH = "bulk_01jd8qg4z5x3n0v7k2m9r6t1wy"
_WHO = "wk_01jd8q"

Decided = Literal["accept", "tag", "reject"]
Moment = Annotated[datetime, Meta(tz=True)]
_REASONS = ", ".join(f"`{why.code}` ({why.key})" for why in REJECT_REASONS)


class ClaimOut(Struct):
    """Who has a case."""

    by: Annotated[str, Meta(description="The reviewer.", examples=[_WHO])]
    until: Annotated[datetime, Meta(description="When it lapses by itself.", examples=[_TIME])]


class ClosingOut(Struct):
    """The disposition that closed a case."""

    id: Annotated[str, Meta(description="Its number in the log.", examples=["31"])]
    outcome: Annotated[Decided, Meta(description="What was decided.", examples=["reject"])]
    reason: Annotated[str, Meta(description="Why, see docs/queue.md.", examples=["spam"])]
    by: Annotated[str, Meta(description="Who decided.", examples=[_WHO])]
    at: Annotated[datetime, Meta(description="When.", examples=[_TIME])]
    followed: Annotated[
        bool,
        Meta(
            description="true: it followed the recommendation; false: it was decided otherwise. Both are fine.",
            examples=[True],
        ),
    ]
    batch: Annotated[str | None, Meta(description="The bulk action it was part of.", examples=[_BATCH])]


class CaseOut(Struct):
    """A lead that waits for a person, or did. The lead itself is at `/v1/decisions/ID`."""

    id: Annotated[str, Meta(description="The number of the decision that asked for it.", examples=["12"])]
    lead_id: Annotated[str, Meta(description="The id of the lead within its source.", examples=["4711"])]
    source: Annotated[str | None, Meta(description="Where the lead came from.", examples=["website"])]
    state: Annotated[
        State,
        Meta(description="What it is for whoever asks: open, claimed, snoozed or decided.", examples=["open"]),
    ]
    score: Annotated[
        int | None, Meta(description="The score of the decision; null while it is withheld.", examples=[1400])
    ]
    probability: Annotated[
        float | None, Meta(description="Chance of junk, 0.01 to 0.99; null likewise.", examples=[0.8022])
    ]
    reasons: Annotated[
        list[str], Meta(description="Codes of what speaks for holding it.", examples=[["form.fill_seconds"]])
    ]
    opened_at: Annotated[datetime, Meta(description="When it began to wait.", examples=[_TIME])]
    due_at: Annotated[datetime, Meta(description="When somebody should have looked at it.", examples=[_TIME])]
    claim: Annotated[ClaimOut | None, Meta(description="Who has it; null: nobody.")]
    snoozed_until: Annotated[datetime | None, Meta(description="Until when it is put off.", examples=[_TIME])]
    closing: Annotated[ClosingOut | None, Meta(description="What closed it; null: nothing has.")]


class WaitingOut(Struct):
    """How much waits."""

    waiting: Annotated[int, Meta(description="Cases in the queue, without those put off.", examples=[64])]
    overdue: Annotated[int, Meta(description="Cases that should have been looked at by now.", examples=[3])]
    snoozed: Annotated[int, Meta(description="Cases that are put off.", examples=[2])]
    oldest: Annotated[datetime | None, Meta(description="When the eldest came.", examples=[_TIME])]
    by_source: Annotated[
        dict[str, int], Meta(description="Cases by source, put-off ones too.", examples=[{"website": 66}])
    ]


class CasePage(Struct):
    """Some cases: those that wait by what their waiting costs, decided ones the newest first."""

    cases: Annotated[list[CaseOut], Meta(description="At most `limit`; may be fewer also before the last page.")]
    queue: Annotated[WaitingOut, Meta(description="How much waits in all.")]
    next: Annotated[
        str | None, Meta(description="The `cursor` of the next page; null when there is none.", examples=["1.12"])
    ] = None


class SaidOut(Struct):
    """One disposition of a case, as it is remembered."""

    id: Annotated[str, Meta(description="Its number in the log.", examples=["31"])]
    outcome: Annotated[Decided, Meta(description="What was decided.", examples=["reject"])]
    reason: Annotated[str, Meta(description="Why, see docs/queue.md.", examples=["spam"])]
    note: Annotated[str | None, Meta(description="What was written to it.", examples=["sent to all of us"])]
    by: Annotated[str, Meta(description="Who decided.", examples=[_WHO])]
    at: Annotated[datetime, Meta(description="When.", examples=[_TIME])]
    second: Annotated[bool, Meta(description="Whether it is a second look, unawares of the first.", examples=[False])]
    undone_by: Annotated[str | None, Meta(description="Who took it back.", examples=[_WHO])]


class AlikeOut(Struct):
    """What became of the last decided cases with the very same reasons."""

    outcomes: Annotated[
        dict[str, int], Meta(description="How many were decided what.", examples=[{"accept": 7, "reject": 2}])
    ]
    cases: Annotated[list[str], Meta(description="The newest of them.", examples=[["31", "12"]])]


class OneCase(Struct):
    """A case with what was said about it, and about those like it."""

    case: Annotated[CaseOut, Meta(description="The case.")]
    said: Annotated[list[SaidOut], Meta(description="Its dispositions, undone ones too, the oldest first.")]
    alike: Annotated[AlikeOut, Meta(description="Decided cases with the same reasons.")]


class DispositionIn(Struct, forbid_unknown_fields=True):
    """What a reviewer decides."""

    outcome: Annotated[Decided, Meta(description="Let it through, with a neutral label, or not.", examples=["reject"])]
    reason: Annotated[
        Annotated[str, Meta(max_length=40)] | None,
        Meta(description=f"Why it is rejected, by code or key: {_REASONS}.", examples=["spam"]),
    ] = None
    note: Annotated[
        Annotated[str, Meta(max_length=LONGEST_NOTE)],
        Meta(description="Free text; sealed with what is known of the person.", examples=["sent to all of us"]),
    ] = ""
    expires_at: Annotated[
        Moment | None,
        Meta(
            description="Until when it decides later leads of the person too; 180 days if left out.", examples=[_TIME]
        ),
    ] = None
    standing: Annotated[
        bool, Meta(description="true: it decides later leads of the person for good.", examples=[False])
    ] = False

    @property
    def spoken(self) -> Spoken:
        """The same for the desk."""
        return Spoken(Outcome.parse(self.outcome), self.reason, self.note, self.expires_at, self.standing)


class ReleaseIn(Struct, forbid_unknown_fields=True):
    """How a lead is let through."""

    tag: Annotated[bool, Meta(description="true: with a neutral label.", examples=[False])] = False
    note: Annotated[
        Annotated[str, Meta(max_length=LONGEST_NOTE)], Meta(description="Free text.", examples=["known customer"])
    ] = ""

    @property
    def spoken(self) -> Spoken:
        """The same for the desk."""
        return Spoken(Outcome.TAG if self.tag else Outcome.ACCEPT, note=self.note)


class SnoozeIn(Struct, forbid_unknown_fields=True):
    """Until when a case is put off."""

    until: Annotated[Moment, Meta(description="Within 30 days; ISO 8601 with offset.", examples=[_TIME])]


class AgreementOut(Struct):
    """Whether second reviewers, who did not know of the first, said the same."""

    pairs: Annotated[int, Meta(description="Cases with two verdicts.", examples=[105])]
    table: Annotated[
        list[list[int]],
        Meta(
            description="Pairs by the first (row) and second (column) verdict: let through, rejected.",
            examples=[[[31, 12], [4, 58]]],
        ),
    ]
    same: Annotated[float | None, Meta(description="Share of pairs that say the same.", examples=[0.848])]
    kappa: Annotated[
        float | None,
        Meta(description="Cohen's kappa; null: too few to say, or all verdicts were the same.", examples=[0.676]),
    ]
    low: Annotated[float | None, Meta(description="Lower end of its 95 % interval.", examples=[0.532])]
    high: Annotated[float | None, Meta(description="Upper end.", examples=[0.82])]


def case_out(case: Case, who: str, clock: Clock, *, withheld: bool) -> CaseOut:
    """A case as it is answered to whoever asks; `withheld`: without its numbers."""
    now, closing = clock.now(), case.closing
    holder = case.holder(now)
    return CaseOut(
        id=str(case.id),
        lead_id=case.lead_id,
        source=case.source or None,
        state=case.state(who, now),
        score=None if withheld else case.score,
        probability=None if withheld else probability(case.score),
        reasons=list(case.codes),
        opened_at=case.opened_at,
        due_at=case.due_at,
        claim=None if holder is None else ClaimOut(holder.by, holder.until),
        snoozed_until=case.snoozed_until if case.snoozed(now) else None,
        closing=None
        if closing is None
        else ClosingOut(
            id=str(closing.id),
            outcome=closing.outcome.word,  # type: ignore[arg-type]  # one of the three words
            reason=closing.reason,
            by=closing.by,
            at=closing.at,
            followed=closing.followed,
            batch=closing.batch,
        ),
    )


def waiting_out(waiting: Waiting) -> WaitingOut:
    """How much waits, as it is answered."""
    return WaitingOut(waiting.waiting, waiting.overdue, waiting.snoozed, waiting.oldest, dict(waiting.by_source))


def said_out(said: Said) -> SaidOut:
    """A disposition as it is answered."""
    what = (str(said.id), said.outcome.word, said.reason, said.note, said.by, said.at, said.second, said.undone_by)
    return SaidOut(*what)  # type: ignore[arg-type]  # in the order of its fields


def alike_out(alike: Alike) -> AlikeOut:
    """What became of cases with the same reasons, as it is answered."""
    outcomes = {outcome.word: count for outcome, count in sorted(alike.outcomes.items())}
    return AlikeOut(outcomes, list(map(str, alike.cases)))


def agreement_out(found: Agreement) -> AgreementOut:
    """An agreement as it is answered."""
    table = [list(row) for row in found.table]
    return AgreementOut(found.pairs, table, found.same, found.kappa, found.low, found.high)
