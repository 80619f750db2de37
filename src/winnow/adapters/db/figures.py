"""The days as Today tells of them: counted once as they come, so that looking costs the same however much is stored.

Everything that happens has the number of its entry in the log, and numbers grow; so what is new since the last time
lies above a mark, and is added to the counts of its day. What people take back changes days that were counted: these
are counted anew. Of two processes that count at once, the one that moves the mark second gives up.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Engine

from winnow.adapters.db.blind_sample import StoredSample
from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.day_counts import first_at
from winnow.adapters.db.figure_rows import (
    Numbers,
    Range,
    Waited,
    add_numbers,
    add_spared,
    clear,
    day_lines,
    mark,
    move_mark,
    spared_of,
    sums_of,
    waits_of,
)
from winnow.adapters.db.rows import rows_of
from winnow.core.outcome import Outcome
from winnow.core.today.figures import Counted
from winnow.core.today.measures import Measure
from winnow.core.today.tally import CLOSED, TOLD, came, closed, told, wait_bin
from winnow.core.today.window import Window

_DAY, _HOUR, _SECOND = 86_400_000_000, 3_600_000_000, 1_000_000
#: Entries of the log that are counted in one transaction.
_PAGE = 20_000

#: Numbers that are counted anew together.
Measures = tuple[Measure, ...]


class StoredFigures:
    """The counts behind an engine; see the port FigureStore. Each call may raise StoreAwayError."""

    def __init__(self, engine: Engine, sample: StoredSample) -> None:
        self._engine = engine
        self._sample = sample

    def catch_up(self) -> int:
        """Count what happened since the last time, one page at most; how many entries are left."""
        left = None
        while left is None:  # another process was faster, and so has got further
            left = self._one_page()
        return left

    def _one_page(self) -> int | None:
        """Count one page; None when another process has counted it meanwhile."""
        with reading(self._engine, patient=True) as connection:
            size, seen = _size(connection), mark(connection)
            page = Range(seen, min(size, seen + _PAGE))
            if page.first == page.last:
                return 0
            withdrawals = _numbers(connection, page, "label.withdrawn")
            anew = {CLOSED: _reopened(connection, page), TOLD: _withdrawn(connection, withdrawals)}
            numbers, waited = _counted(connection, page, anew)
            verdicts = rows_of(connection, _VERDICTS.format(*page, _listed(withdrawals)))
        drawn = list(self._sample.among(*page))
        with writing(self._engine) as connection:
            if not move_mark(connection, page):
                return None
            for measures, days in anew.items():
                for day in days:
                    clear(connection, day, measures)
            add_numbers(connection, numbers, waited)
            add_spared(connection, drawn, [(lead, verdict) for lead, verdict in verdicts])
        return size - page.last

    def counted(self, window: Window) -> Counted:
        """What was counted of a window and of as many days before it."""
        with reading(self._engine) as connection:
            now, before = sums_of(connection, window)
            waits, waits_before = waits_of(connection, window)
            spared, spared_before = spared_of(connection, window)
            return Counted(now, before, day_lines(connection, window), waits, waits_before, spared, spared_before)


def _size(connection: Connection) -> int:
    ((size,),) = rows_of(connection, "SELECT size FROM log_head WHERE id = 1")
    return int(size)


def _counted(connection: Connection, page: Range, anew: Mapping[Measures, Collection[int]]) -> tuple[Numbers, Waited]:
    """What a page adds, and all of the days that are counted anew."""
    numbers: Numbers = defaultdict(Counter)
    waited: Waited = Counter()
    for day, source, outcome, decided_by, shadow, number in rows_of(connection, _CAME.format(*page)):
        for measure in came(Outcome(outcome), decided_by, shadow=bool(shadow)):
            numbers[day, source][measure] += number
    for day, source, decided, said, label, followed, wait in _said(connection, CLOSED, page, anew[CLOSED]):
        numbers[day, source].update(closed(Outcome(decided), Outcome(said), label, followed=bool(followed)))
        if decided == Outcome.REVIEW:
            waited[day, wait_bin(wait / _SECOND)] += 1
    for day, source, decided, shadow, verdict, withdrawn in _said(connection, TOLD, page, anew[TOLD]):
        outcome = Outcome.ACCEPT if shadow else Outcome(decided)  # in shadow it was let through, whatever was decided
        numbers[day, source].update(told(outcome, verdict, withdrawn=bool(withdrawn)))
    return numbers, waited


def _said(connection: Connection, what: Measures, page: Range, anew: Collection[int]) -> Iterator[tuple[Any, ...]]:
    """What people said in a page, and on days that are counted anew; each row begins with its day."""
    question, table = (_CLOSED, "dispositions") if what is CLOSED else (_TOLD, "labels")
    yield from (row for row in rows_of(connection, question.format(*page)) if row[0] not in anew)
    for day in sorted(anew):
        whole = _numbers_of_day(connection, table, day, page.last)
        yield from (row for row in rows_of(connection, question.format(*whole)) if row[0] == day)


def _numbers(connection: Connection, page: Range, kind: str) -> list[int]:
    """The numbers of the entries of one kind."""
    return [number for (number,) in rows_of(connection, _EVENTS.format(*page, kind))]


def _reopened(connection: Connection, page: Range) -> set[int]:
    """The days on which was decided what people took back since."""
    return {day for (day,) in rows_of(connection, _REOPENED.format(*page))}


def _withdrawn(connection: Connection, withdrawals: list[int]) -> set[int]:
    """The days of reports that were taken back; all of these have to be looked through, so only when there are any."""
    return {day for (day,) in rows_of(connection, _WITHDRAWN.format(_listed(withdrawals)))} if withdrawals else set()


def _numbers_of_day(connection: Connection, table: str, day: int, most: int) -> Range:
    """The numbers among which the rows of a day are, also when the clock was set back by up to an hour."""
    first = first_at(connection, table, "at", day * _DAY - _HOUR)
    return Range(first, min(most, first_at(connection, table, "at", (day + 1) * _DAY + _HOUR)))


def _listed(numbers: list[int]) -> str:
    return ",".join(map(str, numbers)) or "-1"


_CAME = f"""
SELECT d.decided_at / {_DAY}, l.source, d.outcome, d.decided_by, d.shadow, COUNT(*)
FROM decisions d JOIN leads l ON l.id = d.lead WHERE d.id >= {{}} AND d.id < {{}} GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608  # numbers of our own
_CLOSED = f"""
SELECT s.at / {_DAY}, l.source, d.outcome, s.outcome, b.verdict, s.followed, s.at - d.decided_at
FROM dispositions s JOIN decisions d ON d.id = s."case" JOIN leads l ON l.id = d.lead
LEFT JOIN labels b ON b.id = s.label
WHERE s.id >= {{}} AND s.id < {{}} AND s.look = 1 AND s.undone_at IS NULL
"""  # noqa: S608  # as above
_TOLD = f"""
SELECT b.at / {_DAY}, b.source, d.outcome, d.shadow, b.verdict, w.label IS NOT NULL
FROM labels b JOIN decisions d ON d.id = b.lead LEFT JOIN withdrawn_labels w ON w.label = b.id
WHERE b.id >= {{}} AND b.id < {{}} AND b.origin <> 'queue'
"""  # noqa: S608  # as above
_EVENTS = "SELECT id FROM events WHERE id >= {} AND id < {} AND kind = '{}'"
_REOPENED = f"""
SELECT DISTINCT s.at / {_DAY} FROM dispositions s WHERE s.look = 1 AND s."case" IN (
    SELECT CAST(e.about AS BIGINT) FROM events e WHERE e.id >= {{}} AND e.id < {{}} AND e.kind = 'case.reopened'
)
"""  # noqa: S608  # as above
_WITHDRAWN = f"""
SELECT DISTINCT b.at / {_DAY} FROM withdrawn_labels w JOIN labels b ON b.id = w.label
WHERE w.withdrawal IN ({{}}) AND b.origin <> 'queue'
"""  # noqa: S608  # as above
_VERDICTS = """
SELECT f.lead, (
    SELECT b.verdict FROM labels b
    WHERE b.lead = f.lead AND NOT EXISTS (SELECT 1 FROM withdrawn_labels w WHERE w.label = b.id)
    ORDER BY b.id DESC LIMIT 1
) FROM blind_leads f WHERE f.lead IN (
    SELECT lead FROM labels WHERE id >= {} AND id < {}
    UNION SELECT b.lead FROM withdrawn_labels w JOIN labels b ON b.id = w.label WHERE w.withdrawal IN ({})
)
"""
