"""What a clue is: one thing that speaks against a column, and how heavily."""

from dataclasses import dataclass
from enum import IntEnum

from winnow.core.learning.leaks.table import Table

#: The AUC of what says nothing.
CHANCE = 0.5
#: The chance of taking chance for something, shared among all values of a study.
_ALARM = 0.01


class Weight(IntEnum):
    """What a clue weighs: which company it needs to refuse a column.

    FAINT: counts only beside a loud name · NOTE: makes doubtful · MARK: refuses beside any telling name
    CLUE: refuses beside any telling name or another clue · PROOF: refuses alone
    """

    FAINT = 0
    NOTE = 1
    MARK = 2
    CLUE = 3
    PROOF = 4


FAINT, NOTE, MARK, CLUE, PROOF = Weight


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing that speaks against a column. Clues of one kind may have one cause, so the heaviest of them counts."""

    kind: str
    weight: Weight
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A column under examination.

    target: the word for what is counted · numeric: the column holds numbers, not words
    screening: junk is told from genuine, where the traces of a script honestly settle the outcome of many leads
    tried: how many values of all columns are looked at
    rivals: AUC of all other columns together; None when it does not rank well enough to ask
    usual_gap: AUC of the gaps alone, of the middle one of the columns
    past_lead: share of known moments that lie after the lead came; 0 for what is no moment
    """

    table: Table
    target: str
    screening: bool
    numeric: bool
    tried: int
    rivals: float | None
    usual_gap: float
    past_lead: float

    @property
    def risk(self) -> float:
        """The chance of error that may be taken with each value."""
        return _ALARM / self.tried

    @property
    def counted(self) -> str:
        """How leads that are what is counted are called in sentences."""
        return f"counted as `{self.target}`"
