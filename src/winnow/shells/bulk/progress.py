"""How far a long run is: a bar with rate and time left on a terminal, a line each 5 % elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

#: Lines for the whole of the work where there is no terminal.
_LINES = 20


class Meter(Protocol):
    """Told how far the run is."""

    def at(self, done: int, leads: int) -> None:
        """`done` of the total is read, which gave so many leads."""
        ...


class _Bar:
    def __init__(self, progress: Progress, total: int | None, what: str, begun: int) -> None:
        self._progress = progress
        self._task = progress.add_task(what, total=total, completed=begun, rate="")
        self._began = time.monotonic()

    def at(self, done: int, leads: int) -> None:
        seconds = time.monotonic() - self._began
        rate = f"{leads / seconds:,.0f} leads/s" if leads and seconds > 0 else ""
        self._progress.update(self._task, completed=done, rate=rate)


class _Lines:
    def __init__(self, console: Console, total: int | None, what: str, begun: int) -> None:
        self._console, self._total, self._what, self._begun = console, total, what, begun
        self._began = time.monotonic()
        self._next = 1

    def at(self, done: int, leads: int) -> None:
        if not self._total or done * _LINES // self._total < self._next:
            return
        self._next = done * _LINES // self._total + 1
        seconds = time.monotonic() - self._began
        left = seconds * (self._total - done) / max(done - self._begun, 1)
        rate = f"{leads:,} leads · {leads / max(seconds, 1e-9):,.0f}/s · " if leads else ""
        self._console.print(f"{self._what}: {done / self._total:4.0%} · {rate}{left:,.0f} s left")


class Silent:
    """Says nothing."""

    def at(self, done: int, leads: int) -> None:
        """Ignore it."""


@contextmanager
def meter(console: Console, total: int | None, what: str, *, begun: int = 0, quiet: bool = False) -> Iterator[Meter]:
    """A meter for one pass over `total` units of input, None when nobody knows how many.

    begun: units that were done before
    """
    if quiet:
        yield Silent()
    elif console.is_terminal and not console.is_dumb_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            yield _Bar(progress, total, what, begun)
    else:
        yield _Lines(console, total, what, begun)
