"""Who wins, what is always said, and the laws no decision may break."""

from dataclasses import replace
from datetime import timedelta
from math import exp
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import (
    FACTS,
    LEADS,
    NOTHING,
    NOW,
    certificate,
    certified,
    entry,
    facts,
    lead,
    ruleset,
    scored,
    small_card,
    starter,
)
from tests.support.purity import purity_guard
from winnow.core.decide import Decision, decide, probability
from winnow.core.explain import deciding_reasons
from winnow.core.facts import Facts, Override
from winnow.core.lead import Lead
from winnow.core.lists import KIND_FIELDS
from winnow.core.outcome import ACQUISITION_SCOPES, SERVICE_SCOPES, Outcome, Scope
from winnow.core.policy import HardStop, Operator, Policy
from winnow.core.reasons import BLIND_SAMPLE
from winnow.core.rules import Rule
from winnow.core.ruleset import Ruleset
from winnow.core.scorecard import NumericFeature
from winnow.core.thresholds import Bands, Thresholds

ACCEPT, TAG, REVIEW, REJECT = Outcome
TOMORROW = NOW + timedelta(days=1)
EVERYWHERE = frozenset(Scope)


def stop(outcome: Outcome = REJECT, name: str = "s1", scopes: frozenset[Scope] = frozenset({Scope.SALES})) -> HardStop:
    return HardStop(name, "mail.dmarc", Operator.IS, "fail", outcome, "forged sender", "Mia", scopes)


def rule(when: str = "mail.spf == 'fail'", name: str = "r1", **fields: Any) -> Rule:
    return Rule(name, when, "spf", "Mia", "test", **(fields or {"outcome": REVIEW}))


SIGNED: dict[str, Any] = {"outcome": REJECT, "deterministic": True, "signed_off_by": "Bo"}


@pytest.mark.parametrize("band", list(Outcome))
def test_the_score_alone_decides_when_nothing_else_speaks(band: Outcome) -> None:
    decision = decide(*scored(band), certified())
    assert (decision.outcome, decision.threshold_band, decision.decided_by) == (band, band, "score")
    assert decision.scopes == {
        Scope.SALES: band,
        Scope.MARKETING: band,
        Scope.SUPPORT: ACCEPT,
        Scope.BILLING: ACCEPT,
        Scope.PORTAL: ACCEPT,
    }


@pytest.mark.parametrize(
    ("rules", "more"),
    [
        (ruleset(), {}),
        (certified(), {"is_customer": None}),
        (certified(), {"failed": ("history",)}),
        (certified(), {"now": NOW + timedelta(days=30)}),
    ],
    ids=["no certificate", "customer unknown", "look-up failed", "certificate lapsed"],
)
def test_without_proof_a_rejecting_score_goes_to_a_person(rules: Ruleset, more: dict[str, object]) -> None:
    decision = decide(*scored(REJECT, **more), rules)
    assert (decision.outcome, decision.threshold_band, decision.decided_by) == (REVIEW, REJECT, "score")
    assert "system.not_certified" in [reason.code for reason in decision.reasons]


@pytest.mark.parametrize(("band", "outcome"), [(REVIEW, REVIEW), (REJECT, REJECT)])
def test_points_of_rules_do_not_lift_a_lead_over_a_certified_threshold(band: Outcome, outcome: Outcome) -> None:
    lifting = rule("form.fill_seconds < 3.0 || mail.spf == 'fail'", points=1500)
    proof = certificate(small_card(), threshold=2400)
    proven = ruleset(thresholds=Thresholds(Bands(0, 1000, 2400), certificate=proof), rules=(lifting,))
    someone, known = scored(band)
    decision = decide(replace(someone, spf="fail"), known, proven)
    assert (decision.outcome, decision.threshold_band) == (outcome, REJECT)
    assert ("system.not_certified" in [reason.code for reason in decision.reasons]) is (outcome is REVIEW)


def test_a_proven_rejection_says_nothing_about_missing_proof() -> None:
    assert "system.not_certified" not in [reason.code for reason in decide(*scored(REJECT), certified()).reasons]
    assert "system.not_certified" not in [reason.code for reason in decide(*scored(REVIEW), ruleset()).reasons]


