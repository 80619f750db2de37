"""The review queue: whose turn it is, what reviewers decide about one case, and taking it back."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.review.agreement import Agreement, agreement
from winnow.core.review.case import Case, refusal
from winnow.core.review.disposition import Spoken
from winnow.core.review.shown import without_lot, without_numbers
from winnow.errors import ConflictError, InvalidInputError, NotFoundError
from winnow.ports import Clock, Page
from winnow.ports.review import Acting, Alike, CaseStore, Said, Shelf, Waiting, Wanted

#: Cases that are tried, from the front of the queue, until one is free.
_MOST_TRIED = 50


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case with all that a reviewer is shown; lead and decision are None once erased.

    decision: as a document, without what would tell that a lot has drawn the lead
    withheld: the numbers of the decision are withheld, see `core.review.shown`; those of the case are not to be shown
    """

    case: Case
    lead: Lead | None
    decision: Mapping[str, Any] | None
    alike: Alike
    said: Sequence[Said]
    withheld: bool = False


class ReviewDesk:
    """Where people decide. `who` is the reviewer; `actor` whom the log names besides: a key, a program.

    withholds: whether the numbers of a case are kept from somebody, see `services.showing`
    """

    def __init__(
        self,
        store: CaseStore,
        clock: Clock,
        *,
        second_share: float = 0.0,
        withholds: Callable[[Case, str], bool] = lambda _, __: False,
    ) -> None:
        self._store = store
        self._withholds = withholds
        self._clock = clock
        self._second_share = second_share

    # ── looking ──────────────────────────────────────────────────────────────────────────────────

    def page(self, wanted: Wanted, who: str, after: str | None, limit: int) -> Page[Case]:
        """Cases as `who` may see them; raises InvalidInputError for what cannot be asked together."""
        if wanted.outcomes and wanted.shelf is not Shelf.DECIDED:
            fix = "ask for decided ones, or leave the outcome out"
            raise InvalidInputError("what waits has no outcome yet", where="outcome", fix=fix)
        return self._store.page(wanted, who, after, limit, self._clock.now())

    def waiting(self, who: str | None = None) -> Waiting:
        """How much waits; for `who`: without what waits for somebody else to look at their verdict."""
        return self._store.waiting(self._clock.now(), who)

    def case(self, number: int, who: str) -> Case:
        """One case, as `who` may see it; raises NotFoundError."""
        return self._store.case(number, who)

    def withholds(self, case: Case, who: str) -> bool:
        """Whether the numbers of a case are not to be shown to somebody just now."""
        return self._withholds(case, who)

    def opened(self, number: int, who: str) -> OpenedCase:
        """A case with lead, decision, what became of those like it, and what was said about it."""
        case = self._store.case(number, who)
        lead, decision, withheld = None, None, self._withholds(case, who)
        if record := self._store.records([number]).get(number):
            lead, whole = record[0], json.loads(record[2])
            decision = without_numbers(whole) if withheld else without_lot(whole)
        return OpenedCase(case, lead, decision, self._store.alike(case), self._store.said(number, who), withheld)

    def leads(self, numbers: Sequence[int]) -> Mapping[int, Lead]:
        """Whom some cases are about, without those that were erased."""
        return {number: record[0] for number, record in self._store.records(numbers).items()}

    def alike(self, case: Case) -> Alike:
        """What became of decided cases with the very same reasons."""
        return self._store.alike(case)

    def said(self, number: int, who: str) -> Sequence[Said]:
        """What was said about a case, as `who` may see it."""
        return self._store.said(number, who)

    def agreement(self, days: int) -> Agreement:
        """How far second reviewers agreed with the first ones, unawares: let through (first row and column) or not."""
        table = [[0, 0], [0, 0]]
        for (first, second), count in self._store.pairs(self._clock.now() - timedelta(days=days)).items():
            table[first is Outcome.REJECT][second is Outcome.REJECT] += count
        return agreement(table)

    # ── one case ─────────────────────────────────────────────────────────────────────────────────

    def claim(self, number: int, who: str) -> Case:
        """Take a case for an hour; raises ConflictError that says who has it until when."""
        return self._store.claim(number, who, self._clock.now())

    def give_back(self, number: int, who: str) -> Case:
        """Let others have it."""
        return self._store.give_back(number, who, self._clock.now())

    def next(self, who: str, source: str | None = None) -> Case | None:
        """Claim the first case that nobody else has; None when the queue is clear."""
        now = self._clock.now()
        for case in self._store.page(Wanted(source=source), who, None, _MOST_TRIED, now).items:
            if refusal(case, who, now) is None:
                try:
                    return self._store.claim(case.id, who, now)
                except (ConflictError, NotFoundError):  # somebody was faster
                    continue
        return None

    def snooze(self, number: int, who: str, until: datetime) -> Case:
        """Put a case off."""
        return self._store.put_off(number, who, until, self._clock.now())

    def decide(self, number: int, said: Spoken, who: str, actor: str) -> Case:
        """Close a case; raises ConflictError when it is taken or decided."""
        now = self._clock.now()
        acting = Acting(who, actor, second_share=self._second_share)
        return self._store.close([number], said.verdict(now), acting, now).cases[0]

    def release(self, number: int, said: Spoken, who: str, actor: str) -> Case:
        """Let a lead through that was rejected without a person, or that waits, by the number of its decision."""
        if said.outcome is Outcome.REJECT:
            raise InvalidInputError("rejecting releases nothing", where="outcome", fix="use accept or tag")
        now = self._clock.now()
        acting = Acting(who, actor, second_share=self._second_share, releasing=True)
        return self._store.close([number], said.verdict(now), acting, now).cases[0]

    def undo(self, number: int, who: str, actor: str) -> Case:
        """Take back what closed a case; a second reviewer takes back their own look only."""
        return self._store.undo(number, who, actor, self._clock.now())
