"""Turns checked conditions into one Python function, so that fifty rules cost a few microseconds a lead.

Why running generated text is safe: it is written from checked terms only, never from what an author typed.
It holds words and signs from the tables below, numbers written by `repr`, and numbered names: `s3` for the
fourth signal, `k5` for the sixth kept object (a text, a set, a compiled pattern), which are handed over beside
the text. A test holds every generated function against that alphabet. The function sees no builtins but those
named in `_TOOLS`.
"""

from collections.abc import Callable, Sequence
from typing import Final

from winnow.core.cel.arithmetic import exact, quotient, ratio, remainder, settled, whole
from winnow.core.cel.patterns import searching
from winnow.core.cel.term import Checked, Term

Positions = tuple[int, ...]
#: From the values of all signals to the positions of the conditions that hold, that were skipped
#: because they need an unknown value, and that failed.
Evaluation = Callable[[Sequence[object]], tuple[Positions, Positions, Positions]]

_TOOLS: Final[dict[str, object]] = {
    "__builtins__": {},
    **{tool.__name__: tool for tool in (exact, quotient, ratio, remainder, settled, whole)},
    **{tool.__name__: tool for tool in (float, len, tuple, Exception)},
}
_COMPARISONS: Final = ("==", "!=", "<", "<=", ">", ">=")
#: How a term is written, by its operator and the type of its first part where that matters.
_SHAPES: Final[dict[tuple[str, type | None], str]] = {
    **{(sign, None): f"({{0}} {sign} {{1}})" for sign in _COMPARISONS},
    **{(sign, kind): f"({{0}} {sign} {{1}})" for sign in "+-*" for kind in (float, str)},
    **{(sign, int): f"exact({{0}} {sign} {{1}})" for sign in "+-*"},
    ("/", int): "quotient({0}, {1})",
    ("/", float): "ratio({0}, {1})",
    ("%", int): "remainder({0}, {1})",
    ("negate", int): "exact(-{0})",
    ("negate", float): "(-{0})",
    ("!", None): "(not {0})",
    ("?", None): "({1} if {0} else {2})",
    ("in", None): "({0} in {kept})",
    ("startsWith", None): "{0}.startswith({1})",
    ("endsWith", None): "{0}.endswith({1})",
    ("contains", None): "({1} in {0})",
    # half a surrogate pair has no UTF-8 form; passed on as it is, it counts as one character and nothing fails
    ("matches", None): '({kept}({0}.encode("utf-8", "surrogatepass")) is not None)',
    ("size", None): "len({0})",
    ("int", int): "{0}",
    ("int", float): "whole({0})",
    ("double", None): "float({0})",
}
_MAY_FAIL: Final = frozenset(
    {("+", int), ("-", int), ("*", int), ("/", int), ("%", int), ("negate", int), ("int", float)}
)


def compile_conditions(conditions: Sequence[Checked], signal_names: Sequence[str]) -> Evaluation:
    """One function that evaluates all conditions over the values of the signals, given in that order.

    The function raises ValueError when it is given more or fewer values, and nothing else.
    """
    writer = _Writer({name: position for position, name in enumerate(signal_names)})
    text = writer.function(conditions)
    scope = {**_TOOLS, **writer.kept}
    exec(compile(text, "<rules>", "exec"), scope)  # noqa: S102  # the module's first lines say why this is safe
    return scope["evaluate"]  # type: ignore[return-value]  # defined by the text


def generated_text(conditions: Sequence[Checked], signal_names: Sequence[str]) -> str:
    """The text that `compile_conditions` runs, for those who want to see or test it."""
    return _Writer({name: position for position, name in enumerate(signal_names)}).function(conditions)


class _Writer:
    def __init__(self, positions: dict[str, int]) -> None:
        self._positions = positions
        self.kept: dict[str, object] = {}

    def function(self, conditions: Sequence[Checked]) -> str:
        lines = ["def evaluate(v):", " fired, skipped, failed = [], [], []"]
        if self._positions:
            lines.append(f" {''.join(f's{position}, ' for position in self._positions.values())}= v")
        for index, condition in enumerate(conditions):
            lines += self._statement(index, condition)
        lines.append(" return tuple(fired), tuple(skipped), tuple(failed)")
        return "\n".join(lines)

    def _statement(self, index: int, condition: Checked) -> list[str]:
        # None of the tests for unknown values is shared between rules: one is a single machine-level step.
        unknown = [f"s{position} is None" for position in sorted(self._positions[name] for name in condition.reads)]
        return [
            f" if {' or '.join(unknown) or 'False'}: skipped.append({index})",
            " else:",
            "  try:",
            f"   if {self._written(condition.root)}: fired.append({index})",
            f"  except Exception: failed.append({index})",
        ]

    def _written(self, term: Term, signal: str = "s{}") -> str:
        """A term as a Python expression; `signal` is how a signal's value is named at that place."""
        if term.op == "constant":
            return self._constant(term.value)
        if term.op == "signal":
            return signal.format(self._positions[str(term.value)])
        if term.op == "has":
            return f"({signal.format(self._positions[str(term.value)])} is not None)"
        if term.op in {"&&", "||"}:
            return f"({self._chain(term, signal)})"
        written = [self._written(part, signal) for part in term.parts]
        shape = _SHAPES.get((term.op, term.parts[0].kind)) or _SHAPES[term.op, None]
        return shape.format(*written, kept=self._kept_for(term))

    def _chain(self, term: Term, signal: str) -> str:
        """Conditions that cannot fail go first, so that one of them settles the matter before another fails."""
        pieces = [self._written(part, signal) for part in term.parts if not _may_fail(part)]
        risky = [part for part in term.parts if _may_fail(part)]
        if len(risky) == 1:
            pieces.append(self._written(risky[0], signal))
        elif risky:
            functions = "".join(f", lambda v: {self._written(part, 'v[{}]')}" for part in risky)
            pieces.append(f"settled({term.op == '||'}, v{functions})")
        return (" or " if term.op == "||" else " and ").join(pieces)

    def _constant(self, value: object) -> str:
        return self._keep(value) if isinstance(value, str) else f"({value!r})"

    def _kept_for(self, term: Term) -> str:
        """The name of the object that stands beside the text for this term; empty when it needs none."""
        if term.op == "matches":
            return self._keep(searching(str(term.value)))
        return self._keep(term.value) if term.op == "in" else ""

    def _keep(self, value: object) -> str:
        name = f"k{len(self.kept)}"
        self.kept[name] = value
        return name


def _may_fail(term: Term) -> bool:
    return any(part.parts and (part.op, part.parts[0].kind) in _MAY_FAIL and not _tame(part) for part in term.walk())


def _tame(term: Term) -> bool:
    """Whether it is a division by a literal that cannot fail: only 0 and -1 (of the smallest int) can."""
    divisor = term.parts[-1]
    return term.op in {"/", "%"} and divisor.op == "constant" and divisor.value not in {0, -1}