@pytest.mark.parametrize("band", list(Outcome))
def test_a_failed_look_up_is_for_a_person_whatever_the_score(band: Outcome) -> None:
    decision = decide(*scored(band, failed=("history", "lists")), certified())
    assert decision.outcome is REVIEW
    texts = [reason.text for reason in decision.reasons if reason.code == "system.not_assessed"]
    assert texts == ["Not assessed: the look-up of history failed", "Not assessed: the look-up of lists failed"]


def test_thresholds_may_differ_by_source() -> None:
    thresholds = Thresholds(Bands(0, 1000), {"fair": Bands(5000, 6000)})
    someone, known = scored(REVIEW)
    assert decide(someone, known, ruleset(thresholds=thresholds)).outcome is REVIEW
    assert decide(replace(someone, source="fair"), known, ruleset(thresholds=thresholds)).outcome is ACCEPT


OVERRIDE = Override(ACCEPT, "Bo", "knows them")
ALLOW, BLOCK = entry("allow", id="a1"), entry("block", id="b1")

#: Each row: what speaks besides a score in the band, and what comes out for sales.
PRECEDENCE = [
    # a stop beats all
    (
        "stop",
        REVIEW,
        {"stops": [stop()], "dmarc": "fail", "is_customer": True, "override": OVERRIDE},
        REJECT,
        "policy:s1",
    ),
    ("stop, mild", REJECT, {"stops": [stop(REVIEW)], "dmarc": "fail", "list_hits": (BLOCK,)}, REVIEW, "policy:s1"),
    ("stops", ACCEPT, {"stops": [stop(REVIEW), stop(REJECT, "s2")], "dmarc": "fail"}, REJECT, "policy:s2"),
    ("stop unverified", ACCEPT, {"stops": [stop()]}, REVIEW, "policy:s1"),
    ("stop not met", ACCEPT, {"stops": [stop()], "dmarc": "pass"}, ACCEPT, "score"),
    ("stop elsewhere", TAG, {"stops": [stop(scopes=frozenset({Scope.BILLING}))], "dmarc": "fail"}, TAG, "score"),
    # a customer is never rejected, and milder outcomes stand
    ("customer", REJECT, {"is_customer": True}, REVIEW, "customer"),
    ("customer, review", REVIEW, {"is_customer": True}, REVIEW, "score"),
    ("customer, blocked", ACCEPT, {"is_customer": True, "list_hits": (BLOCK,)}, REVIEW, "customer"),
    ("customer, allowed", REJECT, {"is_customer": True, "list_hits": (ALLOW,)}, ACCEPT, "list:a1"),
    ("customer, rule", ACCEPT, {"is_customer": True, "rules": [rule(**SIGNED)], "spf": "fail"}, REVIEW, "customer"),
    (
        "customer, overridden",
        ACCEPT,
        {"is_customer": True, "override": replace(OVERRIDE, outcome=REJECT)},
        REVIEW,
        "customer",
    ),
    # a person's override
    ("override", REJECT, {"override": OVERRIDE, "list_hits": (BLOCK,)}, ACCEPT, "override"),
    ("override to reject", ACCEPT, {"override": replace(OVERRIDE, outcome=REJECT)}, REJECT, "override"),
    ("override, good", REJECT, {"override": replace(OVERRIDE, expires_at=TOMORROW)}, ACCEPT, "override"),
    ("override, lapsed", REJECT, {"override": replace(OVERRIDE, expires_at=NOW)}, REJECT, "score"),
    # lists
    ("allow", REJECT, {"list_hits": (ALLOW,)}, ACCEPT, "list:a1"),
    ("allow over block", REJECT, {"list_hits": (BLOCK, ALLOW)}, ACCEPT, "list:a1"),
    ("narrower block", ACCEPT, {"list_hits": (BLOCK, entry("allow", "domain", id="a2"))}, REJECT, "list:b1"),
    ("block", ACCEPT, {"list_hits": (BLOCK,)}, REJECT, "list:b1"),
    ("block, customer unknown", ACCEPT, {"list_hits": (BLOCK,), "is_customer": None}, REJECT, "list:b1"),
    ("block by machine", ACCEPT, {"list_hits": (replace(BLOCK, source="rule"),)}, REVIEW, "list:b1"),
    ("block, lapsed", ACCEPT, {"list_hits": (replace(BLOCK, expires_at=NOW),)}, ACCEPT, "score"),
    ("block elsewhere", TAG, {"list_hits": (replace(BLOCK, scopes=SERVICE_SCOPES),)}, TAG, "score"),
    ("allow over rule", ACCEPT, {"list_hits": (ALLOW,), "rules": [rule()], "spf": "fail"}, ACCEPT, "list:a1"),
    # rules
    ("rule", ACCEPT, {"rules": [rule()], "spf": "fail"}, REVIEW, "rule:r1"),
    ("rule, milder than score", REVIEW, {"rules": [rule(outcome=TAG)], "spf": "fail"}, TAG, "rule:r1"),
    (
        "rules",
        ACCEPT,
        {"rules": [rule(outcome=TAG), rule(name="r2", outcome=REVIEW)], "spf": "fail"},
        REVIEW,
        "rule:r2",
    ),
    ("rules, equal", ACCEPT, {"rules": [rule(), rule(name="r2", outcome=REVIEW)], "spf": "fail"}, REVIEW, "rule:r1"),
    ("rule not met", ACCEPT, {"rules": [rule()], "spf": "pass"}, ACCEPT, "score"),
    ("rule unknown", ACCEPT, {"rules": [rule()]}, ACCEPT, "score"),
    (
        "rule elsewhere",
        ACCEPT,
        {"rules": [rule(outcome=REVIEW, scopes=SERVICE_SCOPES)], "spf": "fail"},
        ACCEPT,
        "score",
    ),
    ("rule rejects", ACCEPT, {"rules": [rule(**SIGNED)], "spf": "fail"}, REJECT, "rule:r1"),
    (
        "rule, customer unknown",
        ACCEPT,
        {"rules": [rule(**SIGNED)], "spf": "fail", "is_customer": None},
        REVIEW,
        "rule:r1",
    ),
    (
        "rule, look-up failed",
        ACCEPT,
        {"rules": [rule(**SIGNED)], "spf": "fail", "failed": ("lists",)},
        REVIEW,
        "rule:r1",
    ),
    ("points only", ACCEPT, {"rules": [rule(points=1200)], "spf": "fail"}, TAG, "score"),
]


