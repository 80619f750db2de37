"""The review queue for many leads at once: one decision about all, what they share allowed, and taking it back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ListAction, ListEntry, ListIndex, ListKind
from winnow.core.outcome import Outcome
from winnow.core.review.case import Kept, refusal
from winnow.core.review.disposition import Spoken
from winnow.core.ruleset_read import list_entry_from
from winnow.core.tables import Table
from winnow.errors import InvalidInputError, InvalidRulesetError, NotFoundError
from winnow.ports import Clock, Past
from winnow.ports.review import Acting, CaseStore, Done, Wanted

#: Cases that one bulk action may close, and decisions a look at who shares something goes back.
MOST_AT_ONCE, MOST_LOOKED_AT = 500, 5_000

#: What leads let through may have in common that a list entry can say.
SHARED_KINDS = (ListKind.ASN, ListKind.DOMAIN, ListKind.HOST, ListKind.CIDR, ListKind.IP, ListKind.COMPANY)

_OF_MAIL = frozenset({ListKind.DOMAIN, ListKind.HOST})

#: Every value under which an entry could name a lead, from the lead and what was looked up about it.
KeysOf = Callable[[Lead, Facts], Sequence[tuple[ListKind, str]]]


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


class BulkDesk:
    """Where people decide about many leads. `who` is the reviewer; `actor` whom the log names besides."""

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

    def preview(self, numbers: Sequence[int], who: str) -> Affected:
        """Which of some cases could be closed now, and why the others would be left."""
        return self._affected(_few(numbers), who)

    def close(self, numbers: Sequence[int], said: Spoken, who: str, actor: str) -> Bulk:
        """Close many cases at once; what somebody else has or has decided is left, and said so."""
        now = self._clock.now()
        batch = self._new_id("bulk", now)
        acting = Acting(who, actor, batch, second_share=self._second_share)
        return Bulk(batch, self._store.close(_few(numbers), said.verdict(now), acting, now))

    def undo(self, batch: str, who: str, actor: str) -> Done:
        """Take a bulk action back, list entry and all, once."""
        return self._store.undo_batch(batch, who, actor, self._clock.now())

    def shared_by(self, number: int) -> Sequence[tuple[ListKind, str]]:
        """What an allow entry could name of a lead, as SHARED_KINDS have it; nothing of one that was erased.

        The domain of a free mail service is nothing that leads have in common.
        """
        record = self._store.records([number]).get(number)
        if record is None:
            return ()
        lead, facts, _ = record
        keys = [*self._keys_of(lead, facts)]
        keys += [(ListKind.CIDR, facts.network.network)] if facts.network else []
        left = _OF_MAIL if facts.email is not None and facts.email.free else frozenset()
        return tuple((kind, value) for kind, value in keys if kind in SHARED_KINDS and kind not in left)

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
        return Bulk(batch, self._store.close(chosen, said.verdict(now), acting, now), entry)

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


def _few(numbers: Sequence[int]) -> Sequence[int]:
    if not 1 <= len(numbers) <= MOST_AT_ONCE:
        raise _too_many(len(numbers))
    return numbers


def _too_many(count: int) -> InvalidInputError:
    return InvalidInputError(f"{count:,} cases", where="cases", fix=f"name 1 to {MOST_AT_ONCE:,} at a time")
