"""The kill switch as people use it: one stops, two start again, drills show how fast everybody knows."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from winnow.core.apikeys import Scope
from winnow.core.govern.stop import (
    PREFIX,
    SYSTEM,
    Drill,
    Stop,
    Stops,
    StopScope,
    checked_target,
    checked_words,
    need_known,
)
from winnow.core.people.accounts import Person
from winnow.errors import InvalidInputError, NotAllowedError
from winnow.ports import Clock, Page
from winnow.ports.stop import Agreement, DrillReport, Engaged, Noticed, PastStop, Replica, StopsInForce, StopStore

#: A process that gave no sign of life for so long is not counted as running.
ALIVE = timedelta(seconds=30)
#: The longest a drill stops, and the longest it waits for everybody to notice.
LONGEST_DRILL, PATIENCE = 60, 10.0
_LOOK_SECONDS = 0.02
#: A drill ends by itself so long after it should have, if whoever ran it is gone.
_GRACE = timedelta(seconds=PATIENCE + 5)

_WHY_STOP, _WHY_LIFT = "say why it has to stop", "say what was found out, and why it may go on"


@dataclass(frozen=True, slots=True)
class Status:
    """What is stopped, and who knows.

    number: of changes, see Stops; None: nobody can tell what is stopped, so all is
    standing: the eldest first, drills included · replicas: those that run, each with the number it has seen
    """

    number: int | None
    standing: tuple[PastStop, ...] = ()
    replicas: tuple[Replica, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether anybody can tell what is stopped."""
        return self.number is not None

    @property
    def everything(self) -> bool:
        """Whether all that is automatic is stopped."""
        lasting = [past.stop for past in self.standing if past.stop.drill is not Drill.DRY]
        return not self.readable or any(stop.scope is StopScope.ALL for stop in lasting)

    @property
    def sentence(self) -> str:
        """In one sentence, for a strip on every page; empty while nothing is stopped."""
        if not self.readable:
            return "Everything automatic is stopped, because nobody can tell whether somebody stopped it"
        lasting = [past.stop for past in self.standing if past.stop.drill is not Drill.DRY]
        return "; ".join(map(_sentence, lasting))


