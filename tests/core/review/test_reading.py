"""What a decision is told as: who answers for what, what was not used and why, and words that fit a rep."""

from dataclasses import replace

import pytest

from tests.support.cases import NOW, facts, lead, ruleset
from winnow.core.decide import decide
from winnow.core.facts import NetworkFacts, Override
from winnow.core.lists import ListAction, ListEntry, ListKind
from winnow.core.outcome import Outcome, Scope
from winnow.core.policy import HardStop, Operator, Policy
from winnow.core.reasons import BLIND_SAMPLE
from winnow.core.review.reading import Unused, View, headline, not_used, weighed
from winnow.core.review.shown import Strength, Towards
from winnow.core.rules import Rule, RuleExample

HOSTED = NetworkFacts("192.0.2.1", "192.0.2.0/24", "hosting")
EXAMPLES = (RuleExample({"form.fill_seconds": 1.0}, fires=True), RuleExample({}, fires=False))


def entry(name, action=ListAction.BLOCK, kind=ListKind.EMAIL, **more):
    values = {ListKind.EMAIL: "a@b.example", ListKind.IP: "192.0.2.1", ListKind.DOMAIN: "b.example"}
    return ListEntry(name, action, kind, values[kind], f"owner of {name}", "why", **more)


def stop(signal="net.ip_class", value="hosting"):
    return HardStop("hosted", signal, Operator.IS, value, Outcome.REVIEW, "From a data centre", "Pia")


def rule(**more):
    when = "form.fill_seconds < 2.0"
    return Rule("fast", when, text="fast", owner="Ria", reason="bots", examples=EXAMPLES, **more)


def told(someone, known, laws=None, view=View.REVIEWER, *, numbers=True):
    chosen = laws or ruleset()
    decision = decide(someone, known, chosen)
    return weighed(decision, known, chosen, view, numbers=numbers), not_used(decision, known, chosen)


def test_every_reason_names_what_says_so_and_who_answers_for_it():
    laws = ruleset(rules=(rule(points=100),), policy=Policy(owner="Mia", hard_stops=(stop(),)))
    known = facts(
        network=HOSTED,
        is_customer=True,
        list_hits=(entry("b"),),
        override=Override(Outcome.ACCEPT, "Ona", "known", None),
    )
    reasons, _ = told(lead(form_fill_seconds=1.0), known, laws)
    assert {each.code: (each.by, each.owner) for each in reasons} == {
        "policy.hosted": ("policy hosted", "Pia"),
        "customer.known": ("customers", "Mia"),
        "override": ("an earlier decision of a person", "Ona"),
        "list.block": ("list entry b", "owner of b"),
        "rule.fast": ("rule fast", "Ria"),
        "form.fill_seconds": ("scorecard", "Mia"),
        "net.ip_class": ("scorecard", "Mia"),
        "cap.form": ("scorecard", "Mia"),
        "system.not_certified": ("system", ""),
    }
    assert reasons[0].code == "policy.hosted"


def test_a_failed_look_up_is_nobodys():
    reasons, _ = told(lead(), facts(failed=("history",)))
    assert [(each.by, each.owner, each.side) for each in reasons] == [("system", "", None)]


def test_a_rep_reads_steps_and_a_reviewer_points():
    known = facts(network=NetworkFacts("192.0.2.1", "192.0.2.0/24", "residential"))
    for_rep, _ = told(lead(form_fill_seconds=1.0), known, view=View.REP)
    assert [(each.points, each.strength, each.towards, each.side) for each in for_rep] == [
        (None, Strength.STRONG, Towards.JUNK, "speaks against following up"),
        (None, Strength.WEAK, Towards.GENUINE, "speaks for following up"),
    ]
    for_reviewer, _ = told(lead(form_fill_seconds=1.0), known)
    assert [(each.points, each.side) for each in for_reviewer] == [
        (2000, "points towards junk"),
        (-200, "points towards genuine"),
    ]
    assert [each.points for each in told(lead(form_fill_seconds=1.0), known, numbers=False)[0]] == [None, None]


@pytest.mark.parametrize(
    ("view", "numbers", "there"), [(View.REVIEWER, True, True), (View.REVIEWER, False, False), (View.REP, True, False)]
)
def test_the_lot_is_told_with_the_numbers_only(view, numbers, there):
    laws, known = ruleset(), facts(network=HOSTED)
    decision = decide(lead(form_fill_seconds=1.0), known, laws)
    drawn = replace(decision, reasons=(*decision.reasons, replace(decision.reasons[0], code=BLIND_SAMPLE, points=0)))
    reasons = weighed(drawn, known, laws, view, numbers=numbers)
    assert (BLIND_SAMPLE in [each.code for each in reasons]) is there


UNUSED = {
    "not known": (lead(ip="192.0.2.1"), facts(network=HOSTED), None, ("form.fill_seconds", Unused.UNKNOWN)),
    "off limits": (
        lead(form_fill_seconds=2.0),
        facts(network=HOSTED),
        ruleset(policy=Policy(owner="Mia", off_limits=frozenset({"ip"}))),
        ("net.ip_class", Unused.OFF_LIMITS),
    ),
    "skipped rule": (lead(), facts(), ruleset(rules=(rule(points=10),)), ("fast", Unused.SKIPPED)),
    "narrower entry": (
        lead(),
        facts(list_hits=(entry("a", ListAction.ALLOW), entry("b", kind=ListKind.DOMAIN))),
        None,
        ("b", Unused.BEATEN),
    ),
    "customer": (lead(), facts(is_customer=True, list_hits=(entry("b"),)), None, ("b", Unused.BEATEN)),
    "hard stop": (
        lead(),
        facts(network=HOSTED, list_hits=(entry("a", ListAction.ALLOW),)),
        ruleset(policy=Policy(owner="Mia", hard_stops=(stop(),))),
        ("a", Unused.BEATEN),
    ),
    "a person": (
        lead(),
        facts(override=Override(Outcome.ACCEPT, "Ona", "known"), list_hits=(entry("b"),)),
        None,
        ("b", Unused.BEATEN),
    ),
    "another scope": (
        lead(),
        facts(list_hits=(entry("b", scopes=frozenset({Scope.SUPPORT})),)),
        None,
        ("b", Unused.BEATEN),
    ),
    "expired": (lead(), facts(list_hits=(entry("b", expires_at=NOW),)), None, ("b", Unused.EXPIRED)),
    "entry off limits": (
        lead(),
        facts(list_hits=(entry("b", kind=ListKind.IP),)),
        ruleset(policy=Policy(owner="Mia", off_limits=frozenset({"ip"}))),
        ("b", Unused.OFF_LIMITS),
    ),
}


@pytest.mark.parametrize("name", UNUSED)
def test_what_was_not_used_says_why(name):
    someone, known, laws, expected = UNUSED[name]
    _, unused = told(someone, known, laws)
    assert expected in [(each.name, each.why) for each in unused]
    assert all(each.text for each in unused)


def test_what_decided_was_used():
    _, unused = told(lead(), facts(list_hits=(entry("b"),)))
    assert "b" not in [each.name for each in unused]


@pytest.mark.parametrize("outcome", Outcome)
def test_words_for_reps_judge_nobody(outcome):
    said = headline(outcome, View.REP).lower()
    assert said != headline(outcome, View.REVIEWER).lower()
    assert not any(word in said for word in ("junk", "risk", "score", "spam", "reject"))
