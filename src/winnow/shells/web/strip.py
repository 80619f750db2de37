"""What every page tells: whether decisions count, what is stopped, whose ruleset is in force, what waits, the log."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from threading import Lock
from time import monotonic

from winnow.bootstrap.log_check import LogChecks
from winnow.core.govern.signing import Basis
from winnow.core.govern.stop import SYSTEM, UNREADABLE, Stop, Stops, StopScope
from winnow.core.govern.terms import OWN_SYSTEM
from winnow.errors import WinnowError
from winnow.shells.http.state import State
from winnow.shells.web.log_words import actors_in

_log = logging.getLogger(__name__)

#: Seconds for which what was found is good enough; what is stopped is known for half a second at most.
_FRESH = 2.0
#: Of a version.
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Stopped:
    """A stop in force; `by`: the name of who stopped, None when it was the system itself."""

    stop: Stop
    by: str | None


@dataclass(frozen=True, slots=True)
class Strip:
    """The state of the service in a line; what could not be found out is None.

    shadow: decisions are recorded, and nobody acts on them · ruleset: first digits of its hash
    paused: nothing is rejected without a person · signed_at: when the log was signed last · broken: it does not hold
    signed_by: who signed the live ruleset; None when nobody has · shipped: it is the one that comes with Winnow
    unsigned: its sign-off does not hold, or there is none · emergency: until when it decides by break-glass
    stopped: the stops in force, those of everything first; None: nobody can tell, so everything is
    """

    shadow: bool = False
    ruleset: str | None = None
    ruleset_id: str | None = None
    signed_by: str | None = None
    shipped: bool = False
    unsigned: bool = False
    emergency: datetime | None = None
    waiting: int | None = None
    paused: bool = False
    signed_at: datetime | None = None
    broken: bool = False
    away: bool = False
    stopped: tuple[Stopped, ...] | None = ()

    @property
    def halted(self) -> bool:
        """Whether nothing is decided automatically: everything is stopped, or screening itself."""
        return self.halts(OWN_SYSTEM)

    def halts(self, system: str) -> bool:
        """Whether an AI system may do nothing, whatever the register says: it is stopped, or everything is."""
        return self.stopped is None or any(each.stop.covers(StopScope.SYSTEM, system) for each in self.stopped)

    def version(self, minute: int) -> str:
        """What is the same while a page would show the same; what it says of times is a minute old at most."""
        shown = replace(self, signed_at=None)
        return sha256(f"{minute} {shown!r}".encode(errors="replace")).hexdigest()[:_DIGITS]


class StripReader:
    """Finds out, at most every other second however many pages are opened; what is stopped each time."""

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
            found = self._strip
        return replace(found, stopped=self._stopped(self._stops()))

    def _read(self) -> Strip:
        service, desks, publisher = self._state.service, self._state.desks, self._state.operations.publisher
        shadow = service.config.flag("serve.shadow")
        try:
            known = desks.rulesets.live().known
            signed, check = publisher.newest, LogChecks(service).last()
            ground = desks.sign_offs.standing()
            sign_off, basis = (ground.sign_off, ground.basis) if ground else (None, None)
            return Strip(
                shadow=shadow,
                ruleset=known.hash[:8],
                ruleset_id=known.id,
                signed_by=self._named(sign_off.signer if sign_off else None),
                shipped=basis is Basis.SHIPPED and sign_off is None,
                unsigned=bool(ground and ground.lapsed) or (basis is not Basis.SHIPPED and sign_off is None),
                emergency=sign_off.expires_at if sign_off and basis is Basis.BREAK_GLASS else None,
                waiting=desks.review.waiting().waiting,
                paused=bool(service.live.paused(None)),
                signed_at=signed.at if signed else None,
                broken=publisher.trouble is not None or (check is not None and check.broken),
            )
        except WinnowError as error:
            _log.warning("the status of pages could not be read: %s", error)
            return Strip(shadow=shadow, broken=publisher.trouble is not None, away=True)

    def _stops(self) -> Stops:
        try:
            return self._state.desks.stop.in_force()
        except Exception:  # noqa: BLE001  # whatever it is: what cannot be read counts as stopped
            _log.exception("what is stopped could not be read")
            return UNREADABLE

    def _stopped(self, found: Stops) -> tuple[Stopped, ...] | None:
        if found.number is None:
            return None
        first = sorted(found.standing, key=lambda stop: stop.target != "")
        return tuple(Stopped(stop, None if stop.by == SYSTEM else self._named(stop.by)) for stop in first)

    def _named(self, actor: str | None) -> str | None:
        """Somebody, or a key, by their name; whatever else acted by what it is called."""
        if actor is None:
            return None
        try:
            return actors_in(self._state.service, self._state.desks, "", "")(actor)
        except WinnowError:
            return actor
