"""A table with the decisions made over it so far, as the service of what-ifs asks for them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from winnow.adapters.whatif.counts import tally, threshold_curve
from winnow.adapters.whatif.files import keep_table
from winnow.adapters.whatif.outcomes import Redecided, redecide
from winnow.adapters.whatif.table import UNDECIDED, Table
from winnow.adapters.whatif.uses import uses
from winnow.core.ruleset import Ruleset
from winnow.core.whatif.curves import Curve
from winnow.core.whatif.tally import Tally
from winnow.core.whatif.use import Uses


class PastTable:
    """Fulfils `PastLeads` of the service."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._found: dict[str, Redecided] = {}

    def __len__(self) -> int:
        return len(self._table)

    @property
    def decided(self) -> bool:
        """Whether every lead was decided before."""
        return not (self._table.outcome == UNDECIDED).any()

    @property
    def entries(self) -> frozenset[str]:
        """The ids of the list entries that apply to any of the leads."""
        return self._table.entries

    @property
    def groups(self) -> frozenset[str]:
        """What the leads can be counted by."""
        return frozenset(self._table.groups)

    @property
    def single(self) -> int:
        """Leads that are decided one by one, since they do not fit into columns."""
        return len(self._table.whole)

    def tally(self, draft: Ruleset, against: Ruleset | None, *, most_refs: int) -> Tally:
        """What changes from what was decided then, or from what another ruleset decides."""
        before = None if against is None else self._redecided(against)
        return tally(self._table, self._redecided(draft), before, most_refs=most_refs)

    def curve(self, draft: Ruleset) -> Curve:
        """What every threshold would do."""
        return threshold_curve(self._table, self._redecided(draft))

    def uses(self, ruleset: Ruleset, progress: Callable[[float], None]) -> Uses:
        """What every rule and list entry does."""
        return uses(self._table, self._redecided(ruleset), progress)

    def without_entries(self, entry_ids: frozenset[str]) -> "PastTable":
        """The same leads as if some list entries had not been there."""
        return PastTable(self._table.without_entries(entry_ids))

    def keep(self, path: Path) -> int:
        """Write it to a file; returns how many leads had to be left out."""
        return keep_table(self._table, path)

    def span(self) -> tuple[int, int]:
        """The first and the last moment, in microseconds since 1970; zeros when there is no lead."""
        now = self._table.now
        return (int(np.min(now)), int(np.max(now))) if len(now) else (0, 0)

    def _redecided(self, ruleset: Ruleset) -> Redecided:
        if ruleset.hash not in self._found:
            self._found[ruleset.hash] = redecide(self._table, ruleset)
        return self._found[ruleset.hash]
