"""What all routes share."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from winnow.bootstrap.desks import Desks
from winnow.bootstrap.service import Service
from winnow.core.lead import Lead
from winnow.ports import Clock
from winnow.shells.http.door import Door
from winnow.shells.http.groups import Groups
from winnow.shells.http.limits import Limit
from winnow.shells.http.operations import Operations
from winnow.shells.http.problem import INTERNAL, Answer, problem_of
from winnow.shells.http.reception import Reception

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """The running service as the routes see it.

    forms: limits what one address may post to public forms
    """

    service: Service
    desks: Desks
    door: Door
    reception: Reception
    groups: Groups
    forms: Limit
    clock: Clock
    new_id: Callable[[str, datetime], str]
    operations: Operations

    def masked(self, lead: Lead) -> Lead:
        """The lead without what is off limits, before anything else sees it."""
        return self.service.off_limits.cleaned(lead)

    def answer_to(self, error: Exception) -> Answer:
        """The answer for an error; one that nobody foresaw is written to the log, without its words."""
        answer = problem_of(error)
        if answer.status == INTERNAL.status:
            _log.error("a request failed unexpectedly", exc_info=error)
        return answer
