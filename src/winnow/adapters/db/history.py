"""How often a lead's values were seen before it, from everything the store holds, at a cost that does not grow.

A lead brings up to seven values that are counted. Put into an index at once, each would touch a page of the
database of its own: 28 KB written a lead. So the newest leads are counted in memory, from the 56 bytes each
keeps with its row, and go over into the index in sorted sweeps, where many share a page. Every replica sees
the same: what others wrote is read from their rows before counting.
"""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable, Mapping, Sequence, Set
from struct import Struct

from sqlalchemy import Connection

from winnow.adapters.db.rows import insert_missing, rows_of
from winnow.adapters.db.steady import Steady
from winnow.adapters.db.tables import sightings
from winnow.adapters.db.vault import Vault
from winnow.core.facts import COUNT_CEILING, History, Seen

SECOND = 1_000_000
HOUR, DAY, WEEK, MONTH = (seconds * SECOND for seconds in (3_600, 86_400, 604_800, 2_592_000))
#: The windows each value is counted over, in the order of the fields of Seen and History, longest last.
WINDOWS = ((HOUR, DAY, WEEK), (HOUR, DAY), (DAY, WEEK), (HOUR, DAY, WEEK), (HOUR, DAY, WEEK), (MONTH,), (MONTH,))
KINDS = ("ip", "network", "device", "domain", "message", "email", "phone")
#: As long as the longest window, so that a count looks into two buckets at most.
BUCKET = MONTH
#: Leads that are counted in memory before a sweep begins.
TAIL = 8_000
#: Index rows that one commit takes along: at least so many, and faster than new leads bring more.
SWEEP_ROWS = 500
SWEEP_ROWS_A_LEAD = 2 * len(KINDS)

_COUNTED = Struct(f">{len(KINDS)}q")
#: A value that is not there: hashes are positive.
_NONE = -1
#: Up to three counts in one number, eleven bits each, since none exceeds 1000.
_BITS = 11
_MASK = (1 << _BITS) - 1

#: Values are parted by their first six bits.
_PART_SHIFT = 57

Keys = tuple[int, ...]
#: Bucket, value, moment, lead.
IndexRow = tuple[int, int, int, int]


class Tail:
    """The newest leads' values, not yet in the index; their rows for it in parts by value, each small to sort."""

    def __init__(self) -> None:
        self._leads: deque[tuple[int, int, Keys]] = deque()
        self._times: dict[int, int | list[int]] = {}
        self._parts = _no_rows()

    def __len__(self) -> int:
        return len(self._leads)

    def add(self, lead: int, at: int, keys: Keys) -> None:
        """Remember a lead."""
        self._leads.append((lead, at, keys))
        all_times, parts, bucket = self._times, self._parts, at // BUCKET
        for key in keys:
            if key == _NONE:
                continue
            parts[key >> _PART_SHIFT].append((bucket, key, at, lead))
            times = all_times.get(key)
            if times is None:
                all_times[key] = at  # most values are seen once: a bare number, not a list
            elif isinstance(times, int):
                all_times[key] = sorted((times, at))
            else:
                insort(times, at)

    def forget(self, before: int) -> None:
        """Drop the leads with smaller numbers: they are in the index now."""
        while self._leads and self._leads[0][0] < before:
            _, at, keys = self._leads.popleft()
            for key in keys:
                if key != _NONE:
                    self._drop(key, at)

    def _drop(self, key: int, at: int) -> None:
        times = self._times[key]
        if isinstance(times, int) or len(times) == 1:
            del self._times[key]
        else:
            del times[bisect_left(times, at)]

    def times(self, key: int) -> Sequence[int] | None:
        """When a value was seen, in order; None when it was not."""
        times = self._times.get(key)
        return (times,) if isinstance(times, int) else times

    def taken_rows(self) -> list[list[IndexRow]]:
        """The index rows of all leads remembered, in parts that follow each other; new ones are collected afresh."""
        parts, self._parts = self._parts, _no_rows()
        return parts

    def collect_again(self) -> None:
        """Make the rows of all leads anew, since those that were taken did not get into the index."""
        leads, self._leads, self._times = self._leads, deque(), {}
        self._parts = _no_rows()
        for each in leads:
            self.add(*each)


def _no_rows() -> list[list[IndexRow]]:
    return [[] for _ in range(1 << (63 - _PART_SHIFT))]


