"""Every condition Winnow accepts means what three independent implementations of CEL say it means.

The C++ implementation of the CEL project itself must agree always. The other two are asked wherever they do not
differ from it in a way that is known and named here.
"""

import re

import cel as rust
import celpy
import hypothesis.strategies as st
import pytest
from cel_expr_python import cel as cpp
from celpy.adapter import json_to_cel
from hypothesis import given, reject

from tests.support.conditions import TYPES, VALUES, Case, conditions
from winnow.core.cel import check, compile_conditions
from winnow.errors import InvalidRuleError

NAMES = tuple(TYPES)
_KNOWN = {name: VALUES[kind] for name, kind in TYPES.items()}
ROWS = st.fixed_dictionaries(_KNOWN) | st.fixed_dictionaries({name: known | st.none() for name, known in _KNOWN.items()})


def nested(values):
    """{"a.i": 1} as CEL sees it: a map for each family, without what is unknown."""
    maps = {"a": {}, "b": {}}
    for name, value in values.items():
        if value is not None:
            family, _, key = name.partition(".")
            maps[family][key] = value
    return maps


def ask_winnow(text, values):
    fired, skipped, failed = compile_conditions((check(text, TYPES),), NAMES)([values[name] for name in NAMES])
    return "skipped" if skipped else "failed" if failed else bool(fired)


_MAPS = cpp.NewEnv(variables=dict.fromkeys("ab", cpp.Type.Map(cpp.Type.STRING, cpp.Type.DYN)))


def ask_cpp(text, values):
    program = _MAPS.compile(text, disable_check=True)  # the check would refuse a literal int beside a literal double
    try:
        answer = program.eval(data=nested(values)).plain_value()
    except RuntimeError:
        return "failed"
    return answer if isinstance(answer, bool) else "failed"


def ask_rust(text, values):
    try:
        return rust.evaluate(text, nested(values))
    except (ArithmeticError, RuntimeError, TypeError):
        return "failed"


_CELPY = celpy.Environment()


def ask_celpy(text, values):
    program = _CELPY.program(_CELPY.compile(text))
    try:
        return bool(program.evaluate({name: json_to_cel(value) for name, value in nested(values).items()}))
    except celpy.CELEvalError:
        return "failed"


def divides_doubles(condition):
    return any(term.op == "/" and term.kind is float for term in condition.root.walk())


def rust_differs(condition, values, answer):
    """It counts bytes where CEL counts characters, cannot compare with not-a-number, and negates the smallest int to itself."""
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


@given(conditions(), st.lists(ROWS, min_size=4, max_size=4))
def test_all_give_the_same_answer(case, rows):
    try:
        condition = check(case.text, TYPES)
    except InvalidRuleError as error:
        assert "by zero always fails" in error.what
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
