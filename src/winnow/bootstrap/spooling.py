"""What goes to this machine's disk while the database is away, and comes back from it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from winnow.adapters.db import codec
from winnow.adapters.spool import START, Position, Spool, Spooled
from winnow.bootstrap.service import Service
from winnow.errors import ConflictError, UnavailableError
from winnow.ports import Arrival, Recorded

_log = logging.getLogger(__name__)

Take = Callable[[Sequence[Arrival]], Sequence[Sequence[Recorded] | ConflictError]]

#: Records taken over at a time.
_STEP = 200


class Spooling:
    """The spool of this process, and those that processes that are gone have left; for one thread.

    Taking over is safe to repeat: every lead has its id by the time it is spooled, and an id is recorded once.
    """

    def __init__(self, service: Service, take: Take | None = None) -> None:
        """`take` decides and records; the service's own if None."""
        self._service = service
        self._record = take or service.intake.take
        self._own: Spool | None = None
        self._left = list(service.orphaned_spools())
        self._positions: dict[str, Position] = {}

    def keep(self, group: Sequence[Arrival]) -> None:
        """Put arrivals on disk; raises SpoolFullError."""
        if self._own is None:
            self._own = self._service.new_spool()
        self._own.put([codec.arrival_bytes(arrival) for arrival in group])

    def drain(self) -> int:
        """Take over some of what is on disk, oldest first; how many records that were."""
        for spool in self._spools():
            after = self._positions.get(spool.name, START)
            found = spool.read(after, _STEP)
            if found:
                self._take(found)
                self._positions[spool.name] = found[-1].position
                spool.done(found[-1].position)
                return len(found)
            if spool is not self._own:
                spool.close()
                self._left.remove(spool)
        return 0

    @property
    def depth(self) -> int:
        """Records that wait."""
        return sum(spool.depth.records for spool in self._spools())

    def close(self) -> None:
        """Let go of the folders; what waits in them is taken over at the next start."""
        for spool in self._spools():
            spool.close()

    def _spools(self) -> list[Spool]:
        return [*self._left, *([self._own] if self._own is not None else [])]

    def _take(self, found: Sequence[Spooled]) -> None:
        arrivals = [codec.arrival_from(each.payload) for each in found]
        try:
            outcomes = self._record(arrivals)
        except UnavailableError:
            raise
        except Exception:
            if len(found) == 1:
                raise
            for each in found:  # one of them breaks the step: find it, and keep the others going
                self._take([each])
            return
        for arrival, outcome in zip(arrivals, outcomes, strict=True):
            if isinstance(outcome, ConflictError):
                self._take_anew(arrival)

    def _take_anew(self, arrival: Arrival) -> None:
        """A lead was accepted under an id that meanwhile means another lead: it gets an id of its own."""
        _log.warning("a spooled request got new ids, because its own mean another lead by now")
        now = self._service.clock.now()
        leads = [
            replace(lead, id=self._service.new_id("ld", now), external_id=lead.external_id or lead.id)
            for lead in arrival.leads
        ]
        self._record([replace(arrival, leads=leads, key=None)])
