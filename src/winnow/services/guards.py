"""Guards: looking at what was counted, opening incidents for what is found, and closing them when a person says so."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from winnow.core.govern.stop import LONGEST_REASON as LONGEST_REASON  # noqa: PLC0414  # what routes ask for
from winnow.core.govern.stop import checked_words
from winnow.core.learning.proof.lapse import MONTH
from winnow.core.learning.proof.upheld import upheld
from winnow.core.monitor.finding import Finding, Severity, TooFew, Verdict
from winnow.core.monitor.incident import Incident, Pause, incident_of
from winnow.core.monitor.queue import behind
from winnow.core.monitor.rounds import Round
from winnow.errors import InvalidInputError
from winnow.ports import Clock, GuardCounts, IncidentStore, Page, ProofInUse

#: What ids begin with.
_PREFIX = "inc"

#: Whom the decision log names for what a guard does.
GUARDS = "guards"


@dataclass(frozen=True, slots=True)
class Look:
    """What one round came to.

    opened: incidents for what was found now · standing: findings that have an incident already
    too_few: where nothing can be said yet
    """

    opened: tuple[Incident, ...]
    standing: tuple[Finding, ...]
    too_few: tuple[TooFew, ...]


class GuardDesk:
    """Where guards look and people answer them.

    horizon: how long a lead has to convert before it counts
    """

    def __init__(
        self,
        counts: GuardCounts,
        store: IncidentStore,
        proofs: ProofInUse,
        clock: Clock,
        new_id: Callable[[str, datetime], str],
        *,
        horizon: timedelta,
    ) -> None:
        self._counts = counts
        self._store = store
        self._proofs = proofs
        self._clock = clock
        self._new_id = new_id
        self._horizon = horizon

    def look(self) -> Look:
        """Let every guard look once; what is found and pauses takes effect on all replicas within a second.

        The certificate comes last: it does not outlive what the others have found.
        """
        now = self._clock.now()
        self._counts.refresh(now, self._horizon)
        first = self._settled(list(self._verdicts(now, now.date())), now)
        last = self._settled(list(self._certificate(now)), now)
        return Look(first.opened + last.opened, first.standing + last.standing, first.too_few + last.too_few)

    def page(self, before: str | None, limit: int, *, unclosed: bool = False) -> Page[Incident]:
        """Incidents, the newest first."""
        return self._store.page(before, limit, unclosed=unclosed)

    def incident(self, incident_id: str) -> Incident:
        """One incident; raises NotFoundError."""
        return self._store.incident(incident_id)

    def pauses(self) -> tuple[Pause, ...]:
        """The pauses in force."""
        return tuple(self._store.standing())

    def close(self, incident_id: str, reason: str, actor: str, *, renew: bool = False, lessons: str = "") -> Incident:
        """Close an incident and lift its pause.

        reason: what was found out and done · renew: things are as they should be since the incident began, so the
        guard compares with the time since then from now on · lessons: what will be done otherwise
        Raises InvalidInputError without a reason, and without lessons for a severe one; NotFoundError; ConflictError
        when it is closed already.
        """
        said = checked_words(reason, "reason", "say what was found out and what was done")
        learnt = checked_words(lessons, "lessons", "say what will be done otherwise") if lessons.strip() else None
        if learnt is None and self._store.incident(incident_id).severity is Severity.SEVERE:
            what = "a severe incident is not closed without lessons"
            raise InvalidInputError(what, where="lessons", fix="say what will be done otherwise")
        return self._store.close(incident_id, actor, said, self._clock.now(), renew=renew, lessons=learnt)

    def _verdicts(self, now: datetime, today: date) -> Iterator[Verdict]:
        counts, changes = self._counts.counts(), self._counts.changes()
        yield from Round(counts, today, self._store.closed(), changes).verdicts()
        yield behind(*self._counts.backlog(now), today)

    def _certificate(self, now: datetime) -> Iterator[Verdict]:
        proof = self._proofs.proof()
        if proof is not None:
            incidents = [*self._store.unclosed(), *self._store.closed()]
            yield from upheld(proof, self._proofs.fresh_labels(now - MONTH), incidents, now)

    def _settled(self, verdicts: Iterable[Verdict], now: datetime) -> Look:
        """Open an incident for each finding that has none."""
        opened, standing, too_few = [], [], []
        for verdict in verdicts:
            if isinstance(verdict, TooFew):
                too_few.append(verdict)
            elif isinstance(verdict, Finding):
                incident = incident_of(verdict, self._new_id(_PREFIX, now), now)
                if self._store.open(incident, GUARDS, now):
                    opened.append(incident)
                else:
                    standing.append(verdict)
        return Look(tuple(opened), tuple(standing), tuple(too_few))
