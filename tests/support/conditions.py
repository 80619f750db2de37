"""Draws well-typed conditions of every shape, with brackets only where they are needed: precedence is tested too."""

import re
from functools import cache
from typing import NamedTuple

import hypothesis.strategies as st

TYPES = {"a.i": int, "b.i": int, "a.f": float, "b.f": float, "a.s": str, "b.s": str, "a.p": bool, "b.p": bool}

INTS = st.integers(-9, 9) | st.sampled_from([2**63 - 1, -(2**63) + 1, 2**62, 3_037_000_500])
DOUBLES = st.integers(-9, 9).map(float) | st.floats(-1e6, 1e6, allow_subnormal=False)
TEXTS = st.text(st.sampled_from("abAB1 .é日😀\\'\n"), max_size=5)
VALUES = {int: INTS, float: DOUBLES, str: TEXTS, bool: st.booleans()}

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
PATTERNS = ("a", "^a", "b$", "[ab]+1", "(?i)B", "a.b", "a|é", "^$", r"\\.", "")


class Case(NamedTuple):
    """An expression under construction.

    power: how tightly its outermost sign binds; 6 a sign before it, 7 something that never needs brackets
    text: as the rule language has it
    typed: the same for cel-python, which compares no int with a double
    """

    power: int
    text: str
    typed: str


def leaf(text: str) -> Case:
    """A name, a call or a literal; one with a sign binds less tightly."""
    return Case(6 if text.startswith("-") else 7, text, text)


def shaped(power: int, shape: str, *parts: tuple[Case, int]) -> Case:
    """Put parts into a shape, each in brackets only if it binds less tightly than it must there."""
    texts = [part.text if part.power >= least else f"({part.text})" for part, least in parts]
    typed = [part.typed if part.power >= least else f"({part.typed})" for part, least in parts]
    return Case(power, shape.format(*texts), shape.format(*typed))


def in_quotes(value: str) -> str:
    """A text literal, escaped wherever it might matter."""
    return "'" + "".join(each if re.match(r"[\w .😀]", each) else f"\\U{ord(each):08x}" for each in value) + "'"


def literals(kind: type) -> st.SearchStrategy[str]:
    """Literals of a type as text."""
    if kind is bool:
        return st.sampled_from(["true", "false"])
    return TEXTS.map(in_quotes) if kind is str else VALUES[kind].map(repr)


@cache
def conditions(kind: type = bool, depth: int = 3) -> st.SearchStrategy[Case]:
    """Expressions of a type, at most `depth` operators deep."""
    names = st.sampled_from([name for name, its in TYPES.items() if its is kind])
    leaves = (names | literals(kind)).map(leaf)
    if depth == 0:
        return leaves
    same, condition = conditions(kind, depth - 1), conditions(bool, depth - 1)
    chosen = st.builds(
        lambda *parts: shaped(0, "{} ? {} : {}", *zip(parts, (1, 1, 0), strict=True)), condition, same, same
    )
    return leaves | names.map(leaf) | chosen | _OPERATIONS[kind](depth - 1)


def binary(signs: str, power: int, kind: type, depth: int) -> st.SearchStrategy[Case]:
    """Signs that are read from the left: on the right a part of the same power needs brackets."""
    return st.builds(
        lambda sign, left, right: shaped(power, f"{{}} {sign} {{}}", (left, power), (right, power + 1)),
        st.sampled_from(signs.split()),
        conditions(kind, depth),
        conditions(kind, depth),
    )


def around(power: int, shape: str, least: int, kind: type, depth: int) -> st.SearchStrategy[Case]:
    """A shape around one part."""
    return conditions(kind, depth).map(lambda part: shaped(power, shape, (part, least)))


def mixed(sign: str, left: Case, right: Case, *, int_left: bool) -> Case:
    """A comparison of an int and a double, with the int converted for cel-python."""
    plain = shaped(3, f"{{}} {sign} {{}}", (left, 3), (right, 4))
    if int_left:
        left = Case(7, "", f"double({left.typed})")
    else:
        right = Case(7, "", f"double({right.typed})")
    return plain._replace(typed=shaped(3, f"{{}} {sign} {{}}", (left, 3), (right, 4)).typed)


def _ints(depth: int) -> st.SearchStrategy[Case]:
    return (
        binary("+ -", 4, int, depth)
        | binary("* / %", 5, int, depth)
        | around(6, "-{}", 7, int, depth)
        | around(7, "int({})", 0, float, depth)
        | around(7, "{}.size()", 7, str, depth)
        | around(7, "size({})", 0, str, depth)
    )


def _doubles(depth: int) -> st.SearchStrategy[Case]:
    return (
        binary("+ -", 4, float, depth)
        | binary("* /", 5, float, depth)
        | around(6, "-{}", 7, float, depth)
        | around(7, "double({})", 0, int, depth)
    )


def _texts(depth: int) -> st.SearchStrategy[Case]:
    return binary("+", 4, str, depth)


def _conditions(depth: int) -> st.SearchStrategy[Case]:
    return st.one_of(
        binary("&& && &&", 2, bool, depth),
        binary("||", 1, bool, depth),
        binary("== !=", 3, bool, depth),
        around(6, "!{}", 7, bool, depth),
        st.sampled_from(["has(a.i)", "has(b.s)", "has(a.p)"]).map(leaf),
        *(binary(" ".join(COMPARISONS), 3, kind, depth) for kind in (int, float, str)),
        *(_membership(kind, depth) for kind in (int, float, str, bool)),
        st.builds(
            lambda sign, *parts: mixed(sign, *parts, int_left=True),
            st.sampled_from(COMPARISONS),
            conditions(int, depth),
            conditions(float, depth),
        ),
        st.builds(
            lambda sign, *parts: mixed(sign, *parts, int_left=False),
            st.sampled_from(COMPARISONS),
            conditions(float, depth),
            conditions(int, depth),
        ),
        st.builds(
            lambda name, left, right: shaped(7, f"{{}}.{name}({{}})", (left, 7), (right, 0)),
            st.sampled_from(["startsWith", "endsWith", "contains"]),
            conditions(str, depth),
            conditions(str, depth),
        ),
        st.builds(
            lambda pattern, part: shaped(7, f"{{}}.matches('{pattern}')", (part, 7)),
            st.sampled_from(PATTERNS),
            conditions(str, depth),
        ),
    )


def _membership(kind: type, depth: int) -> st.SearchStrategy[Case]:
    lists = st.lists(literals(kind), min_size=1, max_size=3).map(", ".join)
    return st.builds(lambda needle, items: shaped(3, f"{{}} in [{items}]", (needle, 3)), conditions(kind, depth), lists)


_OPERATIONS = {int: _ints, float: _doubles, str: _texts, bool: _conditions}
