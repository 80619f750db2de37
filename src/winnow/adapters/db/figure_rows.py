"""Counts of days in and out of their tables; see `figures`."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, literal_column, select, update

from winnow.adapters.db.blind_sample import Drawn
from winnow.adapters.db.figure_tables import blind_leads, day_figures
from winnow.adapters.db.guard_tables import day_counts
from winnow.adapters.db.moments import day_number, day_of
from winnow.adapters.db.rows import change, insert_missing
from winnow.core.review.disposition import JUNK
from winnow.core.today.figures import DayLine, Spared
from winnow.core.today.measures import COUNTED, Measure
from winnow.core.today.window import Window

#: Numbers by day and source.
Numbers = dict[tuple[int, str], Counter[Measure]]
#: How many times waited of a day fell into each bin.
Waited = Counter[tuple[int, int]]

#: In the place of a kind of what guards count: up to which entry of the log everything is counted; times waited.
_MARK, _WAITED = "figures", "waited"

_MICROS_A_DAY = 86_400_000_000
_MILLION = 1_000_000
_ADD_WAITED = f"""
INSERT INTO day_counts (kind, day, source, about, bin, number) VALUES ('{_WAITED}', ?, '', '', ?, ?)
ON CONFLICT (kind, day, source, about, bin) DO UPDATE SET number = day_counts.number + excluded.number
"""  # noqa: S608  # a name of our own


class Range(NamedTuple):
    """Numbers of entries of the log, from the first up to, not including, the last."""

    first: int
    last: int


# ── in ───────────────────────────────────────────────────────────────────────────────────────────


def mark(connection: Connection) -> int:
    """Up to which entry of the log everything is counted."""
    found = connection.execute(select(day_counts.c.number).where(day_counts.c.kind == _MARK)).scalar_one_or_none()
    return 0 if found is None else int(found)


def move_mark(connection: Connection, page: Range) -> bool:
    """Move the mark over a page; False when another process has moved it, so that nothing may be written."""
    if page.first == 0:
        insert_missing(connection, day_counts, [(_MARK, 0, "", "", 0, 0)])
    moved = update(day_counts).where(day_counts.c.kind == _MARK, day_counts.c.number == page.first)
    return connection.execute(moved.values(number=page.last)).rowcount == 1


def add_numbers(connection: Connection, numbers: Numbers, waited: Waited) -> None:
    """Add to the numbers of days."""
    for (day, source), of in numbers.items():
        names = [measure.value for measure in of]
        sums = ", ".join(f"{name} = day_figures.{name} + excluded.{name}" for name in names)
        statement = (
            f"INSERT INTO day_figures (day, source, {', '.join(names)}) VALUES (?, ?, {', '.join('?' * len(names))})"  # noqa: S608  # names of our own
            f" ON CONFLICT (day, source) DO UPDATE SET {sums}"
        )
        change(connection, statement, day, source, *of.values())
    for (day, place), number in waited.items():
        change(connection, _ADD_WAITED, day, place, number)


def clear(connection: Connection, day: int, measures: Iterable[Measure]) -> None:
    """Forget some numbers of a day, and with verdicts of reviewers how long they took."""
    cleared = dict.fromkeys([measure.value for measure in measures], 0)
    connection.execute(update(day_figures).where(day_figures.c.day == day).values(cleared))
    if Measure.DECIDED.value in cleared:
        change(connection, "DELETE FROM day_counts WHERE kind = ? AND day = ?", _WAITED, day)


def add_spared(connection: Connection, drawn: Iterable[Drawn], verdicts: Iterable[tuple[int, str | None]]) -> None:
    """Keep leads of the blind sample, and what is said now of those that were kept before."""
    for lead, verdict in verdicts:
        change(connection, "UPDATE blind_leads SET verdict = ? WHERE lead = ?", verdict, lead)
    rows = [
        (each.lead, each.decided_at // _MICROS_A_DAY, each.source, round(each.share * _MILLION), each.verdict)
        for each in drawn
    ]
    insert_missing(connection, blind_leads, rows)


# ── out ──────────────────────────────────────────────────────────────────────────────────────────


def sums_of(connection: Connection, window: Window) -> tuple[dict[str, dict[Measure, int]], ...]:
    """The sums of a window, and of the days before it, by source."""
    row, now = day_figures.c, _is_now(day_figures.c.day, window)
    sums = [func.sum(row[each.value]) for each in COUNTED]
    query = select(now, row.source, *sums).where(_either(row.day, window)).group_by(now, row.source)
    found: tuple[dict[str, dict[Measure, int]], ...] = {}, {}
    for is_now, source, *numbers in connection.execute(query):
        found[not is_now][source] = dict(zip(COUNTED, map(int, numbers), strict=True))
    return found


def day_lines(connection: Connection, window: Window) -> list[DayLine]:
    """What every day of a window came to, of each source of which there was anything."""
    row = day_figures.c
    query = select(row.day, row.source, row.leads, row.rejected + row.junked, row.decided)
    within = row.day.between(day_number(window.first), day_number(window.last))
    rows = connection.execute(query.where(within))
    return [DayLine(day_of(day), source, *numbers) for day, source, *numbers in rows]


def waits_of(connection: Connection, window: Window) -> tuple[dict[int, int], ...]:
    """How many times waited fell into each bin, of a window and of the days before it."""
    row, now = day_counts.c, _is_now(day_counts.c.day, window)
    query = select(now, row.bin, func.sum(row.number)).where(row.kind == _WAITED, _either(row.day, window))
    found: tuple[dict[int, int], ...] = {}, {}
    for is_now, place, number in connection.execute(query.group_by(now, row.bin)):
        found[not is_now][place] = int(number)
    return found


def spared_of(connection: Connection, window: Window) -> tuple[list[Spared], ...]:
    """The blind sample among the leads of a window, and of the days before it."""
    row, now = blind_leads.c, _is_now(blind_leads.c.day, window)
    keys = now, row.source, row.share, row.verdict
    found: tuple[list[Spared], ...] = [], []
    for is_now, source, share, verdict, number in connection.execute(
        select(*keys, func.count()).where(_either(row.day, window)).group_by(*keys)
    ):
        genuine = None if verdict is None else verdict != JUNK
        found[not is_now].append(Spared(source, share / _MILLION, genuine, number))
    return found


def _is_now(day: ColumnElement[int], window: Window) -> ColumnElement[int]:
    """1 for the days of a window, 0 for those before it."""
    return case((day >= literal_column(str(day_number(window.first))), 1), else_=0).label("now")


def _either(day: ColumnElement[int], window: Window) -> ColumnElement[bool]:
    return day.between(day_number(window.before.first), day_number(window.last))