@pytest.mark.parametrize(
    ("band", "speaks", "outcome", "decided_by"), [row[1:] for row in PRECEDENCE], ids=[row[0] for row in PRECEDENCE]
)
def test_precedence(band: Outcome, speaks: dict[str, object], outcome: Outcome, decided_by: str) -> None:
    speaks = dict(speaks)
    stops, rules = speaks.pop("stops", []), speaks.pop("rules", [])
    mail = {name: speaks.pop(name) for name in ("spf", "dmarc") if name in speaks}
    someone, known = scored(band, **speaks)
    laws = certified(policy=Policy("Mia", hard_stops=tuple(stops)), rules=tuple(rules))  # type: ignore[arg-type]  # the table holds fitting types
    decision = decide(replace(someone, **mail), known, laws)  # type: ignore[arg-type]  # the table holds fitting types
    assert (decision.outcome, decision.decided_by) == (outcome, decided_by)
    assert decision.outcome is decision.scopes[Scope.SALES]
    assert decided_by == "score" or decided_by in [reason.source for reason in decision.reasons]


@pytest.mark.parametrize("customer", [True, False])
def test_a_block_for_support_never_closes_it_to_a_customer(customer: bool) -> None:
    blocked = replace(BLOCK, scopes=EVERYWHERE)
    decision = decide(*scored(ACCEPT, is_customer=customer, list_hits=(blocked,)), certified())
    assert decision.scopes[Scope.SUPPORT] is (ACCEPT if customer else REJECT)


def test_an_override_does_not_reach_the_service_scopes() -> None:
    decision = decide(*scored(ACCEPT, override=replace(OVERRIDE, outcome=REJECT)), certified())
    assert [decision.scopes[scope] for scope in sorted(SERVICE_SCOPES)] == [ACCEPT] * 3


