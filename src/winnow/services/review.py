"""The review queue: whose turn it is, what reviewers decide, alone or for many leads at once, and taking it back."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ListAction, ListEntry, ListIndex, ListKind
from winnow.core.outcome import Outcome
from winnow.core.reasons import BLIND_SAMPLE
from winnow.core.review.agreement import Agreement, agreement
from winnow.core.review.case import Case, Kept, refusal
from winnow.core.review.disposition import Verdict, verdict
from winnow.core.ruleset_read import list_entry_from
from winnow.core.tables import Table
from winnow.errors import ConflictError, InvalidInputError, InvalidRulesetError, NotFoundError
from winnow.ports import Clock, Page, Past
from winnow.ports.review import Acting, Alike, CaseStore, Done, Said, Shelf, Waiting, Wanted

#: Cases that one bulk action may close, and decisions a look at who shares something goes back.
MOST_AT_ONCE, MOST_LOOKED_AT = 500, 5_000

#: Cases that are tried, from the front of the queue, until one is free.
_MOST_TRIED = 50
#: What leads let through may have in common that a list entry can say.
SHARED_KINDS = (ListKind.ASN, ListKind.DOMAIN, ListKind.HOST, ListKind.CIDR, ListKind.IP, ListKind.COMPANY)

#: Every value under which an entry could name a lead, from the lead and what was looked up about it.
KeysOf = Callable[[Lead, Facts], Sequence[tuple[ListKind, str]]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a reviewer says; see `core.review.disposition.verdict`."""

    outcome: Outcome
    reason: str | None = None
    note: str = ""
    expires_at: datetime | None = None
    standing: bool = False


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case with all that a reviewer is shown; lead and decision are None once erased.

    decision: as a document, without what would tell that a lot has drawn the lead
    """

    case: Case
    lead: Lead | None
    decision: Mapping[str, Any] | None
    alike: Alike
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Affected:
    """Whom a bulk action would be about: cases it can close, why others are left, leads it would release.

    looked_at: decisions that were looked at for it
    """

    cases: tuple[int, ...]
    left: Mapping[int, str]
    rejected: tuple[int, ...] = ()
    looked_at: int = 0


@dataclass(frozen=True, slots=True)
class Bulk:
    """A bulk action that was carried out; `id` undoes it."""

    id: str
    done: Done
    entry: ListEntry | None = None


class ReviewDesk:
    """Where people decide. `who` is the reviewer; `actor` whom the log names besides: a key, a program."""

    def __init__(
        self,
        store: CaseStore,
        past: Past,
        keys_of: KeysOf,
        clock: Clock,
        new_id: Callable[[str, datetime], str],
        *,
        second_share: float = 0.0,
    ) -> None:
        self._store = store
        self._past = past
        self._keys_of = keys_of
        self._clock = clock
        self._new_id = new_id
        self._second_share = second_share

    # ── looking ──────────────────────────────────────────────────────────────────────────────────

    def page(self, wanted: Wanted, who: str, after: str | None, limit: int) -> Page[Case]:
        """Cases as `who` may see them; raises InvalidInputError for what cannot be asked together."""
        if wanted.outcome is not None and wanted.shelf is not Shelf.DECIDED:
            fix = "ask for decided ones, or leave the outcome out"
            raise InvalidInputError("what waits has no outcome yet", where="outcome", fix=fix)
        return self._store.page(wanted, who, after, limit, self._clock.now())

    def waiting(self) -> Waiting:
        """How much waits."""
        return self._store.waiting(self._clock.now())

    def case(self, number: int, who: str) -> Case:
        """One case, as `who` may see it; raises NotFoundError."""
        return self._store.case(number, who)

    def opened(self, number: int, who: str) -> OpenedCase:
        """A case with lead, decision, what became of those like it, and what was said about it."""
        case = self._store.case(number, who)
        lead, decision = None, None
        if record := self._store.records([number]).get(number):
            lead, decision = record[0], _without_lot(json.loads(record[2]))
        return OpenedCase(case, lead, decision, self._store.alike(case), self._store.said(number, who))

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
        return self._store.close([number], _verdict(said, now), acting, now).cases[0]

    def release(self, number: int, said: Spoken, who: str, actor: str) -> Case:
        """Let a lead through that was rejected without a person, or that waits, by the number of its decision."""
        if said.outcome is Outcome.REJECT:
            raise InvalidInputError("rejecting releases nothing", where="outcome", fix="use accept or tag")
        now = self._clock.now()
        acting = Acting(who, actor, second_share=self._second_share, releasing=True)
        return self._store.close([number], _verdict(said, now), acting, now).cases[0]

    def undo(self, number: int, who: str, actor: str) -> Case:
        """Take back what closed a case; a second reviewer takes back their own look only."""
        return self._store.undo(number, who, actor, self._clock.now())

    # ── many cases ───────────────────────────────────────────────────────────────────────────────

    def bulk_preview(self, numbers: Sequence[int], who: str) -> Affected:
        """Which of some cases could be closed now, and why the others would be left."""
        return self._affected(_few(numbers), who)

    def bulk(self, numbers: Sequence[int], said: Spoken, who: str, actor: str) -> Bulk:
        """Close many cases at once; what somebody else has or has decided is left, and said so."""
        now = self._clock.now()
        batch = self._new_id("bulk", now)
        acting = Acting(who, actor, batch, second_share=self._second_share)
        return Bulk(batch, self._store.close(_few(numbers), _verdict(said, now), acting, now))

    def undo_bulk(self, batch: str, who: str, actor: str) -> Done:
        """Take a bulk action back, list entry and all, once."""
        return self._store.undo_batch(batch, who, actor, self._clock.now())

    def shared_preview(self, kind: str, value: str, last: int, who: str) -> Affected:
        """Whom an allow entry would have let through of the last decisions: cases that wait, leads that were rejected.

        kind: one of SHARED_KINDS, or `reason`, for which there is no entry: cases that wait and have this reason code
        """
        if kind == "reason":
            return self._of_reason(value, who)
        index = ListIndex([self._entry({**_ANYBODY, "kind": kind, "value": value}, self._clock.now())])
        looked_at = 0
        held: list[int] = []
        rejected: list[int] = []
        for past in self._past.latest(min(last, MOST_LOOKED_AT)):
            looked_at += 1
            if past.outcome >= Outcome.REVIEW and index.hits(self._keys_of(past.lead, past.facts)):
                (held if past.outcome is Outcome.REVIEW else rejected).append(past.id)
        affected = self._affected(held, who)
        there = [number for number in rejected if self._is_case(number, who)]
        return replace(affected, rejected=tuple(sorted(set(rejected) - set(there))), looked_at=looked_at)

    def allow_shared(
        self, document: Mapping[str, object], numbers: Sequence[int], said: Spoken, who: str, actor: str
    ) -> Bulk:
        """Add an allow entry and let through the leads it wrongly held: those of the numbers, out of a preview.

        document: kind, value, owner, reason and expires_at of the entry; one of kind `reason` adds none
        Raises InvalidInputError for a lead that does not share it: nobody is let through by mistake.
        """
        if said.outcome is Outcome.REJECT:
            raise InvalidInputError("rejecting allows nothing", where="outcome", fix="use accept or tag")
        now = self._clock.now()
        entry = None if document.get("kind") == "reason" else self._entry(document, now)
        chosen = list(dict.fromkeys(numbers))
        if len(chosen) > MOST_AT_ONCE:
            raise _too_many(len(chosen))
        self._need_shared(chosen, entry, str(document.get("value", "")), who)
        batch = self._new_id("bulk", now)
        acting = Acting(who, actor, batch, entry, self._second_share, releasing=True)
        return Bulk(batch, self._store.close(chosen, _verdict(said, now), acting, now), entry)

    def _affected(self, numbers: Sequence[int], who: str) -> Affected:
        now, able, left = self._clock.now(), [], {}
        for number in dict.fromkeys(numbers):
            try:
                why = refusal(self._store.case(number, who), who, now)
            except NotFoundError as error:
                why = error.what
            if why is None:
                able.append(number)
            else:
                left[number] = why
        return Affected(tuple(able), left)

    def _of_reason(self, code: str, who: str) -> Affected:
        now, after = self._clock.now(), None
        found: list[int] = []
        while len(found) < MOST_AT_ONCE:
            page = self._store.page(Wanted(reason=f" {code} "), who, after, MOST_AT_ONCE, now)
            found += [case.id for case in page.items]
            after = page.next
            if after is None:
                break
        return self._affected(found[:MOST_AT_ONCE], who)

    def _is_case(self, number: int, who: str) -> bool:
        try:
            return self._store.case(number, who).kept in {Kept.DECIDED, Kept.SECOND}
        except NotFoundError:
            return False

    def _need_shared(self, numbers: Sequence[int], entry: ListEntry | None, code: str, who: str) -> None:
        index = None if entry is None else ListIndex([entry])
        records = {} if index is None else self._store.records(numbers)
        for number in numbers:
            if index is None:
                shares = code in self._store.case(number, who).codes
            else:
                record = records.get(number)
                shares = record is not None and bool(index.hits(self._keys_of(record[0], record[1])))
            if not shares:
                what = f"lead {number} does not share it"
                raise InvalidInputError(what, where="cases", fix="take the numbers from the preview")

    def _entry(self, document: Mapping[str, object], now: datetime) -> ListEntry:
        if document.get("kind") not in {kind.value for kind in SHARED_KINDS}:
            fix = f"use {', '.join(SHARED_KINDS)} or reason"
            raise InvalidInputError(f"`{document.get('kind')}` is nothing leads share here", where="kind", fix=fix)
        made = {"id": self._new_id("le", now), "source": "person", **document, "action": ListAction.ALLOW.value}
        try:
            return replace(list_entry_from(Table(made, "")), created_at=now)
        except InvalidRulesetError as error:
            raise InvalidInputError(error.what, where=error.where or None, fix=error.fix) from None


#: For trying an entry out.
_ANYBODY = {"owner": "preview", "reason": "preview"}


def _verdict(said: Spoken, now: datetime) -> Verdict:
    return verdict(said.outcome, said.reason, said.note, now, expires_at=said.expires_at, standing=said.standing)


def _few(numbers: Sequence[int]) -> Sequence[int]:
    if not 1 <= len(numbers) <= MOST_AT_ONCE:
        raise _too_many(len(numbers))
    return numbers


def _too_many(count: int) -> InvalidInputError:
    return InvalidInputError(f"{count:,} cases", where="cases", fix=f"name 1 to {MOST_AT_ONCE:,} at a time")


def _without_lot(decision: dict[str, Any]) -> dict[str, Any]:
    """The decision as whoever decides the case may see it."""
    return {**decision, "reasons": [each for each in decision["reasons"] if each["code"] != BLIND_SAMPLE]}