class StoredHistory:
    """Counts from the store; used by one thread at a time."""

    def __init__(self, steady: Steady, vault: Vault) -> None:
        self._steady = steady
        self._vault = vault
        self._tail = Tail()
        self._keys: dict[Seen, Keys] = {}
        self._indexed: set[int] = set()
        self._swept = 0
        self._next = 0
        self._sweeping = False
        self._sweep: list[list[IndexRow]] = []
        self._sweep_until = 0

    def keys(self, seen: Seen) -> Keys:
        """The hashes of a lead's values; _NONE where there is none."""
        keys = self._keys.get(seen)
        if keys is None:
            hashed = self._vault.hashed
            keys = self._keys[seen] = tuple(
                [_NONE if value is None else hashed(kind, value) for kind, value in zip(KINDS, seen[1:], strict=True)]
            )
        return keys

    def counts(self, batch: Sequence[Seen]) -> list[History]:
        """One History a lead: what the store holds, and the leads ahead of it in the batch."""
        self._keys.clear()
        asked = [(_microseconds(seen.at), self.keys(seen)) for seen in batch]
        with self._steady.reading() as connection:
            ((size, swept),) = rows_of(connection, "SELECT size, swept FROM log_head WHERE id = 1")
            self.catch_up(connection, size, swept)
            stored = self._stored(connection, asked)
        ahead: dict[int, list[int]] = {}
        return [self._history(at, keys, stored, ahead) if at is not None else History() for at, keys in asked]

    def _history(
        self, at: int, keys: Keys, stored: Mapping[tuple[int, int], Sequence[int]], ahead: dict[int, list[int]]
    ) -> History:
        """The counts of one lead; it is added to those `ahead` of the next."""
        row: list[int | None] = []
        for key, (windows, unknown, unseen) in zip(keys, _COLUMNS, strict=True):
            if key == _NONE:
                row += unknown
                continue
            times, before, past = self._tail.times(key), ahead.get(key), stored.get((key, at))
            if times is None and before is None and past is None:
                row += unseen  # as for nearly every value
            else:
                recent = [_within(times or (), at, window) + _within(before or (), at, window) for window in windows]
                sums = map(sum, zip(recent, past or _UNSEEN, strict=False))
                row += [min(COUNT_CEILING, total) for total in sums]
            if before is None:
                ahead[key] = [at]
            else:
                insort(before, at)
        return History._make(row)

    def catch_up(self, connection: Connection, size: int, swept: int) -> None:
        """Read what other processes, or an earlier run of this one, have added, up to the head as it was found."""
        if size > self._next:
            first = max(self._next, swept)
            question = f"SELECT id, received_at, counted FROM leads WHERE id >= {first} AND id < {size} ORDER BY id"  # noqa: S608  # whole numbers
            for lead, at, counted in rows_of(connection, question):
                self._tail.add(lead, at, _COUNTED.unpack(counted))
            self._next = size
        if swept > self._swept:
            self._tail.forget(swept)
            self._swept = swept

    def added(self, leads: Iterable[tuple[int, int, Keys]], size: int) -> None:
        """Tell of leads this process has just written; the log now has `size` leaves."""
        for lead, at, keys in leads:
            self._tail.add(lead, at, keys)
        self._next = size

    def sweep(self, connection: Connection, leads: int) -> int | None:
        """Put some of the tail into the index, with a commit of so many leads.

        Returns the number below which all leads are in the index when that completes it, otherwise None. Done a
        little with every commit. Begun anew after a crash, it adds what is missing.
        """
        if not self._sweeping:
            if len(self._tail) < TAIL:
                return None
            self._sweeping = True
            self._sweep_until = self._next
            self._sweep = self._tail.taken_rows()
        rows = max(SWEEP_ROWS, SWEEP_ROWS_A_LEAD * leads)
        while self._sweep and rows > 0:
            part = sorted(self._sweep.pop())
            insert_missing(connection, sightings, part)
            rows -= len(part)
        return None if self._sweep else self._sweep_until

    def swept(self, until: int) -> None:
        """A sweep was committed."""
        self._sweeping = False
        self._tail.forget(until)
        self._swept = max(self._swept, until)

    def abandon_sweep(self) -> None:
        """A commit failed, and with it a step of the sweep, if one was under way: begin it anew."""
        if self._sweeping:
            self._sweeping = False
            self._sweep = []
            self._tail.collect_again()

    def _stored(
        self, connection: Connection, asked: Sequence[tuple[int | None, Keys]]
    ) -> dict[tuple[int, int], tuple[int, ...]]:
        """Counts from the index by (value, moment)."""
        there = self._there(connection, _by_bucket(asked))
        wanted = set(_wanted(asked, there)) if there else set()
        if not wanted:
            return {}
        written = ", ".join([f"({','.join(map(str, each))})" for each in wanted])
        found: dict[tuple[int, int], tuple[int, ...]] = {}
        for key, at, packed in rows_of(connection, _COUNTS.format(values=written, swept=self._swept)):
            counts = (packed >> 2 * _BITS, packed >> _BITS & _MASK, packed & _MASK)
            before = found.get((key, at), _UNSEEN)
            found[key, at] = tuple([a + b for a, b in zip(before, counts, strict=True)])
        return found

    def _there(self, connection: Connection, asked: Mapping[int, Set[int]]) -> Set[int]:
        """Those of the values, given by bucket, that are in the index at all: few, so that only few need counting.

        A value seen often would make even this question slow, so what was there once is not asked about again.
        """
        parts = [
            _THERE.format(bucket=bucket, keys=",".join(map(str, unsure)))
            for bucket, values in asked.items()
            if (unsure := values - self._indexed)
        ]
        if parts and self._swept:
            if len(self._indexed) > _MOST_INDEXED:
                self._indexed.clear()
            self._indexed.update([key for (key,) in rows_of(connection, " UNION ALL ".join(parts))])
        return self._indexed