def test_every_voice_is_heard_in_the_reasons() -> None:
    someone, known = scored(
        REVIEW,
        is_customer=True,
        override=replace(OVERRIDE, expires_at=NOW),
        list_hits=(replace(ALLOW, expires_at=NOW), BLOCK),
    )
    laws = certified(
        policy=Policy("Mia", hard_stops=(stop(), replace(stop(), id="s2", signal="mail.dkim"))), rules=(rule(),)
    )
    decision = decide(replace(someone, spf="fail", dmarc="fail"), known, laws)
    assert [(reason.code, reason.family, reason.points, reason.text, reason.source) for reason in decision.reasons] == [
        ("policy.s1", "policy", 0, "forged sender", "policy:s1"),
        ("policy.s2", "policy", 0, "forged sender (could not be checked)", "policy:s2"),
        ("customer.known", "customer", 0, "Known customer or open deal", "customer"),
        ("override", "override", 0, "Bo: knows them (expired)", "override"),
        ("list.allow", "list", 0, "Allowed by email: seen before (expired)", "list:a1"),
        ("list.block", "list", 0, "Blocked by email: seen before", "list:b1"),
        ("rule.r1", "mail", 0, "spf", "rule:r1"),
        ("form.fill_seconds", "form", 2000, "fast", "scorecard"),
    ]


def test_points_of_rules_add_up_within_their_family() -> None:
    laws = ruleset(
        rules=(
            rule("form.fill_seconds < 2.5", points=-400),
            rule("form.fill_seconds < 2.6", name="r2", points=-100),
            rule("net.asn > 5", name="r3", points=50),
        )
    )
    decision = decide(*scored(REVIEW), laws)
    assert decision.score == -1000 + 2000 - 400 - 100
    assert decision.skipped_rules == ("r3",)
    assert {"form.fill_seconds", "net.asn"} & set(decision.unknown) == {"net.asn"}


def test_decision_carries_what_replay_needs() -> None:
    laws = ruleset()
    decision = decide(*scored(REVIEW), laws, shadow=True)
    assert (decision.lead_id, decision.ruleset_id, decision.ruleset_hash) == ("lead-1", "test", laws.hash)
    assert (decision.base, decision.score, decision.codes, decision.shadow) == (-1000, 1000, bytes([0, 3]), True)
    assert decide(*scored(REVIEW), laws).shadow is False


def test_assumed_values_stand_in_for_measured_ones() -> None:
    someone, known = scored(REVIEW)
    assert decide(someone, known, ruleset(), assumed={"form.fill_seconds": 9.0}).score == -1300
    assert decide(someone, known, ruleset(), assumed={"form.fill_seconds": None}).score == -1000
    assert decide(someone, known, ruleset(), assumed={}).score == 1000


def test_a_signal_that_breaks_is_unknown_and_said_so() -> None:
    laws = certified(policy=Policy("Mia", off_limits=frozenset({"source"})))
    broken = lead(form_fill_seconds="a text where a number should be", ip="192.0.2.1")
    decision = decide(broken, scored(REJECT)[1], laws)
    assert decision.unknown == ("form.fill_seconds",)
    assert [reason.text for reason in decision.reasons if reason.source == "system"] == [
        "Not used: form.fill_seconds could not be worked out"
    ]
    assert (decision.score, decision.outcome) == (1000, REVIEW)


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({"form_pasted_fields": "4"}, ["form.pasted_fields"]),
        ({"form_pasted_fields": "4", "form_focus_changes": [1]}, ["form.pasted_fields", "form.focus_changes"]),
        ({"dmarc": ["fail"]}, ["mail.dmarc"]),
        ({"form_pasted_fields": 2.5}, []),
        ({"form_fill_seconds": 3}, []),
    ],
)
def test_a_value_of_a_type_its_signal_never_has_is_unknown_and_said_so(
    fields: dict[str, object], broken: list[str]
) -> None:
    decision = decide(lead(**fields, form_honeypot=True), facts(), starter())
    texts = [reason.text for reason in decision.reasons if reason.code == "system.failed"]
    assert texts == [f"Not used: {name} could not be worked out" for name in broken]
    assert set(broken) <= set(decision.unknown)
    assert "form.honeypot" in [reason.code for reason in decision.reasons]


