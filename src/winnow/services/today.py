"""Today: what a person should know before the first coffee, in numbers that say which leads they count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from winnow.core.monitor.incident import Incident, Pause
from winnow.core.monitor.queue import behind
from winnow.core.ruleset import Ruleset
from winnow.core.today.certificate import CertificateState, certificate_state
from winnow.core.today.figures import Figures, Waits, Wrongly, by_source, overall, waits, wrongly_before
from winnow.core.today.window import Window, window_of
from winnow.ports import Backlog, Clock, GuardCounts, IncidentStore
from winnow.ports.review import Waiting
from winnow.ports.today import FigureStore


@dataclass(frozen=True, slots=True)
class GuardState:
    """What guards have found that nobody has dealt with.

    looked_at: when they looked last; None: never, or there was nothing to look at
    backlog: the cases they look at · breach: whether people are too far behind with these
    """

    unclosed: Sequence[Incident]
    pauses: Sequence[Pause]
    looked_at: datetime | None
    backlog: Backlog
    breach: bool


@dataclass(frozen=True, slots=True)
class Today:
    """What the last days came to, and how things stand now.

    at: when this was so · not_counted: entries of the log that are not in it yet: 0 but when very many came at once
    sources: those of which there was anything in either window, the one with most leads first
    """

    at: datetime
    window: Window
    not_counted: int
    overall: Figures
    wrongly_before: Wrongly
    sources: Mapping[str, Figures]
    waits: Waits
    waiting: Waiting
    guards: GuardState
    certificate: CertificateState


class TodayDesk:
    """Where one looks in the morning; it changes nothing.

    waiting: how much waits for people · live: the ruleset in force
    """

    def __init__(
        self,
        store: FigureStore,
        waiting: Callable[[datetime], Waiting],
        counts: GuardCounts,
        incidents: IncidentStore,
        live: Callable[[], Ruleset],
        clock: Clock,
    ) -> None:
        self._store = store
        self._waiting = waiting
        self._counts = counts
        self._incidents = incidents
        self._live = live
        self._clock = clock

    def catch_up(self) -> int:
        """Count what happened since the last time, as far as can be done quickly; how many entries are left."""
        return self._store.catch_up()

    def today(self, days: int) -> Today:
        """The last `days` days, UTC, this one included; raises InvalidInputError unless 7, 30 or 90."""
        now = self._clock.now()
        window = window_of(days, now.date())
        left = self.catch_up()
        counted = self._store.counted(window)
        guards, live = self._guards(now), self._live()
        return Today(
            at=now,
            window=window,
            not_counted=left,
            overall=overall(counted, window),
            wrongly_before=wrongly_before(counted),
            sources=by_source(counted, window),
            waits=waits(counted),
            waiting=self._waiting(now),
            guards=guards,
            certificate=certificate_state(live.thresholds, live.scorecard_hash, guards.unclosed, now),
        )

    def _guards(self, now: datetime) -> GuardState:
        backlog = self._counts.backlog(now)
        return GuardState(
            unclosed=self._incidents.unclosed(),
            pauses=self._incidents.standing(),
            looked_at=self._counts.looked_at(),
            backlog=backlog,
            breach=behind(*backlog, now.date()) is not None,
        )
