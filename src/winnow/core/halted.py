"""What the kill switch leaves of deciding one lead; see `core.govern.stop` for who presses it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from winnow.core.govern.stop import Halt, StopScope
from winnow.core.govern.terms import Action
from winnow.core.outcome import Outcome
from winnow.core.reasons import STOPPED, Reason


@dataclass(frozen=True, slots=True)
class Halted:
    """What is stopped; None, or no entry, is not stopped.

    everything: nothing is decided automatically, a person does it
    score: the scorecard decides nothing, as if it were in shadow
    reject: nothing is rejected automatically · rules: by id, those that are left out
    """

    everything: Halt | None = None
    score: Halt | None = None
    reject: Halt | None = None
    rules: Mapping[str, Halt] = field(default_factory=dict)

    @property
    def may_reject(self) -> bool:
        """Whether anything but a person may reject."""
        return self.everything is None and self.reject is None

    @property
    def most(self) -> Outcome:
        """The severest outcome that anything but a person may choose."""
        return Outcome.REJECT if self.may_reject else Outcome.REVIEW

    def reasons(self, *, rejecting: bool, fired: tuple[str, ...]) -> Iterator[Reason]:
        """Those that say what was stopped, as far as it made a difference.

        rejecting: something asked to reject · fired: ids of the rules whose condition was met
        """
        if self.everything is not None:
            yield _reason(f"Not assessed, a person decides: {self.everything.reason}")
        if self.score is not None:
            yield _reason(f"The score decides nothing: {self.score.reason}")
        if self.reject is not None and rejecting:
            yield _reason(f"A person decides instead of rejecting: {self.reject.reason}")
        for name in fired:
            if name in self.rules:
                yield _reason(f"Rule {name} was left out: {self.rules[name].reason}")


#: Nothing is stopped, as nearly always.
NOTHING = Halted()


def halted(halts: tuple[Halt, ...], scorecard_hash: str) -> Halted:
    """What some halts mean under the scorecard with this hash; of several that stop the same, the first is named."""
    found: dict[str, Halt] = {}
    rules: dict[str, Halt] = {}
    for halt in halts:
        if halt.scope is StopScope.RULE:
            rules.setdefault(halt.target, halt)
        elif part := _part(halt, scorecard_hash):
            found.setdefault(part, halt)
    return Halted(**found, rules=rules)


def _part(halt: Halt, scorecard_hash: str) -> str | None:
    if halt.scope in {StopScope.ALL, StopScope.SOURCE, StopScope.SYSTEM}:
        return "everything"
    if halt.scope is StopScope.SCORECARD:
        return "score" if scorecard_hash.startswith(halt.target) else None
    return {Action.SCORE.value: "score", Action.REJECT.value: "reject"}.get(halt.target)


def _reason(text: str) -> Reason:
    return Reason(STOPPED, "system", 0, text, "system")
