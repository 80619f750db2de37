"""A decision as the page of a lead tells it: what speaks for and against, who answers for it, what was not used.

Reps read neutral words and three steps of strength; they never see a score. Reviewers read the numbers, unless these
are withheld: see `shown`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from winnow.core.decide import Decision
from winnow.core.facts import Facts
from winnow.core.lists import KIND_FIELDS, ListEntry
from winnow.core.outcome import Outcome, Scope
from winnow.core.reasons import BLIND_SAMPLE, Reason
from winnow.core.review.shown import Strength, Towards, strengths, towards
from winnow.core.ruleset import Ruleset


class View(StrEnum):
    """For whom it is told."""

    REP = "rep"
    REVIEWER = "reviewer"


#: An outcome in words for a rep: what happens, and no judgement of anybody.
FOR_REPS = {
    Outcome.ACCEPT: "Yours to follow up",
    Outcome.TAG: "Yours to follow up; look at the notes first",
    Outcome.REVIEW: "A colleague looks at it first",
    Outcome.REJECT: "Held back; it can be released",
}
FOR_REVIEWERS = {
    Outcome.ACCEPT: "Accepted",
    Outcome.TAG: "Let through with a note",
    Outcome.REVIEW: "Waits for a person",
    Outcome.REJECT: "Rejected without a person",
}
#: What a reason speaks for, in words.
_SIDES = {
    View.REP: {Towards.JUNK: "speaks against following up", Towards.GENUINE: "speaks for following up"},
    View.REVIEWER: {Towards.JUNK: "points towards junk", Towards.GENUINE: "points towards genuine"},
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """One reason and what it weighed.

    side: what it speaks for, in words; None when it weighs nothing by itself · points: None where they are not told
    by: what says so in words (`rule fast-form`) · owner: who answers for that; empty when nobody does
    """

    code: str
    text: str
    towards: Towards | None
    side: str | None
    strength: Strength | None
    points: int | None
    by: str
    owner: str


class Unused(StrEnum):
    """Why something did not count."""

    UNKNOWN = "unknown"
    OFF_LIMITS = "off limits"
    SKIPPED = "skipped"
    BEATEN = "beaten"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class NotUsed:
    """One thing that did not count: a signal, a rule or a list entry, and why in a sentence."""

    name: str
    what: str
    why: Unused
    text: str


def headline(outcome: Outcome, view: View) -> str:
    """What became of a lead, in words."""
    return (FOR_REPS if view is View.REP else FOR_REVIEWERS)[outcome]


def weighed(decision: Decision, facts: Facts, ruleset: Ruleset, view: View, *, numbers: bool) -> tuple[Weighed, ...]:
    """Every reason: what decided first, then the heaviest; without points for reps and where `numbers` is false.

    That a lot has drawn the lead is told with the numbers only.
    """
    told = [each for each in decision.reasons if each.code != BLIND_SAMPLE or (numbers and view is View.REVIEWER)]
    steps = dict(zip(told, strengths([each.points for each in told]), strict=True))
    exact = numbers and view is View.REVIEWER

    def place(reason: Reason) -> tuple[bool, int, int, str]:
        weight = -abs(reason.points) if exact else 0
        return reason.source != decision.decided_by, -_RANK[steps[reason]], weight, reason.code

    ordered = sorted(told, key=place)
    return tuple(_weighed(each, steps[each], facts, ruleset, view, exact=exact) for each in ordered)


_RANK = {None: 0, Strength.WEAK: 1, Strength.MEDIUM: 2, Strength.STRONG: 3}


def _weighed(  # each a thing it is told from
    reason: Reason, step: Strength | None, facts: Facts, ruleset: Ruleset, view: View, *, exact: bool
) -> Weighed:
    side = towards(reason.points)
    by, owner = _answers(reason.source, facts, ruleset)
    words = None if side is None else _SIDES[view][side]
    return Weighed(reason.code, reason.text, side, words, step, reason.points if exact else None, by, owner)


def _answers(source: str, facts: Facts, ruleset: Ruleset) -> tuple[str, str]:
    """What said something, in words, and who answers for it."""
    kind, _, name = source.partition(":")
    owners = {
        "scorecard": {"": ruleset.scorecard.owner},
        "rule": {rule.id: rule.owner for rule in ruleset.rules},
        "list": {entry.id: entry.owner for entry in facts.list_hits},
        "policy": {stop.id: stop.owner for stop in ruleset.policy.hard_stops},
        "customer": {"": ruleset.policy.owner},
        "override": {"": facts.override.by if facts.override is not None else ""},
    }.get(kind, {})
    return f"{_BY.get(kind, kind)} {name}".strip(), owners.get(name, "")


_BY = {"list": "list entry", "policy": "policy", "override": "an earlier decision of a person", "customer": "customers"}


def not_used(decision: Decision, facts: Facts, ruleset: Ruleset) -> tuple[NotUsed, ...]:
    """What did not count and why: signals, rules and list entries."""
    return (*_signals(decision, ruleset), *_rules(decision), *_entries(decision, facts, ruleset))


def _signals(decision: Decision, ruleset: Ruleset) -> Iterator[NotUsed]:
    plan = ruleset.plan
    allowed = {signal.name: may for signal, may in zip(plan.signals, plan.allowed, strict=True)}
    labels = {signal.name: signal.label for signal in plan.signals}
    for name in decision.unknown:
        label = labels.get(name, name)
        if allowed.get(name, True):
            yield NotUsed(name, "signal", Unused.UNKNOWN, f"Not known, and so not counted: {label}")
        else:
            text = f"The policy puts it off limits: {label} (owner: {ruleset.policy.owner})"
            yield NotUsed(name, "signal", Unused.OFF_LIMITS, text)


def _rules(decision: Decision) -> Iterator[NotUsed]:
    for name in decision.skipped_rules:
        yield NotUsed(name, "rule", Unused.SKIPPED, "It reads something that is not known, and so did not apply")


def _entries(decision: Decision, facts: Facts, ruleset: Ruleset) -> Iterator[NotUsed]:
    for entry in facts.list_hits:
        if decision.decided_by == f"list:{entry.id}":
            continue
        why, text = _beaten(entry, decision, facts, ruleset)
        yield NotUsed(entry.id, "list entry", why, f"{entry.action.value.capitalize()} entry of {entry.owner}: {text}")


def _beaten(entry: ListEntry, decision: Decision, facts: Facts, ruleset: Ruleset) -> tuple[Unused, str]:
    if KIND_FIELDS[entry.kind] in ruleset.policy.forbidden:
        return Unused.OFF_LIMITS, "the policy puts what it matches off limits"
    if not entry.active(facts.now):
        return Unused.EXPIRED, "it had expired"
    if Scope.SALES not in entry.scopes:
        return Unused.BEATEN, "it does not apply to sales"
    kind, _, name = decision.decided_by.partition(":")
    by = {
        "customer": "customers are protected",
        "policy": f"the hard stop `{name}` of the policy comes first",
        "override": "a person decided about them earlier, and that comes first",
        "list": f"entry `{name}` comes first",
    }
    return Unused.BEATEN, by.get(kind, "something else decided")
