"""What Today needs: the days as they were counted, at a cost that does not grow with what is stored."""

from typing import Protocol

from winnow.core.today.figures import Counted
from winnow.core.today.window import Window


class FigureStore(Protocol):
    """Counts what happened, day by day; every method may raise StoreAwayError."""

    def catch_up(self) -> int:
        """Count what happened since the last time, as far as can be done quickly; how many log entries are left."""
        ...

    def counted(self, window: Window) -> Counted:
        """What was counted of a window, and of as many days before it."""
        ...
