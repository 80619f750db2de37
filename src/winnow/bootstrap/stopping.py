"""Wiring of the kill switch: the desk, and the sign of life by which a drill sees who has noticed."""

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from time import monotonic, sleep

from winnow.adapters.db.incident_files import StoredIncidentFiles
from winnow.adapters.db.incidents import StoredIncidents
from winnow.adapters.db.systems import StoredSystems
from winnow.bootstrap.service import Service
from winnow.core.apikeys import Scope
from winnow.core.govern.stop import SYSTEM, StopScope
from winnow.core.govern.terms import OWN_SYSTEM
from winnow.core.monitor.finding import Finding, Guard, Severity
from winnow.core.monitor.incident import Link, incident_of
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import ruleset_from
from winnow.errors import UnavailableError, WinnowError
from winnow.ports.stop import Engaged, Replica
from winnow.services.stop import StopDesk, ThereIs, Time

_log = logging.getLogger(__name__)

#: Seconds between two looks at what is stopped, and between two signs of life while nothing changes.
LOOK_SECONDS, LIFE_SECONDS = 0.2, 10.0


def make_stop(service: Service) -> StopDesk:
    """The kill switch of a service."""
    time, there = Time(monotonic, sleep), ThereIs(rights_in(service), names_in(service))
    return StopDesk(service.stops, service.live.stops, service.clock, service.new_id, time, there)


def rights_in(service: Service) -> Callable[[str], Collection[Scope]]:
    """What tells what somebody may do now: nothing, once their account is gone or disabled."""

    def rights(person: str) -> Collection[Scope]:
        account = service.people.account(person)
        return () if account is None else account.person.scopes

    return rights


def names_in(service: Service) -> Callable[[StopScope], Collection[str] | None]:
    """What tells the names of rules, scorecards and AI systems there are; of sources, new ones may come at any time."""
    systems = StoredSystems(service.engine, service.journal)

    def deciding() -> Iterator[Ruleset]:
        yield service.live.ruleset()
        for each in service.shadows.running():
            yield ruleset_from(service.rulesets.document(each.ruleset))

    def names(scope: StopScope) -> Collection[str] | None:
        try:
            if scope is StopScope.RULE:
                return {rule.id for each in deciding() for rule in each.rules}
            if scope is StopScope.SCORECARD:
                return {each.scorecard_hash for each in deciding()}
            if scope is StopScope.SYSTEM:
                return {OWN_SYSTEM, *(each.id for each in systems.all())}
        except WinnowError:
            _log.warning("what there is to stop cannot be read, so what is named is taken as it is")
        return None

    return names


def stop_for_broken_log(service: Service, signed: int | None, found: str) -> None:
    """Stop everything because the log is not what was signed, until two people have looked; once a checkpoint.

    signed: how many entries its longest checkpoint counts · found: what does not fit
    Where even that cannot be written, this process at least does nothing automatic any more.
    """
    which = "what was signed" if signed is None else f"its checkpoint of {signed} entries"
    try:
        engaged = make_stop(service).engage_by_itself(f"the log is behind {which}, or contradicts it")
    except Exception:  # noqa: BLE001  # whatever it is: the log is broken, and nothing may be done as if it were not
        _log.exception("the stop could not be recorded; this process does nothing automatic until it is started again")
        service.live.distrust()
        return
    if not engaged.again:
        _log.critical("everything automatic is stopped until two people lift %s: %s", engaged.stop.id, found)
        with suppress(UnavailableError):  # the stop is what counts
            _report_gap(service, engaged, signed, found)


def _report_gap(service: Service, engaged: Engaged, signed: int | None, found: str) -> None:
    """Open an incident that says how much of the log is missing, and names the stop."""
    now, there = service.clock.now(), engaged.number
    missing = max(0, (signed or 0) - there)
    figures = (found, f"the log had {there:,} entries, so {missing:,} that were signed are missing")
    about = "checkpoint" if signed is None else f"checkpoint of {signed} entries"
    finding = Finding(Guard.LOG, None, missing, now.date(), figures, Severity.SEVERE, pauses=False, about=about)
    incident = incident_of(finding, service.new_id("inc", now), now, SYSTEM)
    if StoredIncidents(service.engine, service.journal).open(incident, SYSTEM, now):
        files = StoredIncidentFiles(service.engine, service.vault, service.journal)
        files.link(incident.id, Link.STOP, engaged.stop.id, SYSTEM, now)


class StopWatch:
    """Looks at what is stopped again and again, and says so; for one thread of each process.

    Nothing depends on it but drills and what people see: what is recorded is held against the log's head anyway.
    """

    def __init__(self, service: Service, kind: str) -> None:
        """`kind`: what the process does, such as `serve`."""
        now = service.clock.now()
        self._service = service
        self._replica = Replica(service.new_id("rp", now), kind, now, now, None, now)
        self._told_at = float("-inf")

    def step(self) -> float:
        """Look once; returns in how many seconds to look again."""
        number, now = self._service.live.stops(anew=True).number, self._service.clock.now()
        changed = number != self._replica.stops
        if changed or monotonic() - self._told_at > LIFE_SECONDS:
            since = now if changed else self._replica.stops_at
            self._replica = replace(self._replica, seen_at=now, stops=number, stops_at=since)
            self._told_at = monotonic()
            with suppress(UnavailableError):  # others say so; what changes, or the next time, is told then
                self._service.stops.sign_of_life(self._replica)
        return LOOK_SECONDS

    def close(self) -> None:
        """Say that the process ends."""
        with suppress(UnavailableError):
            self._service.stops.gone(self._replica.id)
