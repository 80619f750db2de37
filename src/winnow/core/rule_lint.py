"""What is odd about rules that may well be accepted: each finding is a question to the rule's owner."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from winnow.core.cel import Checked, Kind, Term, check
from winnow.core.cel.limits import MAX_COST
from winnow.core.cel.refusal import Text, quoted
from winnow.core.rules import Rule, accepted, failing_examples, objections
from winnow.errors import InvalidRuleError

#: An expiry nearer than this is worth a word.
SOON: Final = timedelta(days=14)

_COSTLY: Final = MAX_COST // 10
_ONE_IN_MS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One oddity of a rule.

    code: stable name, listed in docs/rules.md
    text: what was found, and where · fix: what to do about it
    """

    rule_id: str
    code: str
    text: str
    fix: str

    def __str__(self) -> str:
        return f"rule `{self.rule_id}`: {self.code}: {self.text}; {self.fix}"


def lint_rules(rules: Sequence[Rule], signal_types: Mapping[str, Kind], now: datetime) -> tuple[Finding, ...]:
    """All findings about all rules, and about rules that repeat each other; `now` is aware."""
    found = [finding for rule in rules for finding in lint(rule, signal_types, now)]
    return (*found, *_repeated(rules, signal_types))


def lint(rule: Rule, signal_types: Mapping[str, Kind], now: datetime) -> tuple[Finding, ...]:
    """All findings about one rule; when it cannot be accepted, why."""
    refused = tuple(Finding(rule.id, "refused", what, fix) for _, what, fix in objections(rule))
    if refused:
        return refused
    try:
        condition = accepted(rule, signal_types, f"rule `{rule.id}`")
    except InvalidRuleError as error:
        return (Finding(rule.id, "refused", f"{error.where}: {error.what}", str(error.fix)),)
    return (
        *_about_condition(rule, condition),
        *_about_examples(rule, signal_types),
        *_about_time(rule, now),
    )


def _about_condition(rule: Rule, condition: Checked) -> Iterator[Finding]:
    text = Text(condition.source, "when")
    if not condition.mentions:
        yield Finding(rule.id, "constant", "the condition reads no signal", "name a signal, or remove the rule")
    for term in _constant_parts(condition.root):
        what = f"the part at {text.place(term.at)} is always the same"
        yield Finding(rule.id, "constant-part", what, "remove it")
    for name in _asked_in_vain(condition):
        what = f"`has({name})` is always true, since a rule that reads the signal waits until it is known"
        yield Finding(rule.id, "idle-has", what, "remove it, or do not read the signal besides")
    for term in _unguarded_divisions(condition.root):
        what = f"the division at {text.place(term.at)} may be by zero"
        yield Finding(rule.id, "zero-division", what, "compare `a > b * c` in place of `a / b > c`")
    if condition.cost > _COSTLY:
        what = f"on a text of 100,000 characters it may take {condition.cost // _ONE_IN_MS} ms"
        yield Finding(rule.id, "costly", what, "shorten its patterns")


def _constant_parts(root: Term) -> Iterator[Term]:
    """Parts of `&&`, `||`, `!` and `?` that read no signal though the whole condition does."""
    for term in root.walk():
        deciding = term.parts[:1] if term.op == "?" else term.parts
        if term.op in {"&&", "||", "!", "?"} and term.signals():
            yield from (part for part in deciding if not part.signals())


def _asked_in_vain(condition: Checked) -> list[str]:
    asked = {str(term.value) for term in condition.root.walk() if term.op == "has"}
    return sorted(asked & condition.reads)


def _unguarded_divisions(root: Term) -> Iterator[Term]:
    return (term for term in root.walk() if term.op in {"/", "%"} and term.parts[1].op != "constant")


def _about_examples(rule: Rule, signal_types: Mapping[str, Kind]) -> Iterator[Finding]:
    for failure in failing_examples(rule, signal_types):
        yield Finding(rule.id, "example-fails", failure, "correct the condition or the example")
    outcomes = {example.fires for example in rule.examples}
    if not outcomes:
        yield Finding(
            rule.id, "no-examples", "nothing shows what the rule is for", "add a case that fires and one that does not"
        )
    elif len(outcomes) == 1:
        missing = "does not fire" if True in outcomes else "fires"
        yield Finding(rule.id, "one-sided-examples", f"no example {missing}", "add the nearest such case")


def _about_time(rule: Rule, now: datetime) -> Iterator[Finding]:
    if rule.expires_at is None:
        yield Finding(
            rule.id, "no-expiry", "the rule never expires", "set expires_at to when it should be looked at again"
        )
    elif rule.expired(now):
        yield Finding(
            rule.id,
            "expired",
            f"the rule expired at {rule.expires_at.isoformat()}",
            "remove it, or renew it with a reason",
        )
    elif rule.expires_at - now < SOON:
        yield Finding(
            rule.id,
            "expires-soon",
            f"the rule expires at {rule.expires_at.isoformat()}",
            "renew it if it is still needed",
        )


def _repeated(rules: Sequence[Rule], signal_types: Mapping[str, Kind]) -> Iterator[Finding]:
    for rule_id, times in Counter(rule.id for rule in rules).items():
        if times > 1:
            yield Finding(rule_id, "duplicate-id", f"{times} rules have this id", "give each rule its own id")
    first: dict[Term, str] = {}
    for rule in rules:
        try:
            root = check(rule.when, signal_types).root
        except InvalidRuleError:
            continue  # `lint` has said so
        same = first.setdefault(root, rule.id)
        if same != rule.id:
            what = f"rule {quoted(same)} has the same condition"
            yield Finding(rule.id, "same-condition", what, "keep one of the two")
