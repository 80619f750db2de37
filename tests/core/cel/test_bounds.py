"""Every bound of a condition: what just fits runs, and one more is refused."""

import pytest

from winnow.core.cel import check, compile_conditions
from winnow.core.cel.limits import MAX_ITEMS, MAX_LITERAL, MAX_NESTING, MAX_NODES, MAX_SOURCE
from winnow.errors import InvalidRuleError

TYPES = {"a.i": int, "a.s": str, "a.p": bool}
VALUES = (7, "x" * MAX_LITERAL, True)


def holds(source):
    fired, skipped, failed = compile_conditions((check(source, TYPES),), tuple(TYPES))(VALUES)
    assert not skipped
    assert not failed
    return bool(fired)


def refused(source):
    with pytest.raises(InvalidRuleError) as caught:
        check(source, TYPES)
    return caught.value.what


def nested(levels):
    return "(" * levels + "a.p" + ")" * levels


@pytest.mark.parametrize(
    ("fits", "too_much", "what"),
    [
        (
            " " * (MAX_SOURCE - 3) + "a.p",
            " " * (MAX_SOURCE - 2) + "a.p",
            "the condition is too long (2,001 characters)",
        ),
        (nested(MAX_NESTING - 1), nested(MAX_NESTING), "the condition is nested more than 20 levels deep"),
        ("!" * 19 + "a.p", "!" * 20 + "a.p", "the condition is nested more than 20 levels deep"),
        ("a.p?a.p:" * 19 + "a.p", "a.p?a.p:" * 20 + "a.p", "the condition is nested more than 20 levels deep"),
        ("a.p||" * 99 + "!a.p", "a.p||" * 100 + "a.p", "the condition has more than 200 parts"),
        ("a.i+" * 98 + "a.i>1", "a.i+" * 99 + "a.i>1", "the condition has more than 200 parts"),
        (
            "a.i in [" + ",".join(map(str, range(MAX_ITEMS))) + "]",
            "a.i in [" + ",".join(map(str, range(MAX_ITEMS + 1))) + "]",
            "the list has 101 items",
        ),
        (
            f"a.s == '{'x' * MAX_LITERAL}'",
            f"a.s == '{'x' * (MAX_LITERAL + 1)}'",
            "the text in quotes is too long (501 characters)",
        ),
        (
            "a.s.matches('[ab]{390}')",
            "a.s.matches('[ab]{400}')",
            "the pattern `[ab]{400}` is too large (404 steps; 400 are allowed)",
        ),
        (
            "a.s.matches('[ab]{200}') || a.s.matches('[ab]{200}')",
            "a.s.matches('[ab]{390}') || a.s.matches('[ab]{390}')",
            "the condition may take 551 ms on a long text; 500 ms are allowed",
        ),
    ],
)
def test_what_just_fits_runs_and_one_more_is_refused(fits, too_much, what):
    assert holds(fits) in {True, False}
    assert refused(too_much) == what


def test_the_deepest_condition_compiles_and_runs():
    deepest = "(" * 19 + "+".join(["a.i"] * 60) + ")" * 18 + " > 1 && a.i * 2 % 3 == 2 || -a.i - 1 == 0 && a.p" + ")"
    assert holds(deepest)
    longest = "-(" * 8 + "a.i" + "+1" * 80 + ")" * 8 + " == 87"
    assert holds(longest)
    assert MAX_NODES == 200  # the two above come close to it


def test_every_extra_character_of_text_is_reckoned():
    costs = [
        check(source, TYPES).cost
        for source in ("a.i > 1", "a.s == 'x'", "a.s + a.s == 'x'", "a.s.contains('x')", "(a.s + a.s).contains('x')")
    ]
    assert costs == sorted(costs)
    assert check("(a.p ? a.s : 'x').contains('y')", TYPES).cost >= check("a.s.contains('y')", TYPES).cost
    assert check("'abc'.contains('b')", TYPES).cost < 1000
    assert check("a.i in [1, 2]", TYPES).cost < 1000
