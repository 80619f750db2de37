"""What learning needs: labels, a trainer, shadows and the ladder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from winnow.core.learning.feedback.unlearn import Withdrawal
from winnow.core.learning.ladder import Rung, Standing
from winnow.core.learning.shadow import Shadow, ShadowReport
from winnow.core.learning.study import Fitted, Study


@dataclass(frozen=True, slots=True)
class Label:
    """One report of what a lead turned out to be.

    lead: its number · author: who says so · origin: through what (`api`, `crm`, `queue`) · batch: what it came with
    """

    lead: int
    verdict: str
    author: str
    origin: str
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class KnownLabel:
    """A label on record: its number in the log, the id of its lead, and the lead's source (empty: none)."""

    id: int
    lead_id: str
    source: str
    said: Label
    at: datetime


class LabelStore(Protocol):
    """Keeps what leads turned out to be; every change is a leaf of the log, and every method may raise StoreAwayError.

    What was withdrawn counts nowhere any more, and is still there to be seen in the log.
    """

    def add(self, label: Label, now: datetime) -> int:
        """Keep a label and return its number; a later one does not replace an earlier one."""
        ...

    def standing(self) -> Sequence[KnownLabel]:
        """The labels that were not withdrawn, the oldest first."""
        ...

    def withdraw(self, which: Withdrawal, actor: str, now: datetime) -> Sequence[KnownLabel]:
        """Take labels back, all in one transaction, and return them; none is no change."""
        ...


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a model is fitted.

    seed: equal seeds give equal models · pairs: most tables of two signals together
    rising, falling: signals that may only add with a greater value, or only take away
    """

    seed: int = 1
    pairs: int = 0
    rising: frozenset[str] = frozenset()
    falling: frozenset[str] = frozenset()


class Trainer(Protocol):
    """Fits an additive model; the only way to the training library."""

    def fit(self, study: Study, settings: FitSettings, progress: Callable[[float], None]) -> Fitted:
        """Fit all signals of the study; `progress` is told how much is done, 0 to 1."""
        ...


class ShadowStore(Protocol):
    """Which rulesets run in shadow, and what they decided; every method may raise StoreAwayError."""

    def start(self, ruleset: str, share: float, actor: str, now: datetime) -> Shadow:
        """Put a ruleset in shadow by its whole hash; one that runs already begins anew with the share."""
        ...

    def stop(self, ruleset: str, actor: str, now: datetime) -> None:
        """Take a ruleset out of shadow; raises NotFoundError when it is not in it."""
        ...

    def running(self) -> Sequence[Shadow]:
        """Those in shadow, the eldest first."""
        ...

    def report(self, ruleset: str, most_changed: int) -> ShadowReport:
        """How a ruleset differed over all its time in shadow; raises NotFoundError when it never was."""
        ...

    def read(self, ruleset: str, leads: int, actor: str, now: datetime) -> None:
        """Note that somebody has read the report over so many leads; raises NotFoundError."""
        ...


class LadderStore(Protocol):
    """Where scorecards and rules stand; every change is a leaf of the log, and each call may raise StoreAwayError."""

    def standings(self) -> Sequence[Standing]:
        """Everything that stands anywhere."""
        ...

    def move(self, standing: Standing, was: Rung | None = None) -> None:
        """Put something on a rung, on all replicas.

        was: the rung it stood on when this was decided, None for none; raises ConflictError when it stands elsewhere by
            now, since a step up must not undo a fall that came between
        """
        ...


class SignOffs(Protocol):
    """Who agreed, as a second person, to something's doing more than before."""

    def signed(self, subject: str, rung: Rung, content: str) -> str | None:
        """Who signed that `subject` may climb to `rung`, for the ruleset with this hash; None when nobody has."""
        ...