@dataclass(frozen=True, slots=True)
class ThereIs:
    """Who and what there is.

    rights: what the person with an id may do now; nothing, once they are gone
    known: the names of what there is to stop of a kind; None: whatever is named, or nobody can tell just now
    """

    rights: Callable[[str], Collection[Scope]]
    known: Callable[[StopScope], Collection[str] | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Time:
    """How time passes.

    seconds: that pass, from any moment on · sleep: waits so many of them
    """

    seconds: Callable[[], float]
    sleep: Callable[[float], None]


class StopDesk:
    """Where automatic acts are stopped and let go on. Every method may raise StoreAwayError."""

    def __init__(
        self,
        store: StopStore,
        in_force: StopsInForce,
        clock: Clock,
        new_id: Callable[[str, datetime], str],
        time: Time,
        there: ThereIs,
    ) -> None:
        self._store = store
        self._in_force = in_force
        self._clock = clock
        self._new_id = new_id
        self._time = time
        self._there = there

    # ── Stopping and starting again ──────────────────────────────────────────────────────────────

    def engage(self, scope: StopScope, target: str, reason: str, by: str) -> Engaged:
        """Stop; when this returns nothing automatic that it covers is recorded any more, anywhere.

        Raises InvalidInputError without a reason, and for a target that cannot be or that there is not: who mistyped it
        would believe that something is stopped.
        """
        name, said = checked_target(scope, target), checked_words(reason, "reason", _WHY_STOP)
        need_known(scope, name, self._there.known(scope))
        return self._engaged(self._new(scope, name, said, by))

    def engage_by_itself(self, reason: str) -> Engaged:
        """Stop everything, because the system found what a person must look at; once for the same reason."""
        return self._engaged(self._new(StopScope.ALL, "", reason, SYSTEM), once=True)

    def lift(self, stop_id: str, reason: str, person: Person) -> PastStop:
        """Agree to lift a stop; it goes on once a second person has agreed, too.

        Who agreed first has to be one who may still: otherwise whoever agrees now is the first.
        Whoever calls this has made the person prove just now who they are.
        Raises NotAllowedError for somebody whose role may not, InvalidInputError without a reason, NotFoundError, and
        ConflictError for who has agreed already, for a drill and for what was lifted.
        """
        if Scope.STOP_LIFT not in person.scopes:
            raise NotAllowedError("their role may not lift a stop", fix="ask an approver, privacy officer or admin")
        said = checked_words(reason, "reason", _WHY_LIFT)
        first = self._store.stop(stop_id).first
        gone = None if first is None or Scope.STOP_LIFT in self._there.rights(first.by) else first.by
        lifted = self._store.lift(stop_id, Agreement(person.id, self._clock.now(), said), gone)
        self._in_force(anew=True)
        return lifted

    # ── Looking ──────────────────────────────────────────────────────────────────────────────────

    def status(self) -> Status:
        """What is stopped now, and who runs."""
        now = self._clock.now()
        stops = self._in_force(anew=True)
        if stops.number is None:
            return Status(None)
        return Status(stops.number, tuple(self._store.standing(now)), tuple(self._store.replicas(now - ALIVE)))

    def in_force(self) -> Stops:
        """What is stopped, known for half a second at most; costs nothing."""
        return self._in_force()

    def stop(self, stop_id: str) -> PastStop:
        """One stop; raises NotFoundError."""
        return self._store.stop(stop_id)

    def page(self, before: str | None, limit: int, *, drills: bool = False) -> Page[PastStop]:
        """All stops, the newest first."""
        return self._store.page(before, limit, drills=drills)

    # ── Drills ───────────────────────────────────────────────────────────────────────────────────

    def drill(self, by: str, *, seconds: int, dry: bool) -> PastStop:
        """Stop everything for some seconds, or only act so, and measure when every process knew; takes as long.

        Raises InvalidInputError for a time that is too long.
        """
        if not 0 <= seconds <= LONGEST_DRILL:
            what = f"a drill stops for 0 to {LONGEST_DRILL} seconds"
            raise InvalidInputError(what, where="seconds", fix="give fewer")
        begun, now = self._time.seconds(), self._clock.now()
        running = self._store.replicas(now - ALIVE)
        kind = Drill.DRY if dry else Drill.LIVE
        ends = now + timedelta(seconds=seconds) + _GRACE
        drill = Stop(self._new_id(PREFIX, now), StopScope.ALL, "", by, now, "drill", drill=kind, ends_at=ends)
        engaged = self._engaged(drill)
        acknowledged = self._time.seconds()
        noticed = self._noticed(engaged, running, acknowledged)
        self._time.sleep(max(0.0, seconds - (self._time.seconds() - acknowledged)))
        held = self._time.seconds() - acknowledged
        report = DrillReport(round(acknowledged - begun, 4), noticed, round(held, 4))
        ended = self._store.end_drill(drill.id, report, by, self._clock.now())
        self._in_force(anew=True)
        return ended

    def _noticed(self, engaged: Engaged, running: Sequence[Replica], since: float) -> tuple[Noticed, ...]:
        """Wait until all processes that ran know, and no longer than PATIENCE."""
        known: dict[str, float] = {}
        while len(known) < len(running) and self._time.seconds() - since < PATIENCE:
            for replica in self._store.replicas(self._clock.now() - ALIVE):
                if replica.stops is not None and replica.stops >= engaged.stops:
                    known.setdefault(replica.id, round(self._time.seconds() - since, 4))
            self._time.sleep(_LOOK_SECONDS)
        return tuple(Noticed(each.id, each.kind, known.get(each.id)) for each in running)

    def _new(self, scope: StopScope, target: str, reason: str, by: str) -> Stop:
        now = self._clock.now()
        return Stop(self._new_id(PREFIX, now), scope, target, by, now, reason)

    def _engaged(self, stop: Stop, *, once: bool = False) -> Engaged:
        engaged = self._store.engage(stop, stop.at, once=once)
        self._in_force(anew=True)
        return engaged


_STOPPED = {
    StopScope.ALL: "Everything automatic",
    StopScope.SOURCE: "Deciding leads of source {}",
    StopScope.SCORECARD: "Scorecard {}",
    StopScope.RULE: "Rule {}",
    StopScope.ACTION: "Action {}",
    StopScope.SYSTEM: "AI system {}",
}


def _sentence(stop: Stop) -> str:
    what = _STOPPED[stop.scope].format(stop.target)
    return f"{what} is stopped since {stop.at:%Y-%m-%d %H:%M} UTC: {stop.reason}"
