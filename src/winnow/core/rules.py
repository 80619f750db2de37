"""Rules people write: a condition over signals that gives points or asks for an outcome.

The language is explained in docs/rules.md. A rule that could be wrong, slow or beyond its author's powers is
refused when its rule book is made; a rule book in use never raises, and says which rules it could not evaluate.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple

from winnow.core.cel import Checked, Evaluation, Kind, check, compile_conditions
from winnow.core.cel.refusal import quoted
from winnow.core.cel.term import KIND_NAMES
from winnow.core.outcome import ACQUISITION_SCOPES, SERVICE_SCOPES, Outcome, Scope
from winnow.core.signals.base import Value
from winnow.errors import InvalidRuleError, InvalidRulesetError

#: The evidence family of a rule whose signals are of several families.
MIXED_FAMILY: Final = "rule"

#: Rules in one book: more make screening slow, and nobody can review them.
MAX_RULES: Final = 2_000

_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_MISSING: Final = {
    "text": "say in plain words what a sales rep should read when it fires",
    "owner": "name the person who answers for it",
    "reason": "say why the rule exists",
}

#: The field of a rule that is wrong, what is wrong with it, and how to mend it.
Objection = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class RuleExample:
    """A case the rule must get right; a signal that is not named in it is unknown."""

    values: Mapping[str, Value]
    fires: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; exactly one of `points` and `outcome` is given.

    id: stable name; the reason's code is `rule.ID`
    when: the condition, in the language of docs/rules.md
    text: the reason in words for a rep · reason: why the rule exists · owner: who answers for it
    points: 1/1000 of a logit towards junk (negative: towards genuine)
    outcome: what it asks for in the scopes; it decides over the score
    family: evidence family the points are capped in; a rule over signals of one family belongs to that one
    deterministic, signed_off_by: the rule states a fact, and a second person agreed; both needed to reject
    expires_at: aware; from then on the rule is not evaluated
    daily_cap: most actions a day, enforced by the services
    examples: must hold before the rule may be used
    """

    id: str
    when: str
    text: str
    owner: str
    reason: str
    points: int = 0
    outcome: Outcome | None = None
    scopes: frozenset[Scope] = ACQUISITION_SCOPES
    family: str = MIXED_FAMILY
    deterministic: bool = False
    signed_off_by: str | None = None
    expires_at: datetime | None = None
    daily_cap: int | None = None
    examples: tuple[RuleExample, ...] = ()

    def expired(self, now: datetime) -> bool:
        """Whether the rule no longer applies at `now` (aware)."""
        return self.expires_at is not None and now >= self.expires_at


class RuleResult(NamedTuple):
    """What a rule book found, as positions in its rules; the expired ones appear nowhere.

    fired: the condition holds
    skipped: not evaluated, since a signal it reads is unknown
    failed: evaluated and failed, e.g. on a division by zero; it counts as not fired
    """

    fired: tuple[int, ...]
    skipped: tuple[int, ...]
    failed: tuple[int, ...]


class RuleBook:
    """Rules compiled together over a fixed row of signals; immutable.

    rules: as given, each with its evidence family settled
    conditions: their checked conditions, in the same order
    reads: names of all signals any rule mentions
    """

    def __init__(self, rules: Sequence[Rule], signal_names: Sequence[str], signal_types: Mapping[str, Kind]) -> None:
        """Check, compile and prove the rules.

        signal_names: the order the values of signals will be given in; holds at least what the rules mention
        signal_types: the types of signals by name
        Raises InvalidRuleError for a rule that cannot be accepted, InvalidRulesetError for rules that clash.
        """
        _need_few_and_distinct(rules)
        self._names, self._types = tuple(signal_names), {name: signal_types[name] for name in signal_names}
        self.conditions = tuple(accepted(rule, self._types, f"rules[{index}]") for index, rule in enumerate(rules))
        self.rules = tuple(map(_settled, rules, self.conditions))
        self.reads = frozenset[str]().union(*(condition.mentions for condition in self.conditions))
        self._first_expiry = min((rule.expires_at for rule in rules if rule.expires_at is not None), default=None)
        self._evaluate = compile_conditions(self.conditions, self._names)
        for index, rule in enumerate(rules):
            for position, failure in _failures(rule, index, self._names, self._evaluate):
                where = f"rules[{index}].examples[{position}]"
                raise InvalidRuleError(failure, where=where, fix="correct the condition or the example")

    def __reduce__(self) -> tuple[type["RuleBook"], tuple[object, ...]]:
        """Another process compiles its own."""
        return RuleBook, (self.rules, self._names, self._types)

    def evaluate(self, values: Sequence[Value | None], now: datetime) -> RuleResult:
        """Which rules fire on these values, one for each signal name, at `now` (aware).

        Raises ValueError when there are more or fewer values than signal names, and nothing else.
        """
        found = self._evaluate(values)
        if self._first_expiry is None or now < self._first_expiry:
            return RuleResult(*found)
        expired = {index for index, rule in enumerate(self.rules) if rule.expired(now)}
        return RuleResult(*(tuple(index for index in positions if index not in expired) for positions in found))


def failing_examples(rule: Rule, signal_types: Mapping[str, Kind]) -> tuple[str, ...]:
    """What is wrong with each example that does not hold; empty when all hold.

    Raises InvalidRuleError when the rule cannot be accepted, whatever its examples.
    """
    condition = accepted(rule, signal_types, f"rule `{rule.id}`")
    names = tuple(condition.mentions)
    failures = _failures(rule, 0, names, compile_conditions((condition,), names))
    return tuple(f"example {position + 1}: {failure}" for position, failure in failures)


