"""One fit with all that led to it: what the manifest and the card of a model are written from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from winnow.core.canonical import content_hash
from winnow.core.learning.feedback.safeguard import Safeguard
from winnow.core.learning.fitting.examined import Examined
from winnow.core.learning.fitting.points import RoundingLoss
from winnow.core.learning.fitting.protected import protected_name
from winnow.core.learning.reading.columns import Column
from winnow.core.learning.reading.copies import Copies
from winnow.core.learning.reading.recipe import BY_TIME, Recipe
from winnow.core.learning.reading.survey import Counts
from winnow.core.learning.study import Study
from winnow.core.ruleset_write import scorecard_document
from winnow.core.scorecard import Scorecard
from winnow.core.thresholds import Bands


@dataclass(frozen=True, slots=True)
class File:
    """What was read: its name, its SHA-256, and what became of its rows."""

    name: str
    sha256: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Made:
    """One fit with all that led to it.

    study: with the signals that were fitted · examined: these and the others
    cells: what stands in the target column, and how often · directions: `rising` or `falling` by signal
    settings, versions: what it takes to fit it again
    safeguard: what the authors of labels were held to; None when nobody knows them
    copies: leads that repeat another one in everything that was fitted; None when nobody compared them
    """

    card: Scorecard
    bands: Bands
    study: Study
    split: int
    rounding: RoundingLoss
    recipe: Recipe
    file: File
    columns: tuple[Column, ...]
    examined: tuple[Examined, ...]
    cells: Mapping[str, int]
    author: str
    made_at: str
    directions: Mapping[str, str]
    settings: Mapping[str, object]
    versions: Mapping[str, str]
    safeguard: Safeguard | None = None
    copies: Copies | None = None

    @property
    def card_hash(self) -> str:
        """SHA-256 of the scorecard alone."""
        return content_hash(scorecard_document(self.card))

    @property
    def used(self) -> tuple[str, ...]:
        """The signals that were fitted."""
        return tuple(signal.name for signal in self.study.signals)

    @property
    def commonest_cells(self) -> list[tuple[str, int]]:
        """What stands in the target column and how often, the commonest first."""
        return sorted(self.cells.items(), key=lambda each: (-each[1], each[0]))

    @property
    def time_column(self) -> str:
        """The column that puts the leads in order; empty when nothing but the file does."""
        take = self.recipe.mapping.takes.get("received_at")
        return self.recipe.order or (", ".join(take.columns) if take else "")

    def dated(self, order: float) -> str:
        """A lead's place in time, for people."""
        if self.recipe.ordered_by != BY_TIME:
            return f"{order:.15g}"
        return datetime.fromtimestamp(order, UTC).isoformat().replace("+00:00", "Z")

    @property
    def ends(self) -> tuple[str, str]:
        """The places in time of the first lead and the last; empty for leads without one."""
        times = self.study.times
        return (self.dated(times[0]), self.dated(times[-1])) if times else ("", "")

    @property
    def protected(self) -> tuple[str, ...]:
        """The columns that something was learned from and whose names speak of what the law may protect."""
        used = set(self.used)
        return tuple(
            column.name
            for column in self.columns
            if protected_name(column.name) and not used.isdisjoint(column.signals)
        )
