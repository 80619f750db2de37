"""What a policy forbids to look at never leaves the file: it is neither read nor shown when a row cannot be read."""

import re
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass, replace

from winnow.core.govern.off_limits import called, fields_in, why_forbidden
from winnow.core.govern.off_limits_text import scan
from winnow.core.mapping.model import LeadMapping, Take
from winnow.core.mapping.rows import BadRow

#: Stands where the excerpt of a row would be when nobody can tell its off-limits cells from the others.
WITHHELD = "(not shown: the file has off-limits columns)"


def permitted(mapping: LeadMapping, off_limits: Set[str]) -> LeadMapping:
    """The map without the fields nobody may look at: as if their columns were not there."""
    takes = {target: take for target, take in mapping.takes.items() if not _forbidden(target, take, off_limits)}
    return replace(mapping, takes=takes)


def off_limits_columns(mapping: LeadMapping, columns: Sequence[str], off_limits: Set[str]) -> tuple[str, ...]:
    """The columns that hold what is off limits: by the map, or because they are called so themselves."""
    taken = {
        column
        for target, take in mapping.takes.items()
        if _forbidden(target, take, off_limits)
        for column in take.columns
    }
    return tuple(column for column in columns if column in taken or _called(column, off_limits))


def _forbidden(target: str, take: Take, off_limits: Set[str]) -> bool:
    """Whether a field may not be made: for what it is called, or what one of its columns is."""
    if not off_limits:
        return False
    forbidden = frozenset(off_limits)
    return why_forbidden(target, forbidden) is not None or any(called(each, forbidden) for each in take.columns)


def _called(column: str, off_limits: Set[str]) -> bool:
    """Whether a column is called like what is off limits, however that is written."""
    names = {name.partition(".")[2] or name for name in fields_in(off_limits)}
    return _slug(column) in names or called(column, frozenset(off_limits)) is not None


def _slug(column: str) -> str:
    """`Sexual Orientation` and `custom.sexual_orientation` are both `sexual_orientation`."""
    return re.sub(r"\W+", "_", column.lower().rpartition(".")[2]).strip("_")


@dataclass(frozen=True, slots=True)
class Excerpts:
    """What may be shown of rows that could not be read.

    forbidden: columns that may not · scanned: categories that are masked in what is shown
    """

    columns: tuple[str, ...]
    forbidden: Collection[str] = ()
    scanned: frozenset[str] = frozenset()

    def of_cells(self, cells: Sequence[str]) -> str:
        """The cells that may be shown."""
        if not self.forbidden:
            return self._masked(",".join(cells))
        if len(cells) != len(self.columns):
            return WITHHELD
        pairs = zip(self.columns, cells, strict=True)
        return self._masked(",".join([cell for column, cell in pairs if column not in self.forbidden]))

    def of(self, row: BadRow) -> BadRow:
        """A row that could not even be split into cells: all of it, or nothing."""
        return row._replace(raw=WITHHELD if self.forbidden else self._masked(row.raw))

    def _masked(self, text: str) -> str:
        return scan(text, self.scanned).text
