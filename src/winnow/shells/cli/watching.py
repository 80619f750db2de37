"""Progress of work that tells what it does and which share of it is done: one bar, or lines, for each thing done."""

from contextlib import ExitStack
from typing import Self

from rich.console import Console

from winnow.shells.bulk.progress import Meter, meter

_PARTS = 1_000


class Watch:
    """Told `(what, share)`; a context, which closes the last bar."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._console = console
        self._quiet = quiet
        self._stack = ExitStack()
        self._what: str | None = None
        self._meter: Meter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __call__(self, what: str, share: float) -> None:
        """Show how far it is."""
        if what != self._what or self._meter is None:
            self._stack.close()
            self._what = what
            self._meter = self._stack.enter_context(meter(self._console, _PARTS, what, quiet=self._quiet))
        self._meter.at(round(share * _PARTS), 0)
