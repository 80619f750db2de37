"""One piece of a file: its rows become leads, the leads decisions, the decisions lines of the output."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from winnow.bootstrap import Chunk
from winnow.core.decide import Decision
from winnow.core.facts import Seen
from winnow.core.lead import Lead
from winnow.core.mapping import Excerpts, LeadReader
from winnow.core.mapping.rows import BadRow, RawRow, bad_row
from winnow.errors import UnreadableRowError
from winnow.services.screen import Screener
from winnow.shells.bulk.tally import Tally


@dataclass(slots=True)
class Piece:
    """What became of one chunk; `output` is what goes into the file of decisions."""

    output: bytes
    bad: list[BadRow]
    tally: Tally


@dataclass(slots=True)
class PieceScreener:
    """Screens chunks of one file.

    rows: splits a chunk into rows · read: makes a lead of a row · seen_of: what history counts a lead by
    write: the lines of some decisions · excerpts: what may be shown of rows that cannot be read
    """

    rows: Callable[[Chunk], Iterator[RawRow | BadRow]]
    read: LeadReader
    seen_of: Callable[[Lead], Seen]
    screener: Screener
    write: Callable[[list[Decision]], bytes]
    excerpts: Excerpts
    bad: list[BadRow] = field(default_factory=list)

    def leads(self, chunk: Chunk) -> list[Lead]:
        """The leads of a chunk; rows that cannot be read are put aside in `bad`."""
        self.bad = []
        return list(self._leads(chunk))

    def _leads(self, chunk: Chunk) -> Iterator[Lead]:
        read = self.read
        for row in self.rows(chunk):
            if isinstance(row, BadRow):
                self.bad.append(self.excerpts.of(row))
                continue
            try:
                yield read(row.cells, row.line)
            except UnreadableRowError as problem:
                self.bad.append(bad_row(row.line, str(problem), self.excerpts.of_cells(row.cells)))

    def seen(self, chunk: Chunk) -> list[Seen]:
        """What history has to know of a chunk's leads, in order."""
        return [self.seen_of(lead) for lead in self.leads(chunk)]

    def screened(self, chunk: Chunk) -> Piece:
        """Decide a chunk."""
        decisions = self.screener.many(self.leads(chunk))
        tally = Tally(unreadable=len(self.bad))
        tally.add(decisions)
        return Piece(self.write(decisions), self.bad, tally)
