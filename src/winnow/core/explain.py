"""Why a decision came out as it did, and what would have changed it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import ceil

from winnow.core.decide import Decision, decide
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.measuring import measured
from winnow.core.outcome import Outcome
from winnow.core.reasons import REASON_KINDS, Reason
from winnow.core.ruleset import Ruleset
from winnow.core.scorecard import CategoryFeature, Feature
from winnow.core.signals.base import Signal, Value

#: More changes at once than this are no help to anybody.
_MOST_CHANGES = 4
#: The heaviest reasons that are tried, and the answers given for one outcome.
_MOST_OPTIONS = 12
_MOST_ANSWERS = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall: the score before and after a reason with points."""

    reason: Reason
    before: int
    after: int


def waterfall(decision: Decision) -> tuple[Step, ...]:
    """The way from the base to the score, the heaviest reason first; the last step ends at the score."""
    steps = []
    running = decision.base
    for reason in sorted(decision.reasons, key=lambda each: (-abs(each.points), each.code)):
        if reason.points:
            steps.append(Step(reason, running, running + reason.points))
            running += reason.points
    return tuple(steps)


def deciding_reasons(decision: Decision) -> tuple[Reason, ...]:
    """What decided: the reasons of the deciding source, or the heaviest three towards the score's side."""
    if decision.decided_by != "score":
        return tuple(reason for reason in decision.reasons if reason.source == decision.decided_by)
    system = tuple(reason for reason in decision.reasons if reason.source == "system")
    towards = 1 if decision.outcome > Outcome.ACCEPT else -1
    weighty = [reason for reason in decision.reasons if reason.points * towards > 0]
    return system + tuple(sorted(weighty, key=lambda each: (-abs(each.points), each.code))[:3])


def plain_words(decision: Decision, ruleset: Ruleset) -> tuple[str, ...]:
    """What decided, in words for the person concerned: each thing once, the weightiest first."""
    labels = {signal.name: f"What counted: {signal.label}." for signal in ruleset.plan.signals}
    said = []
    for reason in deciding_reasons(decision):
        general = next((kind.plain for kind in REASON_KINDS if kind.covers(reason.code)), None)
        said.append(labels.get(reason.code) or general or reason.text)
    return tuple(dict.fromkeys(said))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing the person could have done differently: the signal, what it was, what it would have to be."""

    signal: Signal
    was: Value | None
    would_be: str


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The outcome the lead would have had after some changes."""

    changes: tuple[Change, ...]
    outcome: Outcome


def counterfactuals(lead: Lead, facts: Facts, ruleset: Ruleset) -> tuple[Counterfactual, ...]:
    """For every milder outcome that can be had, the smallest sets of changes that lead to it; the mildest first.

    Only signals the person can influence and the policy allows are changed, each to the best bin of its
    feature, and every answer is decided again by the whole ruleset.
    """
    decision = decide(lead, facts, ruleset)
    options = tuple(_options(lead, facts, ruleset, decision))[:_MOST_OPTIONS]
    found: dict[Outcome, list[Counterfactual]] = {}
    for size in range(1, _MOST_CHANGES + 1):
        if Outcome.ACCEPT in found:
            break
        tried = [_tried(chosen, lead, facts, ruleset) for chosen in combinations(options, size)]
        for outcome in {each.outcome for each in tried if each.outcome < min([decision.outcome, *found])}:
            found[outcome] = [each for each in tried if each.outcome == outcome][:_MOST_ANSWERS]
    return tuple(each for outcome in sorted(found) for each in found[outcome])


_Option = tuple[Change, Value]


def _options(lead: Lead, facts: Facts, ruleset: Ruleset, decision: Decision) -> Iterator[_Option]:
    """A milder value for every changeable signal that now counts towards junk, the heaviest first."""
    plan = ruleset.plan
    values = dict(zip(plan.names, measured(plan, lead, facts)[0], strict=True))
    signals = {signal.name: signal for signal in plan.signals}
    for reason in sorted(decision.reasons, key=lambda each: (-each.points, each.code)):
        signal, feature = signals.get(reason.code), ruleset.scorecard.feature(reason.code)
        if reason.points > 0 and signal is not None and feature is not None and signal.mutable:
            value, words = _mildest(feature)
            yield Change(signal, values[signal.name], words), _of_kind(signal, value)


def _of_kind(signal: Signal, value: Value) -> Value:
    """The value as the signal would measure it; a whole number is never below the limit it stands for."""
    return ceil(value) if signal.kind is int and isinstance(value, float) else signal.kind(value)


def _mildest(feature: Feature) -> tuple[Value, str]:
    """A value of the feature's known bin with the fewest points, and how to say it."""
    code = min(range(len(feature.bins)), key=lambda index: feature.bins[index].points)
    if isinstance(feature, CategoryFeature):
        value = feature.values[code]
        return value, _WORDS.get(value, str(value)) if isinstance(value, bool) else str(value)
    return _numeric_span((None, *feature.cuts, None)[code : code + 2])


_WORDS = {True: "yes", False: "no"}


def _numeric_span(span: tuple[float | None, ...]) -> tuple[float, str]:
    """A value inside a bin from its limits, lower one included, and the bin in words."""
    low, high = span
    if low is not None:
        return low, f"{low:g} or more" if high is None else f"{low:g} to under {high:g}"
    if high is None:
        return 0.0, "anything"
    return (0.0 if high > 0 else high - 1), f"under {high:g}"


def _tried(chosen: tuple[_Option, ...], lead: Lead, facts: Facts, ruleset: Ruleset) -> Counterfactual:
    assumed: Mapping[str, Value] = {change.signal.name: value for change, value in chosen}
    outcome = decide(lead, facts, ruleset, assumed=assumed).outcome
    return Counterfactual(tuple(change for change, _ in chosen), outcome)
