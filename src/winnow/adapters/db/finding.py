"""Finds decisions at a cost that does not grow with what is stored: an index gives them, and few are looked at."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice

from sqlalchemy import BindParameter, Connection, Engine, bindparam, text

from winnow.adapters.db.connections import reading
from winnow.adapters.db.filing import BUCKET, KEY_BYTES, hashed
from winnow.adapters.db.moments import micros, moment
from winnow.adapters.db.rows import rows_of
from winnow.adapters.db.vault import Vault
from winnow.core.outcome import Outcome
from winnow.ports import Page
from winnow.ports.search import Hit, Sought

#: Decisions that are looked at for one page, and at once.
LOOKED_AT, _AT_ONCE = 3_000, 500
#: By so much the clocks of replicas may differ: numbers follow times but for that.
_SKEW = timedelta(minutes=5)
_NEWEST = 2**62

#: Numbers of decisions below one, the newest first, so many.
_Give = Callable[[int, int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    decided_at: int
    outcome: int
    source: str
    lead_id: str
    erased: bool


class StoredSearch:
    """Decisions behind an engine; see the port Search."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def page(self, sought: Sought, before: int | None, limit: int) -> Page[Hit]:
        """Some of the decisions that are looked for, the newest first."""
        with reading(self._engine) as connection:
            return _Looking(connection, self._vault, sought).page(_NEWEST if before is None else before, limit)