def test_a_value_of_a_wrong_type_takes_away_the_right_to_reject() -> None:
    seconds, kind = small_card().features
    pasted = NumericFeature("form.pasted_fields", (2,), (NOTHING, NOTHING), NOTHING)
    card = replace(small_card(), features=(seconds, kind, pasted))
    bands = Thresholds(Bands(0, 1000, 3000), certificate=certificate(card))
    laws = ruleset(scorecard=card, thresholds=bands)
    someone, known = scored(REJECT)
    assert decide(someone, known, laws).outcome is REJECT
    assert decide(replace(someone, form_pasted_fields="4"), known, laws).outcome is REVIEW  # type: ignore[arg-type]  # what a broken source sends


def test_points_of_rules_count_also_when_a_value_is_of_a_wrong_type() -> None:
    laws = replace(starter(), rules=(rule(points=300),))
    odd = lead(spf="fail", form_pasted_fields="4")
    with_rule, without = decide(odd, facts(), laws), decide(odd, facts(), replace(laws, rules=()))
    assert with_rule.score == without.score + 300


def test_a_broken_signal_also_takes_away_the_right_to_reject() -> None:
    laws = certified(rules=(rule("mail.spf == 'fail'", **SIGNED),))
    broken = lead(form_fill_seconds="text", spf="fail")
    assert decide(broken, facts(), laws).outcome is REVIEW


def test_a_rule_that_fails_does_not_fire_and_says_so() -> None:
    laws = certified(rules=(rule("net.asn * 9223372036854775807 > 5", points=900), rule(name="r2", **SIGNED)))
    someone, known = scored(ACCEPT)
    network = replace(known.network, asn=5) if known.network else None
    decision = decide(replace(someone, spf="fail"), replace(known, network=network), laws)
    assert "Not used: rule.r1 could not be worked out" in [reason.text for reason in decision.reasons]
    assert (decision.score, decision.outcome, decision.decided_by) == (-1000, REVIEW, "rule:r2")


@pytest.mark.parametrize(
    ("score", "expected"),
    [(0, 0.5), (1000, 0.7311), (-1000, 0.2689), (10**9, 0.99), (-(10**9), 0.01), (4595, 0.99), (-4596, 0.01)],
)
def test_probability_is_logistic_and_clamped(score: int, expected: float) -> None:
    assert probability(score) == expected


@given(st.integers(-4500, 4500))
def test_probability_follows_its_formula(score: int) -> None:
    assert probability(score) == pytest.approx(1 / (1 + exp(-score / 1000)), abs=5e-5)


def test_off_limits_lists_are_not_used() -> None:
    laws = certified(policy=Policy("Mia", off_limits=frozenset({"emails"})))
    decision = decide(*scored(ACCEPT, list_hits=(BLOCK,)), laws)
    assert (decision.outcome, decision.reasons) == (ACCEPT, ())


# ── The blind sample ──────────────────────────────────────────────────────────────────────────────

#: An id the lot falls on under the small scorecard, at the usual share.
DRAWN = "lead-37"


def blind(decision: Decision) -> bool:
    return BLIND_SAMPLE in [reason.code for reason in decision.reasons]


@pytest.mark.parametrize(
    ("speaks", "outcome", "decided_by", "sampled"),
    [
        ({}, REVIEW, "score", True),
        ({"rules": [rule(**SIGNED)]}, REVIEW, "rule:r1", True),
        ({"rules": [rule(outcome=TAG)]}, TAG, "rule:r1", False),
        ({"list_hits": (BLOCK,)}, REJECT, "list:b1", False),
        ({"list_hits": (replace(BLOCK, scopes=frozenset({Scope.MARKETING})),)}, REVIEW, "score", True),
        ({"list_hits": (ALLOW,)}, ACCEPT, "list:a1", False),
        ({"stops": [stop()]}, REJECT, "policy:s1", True),  # the stop is for sales only: marketing is by score
        ({"stops": [stop(scopes=EVERYWHERE)]}, REJECT, "policy:s1", False),
        ({"override": replace(OVERRIDE, outcome=REJECT)}, REJECT, "override", False),
        ({"is_customer": True}, REVIEW, "customer", False),
        ({"is_customer": None}, REVIEW, "score", False),
        ({"failed": ("lists",)}, REVIEW, "score", False),
        ({"paused": "the guard of conversions fired"}, REVIEW, "score", False),
    ],
)
def test_a_lot_gives_a_would_be_rejection_to_a_person(
    speaks: dict[str, object], outcome: Outcome, decided_by: str, sampled: bool
) -> None:
    speaks = dict(speaks)
    stops, rules = speaks.pop("stops", []), speaks.pop("rules", [])
    someone, known = scored(REJECT, **speaks)
    laws = certified(policy=Policy("Mia", hard_stops=tuple(stops)), rules=tuple(rules))  # type: ignore[arg-type]  # the table holds fitting types
    decision = decide(replace(someone, id=DRAWN, spf="fail", dmarc="fail"), known, laws)
    assert (decision.outcome, decision.decided_by, blind(decision)) == (outcome, decided_by, sampled)


