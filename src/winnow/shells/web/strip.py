"""What every page tells: whether decisions count, whose ruleset is in force, how much waits, the log."""

import logging
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from winnow.bootstrap.log_check import LogChecks
from winnow.errors import WinnowError
from winnow.shells.http.state import State

_log = logging.getLogger(__name__)

#: Seconds for which what was found is good enough.
_FRESH = 2.0


@dataclass(frozen=True, slots=True)
class Strip:
    """The state of the service in a line; what could not be found out is None.

    shadow: decisions are recorded, and nobody acts on them · ruleset: first digits of its hash
    paused: nothing is rejected without a person · signed_at: when the log was signed last · broken: it does not hold
    """

    shadow: bool = False
    ruleset: str | None = None
    ruleset_id: str | None = None
    by: str | None = None
    since: datetime | None = None
    waiting: int | None = None
    paused: bool = False
    signed_at: datetime | None = None
    broken: bool = False
    away: bool = False


class StripReader:
    """Finds out, at most every other second however many pages are opened."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._guard = Lock()
        self._read_at = float("-inf")
        self._strip = Strip()

    def strip(self) -> Strip:
        """The strip; never raises, because every page has it."""
        with self._guard:
            if monotonic() - self._read_at > _FRESH:
                self._strip = self._read()
                self._read_at = monotonic()
            return self._strip

    def _read(self) -> Strip:
        service, desks, publisher = self._state.service, self._state.desks, self._state.operations.publisher
        shadow = service.config.flag("serve.shadow")
        try:
            known = desks.rulesets.live().known
            signed, check = publisher.newest, LogChecks(service).last()
            return Strip(
                shadow=shadow,
                ruleset=known.hash[:8],
                ruleset_id=known.id,
                by=self._named(known.activated_by),
                since=known.activated_at,
                waiting=desks.review.waiting().waiting,
                paused=bool(service.live.paused(None)),
                signed_at=signed.at if signed else None,
                broken=publisher.trouble is not None or (check is not None and check.broken),
            )
        except WinnowError as error:
            _log.warning("the status of pages could not be read: %s", error)
            return Strip(shadow=shadow, broken=publisher.trouble is not None, away=True)

    def _named(self, actor: str | None) -> str | None:
        """Somebody by their name; a key or a program by its id."""
        if actor is None:
            return None
        try:
            return self._state.desks.people.desk.person(actor).name
        except WinnowError:
            return actor
