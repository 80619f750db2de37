"""On which rows rules fire: a condition is evaluated once for each combination of values it reads that occurs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from winnow.adapters.whatif.scores import column_of
from winnow.adapters.whatif.table import Column, Numbers, Rows, Table, micros, narrow
from winnow.core.cel import Checked, Evaluation, Term, compile_conditions
from winnow.core.plan import Plan
from winnow.core.rules import Rule
from winnow.errors import InvalidInputError

#: Combinations are counted in an array up to this many, and sorted beyond it.
_MOST_CELLS = 1 << 22
_MOST_WIDTH = 1 << 62

#: Rules whose values hardly repeat are evaluated together row by row: one call a row instead of one a rule.
_WIDE = 0.5

#: Rows whose values are unfolded at a time.
_BLOCK = 1 << 16

_MOST_INT64 = 2**63

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Fired:
    """Rows, ascending, on which each rule of a book fires, in the order of the book; `failed` where any rule failed."""

    rows: tuple[Rows, ...]
    failed: Numbers

    def points(self, rules: Sequence[Rule]) -> Mapping[str, Numbers]:
        """By family, the points of the rules that fire, by row."""
        found: dict[str, Numbers] = {}
        for rule, rows in zip(rules, self.rows, strict=True):
            if rule.points and len(rows):
                if abs(rule.points) * len(rules) >= _MOST_INT64:
                    raise InvalidInputError(f"the points of rule `{rule.id}` are too many", fix="give fewer")
                sums = found.setdefault(rule.family, np.zeros(len(self.failed), np.int64))
                sums[rows] += rule.points
        return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """A rule's condition and the columns it mentions; None for one that may not be measured."""

    index: int
    condition: Checked
    names: tuple[str, ...]
    columns: tuple[Column | None, ...]


def fired_on(table: Table, plan: Plan) -> Fired:
    """Evaluate all rules of a plan on all rows, as its rule book does row by row."""
    size, book = len(table), plan.rules
    rows = [np.empty(0, np.int64)] * len(book.rules)
    failed = np.zeros(size, np.bool_)
    wide = []
    for index, condition in enumerate(book.conditions):
        names = tuple(sorted(condition.mentions))
        reading = _Reading(index, condition, names, tuple(_told_apart(table, plan, condition, name) for name in names))
        cells, occurring = _combinations(reading.columns, size)
        if len(occurring[0]) > size * _WIDE:
            wide.append(reading)
            continue
        fires, fails = _evaluated(reading, occurring[1])
        rows[index] = np.flatnonzero(fires[cells])
        if fails.any():
            failed |= _unexpired(book.rules[index], table) & fails[cells]
    for reading, fires, fails in _row_by_row(wide, size):
        rows[reading.index] = fires
        failed[fails] |= _unexpired(book.rules[reading.index], table)[fails]
    kept = (found[_unexpired(rule, table)[found]] for rule, found in zip(book.rules, rows, strict=True))
    return Fired(tuple(kept), failed)


def _told_apart(table: Table, plan: Plan, condition: Checked, name: str) -> Column | None:
    """A signal's column; numbers the condition cannot tell apart are taken for one of them.

    That is so where it only compares the signal with constants: all numbers between two of these are alike then.
    """
    column = column_of(table, plan, name)
    limits = compared_with(condition.root, name)
    if column is None or limits is None or not isinstance(column.distinct, np.ndarray):
        return column
    return _merged(column.distinct, column.codes, limits)


def compared_with(root: Term, name: str) -> list[float] | None:
    """The constants a condition compares a numeric signal with, ascending; None when it does anything else with it."""
    limits: set[float] = set()
    uses = 0
    for term in root.walk():
        uses += _is(term, name)
        if term.op in _COMPARISONS and any(_is(part, name) for part in term.parts):
            constants = [part.value for part in term.parts if part.op == "constant"]
            limits.update(value for value in constants if isinstance(value, int | float))
            uses -= len(constants)
    return None if uses else sorted(limits)


def _is(term: Term, name: str) -> bool:
    return term.op == "signal" and term.value == name


