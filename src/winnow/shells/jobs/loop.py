"""A job that goes on for ever in a thread of its own, whatever happens to it."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic

from winnow.errors import WinnowError

_log = logging.getLogger(__name__)

#: Seconds until a step that failed is tried again, doubled with each failure.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


class Loop:
    """Calls a step again and again.

    step: does a little and returns in how many seconds it wants to be called again
    at_end: what remains to be done when it is told to stop; both run in the loop's thread
    """

    def __init__(self, name: str, step: Callable[[], float], at_end: Callable[[], object] = lambda: None) -> None:
        self.name = name
        self.failures = 0
        self._step = step
        self._at_end = at_end
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"winnow-{name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Call the step no more; `wait` for what it still has to do."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait until it has ended; False when it has not within these seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether it is running."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._stop.wait(self._stepped())
        try:
            self._at_end()
        except Exception as error:  # noqa: BLE001  # told, and nothing comes after it
            _log.warning("the last step of `%s` failed: %s", self.name, error, exc_info=_unforeseen(error))

    def _stepped(self) -> float:
        """One step; returns how long to pause."""
        try:
            pause = self._step()
        except Exception as error:  # noqa: BLE001  # whatever it was: nobody else would ever try again
            self.failures += 1
            pause = min(_FIRST_PAUSE * 2.0 ** min(self.failures - 1, 10), _LONGEST_PAUSE)
            if self.failures & (self.failures - 1) == 0:  # the 1st, 2nd, 4th, 8th … in a row
                _log.error("`%s` failed, again in %g s: %s", self.name, pause, error, exc_info=_unforeseen(error))
            return pause
        if self.failures:
            _log.warning("`%s` goes on after %d failures", self.name, self.failures)
        self.failures = 0
        return pause


def _unforeseen(error: Exception) -> Exception | None:
    """What is worth its frames in the log."""
    return None if isinstance(error, WinnowError) else error


class Loops:
    """Several jobs that begin and end together."""

    def __init__(self, *loops: Loop) -> None:
        self.loops = loops

    def start(self) -> None:
        """Begin all."""
        for loop in self.loops:
            loop.start()

    def stop(self, seconds: float) -> list[str]:
        """End all; returns the names of those that have not ended within these seconds."""
        for loop in self.loops:
            loop.stop()
        until = monotonic() + seconds
        return [loop.name for loop in self.loops if not loop.wait(max(0.0, until - monotonic()))]
