"""What conditions mean: one row, one condition and its answer on fixed values."""

import re
from typing import Any

import pytest
from hypothesis import given

from tests.support.conditions import TYPES as DRAWN
from tests.support.conditions import conditions
from winnow.core.cel import check, compile_conditions
from winnow.core.cel.compile import generated_text
from winnow.core.cel.limits import INT_MAX, INT_MIN
from winnow.errors import InvalidRuleError

VALUES = {
    "n.five": 5,
    "n.minus": -7,
    "n.zero": 0,
    "n.most": INT_MAX,
    "n.least": INT_MIN,
    "d.half": 2.5,
    "d.zero": 0.0,
    "d.minus_zero": -0.0,
    "d.huge": 1e300,
    "s.text": "Héllo 😀",
    "s.empty": "",
    "s.broken": "a\ud800b",
    "b.yes": True,
    "b.no": False,
}
TYPES: dict[str, Any] = {name: type(value) for name, value in VALUES.items()} | {
    "u.int": int,
    "u.text": str,
    "u.flag": bool,
}
NAMES = tuple(TYPES)


def ask(source, **changes):
    evaluate = compile_conditions((check(source, TYPES),), NAMES)
    fired, skipped, failed = evaluate([(VALUES | changes).get(name) for name in NAMES])
    assert len(fired) + len(skipped) + len(failed) <= 1
    return "skipped" if skipped else "failed" if failed else bool(fired)


HOLDS = [
    # literals
    "0x1F == 31 && -0x1f == -31 && 007 == 7",
    "1e3 == 1000.0 && .5 == 0.5 && 1.5e-3 == 0.0015 && 1E+2 == 100.0",
    "n.most == 9223372036854775807 && n.least == -9223372036854775808",
    r"'\x41\u00e9\U0001F600\101' == 'Aé😀A'",
    r"""'\a\b\f\n\r\t\v\\\'\"\?\`'.size() == 12""",
    r"""r'\d' == '\\d' && R"\n".size() == 2 && "it's" == 'it\'s'""",
    "'''a'b\nc''' == 'a\\'b\\nc' && \"\"\"say \"hi\" \"\"\" == 'say \"hi\" ' && r'''\\''' == '\\\\'",
    "true // a comment ends with its line\n && !false",
    # comparison
    "n.five == 5 && 5 == n.five && n.five != 6 && n.five > 4 && n.five <= 5",
    "n.five < 5.5 && 5.0 == n.five && d.half > 2 && d.half >= n.zero",
    "n.most == 9223372036854775808.0",  # an int beside a double is compared as a double
    "'Z' < 'a' && '\uffff' < '😀' && s.empty < s.text",
    "b.yes == !b.no && b.yes != b.no",
    "1 < 2 == true",
    "d.zero == d.minus_zero && 0 == -0",
    "n.five in [1, 5] && !(n.five in [1]) && d.half in [1, 2.5] && 2.0 in [2] && b.no in [false]",
    "s.text in ['a', 'Héllo 😀'] && (n.five in [5]) == true",
    # arithmetic
    "n.minus / 2 == -3 && n.minus % 3 == -1 && 7 / -2 == -3 && 7 % -2 == 1 && -7 / -2 == 3",
    "1 - 2 - 3 == -4 && 2 - -1 == 3 && 2--1 == 3 && 8 / 4 / 2 == 1 && 2 + 3 * 4 == 14 && (2 + 3) * 4 == 20",
    "-n.five + 3 == -2 && - n.five == -5 && -(-n.five) == 5",
    "d.half * 2.0 == 5.0 && -d.half < 0.0 && d.half / 2.0 == 1.25 && 0.1 + 0.2 != 0.3 && d.half - 0.5 == 2.0",
    "'a' + 'b' == 'ab' && (s.empty + 'x').size() == 1",
    "int(2.9) == 2 && int(-2.9) == -2 && int(n.five) == 5 && double(n.five) / 2.0 == 2.5 && double(d.half) == 2.5",
    # doubles divide by zero as IEEE 754 says
    "d.half / d.zero > 1e308 && d.half / d.minus_zero < -1e308 && -d.half / d.zero < 0.0",
    "d.zero / d.zero != d.zero / d.zero && !(d.zero / d.zero == 1.0) && !(d.zero / d.zero < 1.0)",
    "d.huge * d.huge / d.zero > d.huge && (d.huge * d.huge - d.huge * d.huge) / d.zero != 0.0",
    # texts
    "s.text.startsWith('Hé') && s.text.endsWith('😀') && s.text.contains('llo') && s.text.contains('')",
    "s.text.size() == 7 && size(s.text) == 7 && 'x'.size() == 1 && size(s.empty) == 0",
    "s.text.matches('l+') && !s.text.matches('^l') && s.text.matches('(?i)^hÉLLO') && s.text.matches(r'\\s')",
    "s.text.matches('') && s.empty.matches('^$') && s.text.matches('o .$')",
    # logic
    "b.yes ? n.five == 5 : n.five == 6",
    "b.no ? false : b.no ? false : true",
    "(b.no ? 1 : 2) == 2 && (b.yes ? 'a' : 'b') == 'a'",
    "b.no || b.no || b.yes",
    "b.yes || b.no && b.no",
    "!(b.yes && b.no) && !b.no && !!b.yes",
    # known or not
    "has(n.five) && !has(u.int) && !has(u.text)",
    "has(u.int) || b.yes",
    " b . yes\t\r\n\f",
]


@pytest.mark.parametrize("source", HOLDS)
def test_holds(source):
    assert ask(source) is True


@pytest.mark.parametrize("source", HOLDS)
def test_the_opposite_does_not_hold(source):
    assert ask(f"!({source}\n)") is False


