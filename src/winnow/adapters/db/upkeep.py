"""Writes SQLite's write-ahead log back into its file, so that no commit has to.

Left to itself, SQLite does so within the commit that fills 4 MB, and whoever waits for that commit waits for it.
Done all the time and in small portions by somebody else, it delays nobody: see docs/operations.md for figures.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic

from sqlalchemy import Engine

from winnow.adapters.db.away import reached

#: Bytes of the log after which the next writer shall begin it anew; also what one pass writes back under load.
RESTART_BYTES = 4 << 20
#: Seconds between two passes while much is written, and while little is.
_BUSY_SECONDS, _CALM_SECONDS = 0.05, 0.25
#: Writers wait while the log is begun anew; readers of an old state may hold that up for so many milliseconds.
_RESTART_MS = 20
#: And so many seconds it is not tried again when they did, twice as many each time.
_HELD_UP_SECONDS, _LONGEST_SECONDS = 0.05, 2.0
_FEW_PAGES = 256


class WriteBack:
    """Writes back the log of one SQLite file; for one thread. There is nothing to do for any other database."""

    def __init__(self, engine: Engine) -> None:
        sqlite = engine.dialect.name == "sqlite"
        self._path = Path(engine.url.database) if sqlite and engine.url.database else None
        self._connection: sqlite3.Connection | None = None
        self._page_bytes = 4096
        self._seen = -1
        self._pages_before = 0
        self._not_before, self._held_up = 0.0, _HELD_UP_SECONDS

    @property
    def needed(self) -> bool:
        """Whether this database has such a log at all."""
        return self._path is not None

    @property
    def log_bytes(self) -> int:
        """How long the log's file is; it does not shrink while the service runs."""
        try:
            return self._log.stat().st_size
        except FileNotFoundError:
            return 0

    def step(self) -> float:
        """Write back what was committed since the last step; returns in how many seconds the next one is due.

        Raises StoreAwayError when the file or its disk fails.
        """
        changed = self._changed()
        if changed == self._seen:
            return _CALM_SECONDS
        self._seen = changed
        with reached():
            pages = self._pass("PASSIVE")[1]
            new, self._pages_before = pages - self._pages_before, pages
            if pages * self._page_bytes > RESTART_BYTES:
                self._restart()
        return _BUSY_SECONDS if abs(new) > _FEW_PAGES else _CALM_SECONDS

    def close(self) -> None:
        """Write everything back and leave an empty log, if nobody is in the way."""
        if self._path is None or not self._path.exists():
            return
        with reached(), closing(self._opened()):
            self._pass("TRUNCATE")
        self._connection = None

    def _restart(self) -> None:
        """Have the next writer begin the log anew. Writers wait meanwhile, so little may be left to write back."""
        if monotonic() < self._not_before:
            return
        busy, _, _ = self._pass("RESTART")
        if busy:
            self._not_before = monotonic() + self._held_up
            self._held_up = min(2 * self._held_up, _LONGEST_SECONDS)
        else:
            self._held_up, self._pages_before = _HELD_UP_SECONDS, 0

    def _pass(self, mode: str) -> tuple[int, int, int]:
        """Whether somebody was in the way, pages in the log, and pages of it that are written back."""
        busy, pages, written = self._opened().execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        return busy, pages, written

    def _opened(self) -> sqlite3.Connection:
        """A connection of its own: of the writers', one might be in the middle of something."""
        if self._connection is None:
            connection = sqlite3.connect(str(self._path), isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(f"PRAGMA busy_timeout={_RESTART_MS}")
            connection.execute("PRAGMA wal_autocheckpoint=0")
            self._page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
            self._connection = connection
        return self._connection

    def _changed(self) -> int:
        """When the log was last written to, in nanoseconds; its content may only be touched by SQLite."""
        try:
            return self._log.stat().st_mtime_ns
        except FileNotFoundError:
            return -1

    @property
    def _log(self) -> Path:
        return Path(f"{self._path}-wal")
