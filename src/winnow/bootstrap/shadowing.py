"""Wiring of rulesets in shadow: kept ready in memory, and made anew when anything they rest on has changed."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from winnow.adapters.db.rulesets import StoredRulesets
from winnow.adapters.db.shadows import StoredShadows
from winnow.adapters.facts.lookup import match_keys
from winnow.bootstrap.live import Live
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.learning.shadow import Shadow
from winnow.core.lists import ListEntry, ListIndex
from winnow.errors import UnavailableError
from winnow.services.screen import InShadow


class ShadowsInUse:
    """The rulesets in shadow as they decide, as fresh as what is live; while the database is away, those known last."""

    def __init__(self, live: Live, shadows: StoredShadows, rulesets: StoredRulesets) -> None:
        self._live = live
        self._shadows = shadows
        self._rulesets = rulesets
        self._seen: Mapping[str, int] | None = None
        self._running: tuple[InShadow, ...] = ()

    def running(self) -> tuple[InShadow, ...]:
        """Those that decide beside the live ruleset now."""
        versions = self._live.versions
        if versions != self._seen:
            try:
                self._running = tuple(map(self._ready, self._shadows.running()))
            except UnavailableError:
                return self._running
            self._seen = versions
        return self._running

    def _ready(self, shadow: Shadow) -> InShadow:
        live, entries = self._live.ruleset(), self._live.entries
        try:
            found = self._rulesets.ruleset(shadow.ruleset)
            bound = replace(found, references=live.references, lists_snapshot=live.lists_snapshot)
            bound.plan  # noqa: B018  # compiling is what may fail
        except UnavailableError:
            raise
        except Exception:  # noqa: BLE001  # a ruleset that cannot be used must not keep leads from being decided
            return InShadow(shadow, None)
        return InShadow(shadow, bound, None if bound.lists == live.lists else _hits((*bound.lists, *entries)))


def _hits(entries: tuple[ListEntry, ...]) -> Callable[[Lead, Facts], tuple[ListEntry, ...]]:
    index = ListIndex(entries)
    return lambda lead, facts: index.hits(match_keys(lead, (facts.email, facts.network, facts.phone)))