FAILS = [
    "n.most + 1 > 0",
    "n.least - 1 < 0",
    "n.most * 2 > 0",
    "-n.least > 0",
    "-(-9223372036854775808) > 0",
    "n.five / n.zero == 0",
    "n.five % n.zero == 0",
    "n.least / -1 > 0",
    "n.least % -1 == 0",
    "int(d.huge) > 0",
    "int(d.zero / d.zero) == 0",
    "int(9223372036854775808.0) > 0",
    "int(-9223372036854775808.0) < 0",
    "n.five / n.zero == 0 ? true : true",
    "!(n.five / n.zero == 0)",
    "(n.five / n.zero) in [1]",
    "n.five / n.zero > 1 || n.five / n.zero < 1",
    "n.five / n.zero > 1 && n.five % n.zero < 1",
    "n.five / n.zero > 1 || b.no",
    "n.five / n.zero > 1 && b.yes",
]


@pytest.mark.parametrize("source", FAILS)
def test_fails(source):
    assert ask(source) == "failed"


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("n.five / n.zero > 1 || b.yes", True),
        ("b.yes || n.five / n.zero > 1", True),
        ("n.five / n.zero > 1 && b.no", False),
        ("n.five / n.zero > 1 || n.most + 1 > 0 || n.five + 1 == 6", True),
        ("n.five / n.zero > 1 && n.five + 1 == 7 && n.most + 1 > 0", False),
        ("n.five + 1 == 7 || n.five + 1 == 8", False),
        ("n.five + 1 == 6 && n.five + 2 == 7", True),
        ("(n.five / n.zero > 1 || (has(u.int) || n.five + 1 == 6) || n.five / n.zero < 1) && b.yes", True),
        ("b.no ? n.five / n.zero == 0 : true", True),
        ("n.five / 2 == 2 || n.five / n.zero == 0", True),
    ],
)
def test_a_failure_does_not_matter_where_another_part_settles_it(source, answer):
    assert ask(source) is answer


@pytest.mark.parametrize(
    "source",
    [
        "u.int > 3",
        "u.flag",
        "b.yes || u.flag",
        "b.yes ? true : u.flag",
        "has(u.int) && u.int > 3",
        "!has(u.int) || u.int > 3",
        "n.five / n.zero == u.int",
        "u.text.matches('a')",
        "u.text in ['a']",
    ],
)
def test_a_condition_that_needs_an_unknown_signal_is_skipped(source):
    assert ask(source) == "skipped"
    assert ask(source, **{"u.int": 4, "u.text": "a", "u.flag": True}) != "skipped"


def test_reads_are_what_must_be_known_and_mentions_are_all():
    condition = check("has(u.int) && n.five > 3 || s.text in ['a'] || n.five < 0", TYPES)
    assert condition.reads == {"n.five", "s.text"}
    assert condition.mentions == {"n.five", "s.text", "u.int"}
    assert check("true", TYPES).mentions == set()


@pytest.mark.parametrize("source", ["s.broken.matches('^ab$')", "s.broken.matches('x')", "s.broken == 'ab'"])
def test_half_a_character_breaks_nothing(source):
    assert ask(source) is False
    assert ask("s.broken.matches('^a.b$') && s.broken.size() == 3 && s.broken > s.empty") is True


@pytest.mark.parametrize(
    "source", ["n.five + 1 > 2", "s.text.startsWith('a')", "s.text.matches('a')", "d.half * 2.0 > 0.0"]
)
def test_a_value_of_another_type_than_declared_fails_only_its_rule(source):
    wrong = {"n.five": "x", "s.text": 3, "d.half": []}
    assert ask(source, **wrong) == "failed"
    assert ask("n.zero == 0", **wrong) is True


def test_many_conditions_are_told_apart():
    sources = ["b.yes", "u.flag", "b.no", "n.five / n.zero == 1", "n.five == 5", "true"]
    evaluate = compile_conditions([check(source, TYPES) for source in sources], NAMES)
    assert evaluate([VALUES.get(name) for name in NAMES]) == ((0, 4, 5), (1,), (3,))


def test_no_condition_and_no_signal():
    assert compile_conditions((), ())(()) == ((), (), ())
    assert compile_conditions((check("1 < 2", {}),), ())(()) == ((0,), (), ())


@pytest.mark.parametrize("values", [(), (1,) * 99])
def test_too_few_or_too_many_values_are_the_callers_mistake(values):
    evaluate = compile_conditions((check("b.yes", TYPES),), NAMES)
    with pytest.raises(ValueError, match="values to unpack"):
        evaluate(values)


WORDS = (
    r"def evaluate\(v\):| fired, skipped, failed = \[\], \[\], \[\]"
    r"| return tuple\(fired\), tuple\(skipped\), tuple\(failed\)"
    r"| if | else:|  try:|   if |: (?:fired|skipped)\.append\(\d+\)|  except Exception: failed\.append\(\d+\)"
    r"| ?s\d+|k\d+|v\[\d+\]|= v|lambda v: |settled\((?:True|False), v"
    r"|(?:exact|quotient|ratio|remainder|whole|len|float)\("
    r"|\.startswith\(|\.endswith\(|\.encode\(\"utf-8\", \"surrogatepass\"\)"
    r"|\(True\)|\(False\)|False|\(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\)"
    r"| (?:==|!=|<|<=|>|>=|\+|-|\*|and|or|is not|is|in|if|else) |None|\(not |\(-|-|[(),\n]|, "
)


@given(conditions(depth=4))
def test_generated_text_holds_nothing_but_known_words_and_numbers(case):
    try:
        text = generated_text((check(case.text, DRAWN),), tuple(DRAWN))
    except InvalidRuleError:
        return
    assert re.fullmatch(f"(?:{WORDS})*", text), text
