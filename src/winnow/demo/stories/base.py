"""What a story is: one kind of sender, how often it happens, when, and the right answer."""

from collections.abc import Callable
from dataclasses import dataclass

from winnow.demo.record import DemoLead
from winnow.demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of sender.

    tell: writes one lead of it; its docstring says what the lead looks like and what the right answer is
    weight: share of all leads, in about thousandths
    rhythm: `people`, `machines`, `floods`, `raids` or `imports`; see winnow.demo.rhythm
    junk: the right answer
    converts, loses: shares of genuine leads that buy, and that decide against it
    """

    tell: Callable[[Stage], DemoLead]
    weight: float
    rhythm: str = "people"
    junk: bool = False
    converts: float = 0.0
    loses: float = 0.0

    @property
    def name(self) -> str:
        """How the story is called in the file."""
        return self.tell.__name__
