"""Hard limits as data: what may not be looked at, and what stops a lead whatever its score."""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum

from winnow.core.canonical import content_hash
from winnow.core.govern.limits import Limits
from winnow.core.govern.off_limits import forbidden_by
from winnow.core.govern.packs import LawPack
from winnow.core.outcome import ACQUISITION_SCOPES, Outcome, Scope
from winnow.errors import InvalidRulesetError

PolicyValue = bool | int | float | str


class Operator(StrEnum):
    """How a hard stop compares a signal with its value."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


_COMPARE: Mapping[Operator, Callable[[PolicyValue, PolicyValue], bool]] = {
    Operator.IS: operator.eq,
    Operator.IS_NOT: operator.ne,
    Operator.AT_LEAST: operator.ge,
    Operator.AT_MOST: operator.le,
}


@dataclass(frozen=True, slots=True)
class HardStop:
    """One condition that holds a lead back; nothing below policy overrules it.

    signal, test, value: the condition, e.g. `mail.dmarc` `is` `fail`
    outcome: REVIEW or REJECT
    text: the reason for a rep · owner: who answers for it
    """

    id: str
    signal: str
    test: Operator
    value: PolicyValue
    outcome: Outcome
    text: str
    owner: str
    scopes: frozenset[Scope] = ACQUISITION_SCOPES

    def __post_init__(self) -> None:
        if self.outcome < Outcome.REVIEW:
            raise InvalidRulesetError(
                f"hard stop `{self.id}` has the outcome {self.outcome.word}", fix="a stop must be review or reject"
            )
        if not self.owner or not self.text or not self.scopes:
            raise InvalidRulesetError(f"hard stop `{self.id}` lacks an owner, a text or a scope", fix="give all three")

    def holds(self, value: PolicyValue | None) -> bool | None:
        """Whether the condition is met; None when it cannot be told: unknown, or not comparable."""
        if value is None or isinstance(value, str) is not isinstance(self.value, str):
            return None
        return _COMPARE[self.test](value, self.value)


@dataclass(frozen=True, slots=True)
class StopHit:
    """A hard stop that applies; `verified` is False when it applies because its signal could not be checked."""

    stop: HardStop
    verified: bool

    @property
    def outcome(self) -> Outcome:
        """What it asks for: an unverified stop holds the lead for a person and never rejects."""
        return self.stop.outcome if self.verified else Outcome.REVIEW


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits of one organisation.

    off_limits: lead fields (`message`, `custom.religion`) that are dropped before anything is measured
    limits: what binds everything that wants to do something to a person
    """

    owner: str = "nobody"
    off_limits: frozenset[str] = frozenset()
    hard_stops: tuple[HardStop, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def forbidden(self) -> frozenset[str]:
        """What nobody may look at: fields, proxies, what is called after a category or tells it; see `off_limits`."""
        limits = self.limits
        return forbidden_by(self.off_limits, limits.categories, limits.proxies, limits.scan_texts)

    def stops(self, values: Mapping[str, PolicyValue | None]) -> tuple[StopHit, ...]:
        """The stops that apply to a lead's signal values; a missing or unknown signal makes its stop apply."""
        found = []
        for stop in self.hard_stops:
            held = stop.holds(values.get(stop.signal))
            if held is not False:
                found.append(StopHit(stop, verified=held is not None))
        return tuple(found)


def policy_hash(policy: Policy, packs: Iterable[LawPack]) -> str:
    """SHA-256 of a policy and of the law packs in use: equal ones answer every question of the gate alike.

    Takes in what is at its default, too, so that a default that changes with Winnow changes it.
    """
    used = sorted(packs, key=lambda pack: pack.id)
    return content_hash({"policy": _plain(asdict(policy)), "packs": [_plain(asdict(pack)) for pack in used]})


def _plain(value: object) -> object:
    """What canonical JSON can hold: sets in order, days as text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
