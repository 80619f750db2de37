"""Wiring of the reading of labelled histories: files, maps, facts point in time, and what is measured of them."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from winnow.adapters.clock import SystemClock
from winnow.adapters.facts.history import SlidingHistory
from winnow.adapters.facts.lookup import BatchFacts, seen
from winnow.adapters.facts.order import OrderedHistory
from winnow.adapters.files.chunks import Chunk
from winnow.adapters.files.source import Source
from winnow.adapters.files.zones import zone_named
from winnow.bootstrap.files import reference, times_of
from winnow.config import Config
from winnow.core.declared import worded
from winnow.core.facts import Seen
from winnow.core.govern.off_limits import masked
from winnow.core.lead import Lead
from winnow.core.learning.reading.cells import Cells
from winnow.core.learning.reading.recipe import BY_FILE, BY_NUMBER, Recipe
from winnow.core.learning.reading.survey import Counts, Survey, Told, measurable
from winnow.core.learning.study import Study
from winnow.core.mapping import LeadReader, compile_mapping
from winnow.core.mapping.model import did_you_mean
from winnow.core.mapping.rows import BadRow, RawRow
from winnow.errors import InvalidInputError, UnreadableRowError
from winnow.ports import HistorySource

#: Told what is being done, and which share of it is done.
Progress = Callable[[str, float], None]

_BLOCK = 1 << 20
_SHOWN = 3
#: More unreadable rows than this share, and the map is wrong rather than the rows.
_MOST_UNREADABLE = 0.05


def unwatched(_what: str, _share: float) -> None:
    """For those who do not want to know."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A study and what was left out of it."""

    study: Study
    counts: Counts


def need_column(source: Source, column: str, where: str) -> int:
    """Where a column stands; raises InvalidInputError when the file lacks it."""
    if column not in source.columns:
        raise InvalidInputError(
            f"the file has no column `{column}`", where=where, fix=did_you_mean(column, source.columns, "it has")
        )
    return source.columns.index(column)


def cells_of(source: Source, columns: Sequence[str], progress: Progress) -> dict[str, Cells]:
    """Everything that stands in these columns, counted."""
    found = {column: Cells() for column in columns}
    places = [(source.columns.index(column), found[column]) for column in columns]
    for chunk in _watched(source, "looking at the columns", progress):
        rows = [row.cells for row in source.parser.rows(chunk) if isinstance(row, RawRow)]
        for place, cells in places:
            cells.add([row[place] for row in rows])
    return found


def content_of(source: Source) -> str:
    """SHA-256 of the file."""
    given = Path(source.name)
    digest = hashlib.sha256()
    with (given if given.is_file() else source.path).open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def gathered(source: Source, recipe: Recipe, config: Config, progress: Progress = unwatched) -> Gathered:
    """Read a file by a recipe: facts point in time, signals measured, leads in the order of their times."""
    reading = _Reading(source, recipe, config, progress)
    return reading.gathered()


class _Row(NamedTuple):
    lead: Lead
    told: Told


