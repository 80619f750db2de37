"""Why a lead was decided so, ready to be drawn: bars of a waterfall, what spoke without points, what was not used.

Works on decisions as documents, with their points or, where these are withheld (`core.review.shown`), with the three
steps of strength in their place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from winnow.core.govern.off_limits import CATEGORY, TEXT
from winnow.core.review.shown import Strength, Towards, towards
from winnow.core.ruleset import Ruleset

#: How wide a drawing of bars is, in its own units, and the narrowest bar that can be seen.
WIDTH, NARROWEST = 1_000, 8

_CUSTOM = "custom."
_STEPS = {Strength.WEAK: 1, Strength.MEDIUM: 2, Strength.STRONG: 3}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `start` on, and where the line of no points is; in units of WIDTH."""

    start: int
    width: int
    zero: int


@dataclass(frozen=True, slots=True)
class Line:
    """A reason that weighs.

    towards: what it speaks for · strength: in place of points, where these are withheld
    after: the score up to here; None likewise · source: as in the decision
    """

    code: str
    text: str
    source: str
    towards: Towards
    strength: Strength | None
    points: int | None
    after: int | None
    bar: Bar


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something that spoke without points: a list entry, a rule, a limit of the policy, a person, the system.

    decided: it is what the outcome came from
    """

    code: str
    text: str
    source: str
    decided: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it. `base`, `first` (its bar), `score` and `probability` are None where numbers are withheld."""

    lines: tuple[Line, ...]
    spoken: tuple[Spoken, ...]
    withheld: bool
    base: int | None
    first: Bar | None
    score: int | None
    probability: float | None
    decided_by: str


@dataclass(frozen=True, slots=True)
class NotUsed:
    """What did not count, and why.

    off_limits: fields that the policy forbids to look at, and the signals that would have read them · owner: whose
    policy it is · unknown: labels of signals that could not be measured · rules: those that read such a signal
    """

    off_limits: tuple[str, ...]
    owner: str
    unknown: tuple[str, ...]
    rules: tuple[str, ...]


def evidence_of(decision: Mapping[str, Any]) -> Evidence:
    """The evidence of a decision as a document, with numbers or without."""
    withheld = decision["score"] is None
    reasons: Sequence[Mapping[str, Any]] = decision["reasons"]
    weighty = [each for each in reasons if _weight(each)]
    if withheld:
        lines, first = tuple(_by_strength(weighty)), None
    else:
        lines, first = _waterfall(decision["base"], weighty)
    by = decision["decided_by"]
    spoken = tuple(
        Spoken(each["code"], each["text"], each["source"], each["source"] == by)
        for each in reasons
        if not _weight(each)
    )
    numbers = (decision["base"], first, decision["score"], decision["probability"])
    return Evidence(lines, spoken, withheld, *numbers, by)


def not_used(decision: Mapping[str, Any], ruleset: Ruleset) -> NotUsed:
    """What a decision left out."""
    plan = ruleset.plan
    known = {signal.name: (signal.label, may) for signal, may in zip(plan.signals, plan.allowed, strict=True)}
    forbidden: list[str] = []
    unknown: list[str] = []
    for name in decision["unknown"]:
        label, may = known.get(name, (name, True))
        (unknown if may else forbidden).append(label)
    fields = (*sorted(set(map(_named, ruleset.policy.forbidden))), *dict.fromkeys(forbidden))
    return NotUsed(fields, ruleset.policy.owner, tuple(dict.fromkeys(unknown)), tuple(decision["skipped_rules"]))


def _named(forbidden: str) -> str:
    return forbidden.removeprefix(_CUSTOM).removeprefix(CATEGORY).removeprefix(TEXT)


def _weight(reason: Mapping[str, Any]) -> float:
    """How much a reason weighs, negative towards genuine."""
    if reason["points"] is not None:
        return float(reason["points"])
    strength = reason.get("strength")
    if strength is None:
        return 0.0
    return float(_STEPS[Strength(strength)] * (1 if reason["towards"] == Towards.JUNK else -1))


def _heaviest_first(reasons: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(reasons, key=lambda each: (-abs(_weight(each)), each["code"], each["text"]))


def _waterfall(base: int, reasons: Sequence[Mapping[str, Any]]) -> tuple[tuple[Line, ...], Bar]:
    """Bars that begin where the one before ends, from the base to the score."""
    ordered, ends = _heaviest_first(reasons), [base]
    for each in ordered:
        ends.append(ends[-1] + each["points"])
    scale = _Scale([0, *ends])
    lines = tuple(
        Line(
            each["code"], each["text"], each["source"], _side(each["points"]), None, each["points"], after,
            scale.bar(before, after),
        )
        for each, before, after in zip(ordered, ends, ends[1:], strict=False)
    )  # fmt: skip
    return lines, scale.bar(0, base)


def _by_strength(reasons: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    """Bars of three lengths to either side of the middle."""
    scale = _Scale([-3, 3])
    for each in _heaviest_first(reasons):
        weight = _weight(each)
        side, strength = Towards(each["towards"]), Strength(each["strength"])
        bar = scale.bar(0, weight)
        yield Line(each["code"], each["text"], each["source"], side, strength, None, None, bar)


def _side(points: int) -> Towards:
    side = towards(points)
    assert side is not None  # noqa: S101  # only reasons with points have a bar
    return side


class _Scale:
    """From points to places in a drawing."""

    def __init__(self, values: Sequence[float]) -> None:
        self._low = min(values)
        self._span = (max(values) - self._low) or 1

    def bar(self, one: float, other: float) -> Bar:
        start, end = sorted((self._place(one), self._place(other)))
        width = max(NARROWEST, end - start)
        return Bar(min(start, WIDTH - width), width, self._place(0))

    def _place(self, value: float) -> int:
        return round((value - self._low) / self._span * WIDTH)