def _merged(ascending: Numbers, codes: Numbers, limits: list[float]) -> Column:
    """The column with one value for each limit, for the numbers between two of them, and for what is no number."""
    starts = [0, len(ascending)]
    for limit in limits:
        starts += (
            np.searchsorted(ascending, [limit], "left").tolist() + np.searchsorted(ascending, [limit], "right").tolist()
        )
    if ascending.dtype.kind == "f":
        starts.append(len(ascending) - int(np.isnan(ascending).sum()))
    edges = np.unique(starts)
    merged = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
    places = narrow(np.append(merged, len(edges) - 1), len(edges))
    return Column(ascending[edges[:-1]], places[codes])


def _unexpired(rule: Rule, table: Table) -> Numbers:
    """Where the rule still applied when the lead came."""
    if rule.expires_at is None:
        return np.ones(len(table), np.bool_)
    return np.asarray(table.now < micros(rule.expires_at))


def _combinations(columns: Sequence[Column | None], size: int) -> tuple[Numbers, tuple[Numbers, list[Numbers]]]:
    """Which combination each row has, by number; the numbers that occur, and the codes they consist of."""
    known = [column for column in columns if column is not None]
    width = reduce(lambda total, column: total * column.size, known, 1)
    if width >= _MOST_WIDTH:
        return np.arange(size), (np.arange(size), [column.codes for column in known])
    cells = np.zeros(size, np.int64)
    for column in known:
        cells = cells * column.size + column.codes
    if width <= max(_MOST_CELLS, size):
        occurring = np.flatnonzero(np.bincount(cells, minlength=width))
        places = np.zeros(width, np.int64)
        places[occurring] = np.arange(len(occurring))
        cells = places[cells]
    else:
        occurring, cells = np.unique(cells, return_inverse=True)
    return cells, (occurring, _parted(occurring, known))


def _parted(cells: Numbers, columns: Sequence[Column]) -> list[Numbers]:
    codes = []
    for column in reversed(columns):
        cells, code = np.divmod(cells, column.size)
        codes.append(code)
    return codes[::-1]


def _evaluated(reading: _Reading, codes: list[Numbers]) -> tuple[Numbers, Numbers]:
    """For each combination, whether the condition holds, and whether it fails."""
    evaluate = compile_conditions((reading.condition,), reading.names)
    size = len(codes[0]) if codes else 1
    fires, fails = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    for place, values in enumerate(_value_rows(reading.columns, codes, size)):
        fired, _, failed = evaluate(values)
        if fired:
            fires[place] = True
        elif failed:
            fails[place] = True
    return fires, fails


def _value_rows(columns: Sequence[Column | None], codes: list[Numbers], size: int) -> "Sequence[tuple[object, ...]]":
    """The values of these codes, row by row; one that may not be measured is unknown."""
    left = iter(codes)
    lists = [[None] * size if column is None else _taken(column, next(left)) for column in columns]
    return list(zip(*lists, strict=True)) if lists else [()] * size


def _taken(column: Column, codes: Numbers) -> list[object]:
    values = np.empty(column.size, object)
    values[:] = column.values
    return values[codes].tolist()  # type: ignore[no-any-return]  # numpy says Any


def _row_by_row(readings: Sequence[_Reading], size: int) -> list[tuple[_Reading, Rows, Rows]]:
    """Rows on which each condition holds, and on which it fails; all conditions in one go over the rows."""
    columns = {name: column for each in readings for name, column in zip(each.names, each.columns, strict=True)}
    evaluate: Evaluation = compile_conditions(tuple(each.condition for each in readings), tuple(columns))
    fires: list[list[int]] = [[] for _ in readings]
    fails: list[list[int]] = [[] for _ in readings]
    for start in range(0, size if readings else 0, _BLOCK):
        stop = min(start + _BLOCK, size)
        codes = [column.codes[start:stop] for column in columns.values() if column is not None]
        for row, values in enumerate(_value_rows(tuple(columns.values()), codes, stop - start), start):
            fired, _, failed = evaluate(values)
            for place in fired:
                fires[place].append(row)
            for place in failed:
                fails[place].append(row)
    return [
        (reading, np.array(holds, np.int64), np.array(breaks, np.int64))
        for reading, holds, breaks in zip(readings, fires, fails, strict=True)
    ]
