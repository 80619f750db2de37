"""From whom the numbers of which decisions are withheld: see `core.review.shown` for why."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from winnow.core.review.case import Case, State
from winnow.core.review.shown import rejects_alone, rejects_until
from winnow.core.ruleset import Ruleset
from winnow.errors import WinnowError
from winnow.ports import Clock
from winnow.ports.review import CaseStore

if TYPE_CHECKING:
    from datetime import datetime

#: Rulesets of which it is remembered until when they reject.
_MOST_REMEMBERED = 10_000


class Showing:
    """Knows what may be shown to those who may decide cases.

    live: the ruleset in force · ruleset_of: one by its hash; raises WinnowError
    """

    def __init__(
        self, cases: CaseStore, live: Callable[[], Ruleset], ruleset_of: Callable[[str], Ruleset], clock: Clock
    ) -> None:
        self._cases = cases
        self._live = live
        self._ruleset_of = ruleset_of
        self._clock = clock
        self._until: dict[str, datetime | None] = {}

    def withholds(self, case: Case, who: str) -> bool:
        """Whether the numbers of a case are kept from somebody who might decide it.

        It waits for them, and things are rejected without a person: now, or when it was decided. Numbers that came
        out once nothing is rejected any more would still tell which of those that wait were drawn before.
        """
        now = self._clock.now()
        if case.state(who, now) is State.DECIDED:
            return False
        return rejects_alone(self._live(), now) or self._rejected_then(case)

    def withheld(self, numbers: Sequence[int], who: str) -> Mapping[int, Case]:
        """Of some decisions those whose numbers are kept from somebody who might decide them, as cases."""
        found = self._cases.cases_of(numbers, who)
        return {number: case for number, case in found.items() if self.withholds(case, who)}

    def _rejected_then(self, case: Case) -> bool:
        """Whether the ruleset of a case rejected when it was opened; one that cannot be read may have."""
        if case.ruleset not in self._until:
            try:
                until = rejects_until(self._ruleset_of(case.ruleset))
            except WinnowError:
                return True
            if len(self._until) >= _MOST_REMEMBERED:
                self._until.clear()
            self._until[case.ruleset] = until
        until = self._until[case.ruleset]
        return until is not None and case.opened_at < until
