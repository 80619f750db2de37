"""Allow and block entries: added and taken out by whoever answers for them, and tried on past leads before."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.lists import ACCOUNTABLE_SOURCES, ListAction, ListEntry, ListIndex, ListKind
from winnow.core.outcome import Outcome
from winnow.core.ruleset_read import list_entry_from
from winnow.core.tables import Table
from winnow.errors import InvalidInputError, InvalidRulesetError
from winnow.ports import Clock, ListStore, Page, Past, WantedEntries

#: How long a block stands that a machine gathered the evidence for, unless somebody says otherwise.
EVIDENCE_STANDS = timedelta(days=180)

#: Entries that are added at once, and decisions a preview looks at.
MOST_ENTRIES, MOST_LOOKED_AT = 10_000, 5_000

_PREFIX = "le"

#: An id stands in addresses and in the reasons of decisions.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_LONGEST = {"value": 200, "owner": 200, "reason": 2_000}

#: Every value under which an entry could name a lead, from the lead and what was looked up about it.
KeysOf = Callable[[Lead, Facts], Sequence[tuple[ListKind, str]]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an entry would have matched.

    looked_at: decisions that were looked at, the last ones · ids: those it would have matched, the newest first
    outcomes: what these were decided
    customers: those of them that were about known customers
    """

    looked_at: int
    ids: tuple[int, ...]
    outcomes: Mapping[Outcome, int]
    customers: tuple[int, ...] = ()


class ListDesk:
    """Where entries are made and ended. `names_customer` tells whether an entry is about a known customer by name."""

    def __init__(
        self,
        store: ListStore,
        past: Past,
        keys_of: KeysOf,
        clock: Clock,
        new_id: Callable[[str, datetime], str],
        names_customer: Callable[[ListEntry], bool] = lambda _: False,
    ) -> None:
        self._store = store
        self._names_customer = names_customer
        self._past = past
        self._keys_of = keys_of
        self._clock = clock
        self._new_id = new_id

    def add(self, document: Mapping[str, object], actor: str) -> ListEntry:
        """Add an entry.

        Raises InvalidInputError for one that cannot be or would block a customer, ConflictError when its id is taken.
        """
        now = self._clock.now()
        entry = self._entry(document, "", now)
        self._need_no_customer(entry, "")
        self._store.add([entry], actor, now)
        return entry

    def add_looked_at(self, document: Mapping[str, object], actor: str, last: int) -> ListEntry:
        """The same for somebody who types it in: a block that would have held a customer lately is refused, too."""
        if self._entry(document, "", self._clock.now()).action is ListAction.BLOCK:
            found = self.preview(document, last)
            if found.customers:
                raise _customers_held(len(found.customers), found.looked_at)
        return self.add(document, actor)

    def add_all(self, documents: Sequence[Mapping[str, object]], actor: str) -> tuple[ListEntry, ...]:
        """Add many entries, all or none; errors name the place of the first that is wrong."""
        entries = self.checked(documents)
        self._store.add(entries, actor, self._clock.now())
        return entries

    def remove(self, entry_id: str, actor: str) -> None:
        """Take an entry out of force; raises NotFoundError when there is none in force."""
        self._store.remove(entry_id, actor, self._clock.now())

    def entry(self, entry_id: str) -> ListEntry:
        """An entry in force; raises NotFoundError."""
        return self._store.entry(entry_id)

    def page(self, after: str | None, limit: int) -> Page[ListEntry]:
        """Entries in force, in the order of their ids."""
        return self._store.page(after, limit)

    def found(self, wanted: WantedEntries, before: str | None, limit: int) -> Page[ListEntry]:
        """Those in force that fit, the last ids first; see ListStore."""
        return self._store.found(wanted, before, limit)

    def checked(self, documents: Sequence[Mapping[str, object]]) -> tuple[ListEntry, ...]:
        """What `add_all` would add; raises as that does, but not for ids that are taken."""
        if not 1 <= len(documents) <= MOST_ENTRIES:
            what = f"{len(documents):,} entries"
            raise InvalidInputError(what, where="entries", fix=f"send 1 to {MOST_ENTRIES:,} at a time")
        now = self._clock.now()
        entries = tuple(self._entry(each, f"entries[{index}]", now) for index, each in enumerate(documents))
        _need_distinct(entries)
        for index, entry in enumerate(entries):
            self._need_no_customer(entry, f"entries[{index}].")
        return entries

    def preview(self, document: Mapping[str, object], last: int) -> Preview:
        """Which of the last decisions were about leads that an entry would have matched, whoever would have won."""
        index = ListIndex([self._entry(document, "entry", self._clock.now())])
        looked_at, found = 0, []
        for past in self._past.latest(min(last, MOST_LOOKED_AT)):
            looked_at += 1
            if index.hits(self._keys_of(past.lead, past.facts)):
                found.append((past.id, past.outcome, past.facts.is_customer is True))
        return Preview(
            looked_at,
            tuple(number for number, _, _ in found),
            Counter(outcome for _, outcome, _ in found),
            tuple(number for number, _, customer in found if customer),
        )

    def _need_no_customer(self, entry: ListEntry, at: str) -> None:
        if entry.action is ListAction.BLOCK and self._names_customer(entry):
            what = f"`{entry.value}` is a customer, and customers are not blocked"
            fix = "talk to whoever looks after them; once they are a customer no more, take them off the customer list"
            raise InvalidInputError(what, where=f"{at}value", fix=fix)

    def _entry(self, document: Mapping[str, object], where: str, now: datetime) -> ListEntry:
        made = self._new_id(_PREFIX, now)
        try:
            entry = list_entry_from(Table({"id": made, **document}, where))
        except InvalidRulesetError as error:
            what = error.what.removeprefix(f"list entry `{made}`: ")  # a name nobody has seen explains nothing
            raise InvalidInputError(what, where=error.where or where or None, fix=error.fix) from None
        _need_storable(entry, where)
        return replace(entry, created_at=entry.created_at or now, expires_at=entry.expires_at or _lapse(entry, now))


def _customers_held(customers: int, looked_at: int) -> InvalidInputError:
    held = f"of the last {looked_at:,} leads it would have held {customers:,} of customers"
    fix = "block something narrower, such as the addresses that trouble you"
    return InvalidInputError(f"{held}, and customers are not blocked", where="value", fix=fix)


def _lapse(entry: ListEntry, now: datetime) -> datetime | None:
    """When an entry ends that does not say; what a person decided stands until it is removed."""
    evidence = entry.action is ListAction.BLOCK and entry.source not in ACCOUNTABLE_SOURCES
    return now + EVIDENCE_STANDS if evidence else None


def _need_storable(entry: ListEntry, where: str) -> None:
    at = f"{where}." if where else ""
    if not _ID.fullmatch(entry.id):
        fix = "use up to 100 letters, digits, `-`, `_`, `.` and `:`"
        raise InvalidInputError(f"`{entry.id[:100]}` cannot be the id of an entry", where=f"{at}id", fix=fix)
    for name, most in _LONGEST.items():
        if len(getattr(entry, name)) > most:
            raise InvalidInputError(f"longer than {most:,} characters", where=f"{at}{name}", fix="shorten it")
        if not getattr(entry, name).strip():
            raise InvalidInputError("nothing but blanks", where=f"{at}{name}", fix="say who answers for it and why")


def _need_distinct(entries: Sequence[ListEntry]) -> None:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry.id in seen:
            where = f"entries[{index}].id"
            raise InvalidInputError(f"a second entry has the id `{entry.id}`", where=where, fix="give each its own id")
        seen.add(entry.id)
