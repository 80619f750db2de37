"""A plan measures what its ruleset reads and nothing else, and refuses parts that do not fit the signals."""

from dataclasses import replace

import pytest
from hypothesis import given

from tests.support.cases import FACTS, LEADS, certified, facts, lead, ruleset, small_card, starter
from winnow.core.declared import DeclaredSignal, Reading
from winnow.core.facts import Facts
from winnow.core.lead import Lead
from winnow.core.outcome import Outcome
from winnow.core.plan import by_name, kinds_of, planned
from winnow.core.policy import HardStop, Operator, Policy, PolicyValue
from winnow.core.rules import Rule
from winnow.core.scorecard import Bin, BinValue, CategoryFeature, NumericFeature, Scorecard
from winnow.core.signals.registry import BY_NAME, SIGNALS
from winnow.errors import InvalidRulesetError

ZERO = Bin(0, "")
RULE = Rule("r1", "mail.spf == 'fail' && text.links > 1", "t", "Mia", "w", outcome=Outcome.REVIEW)
POINTS = Rule("r2", "mail.spf == 'fail'", "t", "Mia", "w", points=300)


def stop(signal: str = "mail.dmarc", value: PolicyValue = "fail") -> HardStop:
    return HardStop("s1", signal, Operator.IS, value, Outcome.REVIEW, "held", "Mia")


def card(feature: NumericFeature | CategoryFeature) -> Scorecard:
    return Scorecard("c", -1, (feature,), {feature.signal.partition(".")[0]: 1}, "Mia")


def category(signal: str, *values: BinValue) -> CategoryFeature:
    return CategoryFeature(signal, values, (ZERO,) * len(values), ZERO, ZERO)


def test_what_the_parts_read_is_measured_in_the_order_of_the_registry():
    plan = planned(Policy(hard_stops=(stop(),)), [RULE, POINTS], small_card())
    read = {"form.fill_seconds", "net.ip_class", "mail.dmarc", "mail.spf", "text.links"}
    assert plan.names == tuple(signal.name for signal in SIGNALS if signal.name in read)
    assert plan.signals == tuple(map(BY_NAME.__getitem__, plan.names))
    assert all(plan.allowed)


def test_the_reason_of_a_rule_is_ready_before_it_fires():
    reasons = planned(Policy(), [RULE, POINTS], small_card()).rule_reasons
    assert [(each.code, each.family, each.points, each.text, each.source) for each in reasons] == [
        ("rule.r1", "rule", 0, "t", "rule:r1"),
        ("rule.r2", "mail", 300, "t", "rule:r2"),
    ]


def test_signals_over_fields_that_are_off_limits_are_never_computed():
    plan = planned(Policy(off_limits=frozenset({"ip", "message"})), [RULE], small_card())
    assert dict(zip(plan.names, plan.allowed, strict=True)) == {
        "form.fill_seconds": True,
        "mail.spf": True,
        "net.ip_class": False,
        "text.links": False,
    }
    odd = lead(message=7, form_fill_seconds=2.0)  # a message that would break every signal that reads it
    assert by_name(plan, plan.measure(odd, facts())) == {
        "form.fill_seconds": 2.0,
        "mail.spf": None,
        "net.ip_class": None,
        "text.links": None,
    }


def test_a_ruleset_that_reads_nothing_measures_nothing():
    plan = planned(Policy(), [], Scorecard("c", -1, (), {}, "Mia"))
    assert (plan.names, plan.measure(lead(), facts())) == ((), ())


@pytest.mark.parametrize("laws", [starter(), certified()], ids=["starter", "small"])
@given(LEADS, FACTS)
def test_measuring_is_asking_each_signal(laws, someone: Lead, known: Facts):
    plan = laws.plan
    assert plan.measure(someone, known) == tuple(signal.of(someone, known) for signal in plan.signals)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            {"scorecard": card(NumericFeature("form.seconds", (), (ZERO,), ZERO))},
            "scorecard.features[0].signal: `form.seconds` is not a signal; did you mean `form.fill_seconds`?",
        ),
        (
            {"scorecard": card(NumericFeature("zzz", (), (ZERO,), ZERO))},
            "scorecard.features[0].signal: `zzz` is not a signal; see docs/signals.md for those there are",
        ),
        (
            {"scorecard": card(NumericFeature("net.ip_class", (), (ZERO,), ZERO))},
            "scorecard.features[0].signal: signal `net.ip_class` is measured as str; give its bins `is` values",
        ),
        (
            {"scorecard": card(NumericFeature("form.honeypot", (), (ZERO,), ZERO))},
            "scorecard.features[0].signal: signal `form.honeypot` is measured as bool; give its bins `is` values",
        ),
        (
            {"scorecard": card(category("form.fill_seconds", 3))},
            "scorecard.features[0].signal: signal `form.fill_seconds` is measured as float; "
            "give its bins `below` limits",
        ),
        (
            {"scorecard": card(category("form.honeypot", True, "true"))},
            "scorecard.features[0]: signal `form.honeypot` is never `true`; give true or false",
        ),
        (
            {"scorecard": card(category("form.honeypot", 1))},
            "scorecard.features[0]: signal `form.honeypot` is never `1`; give true or false",
        ),
        (
            {"scorecard": card(category("net.ip_class", True))},
            "scorecard.features[0]: signal `net.ip_class` is never `True`; give a text in quotes",
        ),
        (
            {"policy": Policy(hard_stops=(stop("mail.dmark"),))},
            "policy.hard_stops[0].signal: `mail.dmark` is not a signal; did you mean `mail.dmarc`?",
        ),
        (
            {"policy": Policy(hard_stops=(stop(), replace(stop(value=True), id="s2")))},
            "policy.hard_stops[1].value: signal `mail.dmarc` is never `True`; give a text in quotes",
        ),
        (
            {"policy": Policy(hard_stops=(stop("text.links", "3"),))},
            "policy.hard_stops[0].value: signal `text.links` is never `3`; give a number",
        ),
        (
            {"policy": Policy(hard_stops=(stop("text.links", value=True),))},
            "policy.hard_stops[0].value: signal `text.links` is never `True`; give a number",
        ),
        (
            {"policy": Policy(hard_stops=(stop("form.honeypot", 1),))},
            "policy.hard_stops[0].value: signal `form.honeypot` is never `1`; give true or false",
        ),
        (
            {"rules": (RULE, replace(POINTS, id="r3", when="text.links > 1"))},
            "rules[1]: rule `r3` gives points in family `text`, which has no cap; add text under scorecard.caps",
        ),
    ],
)
def test_parts_that_do_not_fit_the_signals_are_refused(parts: dict[str, object], message: str):
    with pytest.raises(InvalidRulesetError) as caught:
        ruleset(**parts).plan  # noqa: B018  # compiled when first asked for
    assert str(caught.value) == message


def test_rules_are_checked_against_the_types_of_all_signals_the_declared_ones_included():
    own = DeclaredSignal("visits.count", "custom.visits", Reading.NUMBER, "visits")
    kinds = kinds_of([own])
    assert list(kinds) == [*BY_NAME, own.name]
    assert (kinds[own.name], kinds["form.honeypot"]) == (float, bool)
    with pytest.raises(InvalidRulesetError, match=r"signals\[1\]\.name: signal `visits\.count` is there twice"):
        kinds_of([own, own])


@pytest.mark.parametrize("value", [3, 2.5])
def test_a_number_may_be_compared_with_any_number(value: PolicyValue):
    both = (stop("text.links", value), replace(stop("form.fill_seconds", value), id="s2"))
    assert ruleset(policy=Policy(hard_stops=both)).plan.names[0] == "form.fill_seconds"
