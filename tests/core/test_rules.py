"""Rules as data, and a rule book in use."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import hypothesis.strategies as st
import pytest
from hypothesis import given

from winnow.core.outcome import ACQUISITION_SCOPES, Outcome, Scope
from winnow.core.rules import MAX_RULES, Rule, RuleBook, RuleExample, RuleResult, failing_examples
from winnow.errors import InvalidRuleError, InvalidRulesetError

TYPES = {"form.fill_seconds": float, "form.honeypot": bool, "net.ip_class": str, "velocity.ip_hour": int}
NAMES = tuple(TYPES)
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def rule(when="form.honeypot", **changes):
    plain = Rule(id="r1", when=when, text="hidden field filled", owner="ana", reason="bots", points=100)
    return replace(plain, **changes)


def book(*rules):
    return RuleBook(rules, NAMES, TYPES)


def values(**known):
    return tuple(known.get(name.partition(".")[2]) for name in NAMES)


def test_each_rule_fires_is_skipped_or_fails_for_itself():
    rules = book(
        rule("form.honeypot", id="a"),
        rule("form.fill_seconds < 3", id="b"),
        rule("velocity.ip_hour / (velocity.ip_hour - 2) > 0", id="c"),
        rule("net.ip_class in ['tor', 'vpn']", id="d"),
        rule("!has(form.fill_seconds)", id="e", points=-100),
    )
    assert rules.evaluate(values(honeypot=True, ip_hour=2, ip_class="tor"), NOW) == RuleResult((0, 3, 4), (1,), (2,))
    assert rules.evaluate(values(honeypot=False, ip_hour=3, fill_seconds=2.5), NOW) == RuleResult((1, 2), (3,), ())
    assert rules.evaluate(values(), NOW) == RuleResult((4,), (0, 1, 2, 3), ())
    assert rules.reads == set(NAMES)


def test_a_book_without_rules():
    empty = book()
    assert empty.evaluate(values(honeypot=True), NOW) == RuleResult((), (), ())
    assert empty.reads == set()


@pytest.mark.parametrize(
    ("expires_at", "applies"),
    [
        (None, True),
        (NOW + timedelta(seconds=1), True),
        (NOW, False),
        (NOW - timedelta(days=1), False),
        (datetime(2026, 11, 1, 2, tzinfo=timezone(timedelta(hours=2))), False),
        (datetime(2026, 11, 1, 2, tzinfo=timezone(timedelta(hours=1))), True),
    ],
)
def test_an_expired_rule_neither_fires_nor_is_skipped(expires_at, applies):
    rules = book(
        rule(id="stays"),
        rule(id="ends", expires_at=expires_at),
        rule(id="later", expires_at=NOW + timedelta(days=9)),
        rule("velocity.ip_hour / 1 > 0", id="ends-too", expires_at=expires_at),
    )
    assert rules.rules[1].expired(NOW) is not applies
    middle = (1,) if applies else ()
    assert rules.evaluate(values(honeypot=True), NOW) == RuleResult((0, *middle, 2), (3,) if applies else (), ())


@pytest.mark.parametrize(
    ("when", "family"),
    [
        ("form.honeypot", "form"),
        ("form.honeypot && form.fill_seconds < 3", "form"),
        ("form.honeypot && net.ip_class == 'tor'", "rule"),
        ("form.honeypot && !has(net.ip_class)", "rule"),
        ("1 < 2", "rule"),
    ],
)
def test_points_count_in_the_family_of_the_signals(when, family):
    given = rule(when, points=-100)
    assert book(given).rules[0].family == family
    assert book(replace(given, family=family)).rules[0].family == family
    assert book(given).rules[0] == replace(given, family=family)


@pytest.mark.parametrize("effect", [{"points": 1}, {"points": 0, "outcome": Outcome.TAG}])
@pytest.mark.parametrize("when", ["has(form.fill_seconds)", "form.honeypot && !has(form.fill_seconds)"])
def test_not_knowing_cannot_count_against_a_lead(when, effect):
    with pytest.raises(InvalidRuleError, match="so not knowing could count against a lead; leave `has` out"):
        book(rule(when, **effect))


def test_no_other_family_can_be_chosen():
    with pytest.raises(
        InvalidRuleError, match=r"^rules\[0\]\.family: .*`net`, so its points cannot be; .* then `form`$"
    ):
        book(rule(family="net"))


REJECT = {"points": 0, "outcome": Outcome.REJECT, "deterministic": True, "signed_off_by": "ben"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"points": -100},
        {"id": "0-a_b" + "x" * 59},
        {"points": 0, "outcome": Outcome.TAG},
        {"points": 0, "outcome": Outcome.REVIEW, "scopes": frozenset({Scope.SUPPORT})},
        REJECT,
        {"daily_cap": 1},
        {"expires_at": NOW},
    ],
)
def test_accepted(changes):
    assert book(rule(**changes)).conditions[0].reads == {"form.honeypot"}


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ({"id": ""}, "id", "cannot be the id of a rule"),
        ({"id": "A"}, "id", "cannot be the id of a rule"),
        ({"id": "-a"}, "id", "cannot be the id of a rule"),
        ({"id": "a b"}, "id", "cannot be the id of a rule"),
        ({"id": "a\n"}, "id", r"`a\\u000a` cannot be the id of a rule"),
        ({"id": "x" * 65}, "id", "cannot be the id of a rule"),
        ({"text": " "}, "text", "the rule has no text"),
        ({"owner": ""}, "owner", "the rule has no owner"),
        ({"reason": "\n"}, "reason", "the rule has no reason"),
        ({"points": 0}, "points", "either points or an outcome"),
        ({"outcome": Outcome.TAG}, "points", "either points or an outcome"),
        ({"points": 0, "outcome": Outcome.ACCEPT}, "outcome", "a rule cannot accept"),
        ({"scopes": frozenset()}, "scopes", "applies nowhere"),
        (REJECT | {"deterministic": False}, "deterministic", "only a deterministic rule may reject"),
        (REJECT | {"signed_off_by": None}, "signed_off_by", "a second person must sign off"),
        (REJECT | {"signed_off_by": " "}, "signed_off_by", "a second person must sign off"),
        (REJECT | {"signed_off_by": " Ana "}, "signed_off_by", "a second person must sign off"),
        (REJECT | {"scopes": ACQUISITION_SCOPES | {Scope.PORTAL}}, "scopes", "cannot close what serves customers"),
        ({"expires_at": datetime(2026, 1, 1)}, "expires_at", "no time zone"),  # noqa: DTZ001  # what is refused
        ({"daily_cap": 0}, "daily_cap", "never lets the rule act"),
        ({"when": "form.honeypot > 1"}, "when:1:15", "cannot take a bool and an int"),
    ],
)
def test_refused(changes, where, what):
    with pytest.raises(InvalidRuleError, match=what) as caught:
        book(rule(id="first"), rule(**changes))
    assert str(caught.value.where) == f"rules[1].{where}"
    assert caught.value.fix


def test_two_rules_cannot_share_an_id():
    with pytest.raises(InvalidRulesetError, match=r"^rules\[2\]\.id: a second rule has the id `a`; "):
        book(rule(id="a"), rule(id="b"), rule(id="a"))


def test_there_is_a_greatest_number_of_rules():
    with pytest.raises(InvalidRulesetError, match=r"^rules: 2,001 rules are too many; "):
        book(*[rule()] * (MAX_RULES + 1))


def test_signals_not_given_to_the_book_cannot_be_read():
    with pytest.raises(InvalidRuleError, match=r"there is no signal `net\.ip_class`"):
        RuleBook([rule("net.ip_class == 'tor'")], ("form.honeypot",), TYPES)


# ── Examples ──

QUICK = "form.fill_seconds < 3 && velocity.ip_hour / velocity.ip_hour == 1"


def example(fires, **known):
    return RuleExample({f"{'velocity' if name == 'ip_hour' else 'form'}.{name}": known[name] for name in known}, fires)


@pytest.mark.parametrize(
    ("case", "failure"),
    [
        (example(True, fill_seconds=2.5, ip_hour=1), None),
        (example(True, fill_seconds=2, ip_hour=1), None),
        (example(False, fill_seconds=3.0, ip_hour=1), None),
        (example(False, fill_seconds=2.0), None),
        (example(False), None),
        (example(False, fill_seconds=2.0, ip_hour=0), None),
        (example(False, fill_seconds=2.0, ip_hour=1), "the rule should not fire, but it does"),
        (example(True, fill_seconds=3.0, ip_hour=1), "the rule should fire, but it does not"),
        (example(True, fill_seconds=2.0, ip_hour=0), "the rule should fire, but it fails"),
        (example(True, fill_seconds=2.0), "the rule should fire, but the example leaves out a signal it reads"),
    ],
)
def test_examples_must_hold(case, failure):
    good = example(True, fill_seconds=1.0, ip_hour=1)
    tried = rule(QUICK, examples=(good, case))
    if failure is None:
        assert failing_examples(tried, TYPES) == ()
        assert book(rule(id="other"), tried).rules[1].examples == (good, case)
        return
    assert failing_examples(tried, TYPES) == (f"example 2: {failure}",)
    with pytest.raises(InvalidRuleError) as caught:
        book(rule(id="other"), tried)
    assert str(caught.value) == f"rules[1].examples[1]: {failure}; correct the condition or the example"


@pytest.mark.parametrize(
    ("known", "what"),
    [
        (
            {"form.honeypot": True},
            r"the rule does not read `form\.honeypot`; name only `form.fill_seconds`, `velocity.ip_hour`",
        ),
        ({"nope": 1}, "the rule does not read `nope`"),
        ({"velocity.ip_hour": 1.0}, r"`velocity\.ip_hour` is never `1\.0`; give it a value of type int"),
        ({"velocity.ip_hour": True}, "`velocity.ip_hour` is never `True`; give it a value of type int"),
        ({"form.fill_seconds": "3"}, "`form.fill_seconds` is never `3`; give it a value of type double"),
        ({"form.fill_seconds": False}, "`form.fill_seconds` is never `False`; give it a value of type double"),
    ],
)
def test_examples_must_fit_the_rule(known, what):
    with pytest.raises(InvalidRuleError, match=what):
        book(rule(QUICK, examples=(RuleExample(known, fires=False),)))


def test_a_rule_without_signals_takes_no_values():
    with pytest.raises(InvalidRuleError, match="name only no signal at all"):
        book(rule("1 < 2", examples=(RuleExample({"form.honeypot": True}, fires=True),)))


# ── Laws ──

CONDITIONS = (
    "form.honeypot",
    "form.fill_seconds < 3",
    "form.fill_seconds / 2.0 > 1.0 || form.honeypot",
    "net.ip_class in ['tor', 'vpn'] && velocity.ip_hour > 2",
    "velocity.ip_hour % velocity.ip_hour == 0",
    "has(net.ip_class) || velocity.ip_hour * 9223372036854775807 < 0",
    "net.ip_class.matches('^[a-z]+$')",
)
ROWS = st.tuples(
    st.none() | st.floats(0, 9),
    st.none() | st.booleans(),
    st.none() | st.sampled_from(["tor", "vpn", "Mobile", ""]),
    st.none() | st.integers(0, 4),
)


@given(st.lists(st.sampled_from(CONDITIONS), max_size=12), ROWS)
def test_a_book_answers_as_each_rule_by_itself(whens, row):
    together = book(*(rule(when, id=f"r{index}", points=-100) for index, when in enumerate(whens))).evaluate(row, NOW)
    for index, when in enumerate(whens):
        alone = book(rule(when, points=-100)).evaluate(row, NOW)
        assert RuleResult(*(((0,) if index in found else ()) for found in together)) == alone


@given(st.lists(st.sampled_from(CONDITIONS), max_size=5), ROWS)
def test_a_book_sent_to_another_process_answers_the_same(whens, row):
    rules = book(*(rule(when, id=f"r{index}", points=-100, expires_at=NOW) for index, when in enumerate(whens)))
    again = pickle.loads(pickle.dumps(rules))
    earlier = NOW - timedelta(seconds=1)
    assert again.rules == rules.rules
    assert again.evaluate(row, NOW) == rules.evaluate(row, NOW) == RuleResult((), (), ())
    assert again.evaluate(row, earlier) == rules.evaluate(row, earlier)


def test_evaluation_touches_nothing_but_its_arguments(purity_guard):
    rules = book(*(rule(when, id=f"r{index}", points=-100) for index, when in enumerate(CONDITIONS)))
    row = (2.5, True, "tor", 3)
    rules.evaluate(row, NOW)
    with purity_guard():
        assert rules.evaluate(row, NOW).fired == (0, 1, 2, 3, 4, 5, 6)