def test_the_lot_falls_on_nobody_who_would_not_be_rejected() -> None:
    for band in (ACCEPT, TAG, REVIEW):
        someone, known = scored(band)
        decision = decide(replace(someone, id=DRAWN), known, certified())
        assert (decision.outcome, blind(decision)) == (band, False)
    someone, known = scored(REJECT)
    assert not blind(decide(replace(someone, id=DRAWN), known, ruleset()))  # not certified: a person decides anyway


def test_a_rule_is_sampled_also_where_the_score_does_not_ask_to_reject() -> None:
    someone, known = scored(ACCEPT)
    decision = decide(replace(someone, id=DRAWN, spf="fail"), known, certified(rules=(rule(**SIGNED),)))
    assert (decision.outcome, decision.decided_by, blind(decision)) == (REVIEW, "rule:r1", True)


def test_the_blind_sample_leaves_all_else_as_it_was() -> None:
    someone, known = scored(REJECT)
    drawn, other = decide(replace(someone, id=DRAWN), known, certified()), decide(someone, known, certified())
    assert (other.outcome, drawn.outcome, drawn.threshold_band) == (REJECT, REVIEW, REJECT)
    assert drawn.reasons[:-1] == other.reasons
    assert (drawn.score, drawn.codes, drawn.decided_by) == (other.score, other.codes, other.decided_by)
    assert {scope for scope, outcome in drawn.scopes.items() if outcome is not ACCEPT} == set(ACQUISITION_SCOPES)


def test_what_decided_does_not_tell_of_the_blind_sample() -> None:
    someone, known = scored(REJECT)
    said = deciding_reasons(decide(replace(someone, id=DRAWN), known, certified()))
    assert said == deciding_reasons(decide(someone, known, certified()))


def test_about_the_share_of_would_be_rejections_is_sampled() -> None:
    someone, known = scored(REJECT)
    laws = certified()
    found = [decide(replace(someone, id=f"lead-{number}"), known, laws) for number in range(3000)]
    assert sum(map(blind, found)) == pytest.approx(90, abs=28)
    assert all(decision.outcome is (REVIEW if blind(decision) else REJECT) for decision in found)


# ── Laws ──────────────────────────────────────────────────────────────────────────────────────────

RULESETS = st.sampled_from(
    [
        starter(),
        ruleset(),
        certified(),
        certified(
            policy=Policy("Mia", hard_stops=(stop(),)),
            rules=(rule(**SIGNED), rule("form.fill_seconds < 9.0", name="r2", points=800)),
        ),
    ]
)


@given(LEADS, FACTS, RULESETS)
def test_score_is_base_plus_the_points_of_the_reasons(someone: Lead, known: Facts, laws: Ruleset) -> None:
    decision = decide(someone, known, laws)
    assert decision.score == decision.base + sum(reason.points for reason in decision.reasons)


@given(LEADS, FACTS, RULESETS)
def test_a_decision_replays_to_the_same_value(someone: Lead, known: Facts, laws: Ruleset) -> None:
    assert decide(someone, known, laws) == decide(someone, known, laws)


MASKABLE = [
    "emails",
    "ip",
    "message",
    "form_fill_seconds",
    "phones",
    "country",
    "full_name",
    "device_id",
    "spf",
    "dmarc",
]