#: Values known to be in the index that are remembered: a few megabytes.
_MOST_INDEXED = 100_000

_UNSEEN = (0, 0, 0)

#: Windows of each value, and its counts when there is no value or it was never seen.
_COLUMNS = tuple((windows, (None,) * len(windows), (0,) * len(windows)) for windows in WINDOWS)


def _within(times: Sequence[int], at: int, window: int) -> int:
    """How many of these times, which are in order, lie in a window that ends at `at`."""
    return bisect_right(times, at) - bisect_left(times, at - window)


def _by_bucket(asked: Sequence[tuple[int | None, Keys]]) -> dict[int, set[int]]:
    """The values to look for in each bucket: most windows lie within the present one."""
    found: dict[int, set[int]] = {}
    for at, keys in asked:
        if at is None:
            continue
        for key, windows in zip(keys, WINDOWS, strict=True):
            if key != _NONE:
                for bucket in {(at - windows[-1]) // BUCKET, at // BUCKET}:
                    found.setdefault(bucket, set()).add(key)
    return found


_THERE = "SELECT key FROM sightings WHERE bucket = {bucket} AND key IN ({keys}) GROUP BY key"

#: At most the newest thousand sightings of a value are looked at, since counts end there. Rows of leads that are
#: still in memory were written by a sweep under way and do not count yet.
_COUNTS = f"""
WITH w(bucket, key, at, one, two, three) AS (VALUES {{values}})
SELECT * FROM (
    SELECT key, at, (
        SELECT SUM((CASE WHEN s.at >= one THEN {1 << 2 * _BITS} ELSE 0 END)
                 + (CASE WHEN s.at >= two THEN {1 << _BITS} ELSE 0 END) + 1)
        FROM (
            SELECT sightings.at FROM sightings
            WHERE sightings.bucket = w.bucket AND sightings.key = w.key
              AND sightings.at BETWEEN w.three AND w.at AND sightings.lead < {{swept}}
            ORDER BY sightings.at DESC LIMIT {COUNT_CEILING}
        ) s
    ) AS packed FROM w
) counted WHERE packed IS NOT NULL
"""  # noqa: S608  # numbers of our own making


def _wanted(asked: Sequence[tuple[int | None, Keys]], there: Set[int]) -> Iterable[tuple[int, int, int, int, int, int]]:
    """For every value that is in the index: bucket, value, moment, and where its windows begin."""
    for at, keys in asked:
        for key, windows in zip(keys, WINDOWS, strict=True):
            if key not in there or at is None:
                continue
            begins = [at - window for window in windows]
            begins += [begins[-1]] * (3 - len(begins))
            for bucket in {begins[2] // BUCKET, at // BUCKET}:
                yield bucket, key, at, begins[0], begins[1], begins[2]


def _microseconds(at: float | None) -> int | None:
    return None if at is None else round(at * SECOND)


def packed(keys: Keys) -> bytes:
    """The values as they are kept with the lead."""
    return _COUNTED.pack(*keys)
