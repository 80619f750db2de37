"""What the kill switch stops decides nothing; what people decided, and what protects customers, goes on to hold."""

from typing import Any

import pytest

from tests.support.cases import certified, entry, facts, lead, ruleset, scored
from winnow.core.decide import Decision, decide
from winnow.core.explain import deciding_reasons
from winnow.core.facts import Override
from winnow.core.govern.stop import Halt, StopScope
from winnow.core.govern.terms import OWN_SYSTEM
from winnow.core.outcome import ACQUISITION_SCOPES, SERVICE_SCOPES, Outcome, Scope
from winnow.core.policy import HardStop, Operator, Policy
from winnow.core.reasons import STOPPED
from winnow.core.rules import Rule
from winnow.core.ruleset import Ruleset

ACCEPT, TAG, REVIEW, REJECT = Outcome
CARD = certified().scorecard_hash
EVERYTHING = Halt(StopScope.ALL, "", "wrong leads (stop_1)")
REJECTING = Halt(StopScope.ACTION, "reject", "too many (stop_2)")
SCORE = Halt(StopScope.SCORECARD, CARD[:8], "it drifts (stop_3)")
RULE = Halt(StopScope.RULE, "r1", "it is wrong (stop_4)")
SIGNED: dict[str, Any] = {"outcome": REJECT, "deterministic": True, "signed_off_by": "Bo"}


def rule(name: str = "r1", **fields: Any) -> Rule:
    return Rule(name, "mail.spf == 'fail'", "spf", "Mia", "test", **(fields or SIGNED))


def stopped(*halts: Halt, rules: Ruleset | None = None, **known: Any) -> Decision:
    """The decision about a lead that would be rejected by everything there is."""
    band = known.pop("band", REJECT)
    someone, usual = scored(band, **known, halts=halts)
    return decide(lead(**{**someone_fields(someone), "spf": "fail", "dmarc": "fail"}), usual, rules or certified())


def someone_fields(someone: Any) -> dict[str, Any]:
    return {"form_fill_seconds": someone.form_fill_seconds, "ip": someone.ip}


def said(decision: Decision) -> list[str]:
    return [reason.text for reason in decision.reasons if reason.code == STOPPED]


def test_a_stop_of_screening_itself_is_one_of_everything_that_is_decided() -> None:
    assert stopped(Halt(StopScope.SYSTEM, OWN_SYSTEM, "it errs (stop_4)")).outcome is REVIEW


@pytest.mark.parametrize("band", list(Outcome))
def test_while_everything_is_stopped_each_lead_goes_to_a_person(band: Outcome) -> None:
    decision = stopped(EVERYTHING, band=band)
    assert decision.outcome is REVIEW
    assert decision.decided_by == "system"
    assert said(decision) == ["Not assessed, a person decides: wrong leads (stop_1)"]
    assert [reason.code for reason in deciding_reasons(decision)] == [STOPPED]
    assert {decision.scopes[scope] for scope in ACQUISITION_SCOPES} == {REVIEW}
    assert {decision.scopes[scope] for scope in SERVICE_SCOPES} == {ACCEPT}
    assert decision.score == decision.base + sum(reason.points for reason in decision.reasons)


@pytest.mark.parametrize(
    "hit", [entry("allow"), entry(source="person"), entry(source="rule")], ids=["allow", "person", "rule"]
)
def test_lists_and_rules_decide_nothing_then(hit: Any) -> None:
    assert stopped(EVERYTHING, list_hits=(hit,), rules=certified(rules=(rule(),))).outcome is REVIEW


@pytest.mark.parametrize("outcome", [ACCEPT, REJECT])
def test_what_a_person_decided_stands_whatever_is_stopped(outcome: Outcome) -> None:
    decision = stopped(EVERYTHING, REJECTING, override=Override(outcome, "mia", "known"))
    assert (decision.outcome, decision.decided_by) == (outcome, "override")