class _Looking:
    """One look, within a transaction."""

    def __init__(self, connection: Connection, vault: Vault, sought: Sought) -> None:
        self._connection = connection
        self._sought = sought
        self._keys = [hashed(vault, key) for key in sought.keys]
        self._since = None if sought.since is None else micros(sought.since)
        self._until = None if sought.until is None else micros(sought.until)

    def page(self, before: int, limit: int) -> Page[Hit]:
        """Go back from a number until there is a page, or enough was looked at."""
        least, before = self._span(before)
        givers, found, looked_at = self._givers(), list[Hit](), 0
        while looked_at < LOOKED_AT:
            wanted = min(_AT_ONCE, LOOKED_AT - looked_at)
            given = min((give(before, wanted) for give in givers), key=partial(_reach, wanted))
            given = [number for number in given if number >= least]
            found += self._fitting(given)
            if len(found) > limit:
                return Page(tuple(found[:limit]), str(found[limit - 1].id))
            if len(given) < wanted:
                return Page(tuple(found), None)
            looked_at, before = looked_at + len(given), given[-1]
        return Page(tuple(found), str(before))

    def _span(self, before: int) -> tuple[int, int]:
        """The numbers between which everything lies that was decided in the time that is asked for."""
        least = 0
        if self._sought.since is not None:
            first = _one(self._connection, _FROM.format(at=micros(self._sought.since - _SKEW)))
            least = _NEWEST if first is None else first
        if self._sought.until is not None:
            last = _one(self._connection, _UP_TO.format(at=micros(self._sought.until + _SKEW)))
            before = min(before, 0 if last is None else last + 1)
        return least, before

    # ── what gives numbers ───────────────────────────────────────────────────────────────────────

    def _givers(self) -> list[_Give]:
        """The indexes that hold what is looked for; of each batch that counts which reaches back farthest."""
        sought = self._sought
        if sought.lead_id is not None:
            return [self._of_lead]
        givers: list[_Give] = [partial(self._of_key, key) for key in self._keys]
        if sought.changed:
            givers.append(partial(_numbers, self._connection, _CHANGED))
        if sought.released:
            givers.append(partial(_numbers, self._connection, _RELEASED))
        if sought.source is not None:
            givers.append(partial(_numbers, self._connection, _OF_SOURCE, source=sought.source))
        if sought.outcome is not None:
            givers.append(partial(_numbers, self._connection, _OF_OUTCOME, outcome=int(sought.outcome)))
        return givers or [partial(_numbers, self._connection, _ANY)]

    def _of_lead(self, before: int, count: int) -> Sequence[int]:
        return _numbers(self._connection, _OF_LEAD, before, count, lead_id=self._sought.lead_id)

    def _of_key(self, key: int, before: int, count: int) -> Sequence[int]:
        return list(islice(self._every(key, before), count))

    def _every(self, key: int, before: int) -> Iterator[int]:
        """What waits to be filed came last; some of it may be filed already."""
        newest = _one(self._connection, "SELECT MAX(id) FROM decisions") or 0
        before = min(before, newest + 1)
        waits = [decision for decision, keys in self._waiting(before) if _holds(bytes(keys), key)]
        yield from waits
        told = set(waits)
        for bucket in range((before - 1) // BUCKET, -1, -1):
            while before > bucket * BUCKET:
                question = _FOUND.format(bucket=bucket, key=key, before=before, limit=_AT_ONCE)
                filed = [decision for (decision,) in rows_of(self._connection, question)]
                yield from (decision for decision in filed if decision not in told)
                before = filed[-1] if len(filed) == _AT_ONCE else bucket * BUCKET

    def _waiting(self, before: int) -> list[tuple[int, bytes]]:
        question = f"SELECT decision, keys FROM unfiled WHERE decision < {before} ORDER BY decision DESC"  # noqa: S608
        return [(decision, keys) for decision, keys in rows_of(self._connection, question)]

    # ── what fits ────────────────────────────────────────────────────────────────────────────────

    def _fitting(self, numbers: Sequence[int]) -> list[Hit]:
        """Those of the decisions of which everything else holds, too."""
        kept = set(numbers)
        for key in self._keys:
            kept &= self._having(key, kept)
        for wanted, question in ((self._sought.changed, _ARE_CHANGED), (self._sought.released, _ARE_RELEASED)):
            if wanted and kept:
                kept &= set(self._connection.execute(question, {"numbers": sorted(kept)}).scalars())
        rows = self._connection.execute(_ROWS, {"numbers": sorted(kept)}).all() if kept else ()
        found = sorted((_Row(*each) for each in rows), key=lambda each: -each.id)
        return [
            Hit(each.id, moment(each.decided_at), Outcome(each.outcome), each.erased)
            for each in found
            if self._fits(each)
        ]

    def _having(self, key: int, numbers: set[int]) -> set[int]:
        if not numbers:
            return set()
        waits = self._connection.execute(_ARE_WAITING, {"numbers": list(numbers)}).all()  # first: they go over to filed
        asked = {"buckets": sorted({each // BUCKET for each in numbers}), "key": key, "numbers": list(numbers)}
        filed = self._connection.execute(_ARE_FOUND, asked).scalars()
        return {*filed, *[decision for decision, keys in waits if _holds(bytes(keys), key)]}

    def _fits(self, row: _Row) -> bool:
        sought = self._sought
        return (
            not (row.erased and sought.names_somebody)
            and (sought.outcome is None or row.outcome == sought.outcome)
            and (sought.source is None or row.source == sought.source)
            and (sought.lead_id is None or row.lead_id == sought.lead_id)
            and (self._since is None or row.decided_at >= self._since)
            and (self._until is None or row.decided_at < self._until)
        )


def _reach(wanted: int, given: Sequence[int]) -> int:
    """How far back a batch reaches; one that is not full, to the very beginning."""
    return given[-1] if len(given) == wanted else -1


def _holds(packed: bytes, key: int) -> bool:
    wanted = key.to_bytes(KEY_BYTES, "big")
    place = packed.find(wanted)
    while place >= 0 and place % KEY_BYTES:  # across two neighbours
        place = packed.find(wanted, place + 1)
    return place >= 0


def _one(connection: Connection, question: str) -> int | None:
    found = rows_of(connection, question)
    return None if not found or found[0][0] is None else int(found[0][0])


def _numbers(connection: Connection, question: str, before: int, count: int, **more: object) -> list[int]:
    asked = {"before": before, "count": count, **more}
    return list(connection.execute(text(question), asked).scalars())


_FROM = "SELECT id FROM decisions WHERE decided_at >= {at} ORDER BY decided_at, id LIMIT 1"
_UP_TO = "SELECT id FROM decisions WHERE decided_at < {at} ORDER BY decided_at DESC, id DESC LIMIT 1"
_FOUND = (
    "SELECT decision FROM found_by WHERE bucket = {bucket} AND key = {key} AND decision < {before}"
    " ORDER BY decision DESC LIMIT {limit}"
)
_ANY = "SELECT id FROM decisions WHERE id < :before ORDER BY id DESC LIMIT :count"
_OF_OUTCOME = "SELECT id FROM decisions WHERE outcome = :outcome AND id < :before ORDER BY id DESC LIMIT :count"
_OF_SOURCE = (
    "SELECT d.id FROM leads l JOIN decisions d ON d.lead = l.id WHERE l.source = :source AND l.id < :before"
    " ORDER BY l.id DESC LIMIT :count"
)
_OF_LEAD = (
    "SELECT d.id FROM leads l JOIN decisions d ON d.lead = l.id WHERE l.lead_id = :lead_id AND d.id < :before"
    " ORDER BY d.id DESC LIMIT :count"
)
#: Whoever may have to give a second look must not learn here that there was a first.
_TOLD = "NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = dispositions.\"case\" AND c.state = 'second')"
#: The conditions as the indexes have them, or these are not used.
_IS_CHANGED = f"look = 1 AND undone_at IS NULL AND NOT followed AND {_TOLD}"
_IS_RELEASED = f"look = 1 AND undone_at IS NULL AND outcome < 2 AND {_TOLD}"
_OF_PEOPLE = 'SELECT "case" FROM dispositions WHERE {0} AND "case" < :before ORDER BY "case" DESC LIMIT :count'
_CHANGED, _RELEASED = _OF_PEOPLE.format(_IS_CHANGED), _OF_PEOPLE.format(_IS_RELEASED)
_AMONG: BindParameter[Sequence[int]] = bindparam("numbers", expanding=True)
_ARE_CHANGED = text(f'SELECT "case" FROM dispositions WHERE {_IS_CHANGED} AND "case" IN :numbers').bindparams(_AMONG)  # noqa: S608
_ARE_RELEASED = text(f'SELECT "case" FROM dispositions WHERE {_IS_RELEASED} AND "case" IN :numbers').bindparams(_AMONG)  # noqa: S608
_ARE_WAITING = text("SELECT decision, keys FROM unfiled WHERE decision IN :numbers").bindparams(_AMONG)
_ARE_FOUND = text(
    "SELECT decision FROM found_by WHERE bucket IN :buckets AND key = :key AND decision IN :numbers"
).bindparams(_AMONG, bindparam("buckets", expanding=True))
_ROWS = text(
    "SELECT d.id, d.decided_at, d.outcome, l.source, l.lead_id, k.subject IS NULL FROM decisions d"
    " JOIN leads l ON l.id = d.lead LEFT JOIN subject_keys k ON k.subject = l.subject WHERE d.id IN :numbers"
).bindparams(_AMONG)
