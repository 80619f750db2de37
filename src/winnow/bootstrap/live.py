"""What is in force: ruleset, lists, labels, pauses, stops; kept in memory, read anew within a second of any change."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from winnow.adapters.db.incidents import StoredIncidents
from winnow.adapters.db.labels import Labels
from winnow.adapters.db.ladder import StoredLadder
from winnow.adapters.db.lists import VERSION_NAME as LISTS
from winnow.adapters.db.lists import StoredLists
from winnow.adapters.db.overrides import VERSION_NAME as OVERRIDES
from winnow.adapters.db.rulesets import VERSION_NAME as RULESETS
from winnow.adapters.db.rulesets import StoredRulesets
from winnow.adapters.db.signing import StoredSigning
from winnow.adapters.db.stops import StoredStops
from winnow.adapters.facts.timezones import timezone_source
from winnow.adapters.lists import snapshot
from winnow.adapters.rulesets import read_ruleset
from winnow.bootstrap.files import checked_ruleset, lists, reference
from winnow.config import Config
from winnow.core.govern.signing import Basis
from winnow.core.govern.stop import UNREADABLE, Stops
from winnow.core.learning.ladder import Rung, held, rungs_of, subject_of_card
from winnow.core.lists import ListAction, ListEntry, ListIndex, ListKind
from winnow.core.policy import Policy
from winnow.core.ruleset import Ruleset
from winnow.errors import UnavailableError
from winnow.ports import Clock, Ground

if TYPE_CHECKING:
    from datetime import datetime

_log = logging.getLogger(__name__)

#: How old what is in memory may be.
_FRESH_SECONDS = 0.5

#: Said as long as the live ruleset has no sign-off, or an expired one.
_UNSIGNED = "no sign-off of the ruleset holds"

#: Said when the pauses cannot be read.
_UNREADABLE = "whether rejecting is paused could not be read"


class InForce(NamedTuple):
    """Where what is in force is kept."""

    rulesets: StoredRulesets
    lists: StoredLists
    labels: Labels
    incidents: StoredIncidents
    ladder: StoredLadder
    stops: StoredStops
    signing: StoredSigning


class Live:
    """The ruleset, lists, labels and pauses in force, kept in memory and read anew within a second of any change.

    While the database is away, what was known last goes on to hold; but nothing is rejected without a person while
    nobody can tell whether that is paused, and nothing automatic is done while nobody can tell what is stopped.
    """

    def __init__(
        self,
        config: Config,
        stored: InForce,
        versions: Callable[[], dict[str, int]],
        clock: Clock,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        """`seconds`: that pass, from any moment on."""
        self._config = config
        self._stored = stored
        self._versions = versions
        self._clock = clock
        self._seconds = seconds
        self._guard = Lock()
        self._known: dict[str, int] = {}
        self._checked = 0.0
        self._ruleset = self._first()
        self._index = self._ruleset.index
        self._entries: tuple[ListEntry, ...] = ()
        self._rates: dict[str, float] = {}
        self._pauses: dict[str | None, str] = {}
        self._signed_until: datetime | None = None
        self._readable = False
        self._stops, self._stops_read, self._distrusted = UNREADABLE, float("-inf"), False
        self._refresh()
        if self._unsigned:
            _log.warning(
                "no sign-off of ruleset `%s` holds: it tags and queues, and rejects nothing (docs/sign-off.md)",
                self._ruleset.id,
            )

    def ruleset(self) -> Ruleset:
        """The live ruleset, bound to the lists and reference data in force."""
        if self._seconds() - self._checked > _FRESH_SECONDS:
            self._refresh()
        return self._ruleset

    def stops(self, *, anew: bool = False) -> Stops:
        """What the kill switch has stopped, everything while that cannot be read; `anew`: as it is at this moment."""
        if self._distrusted:
            return UNREADABLE
        if anew or self._seconds() - self._stops_read > _FRESH_SECONDS:
            found = self._stored.stops.in_force(self._clock.now())
            if found.number is None and self._stops.number is not None:
                _log.error("what is stopped cannot be read any more, so everything automatic is")
            self._stops, self._stops_read = found, self._seconds()
        return self._stops

    def distrust(self) -> None:
        """Take everything for stopped from now on, whatever the database says."""
        self._distrusted = True

    @property
    def policy(self) -> Policy:
        """The policy in force, without a look at the database."""
        return self._ruleset.policy

    @property
    def versions(self) -> Mapping[str, int]:
        """How often each thing was changed, as far as is known here."""
        return self._known

    def catch_up(self, versions: Mapping[str, int]) -> None:
        """Know at least what these versions of lists and rulesets say; raises UnavailableError when it is not read."""
        behind = [name for name in (RULESETS, LISTS) if self._known.get(name) != versions.get(name)]
        if behind:
            self._refresh()
        if behind and not self._readable:
            raise UnavailableError("the policy in force cannot be read", fix="try again")

    @property
    def entries(self) -> tuple[ListEntry, ...]:
        """The list entries in force that the ruleset does not hold."""
        return self._entries

    def index(self) -> ListIndex:
        """The list entries in force."""
        return self._index

    def junk_rate(self, source: str | None) -> float | None:
        """The share of a source's judged leads that were junk; None when too few were judged."""
        return self._rates.get(source or "")

    def paused(self, source: str | None) -> str:
        """Why nothing of a source is rejected without a person just now; empty when nothing is in the way."""
        if not self._readable:
            return _UNREADABLE
        if self._unsigned:
            return _UNSIGNED
        pauses = self._pauses
        return (pauses.get(None) or pauses.get(source or "", "")) if pauses else ""

    @property
    def _unsigned(self) -> bool:
        """Whether the live ruleset lacks a sign-off that it needs to reject."""
        return self._signed_until is not None and self._clock.now() >= self._signed_until

    def any_override(self) -> bool:
        """Whether a person ever decided anything for later leads."""
        return OVERRIDES in self._known

    def _first(self) -> Ruleset:
        """The live ruleset; the configured one, or the starter, becomes live at the first start."""
        live = self._stored.rulesets.live()
        if live is None:
            live = checked_ruleset(self._config.path("screen.ruleset"), self._config)
            basis = Basis.SHIPPED if live.hash == read_ruleset(None).hash else Basis.FILE
            self._stored.rulesets.activate(live, "system", self._clock.now(), Ground(basis))
        return live

    def _refresh(self) -> None:
        with self._guard:
            try:
                found = self._versions()
                if not self._known or found != self._known:
                    self._load()
            except UnavailableError:
                self._readable = False
                return
            self._readable = True
            self._known, self._checked = found, self._seconds()

    def _load(self) -> None:
        live = self._stored.rulesets.live() or self._ruleset
        entries = (*lists(self._config), *self._stored.lists.all(), *_sandbox(self._config))
        sources = (*reference(self._config).sources(), timezone_source())
        ruleset = self.held(live).with_references(sources)
        if entries:
            ruleset = replace(ruleset, lists_snapshot=snapshot(entries))
        self._stored.rulesets.keep(ruleset, "system", self._clock.now())
        self._rates = self._stored.labels.junk_rates()
        self._signed_until = self._stored.signing.good_until(live)
        self._pauses = {each.source: each.reason for each in reversed(self._stored.incidents.standing())}
        self._index = ListIndex((*ruleset.lists, *entries))
        self._entries = entries
        self._ruleset = ruleset

    def held(self, live: Ruleset) -> Ruleset:
        """The ruleset as far as the ladder lets it; whoever activated a scorecard that stands nowhere let it in."""
        rungs = rungs_of(self._stored.ladder.standings())
        return held(live, rungs, rungs.get(subject_of_card(live), Rung.REJECT)) if rungs else live


def _sandbox(config: Config) -> tuple[ListEntry, ...]:
    """Entries that give the test addresses their outcomes, as payment providers have test cards."""
    if not config.flag("serve.sandbox"):
        return ()

    def entry(name: str, action: ListAction, source: str) -> ListEntry:
        address = f"{name}@winnow.example"
        return ListEntry(
            f"sandbox-{name}", action, ListKind.EMAIL, address, "sandbox", f"test address {address}", source=source
        )

    return (
        entry("genuine", ListAction.ALLOW, "person"),
        entry("review", ListAction.BLOCK, "rule"),
        entry("junk", ListAction.BLOCK, "person"),
    )
