"""The time of a past that is told in a minute, and what is to happen in it."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count


class Told:
    """A clock that is set: it never goes back, and never beyond the moment at which the story ends."""

    def __init__(self, begin: datetime, end: datetime) -> None:
        self._now = begin
        self.end = end

    def now(self) -> datetime:
        """The moment the story has come to, aware, UTC."""
        return self._now

    def seconds(self) -> float:
        """The same as seconds from any moment on."""
        return self._now.timestamp()

    def to(self, at: datetime) -> None:
        """Go on to a moment, unless it is past."""
        self._now = max(self._now, min(at, self.end))

    def spend(self, seconds: float) -> None:
        """Let some time pass."""
        self.to(self._now + timedelta(seconds=seconds))


class Agenda:
    """What happens when; what happens may put more on it."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._places = count()
        self._things: list[tuple[datetime, int, Callable[[], object]]] = []

    def add(self, at: datetime, thing: Callable[[], object]) -> None:
        """Have something happen at a moment, after what was put there before; not at all if the story has ended."""
        if at <= self._told.end:
            heapq.heappush(self._things, (at, next(self._places), thing))

    def run(self) -> None:
        """Let everything happen in order."""
        while self._things:
            at, _, thing = heapq.heappop(self._things)
            self._told.to(at)
            thing()
