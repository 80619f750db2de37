"""What a signal is: one measured property of a lead, defined once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from winnow.core.facts import Facts
from winnow.core.lead import Lead

Value: TypeAlias = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Signal:
    """One property of a lead, with unit and version.

    name: `family.property`, also its reason code
    kind: the Python type of a known value
    unit: what the value counts or which words it may be, for people
    reads: the lead fields it depends on, directly or through a fact; an off-limits one makes it unknown
    label: a few plain words for it, fit to be told to the person concerned
    doc: what it measures and why that may matter
    of: the measurement; None means unknown and is never the same as False
    mutable: the person could change it by sending the lead again (used for counterfactuals)
    """

    name: str
    version: int
    kind: type[bool] | type[int] | type[float] | type[str]
    unit: str
    reads: tuple[str, ...]
    label: str
    doc: str
    of: Callable[[Lead, Facts], Value | None]
    mutable: bool = False

    @property
    def family(self) -> str:
        """The evidence family, whose points are capped together."""
        return self.name.partition(".")[0]
