"""What happened day by day as numbers, counted once a day is over, so that guards need not read millions of decisions.

Numbers of decisions and labels grow with time, so the rows of a day are found by halving, without an index on time.
A day that is not over is counted anew each time.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, func, select

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.guard_tables import day_counts
from winnow.adapters.db.moments import day_number, day_of, micros, moment
from winnow.adapters.db.review_tables import cases
from winnow.adapters.db.rows import insert_rows, rows_of
from winnow.adapters.db.ruleset_tables import activations
from winnow.core.monitor.rounds import PROMISE_BIN, SCORE_BIN, Counted, Counts, DayCount
from winnow.core.outcome import Outcome
from winnow.ports import Backlog

#: Kind, source, about, bin → how many.
Tally = Counter[tuple[str, str, str, int]]

_DAY_MICROS = 86_400_000_000
#: Decisions read at once.
_PAGE = 20_000

#: Marks of days that are done with, in the place of a kind; their number is when the day was counted.
_COUNTED, _MATURED = "counted", "matured"
_OF_DAY = (Counted.DECIDED, Counted.REVERSED, Counted.JUNK, Counted.SCORES, Counted.CODES, Counted.PROMISED)
_KINDS = {
    _COUNTED: (*_OF_DAY, Counted.HELD),
    _MATURED: (Counted.ACCEPTED, Counted.CONVERTED, Counted.VERDICTS, Counted.GENUINE),
}


class CardOf(NamedTuple):
    """The scorecard of a ruleset: what stands for it, and the signals of its features in the order of bin codes."""

    name: str
    signals: tuple[str, ...]


class StoredDayCounts:
    """The numbers behind an engine; see the port GuardCounts. Each call may raise StoreAwayError.

    card_of: the scorecard of a ruleset by the ruleset's hash
    """

    def __init__(self, engine: Engine, card_of: Callable[[str], CardOf]) -> None:
        self._engine = engine
        self._card_of = card_of

    def refresh(self, now: datetime, horizon: timedelta) -> None:
        """Count what has happened since the last time; leads count as accepted once `horizon` has passed."""
        today = day_number(now.date())
        for day in self._pending(_COUNTED, today):
            self._save(_COUNTED, day, self._day(day), now, done=day < today)
        matured = day_number((now - horizon).date()) - 1
        for day in self._pending(_MATURED, matured):
            self._save(_MATURED, day, self._cohort(day, horizon // timedelta(microseconds=1)), now, done=True)

    def counts(self) -> Counts:
        """Everything that was counted."""
        table = day_counts.c
        query = select(table.kind, table.day, table.source, table.about, table.bin, table.number)
        found: dict[Counted, list[DayCount]] = defaultdict(list)
        with reading(self._engine) as connection:
            for kind, day, source, about, bin_, number in connection.execute(query.where(table.kind.in_(Counted))):
                found[Counted(kind)].append(DayCount(day_of(day), source, about, bin_, number))
        return found

    def backlog(self, now: datetime) -> Backlog:
        """What waits for people."""
        overdue = func.count().filter(cases.c.due_at < micros(now))
        query = select(func.count(), overdue, func.min(cases.c.due_at)).where(cases.c.state == "open")
        with reading(self._engine) as connection:
            waiting, late, oldest = connection.execute(query).one()
        return Backlog(waiting, late, None if oldest is None else moment(oldest))

    def looked_at(self) -> datetime | None:
        """When it was counted last; None: never, as long as there is nothing to count."""
        query = select(func.max(day_counts.c.number)).where(day_counts.c.kind == _COUNTED)
        with reading(self._engine) as connection:
            last = connection.execute(query).scalar_one()
        return None if last is None else moment(last)

    def changes(self) -> frozenset[date]:
        """The days on which another ruleset became the live one."""
        with reading(self._engine) as connection:
            return frozenset(moment(at).date() for at in connection.execute(select(activations.c.at)).scalars())

    # ── days ─────────────────────────────────────────────────────────────────────────────────────

    def _pending(self, mark: str, until: int) -> range:
        """The days that are not done with: those after the last one that is, else from the first decision on."""
        table = day_counts.c
        done = select(func.max(table.day)).where(table.kind == mark, table.bin == 1)
        with reading(self._engine) as connection:
            last = connection.execute(done).scalar_one_or_none()
            if last is not None:
                return range(last + 1, until + 1)
            first = rows_of(connection, "SELECT decided_at FROM decisions ORDER BY id LIMIT 1")
        return range(first[0][0] // _DAY_MICROS, until + 1) if first else range(0)

    def _save(self, mark: str, day: int, tally: Tally, now: datetime, *, done: bool) -> None:
        table = day_counts.c
        kinds = [mark, *_KINDS[mark]]
        rows = [
            (kind, day, source, about, bin_, number) for (kind, source, about, bin_), number in tally.items() if number
        ]
        with writing(self._engine) as connection:
            connection.execute(delete(day_counts).where(table.kind.in_(kinds), table.day == day))
            insert_rows(connection, day_counts, [*rows, (mark, day, "", "", int(done), micros(now))])

    def _day(self, day: int) -> Tally:
        tally: Tally = Counter()
        with reading(self._engine, patient=True) as connection:
            first, last = _ids(connection, "decisions", "decided_at", day)
            for source, outcome, number in rows_of(connection, _DECIDED.format(first=first, last=last)):
                tally[Counted.DECIDED, source, "", outcome] = number
            for page in _pages(connection, first, last):
                self._add_scores(tally, page)
            self._add_labels(tally, rows_of(connection, _LABELS.format(*_ids(connection, "labels", "at", day))))
        return tally

    def _add_scores(self, tally: Tally, page: Sequence[tuple[str, int, bytes]]) -> None:
        """Histograms of scores, and of bin codes: the codes of many leads side by side, read column by column."""
        by_ruleset: dict[str, list[bytes]] = defaultdict(list)
        for ruleset, score, codes in page:
            by_ruleset[ruleset].append(codes)
            tally[Counted.SCORES, "", self._card_of(ruleset).name, score // SCORE_BIN] += 1
        for ruleset, codes_of in by_ruleset.items():
            card, together = self._card_of(ruleset), b"".join(codes_of)
            for place, signal in enumerate(card.signals):
                for code, number in Counter(together[place :: len(card.signals)]).items():
                    tally[Counted.CODES, "", f"{card.name} {signal}", code] += number

    def _add_labels(self, tally: Tally, rows: Sequence[tuple[int, str, str, int, int, str]]) -> None:
        last = {row[0]: row for row in rows}  # of several verdicts on a lead the last one counts
        for _, source, verdict, outcome, score, ruleset in last.values():
            junk = verdict == "junk"
            tally[Counted.JUNK, source, "", int(junk)] += 1
            if outcome != Outcome.REVIEW:  # there the machine left it to a person
                tally[Counted.REVERSED, source, "", int(junk is not (outcome == Outcome.REJECT))] += 1
            card = self._card_of(ruleset).name
            tally[Counted.PROMISED, "", card, score // PROMISE_BIN] += 1
            tally[Counted.HELD, "", card, score // PROMISE_BIN] += junk

    def _cohort(self, day: int, horizon: int) -> Tally:
        tally: Tally = Counter()
        with reading(self._engine, patient=True) as connection:
            first, last = _ids(connection, "decisions", "decided_at", day)
            for source, number in rows_of(connection, _ACCEPTED.format(first=first, last=last)):
                tally[Counted.ACCEPTED, source, "", 0] = number
            verdicts: dict[tuple[str, int], list[str]] = defaultdict(list)
            for source, lead, verdict in rows_of(connection, _BECAME.format(first=first, last=last, horizon=horizon)):
                verdicts[source, lead].append(verdict)
        for (source, _), said in verdicts.items():
            tally[Counted.CONVERTED, source, "", 0] += "converted" in said
            tally[Counted.VERDICTS, source, "", 0] += 1
            tally[Counted.GENUINE, source, "", 0] += said[-1] != "junk"
        return tally


_DECIDED = """
SELECT l.source, d.outcome, COUNT(*) FROM decisions d JOIN leads l ON l.id = d.lead
WHERE d.id >= {first} AND d.id < {last} AND NOT d.shadow GROUP BY l.source, d.outcome
"""
_SCORES = "SELECT id, ruleset, score, codes FROM decisions WHERE id >= {} AND id < {} ORDER BY id LIMIT {}"
_LABELS = """
SELECT b.lead, b.source, b.verdict, d.outcome, d.score, d.ruleset FROM labels b JOIN decisions d ON d.id = b.lead
WHERE b.id >= {} AND b.id < {} AND b.id NOT IN (SELECT label FROM withdrawn_labels) ORDER BY b.id
"""
_ACCEPTED = """
SELECT l.source, COUNT(*) FROM decisions d JOIN leads l ON l.id = d.id
WHERE d.id >= {first} AND d.id < {last} AND d.outcome <= 1 AND NOT d.shadow GROUP BY l.source
"""
_BECAME = """
SELECT b.source, b.lead, b.verdict FROM decisions d JOIN labels b ON b.lead = d.id
WHERE d.id >= {first} AND d.id < {last} AND d.outcome <= 1 AND NOT d.shadow AND b.at < d.decided_at + {horizon}
AND b.id NOT IN (SELECT label FROM withdrawn_labels) ORDER BY b.id
"""


def _ids(connection: Connection, table: str, column: str, day: int) -> tuple[int, int]:
    """The numbers of a day's rows: from the first up to, not including, the last."""
    return (
        first_at(connection, table, column, day * _DAY_MICROS),
        first_at(connection, table, column, (day + 1) * _DAY_MICROS),
    )


def first_at(connection: Connection, table: str, column: str, at: int) -> int:
    """The least number from which on rows are not older than a moment, found by halving."""
    ((newest,),) = rows_of(connection, f"SELECT MAX(id) FROM {table}")  # noqa: S608  # names of our own
    low, high = 0, 0 if newest is None else newest + 1
    while low < high:
        middle = (low + high) // 2
        following = f"SELECT id, {column} FROM {table} WHERE id >= {middle} ORDER BY id LIMIT 1"  # noqa: S608  # as above
        ((number, then),) = rows_of(connection, following)
        low, high = (low, middle) if then >= at else (number + 1, high)
    return low


def _pages(connection: Connection, first: int, last: int) -> Iterator[list[tuple[str, int, bytes]]]:
    """Ruleset, score and codes of the decisions of a day, page by page."""
    while rows := rows_of(connection, _SCORES.format(first, last, _PAGE)):
        yield [(ruleset, score, bytes(codes)) for _, ruleset, score, codes in rows]
        first = rows[-1][0] + 1