@given(LEADS, FACTS, st.sets(st.sampled_from(MASKABLE), min_size=1), st.booleans())
def test_masking_a_field_equals_its_absence(someone: Lead, known: Facts, fields: set[str], small: bool) -> None:
    off_limits = frozenset(fields)
    base = certified() if small else starter()
    laws = replace(base, policy=replace(base.policy, off_limits=off_limits))
    masked = decide(someone, known, laws)
    absent = decide(someone.masked(off_limits), without(known, off_limits), laws)
    assert masked == absent


def without(known: Facts, fields: frozenset[str]) -> Facts:
    """The facts of a lead that never had the fields."""
    hits = tuple(hit for hit in known.list_hits if KIND_FIELDS[hit.kind] not in fields)
    gone: dict[str, object] = {"list_hits": hits}
    if "emails" in fields:
        gone |= {"email": None, "name_similarity": None, "company_similarity": None}
    if "ip" in fields:
        gone["network"] = None
    if "phones" in fields:
        gone["phone"] = None
    return replace(known, **gone)  # type: ignore[arg-type]  # the fields of Facts named above


@given(LEADS, FACTS, RULESETS, st.data())
def test_unknown_never_moves_towards_reject(someone: Lead, known: Facts, laws: Ruleset, data: st.DataObject) -> None:
    """Not knowing a signal adds no point towards junk to what is known without it, in any bin or rule."""
    name = data.draw(st.sampled_from(laws.plan.names))
    decision = decide(someone, known, laws, assumed={name: None})
    assert all(reason.points <= 0 for reason in decision.reasons if reason.code == name)
    blind = decide(lead(), facts(), replace(laws, policy=Policy("Mia")))
    assert blind.outcome is ACCEPT
    assert blind.score <= blind.base


@given(LEADS, FACTS, st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 2000))
def test_raising_a_threshold_never_raises_severity(
    someone: Lead, known: Facts, tag: int, review: int, reject: int
) -> None:
    low = certified()
    bands = Bands(tag, max(tag, 1000 + review), max(tag, 3000 + reject, 1000 + review))
    high = replace(low, thresholds=replace(low.thresholds, bands=bands))
    before, after = decide(someone, known, low), decide(someone, known, high)
    assert all(after.scopes[scope] <= before.scopes[scope] for scope in Scope)


@given(LEADS, FACTS, RULESETS)
def test_an_allow_entry_for_the_person_is_never_rejected_by_a_machine(
    someone: Lead, known: Facts, laws: Ruleset
) -> None:
    allowed = replace(known, list_hits=(*known.list_hits, entry("allow", id="zz")), override=None)
    decision = decide(someone, allowed, replace(laws, policy=Policy("Mia")))
    assert decision.outcome is ACCEPT


@given(LEADS, FACTS, RULESETS)
def test_a_customer_is_never_locked_out(someone: Lead, known: Facts, laws: Ruleset) -> None:
    decision = decide(someone, replace(known, is_customer=True), replace(laws, policy=Policy("Mia")))
    assert all(decision.scopes[scope] is ACCEPT for scope in SERVICE_SCOPES)
    assert decision.scopes[Scope.SALES] < REJECT
    assert decision.scopes[Scope.MARKETING] < REJECT


@given(LEADS, FACTS)
def test_no_family_of_evidence_alone_reaches_reject(someone: Lead, known: Facts) -> None:
    laws = certified()
    decision = decide(someone, known, laws)
    bands = laws.thresholds.bands
    for family in laws.scorecard.families:
        own = sum(reason.points for reason in decision.reasons if reason.family == family)
        assert bands.band(laws.scorecard.base + own) < REJECT


@given(LEADS, FACTS)
def test_the_starter_ruleset_never_rejects_by_itself(someone: Lead, known: Facts) -> None:
    quiet = replace(known, list_hits=(), override=None)
    assert decide(someone, quiet, starter()).outcome < REJECT


@given(LEADS, FACTS, RULESETS)
def test_decide_touches_nothing_but_its_arguments(someone: Lead, known: Facts, laws: Ruleset) -> None:
    laws.plan, laws.hash, laws.scorecard_hash  # noqa: B018  # compiled before, as any caller does
    with purity_guard():
        assert isinstance(decide(someone, known, laws), Decision)