def accepted(rule: Rule, signal_types: Mapping[str, Kind], where: str) -> Checked:
    """The checked condition of a rule that may be used; raises InvalidRuleError for any other."""
    for key, what, fix in objections(rule):
        raise InvalidRuleError(what, where=f"{where}.{key}", fix=fix)
    condition = check(rule.when, signal_types, f"{where}.when")
    family = _family(condition)
    if rule.family not in {MIXED_FAMILY, family}:
        what = f"the rule's signals are not all of family {quoted(rule.family)}, so its points cannot be"
        raise InvalidRuleError(what, where=f"{where}.family", fix=f"leave the family away; it is then `{family}`")
    if rule.points >= 0 and any(term.op == "has" for term in condition.root.walk()):
        what = "the rule asks what is known with `has`, so not knowing could count against a lead"
        raise InvalidRuleError(what, where=f"{where}.when", fix="leave `has` out, or give negative points")
    for index, example in enumerate(rule.examples):
        _need_fitting(example, condition, signal_types, f"{where}.examples[{index}]")
    return condition


def objections(rule: Rule) -> Iterator[Objection]:
    """Everything that forbids to use the rule, its condition aside: the field, what is wrong, how to mend it."""
    if not _ID.fullmatch(rule.id):
        yield "id", f"{quoted(rule.id)} cannot be the id of a rule", "use up to 64 small letters, digits, `-` and `_`"
    for key, value in (("text", rule.text), ("owner", rule.owner), ("reason", rule.reason)):
        if not value.strip():
            yield key, f"the rule has no {key}", _MISSING[key]
    yield from _objections_to_effect(rule)
    if rule.expires_at is not None and rule.expires_at.tzinfo is None:
        yield "expires_at", "the expiry has no time zone", "write it like 2027-01-31T00:00:00Z"
    if rule.daily_cap is not None and rule.daily_cap < 1:
        yield "daily_cap", "a daily cap under 1 never lets the rule act", "raise it, or remove the rule"


def _objections_to_effect(rule: Rule) -> Iterator[Objection]:
    if bool(rule.points) is (rule.outcome is not None):
        yield "points", "a rule gives either points or an outcome", "set exactly one of `points` and `outcome`"
    if rule.outcome is Outcome.ACCEPT:
        yield "outcome", "a rule cannot accept", "give negative points, or make an allow entry"
    if not rule.scopes:
        yield "scopes", "the rule applies nowhere", "name at least one scope, such as sales"
    if rule.outcome is Outcome.REJECT:
        yield from _objections_to_reject(rule)


def _objections_to_reject(rule: Rule) -> Iterator[Objection]:
    if not rule.deterministic:
        fix = "set deterministic = true if the rule states a fact; otherwise ask for review"
        yield "deterministic", "only a deterministic rule may reject", fix
    if rule.signed_off_by is None or _person(rule.signed_off_by) in {"", _person(rule.owner)}:
        fix = "set signed_off_by to someone other than the owner, or ask for review"
        yield "signed_off_by", "a second person must sign off a rule that rejects", fix
    if rule.scopes & SERVICE_SCOPES:
        yield (
            "scopes",
            "a rule cannot close what serves customers",
            "reject only in sales and marketing, or ask for review",
        )


def _person(name: str) -> str:
    return name.strip().casefold()


def _need_few_and_distinct(rules: Sequence[Rule]) -> None:
    if len(rules) > MAX_RULES:
        fix = f"keep at most {MAX_RULES:,}; long rows of values belong into allow and block lists"
        raise InvalidRulesetError(f"{len(rules):,} rules are too many", where="rules", fix=fix)
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        if rule.id in seen:
            what = f"a second rule has the id {quoted(rule.id)}"
            raise InvalidRulesetError(what, where=f"rules[{index}].id", fix="give each rule its own id")
        seen.add(rule.id)


def _family(condition: Checked) -> str:
    families = {name.partition(".")[0] for name in condition.mentions}
    return families.pop() if len(families) == 1 else MIXED_FAMILY


def _settled(rule: Rule, condition: Checked) -> Rule:
    return replace(rule, family=_family(condition))


def _need_fitting(example: RuleExample, condition: Checked, signal_types: Mapping[str, Kind], where: str) -> None:
    """Refuse an example that names other signals than the rule, or gives them values they never have."""
    for name, value in example.values.items():
        if name not in condition.mentions:
            fix = f"name only {', '.join(map(quoted, sorted(condition.mentions))) or 'no signal at all'}"
            raise InvalidRuleError(f"the rule does not read {quoted(name)}", where=where, fix=fix)
        kind = signal_types[name]
        if type(value) is not kind and not (kind is float and type(value) is int):
            what = f"{quoted(name)} is never {quoted(str(value))}"
            raise InvalidRuleError(what, where=where, fix=f"give it a value of type {KIND_NAMES[kind]}")


def _failures(rule: Rule, index: int, names: Sequence[str], evaluate: Evaluation) -> Iterator[tuple[int, str]]:
    """The examples of the rule at `index` that do not hold, with what happened instead."""
    for position, example in enumerate(rule.examples):
        fired, skipped, failed = evaluate([example.values.get(name) for name in names])
        if (index in fired) is example.fires:
            continue
        if not example.fires:
            yield position, "the rule should not fire, but it does"
        elif index in skipped:
            yield position, "the rule should fire, but the example leaves out a signal it reads"
        else:
            yield position, f"the rule should fire, but it {'fails' if index in failed else 'does not'}"
