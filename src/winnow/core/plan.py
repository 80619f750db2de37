"""A ruleset made ready to run: which signals to measure, and the compiled rules and scorecard over them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from winnow.core.cel import Kind
from winnow.core.declared import DeclaredSignal
from winnow.core.facts import Facts
from winnow.core.govern.off_limits import may_look
from winnow.core.lead import Lead
from winnow.core.policy import Policy
from winnow.core.reasons import Reason
from winnow.core.rules import Rule, RuleBook
from winnow.core.scorecard import CategoryFeature, Scorecard, Scorer, compiled
from winnow.core.signals.base import Signal, Value
from winnow.core.signals.registry import SIGNALS
from winnow.errors import InvalidRulesetError

Measure = Callable[[Lead, Facts], tuple[Value | None, ...]]

_KIND_WORDS = {bool: "true or false", str: "a text in quotes", int: "a number", float: "a number"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What `decide` runs.

    signals: those the ruleset reads, in registry order, declared ones last; values stand in the same order
    measure: all of them at once; the signals over off-limits fields are never computed and come out unknown
    rule_reasons: the reason of each rule, for when it fires
    """

    signals: tuple[Signal, ...]
    names: tuple[str, ...]
    allowed: tuple[bool, ...]
    measure: Measure
    scorer: Scorer
    rules: RuleBook
    rule_reasons: tuple[Reason, ...]


def planned(policy: Policy, rules: Sequence[Rule], card: Scorecard, declared: Sequence[DeclaredSignal] = ()) -> Plan:
    """Compile the parts against all signals there are; raises InvalidRulesetError where they do not fit."""
    known = signals_of(declared)
    book = RuleBook(rules, list(known), {name: signal.kind for name, signal in known.items()})
    wanted = {*_scored(card, known), *_stopping(policy, known), *book.reads}
    signals = tuple(signal for signal in known.values() if signal.name in wanted)
    names = tuple(signal.name for signal in signals)
    allowed = tuple(may_look(signal.reads, policy.forbidden) for signal in signals)
    for index, rule in enumerate(book.rules):
        _need_rule_cap(rule, card, f"rules[{index}]")
    return Plan(
        signals=signals,
        names=names,
        allowed=allowed,
        measure=_measuring(signals, allowed),
        scorer=compiled(card, {name: position for position, name in enumerate(names)}),
        rules=RuleBook(rules, names, {signal.name: signal.kind for signal in signals}),
        rule_reasons=tuple(
            Reason(f"rule.{rule.id}", rule.family, rule.points, rule.text, f"rule:{rule.id}") for rule in book.rules
        ),
    )


def signals_of(declared: Sequence[DeclaredSignal]) -> Mapping[str, Signal]:
    """All signals by name, in registry order, the declared ones last; raises InvalidRulesetError for a name twice."""
    known = {signal.name: signal for signal in SIGNALS}
    for index, each in enumerate(declared):
        if each.name in known:
            where = f"signals[{index}].name"
            raise InvalidRulesetError(f"signal `{each.name}` is there twice", where=where, fix="give each its own name")
        known[each.name] = each.signal
    return known


def kinds_of(declared: Sequence[DeclaredSignal]) -> Mapping[str, Kind]:
    """The Python types of all signals by name, as rules are checked against them; raises InvalidRulesetError."""
    return {name: signal.kind for name, signal in signals_of(declared).items()}


def _scored(card: Scorecard, known: Mapping[str, Signal]) -> list[str]:
    for index, feature in enumerate(card.features):
        where = f"scorecard.features[{index}].signal"
        signal = _known(known, feature.signal, where)
        by_value = signal.kind in {bool, str}
        if by_value is not isinstance(feature, CategoryFeature):
            raise InvalidRulesetError(
                f"signal `{signal.name}` is measured as {signal.kind.__name__}",
                where=where,
                fix="give its bins `is` values" if by_value else "give its bins `below` limits",
            )
        for value in feature.values if isinstance(feature, CategoryFeature) else ():
            _need_fitting(signal, value, f"scorecard.features[{index}]")
    return [feature.signal for feature in card.features]


def _stopping(policy: Policy, known: Mapping[str, Signal]) -> list[str]:
    for index, stop in enumerate(policy.hard_stops):
        signal = _known(known, stop.signal, f"policy.hard_stops[{index}].signal")
        _need_fitting(signal, stop.value, f"policy.hard_stops[{index}].value")
    return [stop.signal for stop in policy.hard_stops]


def _need_fitting(signal: Signal, value: Value, where: str) -> None:
    """Refuse to compare a signal with what it never is: the bin or the stop would silently do nothing."""
    kinds = {int, float} if signal.kind in {int, float} else {signal.kind}
    if type(value) not in kinds:
        raise InvalidRulesetError(
            f"signal `{signal.name}` is never `{value}`",
            where=where,
            fix=f"give {_KIND_WORDS[signal.kind]}",
        )


def _known(known: Mapping[str, Signal], name: str, where: str) -> Signal:
    signal = known.get(name)
    if signal is None:
        near = get_close_matches(name, known, n=1)
        fix = f"did you mean `{near[0]}`?" if near else "see docs/signals.md for those there are"
        raise InvalidRulesetError(f"`{name}` is not a signal", where=where, fix=fix)
    return signal


def _need_rule_cap(rule: Rule, card: Scorecard, where: str) -> None:
    if rule.points and rule.family not in card.caps:
        raise InvalidRulesetError(
            f"rule `{rule.id}` gives points in family `{rule.family}`, which has no cap",
            where=where,
            fix=f"add {rule.family} under scorecard.caps",
        )


def _measuring(signals: Sequence[Signal], allowed: Sequence[bool]) -> Measure:
    """One function that measures everything; its text holds positions only, never names from outside."""
    names: dict[str, object] = {f"s{index}": signal.of for index, signal in enumerate(signals)}
    calls = "".join(f"s{index}(lead, facts), " if ok else "None, " for index, ok in enumerate(allowed))
    exec(compile(f"def measure(lead, facts): return ({calls})", "<signals>", "exec"), names)  # noqa: S102  # see above
    return names["measure"]  # type: ignore[return-value]  # defined by the text above


def by_name(plan: Plan, values: Sequence[Value | None]) -> Mapping[str, Value | None]:
    """Signal values by name."""
    return dict(zip(plan.names, values, strict=True))
