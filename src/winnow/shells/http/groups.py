"""Requests that come together are decided and recorded together: one transaction, one sync of the disk, a group.

A group is whatever has arrived while the one before was written, so nobody waits for a timer. When the
database is away, the leads go to the spool on this machine's disk, and from there to the database once it is back.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic

from winnow.errors import ConflictError, SpoolFullError, UnavailableError, WinnowError
from winnow.ports import Arrival, Recorded

_log = logging.getLogger(__name__)

#: Leads in one transaction: more would make those behind wait longer than they gain.
MOST_LEADS = 512
#: Requests that may wait before new ones are turned away: at a hundred a millisecond, memory would run out first.
MOST_WAITING = 10_000
#: The longest a request waits so that others may share its transaction.
GATHER_SECONDS = 0.002
#: Seconds between two tries to reach a database that is away.
RETRY_SECONDS = 0.5
#: Seconds between two tries to take over what could not be, for another reason than the database.
STUCK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Kept:
    """The leads are on disk, not yet decided."""


KEPT = Kept()

#: What a request gets: decisions, the news that it is kept for later, or why not.
Outcome = Sequence[Recorded] | Kept

Take = Callable[[Sequence[Arrival]], Sequence[Sequence[Recorded] | ConflictError]]
Keep = Callable[[Sequence[Arrival]], None]


class Groups:
    """Collects arrivals and has them decided and recorded group by group, one group at a time.

    take: decides and records a group; raises UnavailableError when the database is away
    keep: puts a group on disk; raises SpoolFullError
    drain: moves some of what is on disk, the oldest, into the database; how much it was
    aside: in a thread of its own, because the database may keep one waiting. Without it the loop does the work: with a
        database in the same process nothing is waited for but the disk, and two threads that take turns at
        Python's lock are slower than one (measured: 1,910 against 2,600 decisions a second)
    running: the recorder does its work · refusing: the last group could not be kept anywhere
    """

    def __init__(self, take: Take, keep: Keep, drain: Callable[[], int], *, aside: bool = True) -> None:
        self._take = take
        self._keep = keep
        self._drain = drain
        self._waiting: list[tuple[Arrival, asyncio.Future[Outcome]]] = []
        self._arrived = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "recorder") if aside else None
        self._away_until = 0.0
        self._behind = False
        self._closing = False
        self._drain_again = 0.0
        self.running = False
        self.refusing = False

    @property
    def away(self) -> bool:
        """Whether the database did not answer when it was last asked."""
        return self._away_until > 0.0

    @property
    def waiting(self) -> int:
        """Requests that are not decided yet."""
        return len(self._waiting)

    def submit(self, arrival: Arrival) -> asyncio.Future[Outcome]:
        """Add an arrival to the next group; raises UnavailableError when too many wait already."""
        if self._closing or len(self._waiting) >= MOST_WAITING:
            raise UnavailableError("too many requests wait already", fix="try again in a second")
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, future))
        self._arrived.set()
        return future

    async def run(self) -> None:
        """Take group after group until `close` was called and nothing waits any more."""
        self.running = True
        try:
            await self._run()
        finally:
            self.running = False
            if self._thread is not None:
                self._thread.shutdown(wait=False)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting or self._behind or not self._closing:
            if not self._waiting and not self._behind:
                self._arrived.clear()
                look_again = loop.call_later(RETRY_SECONDS, self._arrived.set)  # at the spool
                await self._arrived.wait()
                look_again.cancel()
            await self._gather()
            group = self._next()
            outcomes = await self._processed([arrival for arrival, _ in group])
            for (_, future), outcome in zip(group, outcomes, strict=True):
                if future.done():
                    continue  # whoever asked has gone; the lead is kept all the same
                if isinstance(outcome, BaseException):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)

    async def _gather(self) -> None:
        """Let those who waited be answered and others come, as long as more do and nobody waits for it noticeably."""
        until, before = monotonic() + GATHER_SECONDS, -1
        while before < len(self._waiting) < MOST_LEADS and monotonic() < until:
            before = len(self._waiting)
            await asyncio.sleep(0)

    async def _processed(self, group: Sequence[Arrival]) -> Sequence[Outcome | Exception]:
        if self._thread is not None:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._process, group)
        return self._process(group)

    def close(self) -> None:
        """Take no more; `run` ends when everything that waits is done."""
        self._closing = True
        self._arrived.set()

    def _next(self) -> list[tuple[Arrival, "asyncio.Future[Outcome]"]]:
        """The arrivals of the next group, oldest first."""
        leads = taken = 0
        for arrival, _ in self._waiting:
            leads += len(arrival.leads)
            if taken and leads > MOST_LEADS:
                break
            taken += 1
        group, self._waiting = self._waiting[:taken], self._waiting[taken:]
        return group

    # ── one group ────────────────────────────────────────────────────────────────────────────

    def _process(self, group: Sequence[Arrival]) -> Sequence[Outcome | Exception]:
        if monotonic() < self._away_until:
            return self._spooled(group)
        try:
            self._behind = self._drained()
            outcomes = self._taken(group)
        except UnavailableError as error:
            if not self.away:
                _log.warning("the database is away, leads go to the spool: %s", error)
            self._away_until = monotonic() + RETRY_SECONDS
            self._behind = False
            return self._spooled(group)
        if self.away and (self._behind or group):  # with nothing to do it was not asked
            _log.warning("the database is back")
            self._away_until = 0.0
        if group:
            self.refusing = False
        return outcomes

    def _drained(self) -> bool:
        """Whether something was taken over from the disk, and so more may be there.

        What is there and cannot be taken over stays, and must not keep new leads from being recorded.
        """
        if monotonic() < self._drain_again:
            return False
        try:
            return self._drain() > 0
        except UnavailableError:
            raise
        except Exception:  # noqa: BLE001  # whatever it is, those who ask now must not suffer for it
            _log.exception("what waits on disk cannot be taken over, again in %g s", STUCK_SECONDS)
            self._drain_again = monotonic() + STUCK_SECONDS
            return False

    def _taken(self, group: Sequence[Arrival]) -> Sequence[Outcome | Exception]:
        if not group:
            return ()
        try:
            outcomes = self._take(group)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001  # it is the answer to one request
            if len(group) == 1:
                _log.exception("a request could not be decided")
                return [error]
            # One of them breaks the group: let it break alone.
            return [outcome for arrival in group for outcome in self._taken([arrival])]
        return outcomes

    def _spooled(self, group: Sequence[Arrival]) -> Sequence[Outcome | Exception]:
        if not group:
            return ()
        try:
            self._keep(group)
            self.refusing = False
        except (SpoolFullError, OSError, WinnowError) as error:
            self.refusing = True
            return [error if isinstance(error, WinnowError) else SpoolFullError(str(error)) for _ in group]
        return [KEPT for _ in group]
