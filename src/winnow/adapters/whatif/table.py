"""The columns a what-if works on, and the leads that do not fit into columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.signals.base import Signal, Value

Numbers = npt.NDArray[Any]
Rows = npt.NDArray[np.int64]

#: Stands for "was never decided" among outcomes.
UNDECIDED = 255

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(micros: int) -> datetime:
    """The moment so many microseconds after 1970, UTC."""
    return _EPOCH + timedelta(microseconds=micros)


@dataclass(frozen=True, slots=True)
class Column:
    """Values by row, each kept once: row i has `distinct[codes[i]]`, and None where that is one past the end.

    distinct: numbers as an ascending array (what is not a number comes last), anything else as a tuple
    """

    distinct: Numbers | tuple[Value, ...]
    codes: Numbers

    @property
    def size(self) -> int:
        """How many codes there are, that of None included."""
        return len(self.distinct) + 1

    @property
    def values(self) -> list[Value | None]:
        """The values by code; the last is None."""
        known = self.distinct.tolist() if isinstance(self.distinct, np.ndarray) else list(self.distinct)
        return [*known, None]

    def at(self, row: int) -> Value | None:
        """The value of one row."""
        code = int(self.codes[row])
        if code == len(self.distinct):
            return None
        found = self.distinct[code]
        return found.item() if isinstance(found, np.generic) else found

    def having(self, rows: Rows) -> "Column":
        """The same for some rows only."""
        return Column(self.distinct, self.codes[rows])


def narrow(codes: Numbers, size: int) -> Numbers:
    """Codes below `size` in the fewest bytes."""
    return codes.astype(np.min_scalar_type(max(size - 1, 0)), copy=False)


def fingerprint(signal: Signal) -> str:
    """What a value of the signal means; values are comparable only under equal fingerprints."""
    return f"{signal.version} {signal.kind.__name__} {signal.unit} {','.join(signal.reads)}"


@dataclass(frozen=True, slots=True)
class Table:
    """Past leads, the oldest first, in columns of equal length.

    refs: what points at each · ids: of the leads, on which the blind sample is drawn
    signals: fingerprints by name · columns: values by signal
    source, groups, decided_by: texts · bearings, bearing: what else may decide, and which of it each lead has
    now: microseconds since 1970 · outcome: UNDECIDED where nothing was decided · truth: codes of `Truth`
    whole: by row, the leads whose measuring failed or that hold a value of another type than their signal's;
        these are decided one by one, from the lead and its facts
    """

    refs: Sequence[str]
    ids: Sequence[str]
    signals: Mapping[str, str]
    columns: Mapping[str, Column]
    source: Column
    groups: Mapping[str, Column]
    decided_by: Column
    bearings: tuple[Facts, ...]
    bearing: Numbers
    now: npt.NDArray[np.int64]
    outcome: npt.NDArray[np.uint8]
    score: npt.NDArray[np.int64]
    truth: npt.NDArray[np.uint8]
    whole: Mapping[int, tuple[Lead, Facts]]

    def __len__(self) -> int:
        return len(self.now)

    @property
    def day(self) -> Numbers:
        """Days since 1970, UTC."""
        return self.now // 86_400_000_000

    @property
    def entries(self) -> frozenset[str]:
        """The ids of the list entries that apply to any of the leads."""
        return frozenset(entry.id for facts in self.bearings for entry in facts.list_hits)

    def having(self, rows: Rows) -> "Table":
        """The same with some rows only, given in ascending order."""
        places = {int(row): place for place, row in enumerate(rows)} if self.whole else {}
        return Table(
            refs=[self.refs[row] for row in rows.tolist()],
            ids=[self.ids[row] for row in rows.tolist()],
            signals=self.signals,
            columns={name: column.having(rows) for name, column in self.columns.items()},
            source=self.source.having(rows),
            groups={name: column.having(rows) for name, column in self.groups.items()},
            decided_by=self.decided_by.having(rows),
            bearings=self.bearings,
            bearing=self.bearing[rows],
            now=self.now[rows],
            outcome=self.outcome[rows],
            score=self.score[rows],
            truth=self.truth[rows],
            whole={places[row]: each for row, each in self.whole.items() if row in places},
        )

    def without_entries(self, entry_ids: frozenset[str]) -> "Table":
        """The same as if some list entries had not been there."""

        def left(facts: Facts) -> Facts:
            return replace(facts, list_hits=tuple(each for each in facts.list_hits if each.id not in entry_ids))

        whole = {row: (lead, left(facts)) for row, (lead, facts) in self.whole.items()}
        return replace(self, bearings=tuple(map(left, self.bearings)), whole=whole)
