"""Several processes that answer at one address: more cores for deciding, one log all the same.

The parent holds the address and does nothing but start processes anew that end, and end them when it is told to stop.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

_log = logging.getLogger(__name__)

#: Seconds before a process that ended is started again, so that one that cannot start does not keep the machine busy.
_AGAIN_SECONDS = 1.0
_FAILED = 1

#: Runs a worker until it is told to stop; the first one also does the jobs.
Work = Callable[[int], None]


class Workers:
    """A number of processes, each doing the same."""

    def __init__(self, count: int, work: Work) -> None:
        self._count = count
        self._work = work
        self._places: dict[int, int] = {}
        self._stopping = False

    def run(self) -> None:
        """Keep the processes running until SIGTERM or SIGINT comes; a second signal ends them at once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for place in range(self._count):
            self._start(place)
        while self._places:
            self._wait_for_one()

    def _start(self, place: int) -> None:
        process = os.fork()
        if process:
            self._places[process] = place
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        status = _FAILED
        try:
            self._work(place)
            status = 0
        except Exception:  # noqa: BLE001  # whatever it was, the parent starts another
            _log.exception("a worker failed")
        finally:
            os._exit(status)

    def _wait_for_one(self) -> None:
        process, status = os.wait()
        place = self._places.pop(process, None)
        if place is None or self._stopping:
            return
        _log.error("worker %d ended with status %d and is started again", place, os.waitstatus_to_exitcode(status))
        time.sleep(_AGAIN_SECONDS)
        if not self._stopping:
            self._start(place)

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  # as signal handlers are
        again = signal.SIGKILL if self._stopping else signal.SIGTERM
        self._stopping = True
        for process in tuple(self._places):
            os.kill(process, again)