def test_customers_stay_protected_and_limits_of_the_policy_hold_back_without_rejecting() -> None:
    everywhere = frozenset(Scope)
    limit = HardStop("s1", "mail.dmarc", Operator.IS, "fail", REJECT, "forged", "Mia", everywhere)
    rules = certified(policy=Policy(owner="Mia", hard_stops=(limit,)))
    for halt in (EVERYTHING, REJECTING):
        decision = stopped(halt, rules=rules)
        assert set(decision.scopes.values()) == {REVIEW}
        assert decision.decided_by == "policy:s1"
    customer = stopped(EVERYTHING, is_customer=True)
    assert {customer.scopes[scope] for scope in SERVICE_SCOPES} == {ACCEPT}
    assert customer.outcome is REVIEW


@pytest.mark.parametrize(
    ("rules", "known"),
    [
        (certified(), {}),
        (ruleset(rules=(rule(),)), {"band": ACCEPT}),
        (ruleset(), {"band": ACCEPT, "list_hits": (entry(source="person"),)}),
    ],
    ids=["score", "rule", "list"],
)
def test_while_rejecting_is_stopped_a_person_decides_instead(rules: Ruleset, known: dict[str, Any]) -> None:
    assert stopped(rules=rules, **known).outcome is REJECT
    decision = stopped(REJECTING, rules=rules, **known)
    assert decision.outcome is REVIEW
    assert said(decision) == ["A person decides instead of rejecting: too many (stop_2)"]
    assert "system.not_certified" not in [reason.code for reason in decision.reasons]


def test_nothing_is_said_of_rejecting_where_nothing_asks_for_it() -> None:
    decision = stopped(REJECTING, band=TAG)
    assert (decision.outcome, said(decision)) == (TAG, [])


@pytest.mark.parametrize("halt", [SCORE, Halt(StopScope.ACTION, "score", "it drifts (stop_3)")], ids=["card", "action"])
def test_a_stopped_scorecard_decides_as_little_as_one_in_shadow(halt: Halt) -> None:
    decision = stopped(halt)
    assert (decision.outcome, decision.threshold_band) == (ACCEPT, REJECT)
    assert said(decision) == ["The score decides nothing: it drifts (stop_3)"]
    assert stopped(halt, rules=certified(rules=(rule(),))).outcome is REJECT
    assert stopped(halt, failed=("history",)).outcome is REVIEW


def test_other_scorecards_and_actions_go_on() -> None:
    others = Halt(StopScope.SCORECARD, "f" * 64, "x"), Halt(StopScope.ACTION, "contact", "x")
    decision = stopped(*others)
    assert (decision.outcome, said(decision)) == (REJECT, [])


def test_a_stopped_rule_is_left_out_and_others_are_not() -> None:
    both = certified(rules=(rule(), rule("r2", points=400, family="mail")))
    decision = stopped(RULE, rules=both, band=ACCEPT)
    usual = stopped(rules=both, band=ACCEPT)
    assert (usual.outcome, usual.decided_by) == (REJECT, "rule:r1")
    assert decision.outcome is not REJECT
    assert [reason.code for reason in decision.reasons if reason.source.startswith("rule:")] == ["rule.r2"]
    assert said(decision) == ["Rule r1 was left out: it is wrong (stop_4)"]
    assert stopped(RULE, rules=certified()).outcome is REJECT


def test_a_stopped_rule_brings_no_points() -> None:
    rules = certified(rules=(rule(points=400, family="mail"),))
    usual, decision = stopped(rules=rules, band=ACCEPT), stopped(RULE, rules=rules, band=ACCEPT)
    assert usual.score - decision.score == 400
    assert decision.score == decision.base + sum(reason.points for reason in decision.reasons)


def test_of_several_that_stop_the_same_the_first_is_named() -> None:
    decision = stopped(EVERYTHING, EVERYTHING._replace(reason="again"), RULE, RULE._replace(reason="again"))
    assert said(decision) == ["Not assessed, a person decides: wrong leads (stop_1)"]


def test_facts_say_what_was_stopped() -> None:
    assert facts().halts == ()
