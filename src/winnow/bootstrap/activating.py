"""Wiring of what makes rulesets live: sign-off, roll-back and break-glass, and the job that watches all three."""

import logging
from collections.abc import Callable
from dataclasses import replace

from winnow.adapters.db.incidents import StoredIncidents
from winnow.adapters.db.rollbacks import StoredRollbacks
from winnow.bootstrap.laddering import make_ladder
from winnow.bootstrap.service import Service
from winnow.bootstrap.signing import make_held, make_signing, make_store
from winnow.core.ruleset import Ruleset
from winnow.ports import Ground
from winnow.services.break_glass import BreakGlassDesk
from winnow.services.rolling_back import RollBackDesk

_log = logging.getLogger(__name__)

#: Seconds between two looks whether sign-offs hold, and between two whether an emergency is over or leads wait.
_LOOK_SECONDS, _STEP_SECONDS = 30.0, 2.0


def make_ground(service: Service) -> Callable[[Ruleset, str], Ground]:
    """Says what a ruleset may go live on: it has climbed as far as it must, and a second person signed it."""
    ladder, held = make_ladder(service), make_held(service)

    def ground(ruleset: Ruleset, actor: str) -> Ground:
        ladder.may_activate(ruleset, actor)
        return held.ground(ruleset)

    return ground


def make_rolling_back(service: Service) -> RollBackDesk:
    """Where rulesets are rolled back."""
    store = StoredRollbacks(service.engine, service.journal, service.vault, service.rulesets, service.installation)

    def bound(ruleset: Ruleset) -> Ruleset:
        live = service.live.ruleset()
        return replace(service.live.held(ruleset), references=live.references, lists_snapshot=live.lists_snapshot)

    return RollBackDesk(store, service.rulesets, make_store(service), make_ground(service), bound, service.clock)


def make_break_glass(service: Service) -> BreakGlassDesk:
    """Where an emergency is used and ended."""
    signing = make_signing(service)
    return BreakGlassDesk(
        make_store(service),
        service.rulesets,
        StoredIncidents(service.engine, service.journal),
        (lambda proposal_id: signing.told(proposal_id).lacking, make_ladder(service).may_activate),
        service.clock,
        service.new_id,
    )


class Overseeing:
    """Ends what ends by itself, and looks whether what was signed still holds; for one thread."""

    def __init__(self, service: Service) -> None:
        self._sign_offs = make_held(service)
        self._break_glass = make_break_glass(service)
        self._rolling_back = make_rolling_back(service)
        self._until_look = 0.0

    def step(self) -> float:
        """One round; returns in how many seconds to come again."""
        ended = self._break_glass.look()
        if ended is not None:
            _log.warning("break-glass %s is over: ruleset %s decides again", ended.proposal, ended.before[:12])
        if self._until_look <= 0.0:
            self._until_look = _LOOK_SECONDS
            incident = self._sign_offs.look()
            if incident is not None:
                _log.warning("incident %s was opened: %s", incident.id, "; ".join(incident.figures))
        self._until_look -= _STEP_SECONDS
        return 0.0 if self._rolling_back.step() else _STEP_SECONDS
