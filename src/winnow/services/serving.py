"""May this person be served? Support, billing and portal say yes whatever fails; marketing and sales say no then."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from winnow.core.govern.ask import Ask, Check, Question
from winnow.core.govern.terms import Answer
from winnow.core.lists import ListAction, ListEntry, winner
from winnow.core.outcome import ACQUISITION_SCOPES, Outcome, Scope
from winnow.ports import Clock
from winnow.ports.gate import Recipient

_log = logging.getLogger(__name__)

#: What is not asked for serving somebody: who serves says neither which data nor why.
_NOT_ASKED = frozenset({Question.DATA, Question.OFF_LIMITS, Question.INFERENCE, Question.EXPLANATION})
#: The same where nobody said which system serves.
_OF_SYSTEM = frozenset({Question.SYSTEM})


@dataclass(frozen=True, slots=True)
class Served:
    """Whether somebody may be served, why in a sentence, and what was asked for it."""

    serve: bool
    why: str
    checks: Sequence[Check] = ()


class ServeDesk:
    """Where systems ask.

    checks: see Gatekeeper.checks · hits: list entries that match somebody
    """

    def __init__(
        self,
        checks: Callable[[Ask, Recipient], Sequence[Check]],
        hits: Callable[[Recipient], Sequence[ListEntry]],
        clock: Clock,
    ) -> None:
        self._checks = checks
        self._hits = hits
        self._clock = clock

    def may_serve(self, scope: Scope, ask: Ask | None, find: Callable[[], Recipient | None]) -> Served:
        """Whether a scope may serve somebody. Never raises.

        ask: for marketing and sales what it is to be served for; its system may be empty
        find: who it is; None: nobody is known by that
        """
        try:
            recipient = find()
            if scope not in ACQUISITION_SCOPES:
                return _open(scope, self._hits(recipient) if recipient else (), self._clock.now())
            return self._closed(ask, recipient)
        except Exception as error:  # noqa: BLE001  # whatever it is: a customer is served, and nobody is marketed to
            _log.warning("a serve check for %s could not be answered: %s", scope.value, type(error).__name__)
            return _FAILED[scope not in ACQUISITION_SCOPES]

    def _closed(self, ask: Ask | None, recipient: Recipient | None) -> Served:
        if recipient is None or ask is None:
            return Served(serve=False, why="nobody is known by that, so nothing speaks for it")
        skipped = _NOT_ASKED if ask.system else _NOT_ASKED | _OF_SYSTEM
        checks = [check for check in self._checks(ask, recipient) if check.question not in skipped]
        failing = [check for check in checks if check.answer is not Answer.YES]
        why = failing[0].what if failing else "nothing speaks against it; to contact them, ask for a permit"
        return Served(not failing, why, checks)


def _open(scope: Scope, hits: Sequence[ListEntry], now: datetime) -> Served:
    """Only an entry that a person made for this very scope keeps anybody from support, billing or the portal."""
    entry = winner(hits, scope, now)
    if entry is not None and entry.action is ListAction.BLOCK and entry.effect is Outcome.REJECT:
        return Served(serve=False, why=f"the block entry `{entry.id}` of {entry.owner} names {scope.value}")
    return Served(serve=True, why=f"no block of marketing or sales counts for {scope.value}")


_FAILED = {
    True: Served(serve=True, why="it could not be looked up, and nobody is turned away for that"),
    False: Served(serve=False, why="it could not be looked up, and nothing is sent without knowing"),
}
