"""One row, one oddity."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.outcome import Outcome
from winnow.core.rule_lint import Finding, lint, lint_rules
from winnow.core.rules import Rule, RuleExample

TYPES = {"form.honeypot": bool, "net.ip_class": str, "velocity.ip_hour": int, "velocity.ip_day": int}
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def sound(**changes):
    rule = Rule(
        id="r1",
        when="velocity.ip_hour > 5",
        text="many from one address",
        owner="ana",
        reason="flood in March",
        points=100,
        expires_at=NOW + timedelta(days=90),
        examples=(
            RuleExample({"velocity.ip_hour": 9}, fires=True),
            RuleExample({"velocity.ip_hour": 1}, fires=False),
        ),
    )
    return replace(rule, **changes)


def found(rule):
    return {finding.code: finding for finding in lint(rule, TYPES, NOW)}


def test_nothing_is_odd_about_a_sound_rule():
    assert lint(sound(), TYPES, NOW) == ()


@pytest.mark.parametrize(
    ("when", "codes"),
    [
        ("1 < 2", {"constant"}),
        ("true || false", {"constant"}),
        ("velocity.ip_hour > 5 || 1 < 2", {"constant-part"}),
        ("form.honeypot && !(2 < 1)", {"constant-part"}),
        ("'a' == 'b' ? form.honeypot : velocity.ip_hour > 5", {"constant-part"}),
        ("form.honeypot ? true : velocity.ip_hour > 5", set()),
        ("(velocity.ip_hour > 5) == true", set()),
        ("velocity.ip_hour / velocity.ip_day > 1", {"zero-division"}),
        ("velocity.ip_hour % (velocity.ip_day + 1) > 1", {"zero-division"}),
        ("velocity.ip_hour / 2 > 1", set()),
        ("net.ip_class.matches('[ab]{100}')", {"costly"}),
        ("net.ip_class.matches('[ab]{10}')", set()),
    ],
)
def test_conditions(when, codes):
    assert found(sound(when=when, examples=())).keys() == codes | {"no-examples"}


@pytest.mark.parametrize(
    ("when", "codes"),
    [
        ("has(net.ip_class) && net.ip_class == 'tor'", {"idle-has"}),
        ("has(net.ip_class) && form.honeypot", set()),
    ],
)
def test_asking_what_is_known(when, codes):
    assert found(sound(when=when, points=-100, examples=())).keys() == codes | {"no-examples"}


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"owner": ""}, "refused", "the rule has no owner"),
        (
            {"points": 0, "outcome": Outcome.REJECT, "signed_off_by": "ben"},
            "refused",
            "only a deterministic rule may reject",
        ),
        ({"when": "velocity.ip_huor > 5"}, "refused", "rule `r1`.when:1:1: there is no signal `velocity.ip_huor`"),
        ({"examples": sound().examples[:1]}, "one-sided-examples", "no example does not fire"),
        ({"examples": sound().examples[1:]}, "one-sided-examples", "no example fires"),
        ({"examples": ()}, "no-examples", "nothing shows what the rule is for"),
        ({"when": "velocity.ip_hour > 9"}, "example-fails", "example 1: the rule should fire, but it does not"),
        ({"expires_at": None}, "no-expiry", "the rule never expires"),
        ({"expires_at": NOW}, "expired", "the rule expired at 2026-11-01T00:00:00+00:00"),
        ({"expires_at": NOW + timedelta(days=13)}, "expires-soon", "the rule expires at 2026-11-14T00:00:00+00:00"),
        ({"when": "velocity.ip_hour > 5 || true"}, "constant-part", "the part at when:1:25 is always the same"),
        (
            {"when": "velocity.ip_hour / velocity.ip_hour == 1"},
            "zero-division",
            "the division at when:1:18 may be by zero",
        ),
    ],
)
def test_findings_say_what_and_where(changes, code, text):
    finding = found(sound(**changes))[code]
    assert finding.text == text
    assert finding.fix


def test_all_that_forbids_a_rule_is_told_at_once():
    findings = lint(sound(owner="", text="", when="nonsense"), TYPES, NOW)
    assert [finding.text for finding in findings] == ["the rule has no text", "the rule has no owner"]


def test_a_finding_reads_as_one_line():
    assert (
        str(Finding("r1", "no-expiry", "it never expires", "set one"))
        == "rule `r1`: no-expiry: it never expires; set one"
    )


def test_rules_that_repeat_each_other():
    rules = [
        sound(id="a"),
        sound(id="b", when=" velocity.ip_hour>5 // the same"),
        sound(id="c", when="velocity.ip_hour > 6"),
        sound(id="a", when="velocity.ip_hour > 7"),
        sound(id="d", when="nonsense"),
    ]
    findings = [str(finding) for finding in lint_rules(rules, TYPES, NOW) if finding.code != "refused"]
    assert findings == [
        "rule `a`: duplicate-id: 2 rules have this id; give each rule its own id",
        "rule `b`: same-condition: rule `a` has the same condition; keep one of the two",
    ]
