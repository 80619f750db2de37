"""Verifying the whole log beside everything else: how far it is, and what the last time found, for every process."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Thread
from time import monotonic

import msgspec

from winnow.adapters.db.notes import remember, remembered
from winnow.bootstrap.auditing import Verified, first_changed, verify_log
from winnow.bootstrap.service import Service
from winnow.errors import BrokenLogError, WinnowError

_log = logging.getLogger(__name__)

_NOTE = "log check"
#: Seconds between two notes of how far it is, and without one after which whoever did it is gone.
_NOTED_EVERY, _GONE_AFTER = 1.0, timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What did not fit, where, and what to do.

    broken: it is the log, not that it could not be read · entry: the first bad one, where the published files tell it
    """

    what: str
    where: str | None
    fix: str | None
    broken: bool
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A verification of the log.

    by: who asked for it · what, done: what is looked at just now, and how many entries of it are done · of: in all
    found, trouble: what it came to; both None as long as it goes on
    """

    by: str
    started_at: datetime
    noted_at: datetime
    of: int
    records: bool = False
    what: str = "entries"
    done: int = 0
    finished_at: datetime | None = None
    found: Verified | None = None
    trouble: Trouble | None = None

    def running(self, now: datetime) -> bool:
        """Whether somebody is at it."""
        return self.finished_at is None and now - self.noted_at < _GONE_AFTER

    @property
    def broken(self) -> bool:
        """Whether it found that the log does not hold."""
        return self.trouble is not None and self.trouble.broken


class LogChecks:
    """Begins verifications of a service's log, one at a time, and tells of the last."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def last(self) -> Check | None:
        """The newest one, which may go on; None: there was none. Raises StoreAwayError."""
        said = remembered(self._service.engine, _NOTE)
        try:
            return None if said is None else msgspec.json.decode(said, type=Check)
        except msgspec.DecodeError:  # of another version of Winnow
            return None

    def begin(self, by: str, *, records: bool = False, patience: float = 0.0) -> None:
        """Begin one in a thread of its own, unless one goes on; wait for its end, but not longer than `patience` s.

        records: also hold every stored record against its entry
        """
        now, last = self._service.clock.now(), self.last()
        if last is not None and last.running(now):
            return
        check = Check(by, now, now, self._service.log.frontier().size, records=records)
        self._keep(check)
        thread = Thread(target=self._run, args=(check,), name="winnow-log-check", daemon=True)
        thread.start()
        thread.join(patience)

    def _run(self, check: Check) -> None:
        try:
            done = self._done(check)
            self._keep(replace(done, finished_at=self._service.clock.now()))
        except Exception:  # noqa: BLE001  # as the comment says
            # Nobody waits for this thread: what is not told here is told nowhere.
            _log.exception("verifying the log was not finished")

    def _done(self, check: Check) -> Check:
        try:
            return replace(check, found=verify_log(self._service, records=check.records, progress=self._telling(check)))
        except WinnowError as error:
            broken = isinstance(error, BrokenLogError)
            _log.log(logging.CRITICAL if broken else logging.ERROR, "the log was not verified: %s", error)
            where = None if error.where is None else str(error.where)
            entry = self._first_bad() if broken else None
            return replace(check, trouble=Trouble(error.what, where, error.fix, broken, entry))

    def _first_bad(self) -> int | None:
        try:
            return first_changed(self._service)
        except WinnowError as error:
            _log.warning("which entry is the first bad one is not known: %s", error)
            return None

    def _telling(self, check: Check) -> Callable[[str, int], None]:
        told_at = monotonic()

        def tell(what: str, done: int) -> None:
            nonlocal told_at
            if monotonic() - told_at >= _NOTED_EVERY:
                self._keep(replace(check, noted_at=self._service.clock.now(), what=what, done=done))
                told_at = monotonic()

        return tell

    def _keep(self, check: Check) -> None:
        remember(self._service.engine, _NOTE, msgspec.json.encode(check).decode())
