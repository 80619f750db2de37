"""Taking out of leads what is off limits, before anything else sees them, and counting it: names, never values."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from threading import Lock

from winnow.core.govern.off_limits import cleaned
from winnow.core.lead import Lead
from winnow.core.policy import Policy
from winnow.ports import Clock
from winnow.ports.off_limits import Dropped, DroppedStore, Of

_log = logging.getLogger(__name__)


class OffLimits:
    """Drops and counts, from any thread.

    The counts are written down every few seconds, by a loop of each process, and before they are told: what was
    counted since is lost when the process is killed. No lead waits for that, and none fails by it.
    """

    def __init__(self, store: DroppedStore, policy: Callable[[], Policy], clock: Clock) -> None:
        """policy: the one in force; asked for every lead."""
        self._store = store
        self._policy = policy
        self._clock = clock
        self._guard = Lock()
        self._pending: Counter[Of] = Counter()
        self._totals: Counter[str] = Counter()

    @property
    def totals(self) -> Mapping[str, int]:
        """What this process has dropped since its start, by what it was."""
        with self._guard:
            return dict(self._totals)

    def cleaned(self, lead: Lead) -> Lead:
        """The lead without what is off limits."""
        found = cleaned(lead, self._policy().forbidden)
        if found.dropped:
            day = self._clock.now().date()
            with self._guard:
                self._pending.update(Of(day, lead.source or "", what) for what in found.dropped)
                self._totals.update(found.dropped)
        return found.lead

    def write(self) -> None:
        """Write down what was counted; raises StoreAwayError, and then nothing is forgotten."""
        with self._guard:
            taken, self._pending = self._pending, Counter()
        if not taken:
            return
        try:
            self._store.add(taken)
        except BaseException:
            with self._guard:
                self._pending += taken
            raise
        for of, number in sorted(taken.items()):
            _log.info("dropped as off limits: %s, %d times, source %r", of.what, number, of.source)

    def since(self, days: int) -> Sequence[Dropped]:
        """What was dropped in the last days, today's included; may raise StoreAwayError."""
        self.write()
        return self._store.since(self._today() - timedelta(days=days - 1))

    def _today(self) -> date:
        return self._clock.now().date()
