"""An explanation adds up, names what decided, and what it promises comes true."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import (
    FACTS,
    LEADS,
    NOTHING,
    NOW,
    certified,
    entry,
    facts,
    lead,
    ruleset,
    scored,
    small_card,
    starter,
)
from winnow.core.decide import decide
from winnow.core.explain import Counterfactual, counterfactuals, deciding_reasons, plain_words, waterfall
from winnow.core.facts import EmailFacts, Facts, NetworkFacts, Override
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.policy import HardStop, Operator, Policy
from winnow.core.rules import Rule
from winnow.core.ruleset import Ruleset
from winnow.core.scorecard import Bin, CategoryFeature, Feature, NumericFeature
from winnow.core.signals.registry import BY_NAME

ACCEPT, TAG, REVIEW, REJECT = Outcome
STOP = HardStop("s1", "mail.dmarc", Operator.IS, "fail", REVIEW, "forged", "Mia")
RULES = (
    Rule("r1", "mail.spf == 'fail'", "spf", "Mia", "test", outcome=REVIEW),
    Rule("r2", "mail.dkim == 'fail'", "dkim", "Mia", "test", points=900),
)
RULESETS = st.sampled_from([starter(), ruleset(), certified(), ruleset(rules=RULES)])


def steps(decision: Any) -> list[tuple[str, int, int]]:
    return [(step.reason.code, step.before, step.after) for step in waterfall(decision)]


def test_a_waterfall_leads_from_the_base_to_the_score_heaviest_first():
    someone, known = scored(REJECT)
    decision = decide(replace(someone, spf="fail", dkim="fail"), known, ruleset(rules=RULES))
    assert steps(decision) == [
        ("form.fill_seconds", -1000, 1000),
        ("net.ip_class", 1000, 3000),
        ("rule.r2", 3000, 3900),
    ]


def test_a_lead_without_evidence_has_no_waterfall():
    assert waterfall(decide(lead(), facts(), ruleset())) == ()


@given(LEADS, FACTS, RULESETS)
def test_a_waterfall_ends_at_the_score(someone: Lead, known: Facts, laws: Ruleset):
    decision = decide(someone, known, laws)
    found = waterfall(decision)
    assert [step.before for step in found[:1]] == [decision.base] * bool(found)
    assert (found[-1].after if found else decision.base) == decision.score
    assert all(one.after == other.before for one, other in pairwise(found))
    assert all(step.after - step.before == step.reason.points != 0 for step in found)
    assert [abs(step.reason.points) for step in found] == sorted(
        (abs(reason.points) for reason in decision.reasons if reason.points), reverse=True
    )


@pytest.mark.parametrize(
    ("band", "mail", "known", "codes"),
    [
        (ACCEPT, {}, {}, []),
        (TAG, {}, {}, ["form.fill_seconds"]),
        (REVIEW, {}, {}, ["form.fill_seconds"]),
        (REJECT, {}, {}, ["system.not_certified", "form.fill_seconds", "net.ip_class"]),
        (ACCEPT, {}, {"failed": ("history",)}, ["system.not_assessed"]),
        (REVIEW, {"spf": "fail"}, {}, ["rule.r1"]),
        (REVIEW, {"dkim": "fail"}, {}, ["form.fill_seconds", "rule.r2"]),
        (REVIEW, {"dmarc": "fail"}, {}, ["policy.s1"]),
        (ACCEPT, {}, {"list_hits": (entry(),)}, ["list.block"]),
        (REJECT, {}, {"list_hits": (entry("allow"), entry(kind="domain", id="e2"))}, ["list.allow"]),
        (ACCEPT, {}, {"list_hits": (entry(),), "is_customer": True}, ["customer.known"]),
        (REJECT, {}, {"override": Override(ACCEPT, "Bo", "knows them")}, ["override"]),
    ],
)
def test_what_decided_is_told(band: Outcome, mail: dict[str, str], known: dict[str, Any], codes: list[str]):
    laws = ruleset(rules=RULES, policy=Policy("Mia", hard_stops=(STOP,)))
    someone, looked_up = scored(band, **known)
    decision = decide(replace(someone, **{"dmarc": "pass", **mail}), looked_up, laws)  # type: ignore[arg-type]  # the table holds fitting types
    assert [reason.code for reason in deciding_reasons(decision)] == codes


def test_the_person_concerned_is_told_in_plain_words():
    laws = ruleset()
    quick = decide(lead(form_fill_seconds=1.0), facts(), laws)
    assert plain_words(quick, laws)[0] == "What counted: the time it took to fill in the form."
    kept = decide(lead(), facts(override=Override(Outcome.REVIEW, "mia", "because")), laws)
    assert plain_words(kept, laws) == ("A person decided about your message.",)
    twice = replace(quick, reasons=(quick.reasons[0], quick.reasons[0]))
    assert len(plain_words(twice, laws)) == 1
    foreign = replace(kept, decided_by="x", reasons=(replace(kept.reasons[0], code="n", source="x", text="as said"),))
    assert plain_words(foreign, laws) == ("as said",)


def test_for_an_accepted_lead_the_reasons_that_speak_for_it_are_told():
    decision = decide(*scored(ACCEPT), ruleset())
    genuine = decide(lead(form_fill_seconds=9.0), facts(network=network("residential")), ruleset())
    assert deciding_reasons(decision) == ()
    assert [(reason.code, reason.points) for reason in deciding_reasons(genuine)] == [
        ("form.fill_seconds", -300),
        ("net.ip_class", -200),
    ]


def yes(signal: str, points: int) -> CategoryFeature:
    return CategoryFeature(signal, (True, False), (Bin(points, "yes"), Bin(0, "no")), NOTHING, NOTHING)


def over(*features: Feature) -> Ruleset:
    families = {feature.signal.partition(".")[0] for feature in features}
    return ruleset(scorecard=replace(small_card(), features=features, caps=dict.fromkeys(families, 2000)))


def test_at_most_three_reasons_of_a_score_are_told():
    laws = over(yes("email.free", 300), yes("email.role", 400), yes("email.valid", 200), yes("form.honeypot", 500))
    email = EmailFacts(valid=True, free=True, role=True)
    decision = decide(lead(form_honeypot=True), facts(email=email), laws)
    assert decision.outcome is TAG
    assert [reason.code for reason in deciding_reasons(decision)] == ["form.honeypot", "email.role", "email.free"]


# ── What would have changed the outcome ──────────────────────────────────────────────────────────


def network(ip_class: str) -> NetworkFacts:
    return NetworkFacts("192.0.2.7", "192.0.2.0/24", ip_class)


def told(found: tuple[Counterfactual, ...]) -> list[tuple[str, dict[str, tuple[object, str]]]]:
    return [
        (each.outcome.word, {change.signal.name: (change.was, change.would_be) for change in each.changes})
        for each in found
    ]


SLOWER, HOME = (2.0, "3 or more"), ("hosting", "residential")


@pytest.mark.parametrize(
    ("band", "found"),
    [
        (ACCEPT, []),
        (TAG, [("accept", {"form.fill_seconds": SLOWER})]),
        (REVIEW, [("accept", {"form.fill_seconds": SLOWER})]),
        (
            REJECT,
            [
                ("accept", {"form.fill_seconds": SLOWER, "net.ip_class": HOME}),
                ("tag", {"form.fill_seconds": SLOWER}),
                ("tag", {"net.ip_class": HOME}),
            ],
        ),
    ],
)
def test_the_fewest_changes_that_lead_to_each_milder_outcome(band: Outcome, found: list[object]):
    assert told(counterfactuals(*scored(band), certified())) == found


@pytest.mark.parametrize(
    "known",
    [
        {"override": Override(REJECT, "Bo", "knows them")},
        {"list_hits": (entry(),)},
        {"failed": ("history",)},
    ],
)
def test_where_nothing_the_person_does_matters_no_change_is_promised(known: dict[str, Any]):
    assert counterfactuals(*scored(REVIEW, **known), certified()) == ()


def test_what_the_policy_forbids_to_look_at_is_no_change():
    laws = certified(policy=Policy("Mia", frozenset({"ip"})))
    assert told(counterfactuals(*scored(REJECT), laws)) == [("accept", {"form.fill_seconds": SLOWER})]


def test_what_the_person_cannot_change_is_no_change():
    assert not BY_NAME["customer.known"].mutable
    laws = over(yes("customer.known", 900), yes("form.honeypot", 800))
    found = counterfactuals(lead(form_honeypot=True), facts(is_customer=True), laws)
    assert told(found) == [("accept", {"form.honeypot": (True, "no")})]


@pytest.mark.parametrize(
    ("cuts", "points", "was", "would_be"),
    [
        ((2, 5), (0, 1500, 900), 3, "under 2"),
        ((2, 5), (1500, 0, 900), 1, "2 to under 5"),
        ((2, 5), (1500, 900, 0), 1, "5 or more"),
        ((2.5,), (1500, 0), 2, "2.5 or more"),
        ((0,), (0, 1500), 3, "under 0"),
        ((), (1500,), 3, None),
    ],
)
def test_a_number_is_moved_into_its_mildest_bin(
    cuts: tuple[float, ...], points: tuple[int, ...], was: int, would_be: str
):
    bins = tuple(Bin(each, "bin") for each in points)
    laws = over(NumericFeature("form.pasted_fields", cuts, bins, NOTHING))
    found = counterfactuals(lead(form_pasted_fields=was), facts(), laws)
    assert told(found) == ([("accept", {"form.pasted_fields": (was, would_be)})] if would_be else [])


def fitting(words: str, kind: type) -> list[object]:
    """Values that the words of a change allow."""
    if kind is bool:
        return [words == "yes"]
    if kind is str:
        return [words]
    low, _, high = words.replace(" or more", " to under ").rpartition("under ")
    least = kind(float(low.removesuffix(" to "))) if low else None
    most = float(high) - (1 if kind is int else 1e-6) if high else None
    return [kind(each) for each in (least, most) if each is not None]


@given(LEADS, FACTS, RULESETS)
def test_every_promise_comes_true_when_decided_again(someone: Lead, known: Facts, laws: Ruleset):
    before = decide(someone, known, laws)
    for each in counterfactuals(someone, known, laws):
        assert each.outcome < before.outcome
        assert 1 <= len(each.changes) <= 4
        assert all(change.signal.mutable for change in each.changes)
        for end in (0, -1):
            values: dict[str, Any] = {
                change.signal.name: fitting(change.would_be, change.signal.kind)[end] for change in each.changes
            }
            assert decide(someone, known, laws, assumed=values).outcome is each.outcome


@given(LEADS, FACTS, RULESETS)
def test_no_change_in_a_promise_is_idle(someone: Lead, known: Facts, laws: Ruleset):
    for each in counterfactuals(someone, known, laws):
        for spared in each.changes:
            kept = [change for change in each.changes if change is not spared]
            values: dict[str, Any] = {
                change.signal.name: fitting(change.would_be, change.signal.kind)[0] for change in kept
            }
            assert decide(someone, known, laws, assumed=values).outcome > each.outcome


def test_a_promise_holds_for_a_lead_that_is_really_sent_again():
    someone, known = scored(REJECT)
    best = counterfactuals(someone, known, certified())[0]
    assert best.outcome is ACCEPT
    again = decide(replace(someone, form_fill_seconds=3.0), facts(network=network("residential"), now=NOW), certified())
    assert again.outcome is ACCEPT
