"""Counting over a table: moves from outcome to outcome, loads by day, groups, and what every threshold would do."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from winnow.adapters.whatif.outcomes import Redecided
from winnow.adapters.whatif.table import UNDECIDED, Column, Numbers, Rows, Table
from winnow.core.outcome import Outcome
from winnow.core.whatif.curves import Curve, Step, curve, step_size
from winnow.core.whatif.past import Truth
from winnow.core.whatif.tally import Counts, Load, Move, Mover, Tally
from winnow.errors import InvalidInputError

_TRUTHS: Final = len(Truth)
_MOVES: Final = tuple(Move(before, after, truth) for before in Outcome for after in Outcome for truth in Truth)
_MOST_MOVERS = 10


def tally(table: Table, after: Redecided, before: Redecided | None = None, *, most_refs: int = 1_000) -> Tally:
    """Count what changes from what was decided then, or from another ruleset's decisions, to these.

    Raises InvalidInputError when nothing was decided then and no other ruleset is given.
    """
    old = table.outcome if before is None else before.outcome
    if (old == UNDECIDED).any():
        raise InvalidInputError("these leads were never decided", fix="name a ruleset to compare the draft with")
    moves = (old.astype(np.int64) * len(Outcome) + after.outcome) * _TRUTHS + table.truth
    changed = np.flatnonzero(old != after.outcome)
    return Tally(
        counts=_counts(np.bincount(moves, minlength=len(_MOVES))),
        refs=_refs(table, moves, changed, most_refs),
        reviews_before=_by_day(table, old == Outcome.REVIEW),
        reviews_after=_by_day(table, after.outcome == Outcome.REVIEW),
        decided=_by_text(after.decided_by),
        groups={name: _grouped(column, moves) for name, column in table.groups.items()},
        movers=_movers(table, old, table.score if before is None else before.score, after, changed),
    )


def _counts(found: Numbers) -> Counts:
    return {move: int(count) for move, count in zip(_MOVES, found.tolist(), strict=True) if count}


def _refs(table: Table, moves: Numbers, changed: Rows, most: int) -> Mapping[Move, tuple[str, ...]]:
    """The first leads of every move that changes an outcome."""
    found = {}
    for code in np.unique(moves[changed]).tolist():
        rows = changed[moves[changed] == code][:most]
        found[_MOVES[code]] = tuple(table.refs[row] for row in rows.tolist())
    return found


def _by_day(table: Table, which: npt.NDArray[np.bool_]) -> list[int]:
    """How many of these leads came on each day from the first to the last of the table."""
    if not len(table):
        return []
    day = table.day
    first = int(day.min())
    return np.bincount(day[which] - first, minlength=int(day.max()) - first + 1).tolist()  # type: ignore[no-any-return]  # whole numbers


def _by_text(column: Column) -> dict[str, int]:
    counts = np.bincount(column.codes, minlength=column.size).tolist()
    return {str(text): count for text, count in zip(column.values, counts, strict=True) if count}


def _grouped(column: Column, moves: Numbers) -> dict[str | None, Counts]:
    cells = np.bincount(column.codes.astype(np.int64) * len(_MOVES) + moves, minlength=column.size * len(_MOVES))
    rows = cells.reshape(column.size, len(_MOVES))
    named = [None if each is None else str(each) for each in column.values]
    return {name: _counts(row) for name, row in zip(named, rows, strict=True) if row.any()}


def _movers(table: Table, old: Numbers, old_score: Numbers, after: Redecided, changed: Rows) -> tuple[Mover, ...]:
    """The leads with the greatest changes: of outcome first, then of score, the latest first."""
    severity = np.abs(after.outcome[changed].astype(np.int64) - old[changed])
    points = np.abs(after.score[changed] - old_score[changed])
    first = changed[np.lexsort((-changed, -points, -severity))][:_MOST_MOVERS]
    return tuple(
        Mover(
            ref=table.refs[row],
            before=Outcome(int(old[row])),
            after=Outcome(int(after.outcome[row])),
            decided_by=str(after.decided_by.at(row)),
            score=int(after.score[row]),
            score_before=int(old_score[row]),
        )
        for row in first.tolist()
    )


def threshold_curve(table: Table, found: Redecided) -> Curve:
    """What every threshold would do to the leads that the score decides."""
    scored = np.array([name == "score" for name in found.decided_by.values], np.bool_)[found.decided_by.codes]
    score, truth = found.score[scored], table.truth[scored]
    days, width = _days(table)
    bands = found.ruleset.thresholds.bands
    by_truth = np.bincount(truth, minlength=_TRUTHS)
    others = len(table) - len(score)
    steps = _steps(score, truth, days[scored], width) if len(score) else []
    return curve(steps, _by_truth(by_truth), others, width, bands)


def _days(table: Table) -> tuple[Numbers, int]:
    """The day of each lead, counted from the first, and how many days there are from first to last."""
    if not len(table):
        return table.day, 0
    days = table.day - table.day.min()
    return days, int(days.max()) + 1


def _steps(score: Numbers, truth: Numbers, days: Numbers, width: int) -> Sequence[Step]:
    """Counted once by step and summed from the top: the cost does not grow with the number of thresholds."""
    size = step_size(int(score.min()), int(score.max()))
    lowest = int(score.min()) // size
    place = score // size - lowest  # lead at place i reaches the thresholds 0 to i
    count = int(place.max()) + 2  # the last threshold is one that nobody reaches
    truths = _from_the_top(np.bincount(place * _TRUTHS + truth, minlength=count * _TRUTHS).reshape(count, _TRUTHS))
    loads = _from_the_top(np.bincount(place * width + days, minlength=count * width).reshape(count, width))
    mean, most = loads.mean(axis=1), loads.max(axis=1)
    p95 = np.sort(loads, axis=1)[:, int(np.ceil(0.95 * width)) - 1]
    return [
        Step(
            threshold=(lowest + index) * size,
            by_truth=_by_truth(truths[index]),
            load=Load(float(mean[index]), int(p95[index]), int(most[index])),
        )
        for index in range(count)
    ]


def _from_the_top(counts: Numbers) -> Numbers:
    return np.cumsum(counts[::-1], axis=0)[::-1]


def _by_truth(counts: Numbers) -> dict[Truth, int]:
    return {truth: int(counts[truth]) for truth in Truth}