@dataclass(slots=True)
class _Reading:
    """One reading of one file."""

    source: Source
    recipe: Recipe
    config: Config
    progress: Progress
    rows: int = 0
    complaints: list[str] = field(default_factory=list)
    read: LeadReader = field(init=False)
    tell: Callable[[RawRow, Lead], Told] = field(init=False)

    def __post_init__(self) -> None:
        self.read = compile_mapping(self.recipe.mapping, self.source.columns, zone_named)
        self.tell = self._teller()

    def gathered(self) -> Gathered:
        recipe = self.recipe
        allowed = measurable(recipe.mapping.takes, recipe.declared, recipe.off_limits)
        wanted = recipe.signals
        signals = [signal for signal in allowed if wanted is None or signal.name in wanted]
        dated, signed = recipe.ordered_by != BY_FILE, recipe.author is not None
        survey = Survey(recipe.labels.target, signals, dated=dated, signed=signed)
        facts = self._facts(self._history())
        self.rows, self.complaints = 0, []
        for chunk in _watched(self.source, "measuring", self.progress):
            rows = list(self._of(chunk))
            leads = [row.lead for row in rows]
            survey.add(leads, facts.facts_for(leads), [row.told for row in rows])
        study = survey.study()
        self._need_readable()
        counts = Counts(self.rows, len(study), survey.unlabelled, survey.unordered, len(self.complaints), self._shown())
        return Gathered(study, counts)

    def _shown(self) -> tuple[str, ...]:
        return tuple(self.complaints[:_SHOWN])

    def _need_readable(self) -> None:
        if len(self.complaints) > _MOST_UNREADABLE * self.rows:
            raise InvalidInputError(
                f"{len(self.complaints):,} of {self.rows:,} rows cannot be read, such as {self.complaints[0]}",
                where=self.source.name,
                fix="give a map that says how the columns are written, see docs/files.md",
            )

    def _facts(self, history: HistorySource) -> BatchFacts:
        now = SystemClock().now()  # of leads without a time, of which no signal here depends on it
        return BatchFacts(reference(self.config), history, now=lambda: now)

    def _history(self) -> HistorySource:
        """Counts as of each lead's moment; a file that is not in the order of its times is counted beforehand."""
        mapping = self.recipe.mapping
        if "received_at" not in mapping.takes or self._in_order():
            return SlidingHistory()
        facts = self._facts(SlidingHistory())
        return OrderedHistory(self._seen(facts))

    def _in_order(self) -> bool:
        latest = None
        for moment in times_of(self.source, self.recipe.mapping):
            if moment is not None and latest is not None and moment < latest:
                return False
            latest = moment or latest
        return True

    def _seen(self, facts: BatchFacts) -> Iterator[Seen]:
        for chunk in _watched(self.source, "counting what came before", self.progress):
            for row in self._of(chunk):
                yield seen(row.lead, *facts.known(row.lead))

    def _of(self, chunk: Chunk) -> Iterator[_Row]:
        """The leads of a chunk without what is off limits; rows that cannot be read are counted."""
        read, tell = self.read, self.tell
        for row in self.source.parser.rows(chunk):
            self.rows += 1
            if isinstance(row, BadRow):
                self.complaints.append(f"line {row.line}: {row.reason}")
                continue
            try:
                lead = read(row.cells, row.line)
                told = tell(row, lead)
            except UnreadableRowError as problem:
                self.complaints.append(f"line {row.line}: {problem}")
                continue
            yield _Row(masked(lead, self.recipe.off_limits), told)

    def _teller(self) -> Callable[[RawRow, Lead], Told]:
        recipe, source = self.recipe, self.source
        target = need_column(source, recipe.labels.column, "--target")
        weight = need_column(source, recipe.weight, "--weight") if recipe.weight else None
        order = need_column(source, recipe.order, "--time") if recipe.order else None
        truth, by, signed = recipe.labels.truth, recipe.ordered_by, self._signer()
        truths: dict[str, bool | None] = {}

        def tell(row: RawRow, lead: Lead) -> Told:
            cell = row.cells[target]
            if cell not in truths:
                truths[cell] = truth(cell)
            place: float | None = float(row.line)
            if by == BY_NUMBER and order is not None:
                place = _number(row.cells[order], recipe.order)
            elif by != BY_FILE:
                place = lead.received_at.timestamp() if lead.received_at else None
            weighs = _weight(row.cells[weight], recipe.weight) if weight is not None else 1.0
            return Told(truths[cell], weighs, place, *signed(row))

        return tell

    def _signer(self) -> Callable[[RawRow], tuple[str, ...]]:
        """Who gave the label of a row, and what it came with; spellings of one name are one."""
        named = ((self.recipe.author, "--label-author"), (self.recipe.batch, "--label-batch"))
        places = [need_column(self.source, column, where) if column else None for column, where in named]
        return lambda row: tuple("" if place is None else worded(row.cells[place]) or "" for place in places)


def _number(cell: str, column: str | None) -> float | None:
    if not cell.strip():
        return None
    try:
        return float(cell)
    except ValueError:
        raise UnreadableRowError(f"`{cell[:40]}` in column `{column}` is not a number") from None


def _weight(cell: str, column: str | None) -> float:
    """How much a label counts: 1 where nothing is said."""
    found = _number(cell, column)
    if found is not None and not 0 <= found < float("inf"):
        raise UnreadableRowError(f"`{cell[:40]}` in column `{column}` is not a weight of 0 or more")
    return 1.0 if found is None else found


def _watched(source: Source, what: str, progress: Progress) -> Iterator[Chunk]:
    for chunk in source.chunks():
        yield chunk
        progress(what, chunk.end.offset / source.size if source.size else 0.0)
    progress(what, 1.0)
