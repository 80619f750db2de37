"""What every rule and list entry did to the rows of a table; only the rows it applied to are decided without it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256

import numpy as np

from winnow.adapters.whatif.outcomes import Redecided, redecide
from winnow.adapters.whatif.table import Numbers, Rows, Table
from winnow.core.ruleset import Ruleset
from winnow.core.whatif.past import Truth
from winnow.core.whatif.use import Use, Uses

_MOST_REFS = 20
_FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC).date()

#: Told which share of the work is done, 0 to 1.
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class _Subject:
    """A rule or list entry: the rows it applied to, and how these are decided without it."""

    name: str
    rows: Rows
    decided_without: Callable[[Table], Redecided]


def uses(table: Table, found: Redecided, progress: Progress = lambda _done: None) -> Uses:
    """Count what the rules and list entries behind these decisions did."""
    ruleset = found.ruleset
    subjects = [*_rules(found), *_entries(table, ruleset)]
    each = []
    for place, subject in enumerate(subjects, 1):
        each.append(_use(table, found, subject))
        progress(place / len(subjects))
    truth = np.bincount(table.truth, minlength=len(Truth)).tolist()
    days = table.day
    on, came = np.unique(days, return_counts=True)
    return Uses(
        each=tuple(each),
        leads=len(table),
        days=int(days.max() - days.min()) + 1 if len(table) else 0,
        junk=truth[Truth.JUNK],
        judged=sum(truth) - truth[Truth.UNKNOWN],
        rules_gone=_changed(found, redecide(table, replace(ruleset, rules=())).outcome),
        lists_gone=_changed(found, redecide(table.without_entries(table.entries), ruleset).outcome),
        by_day={_date(day): leads for day, leads in zip(on.tolist(), came.tolist(), strict=True)},
    )


def _changed(found: Redecided, outcome: Numbers) -> int:
    return int((found.outcome != outcome).sum())


def _rules(found: Redecided) -> Iterator[_Subject]:
    for index, (rule, rows) in enumerate(zip(found.ruleset.rules, found.fired.rows, strict=True)):
        yield _Subject(f"rule:{rule.id}", rows, partial(_without_rule, found.ruleset, index))


def _without_rule(ruleset: Ruleset, index: int, some: Table) -> Redecided:
    return redecide(some, replace(ruleset, rules=(*ruleset.rules[:index], *ruleset.rules[index + 1 :])))


def _entries(table: Table, ruleset: Ruleset) -> Iterator[_Subject]:
    for entry_id, codes in _bearings_with(table).items():
        rows = np.flatnonzero(np.isin(table.bearing, codes))
        yield _Subject(f"list:{entry_id}", rows, partial(_without_entry, ruleset, entry_id))


def _without_entry(ruleset: Ruleset, entry_id: str, some: Table) -> Redecided:
    return redecide(some.without_entries(frozenset({entry_id})), ruleset)


def _bearings_with(table: Table) -> Mapping[str, list[int]]:
    """By list entry, in the order of their ids, the bearings it occurs in."""
    found: dict[str, list[int]] = {}
    for code, facts in enumerate(table.bearings):
        for entry in facts.list_hits:
            found.setdefault(entry.id, []).append(code)
    return dict(sorted(found.items()))


def _use(table: Table, found: Redecided, subject: _Subject) -> Use:
    rows = subject.rows
    if not len(rows):
        return Use(subject.name, 0, 0, {}, 0, (), {}, None)
    by = np.bincount(found.decided_by.codes[rows], minlength=found.decided_by.size).tolist()
    above = {str(name): count for name, count in zip(found.decided_by.values, by, strict=True) if count}
    without = subject.decided_without(table.having(rows)).outcome
    gone = rows[without != found.outcome[rows]]
    truth = np.bincount(table.truth[rows], minlength=len(Truth)).tolist()
    return Use(
        name=subject.name,
        hits=len(rows),
        decided=above.pop(subject.name, 0),
        above=above,
        gone=len(gone),
        gone_refs=tuple(table.refs[row] for row in gone[:_MOST_REFS].tolist()),
        by_truth={each: truth[each] for each in Truth if truth[each]},
        last=_date(int(table.day[rows].max())),
        same=sha256(rows.tobytes()).hexdigest(),
    )


def _date(day: int) -> date:
    return _FIRST_DAY + timedelta(days=day)
