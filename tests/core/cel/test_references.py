"""Every condition Winnow accepts means what three independent implementations of CEL say it means.

The C++ implementation of the CEL project itself must agree always. The other two are asked wherever they do not
differ from it in a way that is known and named here.
"""

from contextlib import suppress
from functools import cache
from typing import Any

import cel as rust
import celpy
import hypothesis.strategies as st
from cel_expr_python import cel as cpp
from celpy.adapter import json_to_cel
from hypothesis import given, reject, settings

from tests.support.conditions import TYPES, VALUES, conditions
from winnow.core.cel import check, compile_conditions
from winnow.errors import InvalidRuleError

NAMES = tuple(TYPES)
MANY = 5 * (settings.default or settings()).max_examples  # all else rests on what this test shows
_KNOWN = {name: VALUES[kind] for name, kind in TYPES.items()}
ROWS = st.fixed_dictionaries(_KNOWN) | st.fixed_dictionaries(
    {name: known | st.none() for name, known in _KNOWN.items()}
)


def nested(values):
    """{"a.i": 1} as CEL sees it: a map for each family, without what is unknown."""
    maps: dict[str, dict[str, Any]] = {"a": {}, "b": {}}
    for name, value in values.items():
        if value is not None:
            family, _, key = name.partition(".")
            maps[family][key] = value
    return maps


@cache
def winnow_program(text):
    return compile_conditions((check(text, TYPES),), NAMES)


def ask_winnow(text, values):
    fired, skipped, failed = winnow_program(text)([values[name] for name in NAMES])
    return "skipped" if skipped else "failed" if failed else bool(fired)


_MAPS = cpp.NewEnv(variables=dict.fromkeys("ab", cpp.Type.Map(cpp.Type.STRING, cpp.Type.DYN)))


@cache
def cpp_program(text):
    return _MAPS.compile(text, disable_check=True)  # the check would refuse a literal int beside a literal double


def ask_cpp(text, values):
    try:
        answer = cpp_program(text).eval(data=nested(values)).plain_value()
    except RuntimeError:
        return "failed"
    return answer if isinstance(answer, bool) else "failed"


def ask_rust(text, values):
    try:
        return rust.evaluate(text, nested(values))
    except (ArithmeticError, RuntimeError, TypeError):
        return "failed"


_CELPY = celpy.Environment()


@cache
def celpy_program(text):
    return _CELPY.program(_CELPY.compile(text))


def ask_celpy(text, values):
    try:
        return bool(celpy_program(text).evaluate({name: json_to_cel(value) for name, value in nested(values).items()}))
    except celpy.CELEvalError:
        return "failed"


def divides_doubles(condition):
    return any(term.op == "/" and term.kind is float for term in condition.root.walk())


def rust_differs(condition, values, answer):
    """Where the Rust implementation has another opinion than the rest.

    It counts bytes where CEL counts characters, cannot compare with not-a-number, and the smallest int negated
    is itself.
    """
    ops = {term.op for term in condition.root.walk()}
    letters = condition.source + "".join(each for each in values.values() if isinstance(each, str))
    return (
        ("size" in ops and not letters.isascii())
        or divides_doubles(condition)
        or ("negate" in ops and answer == "failed")
    )


def celpy_differs(condition, answer):
    """Where cel-python has another opinion than the rest.

    Not-a-number equals itself in it, and a division by -0.0 has the wrong sign; the smallest int may be divided
    by -1 for its remainder, and be made of a double; joined texts contain nothing.
    """
    ops = {term.op for term in condition.root.walk()}
    return (
        divides_doubles(condition)
        or (answer == "failed" and not ops.isdisjoint({"%", "int"}))
        or ("contains" in ops and "+" in ops)
    )


@settings(max_examples=MANY)
@given(conditions(), st.lists(ROWS, min_size=4, max_size=4))
def test_all_give_the_same_answer(case, rows):
    condition = None
    with suppress(InvalidRuleError):  # only for a literal zero to divide by: tests/core/cel/test_messages.py
        condition = check(case.text, TYPES)
    if condition is None:
        assert "/ 0" in case.text or "/ -0.0" in case.text or "% 0" in case.text
        reject()
    for values in rows:
        answer = ask_winnow(case.text, values)
        if any(values[name] is None for name in condition.reads):
            assert answer == "skipped"
            continue
        assert ask_cpp(case.text, values) == answer
        if not rust_differs(condition, values, answer):
            assert ask_rust(case.text, values) == answer
        if not celpy_differs(condition, answer):
            assert ask_celpy(case.typed, values) == answer
