"""Gives every part of a condition its type, or says which part does not fit, before the rule can be saved."""

from collections.abc import Mapping
from typing import Final, NoReturn

from winnow.core.cel.calls import FUNCTIONS, METHODS, Signature, foreign, nearest_signal
from winnow.core.cel.cost import worst_case
from winnow.core.cel.limits import MAX_COST
from winnow.core.cel.parser import parse
from winnow.core.cel.patterns import unfit
from winnow.core.cel.refusal import Text, quoted
from winnow.core.cel.syntax import Binary, Call, Chain, Choice, Literal, Membership, Name, Node, Unary
from winnow.core.cel.term import KIND_NAMES, Checked, Kind, Term

_NUMBERS: Final = frozenset({int, float})
_ARITHMETIC: Final[dict[str, frozenset[type]]] = {
    "+": frozenset({int, float, str}),
    "-": _NUMBERS,
    "*": _NUMBERS,
    "/": _NUMBERS,
    "%": frozenset({int}),
}
_EQUALITY: Final = frozenset({"==", "!="})


def check(source: str, signal_types: Mapping[str, Kind], name: str = "rule") -> Checked:
    """Read and type-check a condition over the declared signals.

    name: what the condition is called in error messages
    Raises InvalidRuleError, with the place and the way to mend it, for anything that is not a bounded, well-typed
    condition. Never raises anything else, whatever the text.
    """
    text = Text(source, name)
    root = _Checker(text, signal_types).term(parse(text))
    if root.kind is not bool:
        fix = (
            "compare it with something, for example with `> 0`"
            if root.kind in _NUMBERS
            else "compare it, for example with `== '…'`"
        )
        raise text.refusal(root.at, f"the condition is {_a(root.kind)}, not true or false", fix)
    cost = worst_case(root)
    if cost > MAX_COST:
        what = f"the condition may take {cost // 1_000_000:,} ms on a long text; {MAX_COST // 1_000_000} ms are allowed"
        raise text.refusal(root.at, what, "make several rules of it, or use shorter patterns")
    reads = frozenset(str(each.value) for each in root.walk() if each.op == "signal")
    return Checked(source, root, reads, root.signals(), cost)


def _a(kind: type) -> str:
    return f"an {KIND_NAMES[kind]}" if kind is int else f"a {KIND_NAMES[kind]}"


class _Checker:
    def __init__(self, text: Text, signal_types: Mapping[str, Kind]) -> None:
        self._text = text
        self._types = signal_types

    def _refuse(self, at: int, what: str, fix: str) -> NoReturn:
        raise self._text.refusal(at, what, fix)

    def term(self, node: Node) -> Term:
        match node:
            case Literal():
                return Term("constant", type(node.value), (), node.value, node.at)
            case Name():
                return Term("signal", self._declared(node), (), node.path, node.at)
            case Unary():
                return self._unary(node)
            case Binary():
                return self._binary(node)
        return self._larger(node)

    def _larger(self, node: Chain | Choice | Membership | Call) -> Term:
        match node:
            case Chain():
                parts = tuple(self._condition(part, f"{quoted(node.sign)} joins conditions") for part in node.parts)
                return Term(node.sign, bool, parts, None, node.at)
            case Choice():
                return self._choice(node)
            case Membership():
                return self._membership(node)
        return self._call(node)

    def _declared(self, node: Name) -> Kind:
        kind = self._types.get(node.path)
        if kind is None:
            what, fix = nearest_signal(node.path, self._types)
            self._refuse(node.at, what, fix)
        return kind

    def _condition(self, node: Node, why: str) -> Term:
        term = self.term(node)
        if term.kind is not bool:
            self._refuse(
                term.at, f"{why}, but this is {_a(term.kind)}", "compare it with something, so that it is true or false"
            )
        return term

    def _unary(self, node: Unary) -> Term:
        if node.sign == "!":
            return Term("!", bool, (self._condition(node.operand, "`!` turns a condition round"),), None, node.at)
        operand = self.term(node.operand)
        if operand.kind not in _NUMBERS:
            self._refuse(node.at, f"`-` cannot stand before {_a(operand.kind)}", "use `!` to turn a condition round")
        return Term("negate", operand.kind, (operand,), None, node.at)

    def _binary(self, node: Binary) -> Term:
        left, right = self.term(node.left), self.term(node.right)
        if node.sign in _ARITHMETIC:
            return self._arithmetic(node, left, right)
        if left.kind is not right.kind and not {left.kind, right.kind} <= _NUMBERS:
            self._mismatch(node.at, node.sign, left, right)
        if left.kind is bool and node.sign not in _EQUALITY:
            self._refuse(node.at, f"{quoted(node.sign)} cannot order bools", "use `&&`, `||`, `!` or `==`")
        if left.kind is not right.kind:  # an int and a double are compared as doubles
            left, right = _as_double(left), _as_double(right)
        return Term(node.sign, bool, (left, right), None, node.at)

    def _arithmetic(self, node: Binary, left: Term, right: Term) -> Term:
        if {left.kind, right.kind} == _NUMBERS and node.sign != "%":
            whole = left if left.kind is int else right
            fix = f"write `{whole.value}.0`" if whole.op == "constant" else "write `double(…)` around the int"
            self._refuse(node.at, f"{quoted(node.sign)} cannot mix an int and a double", fix)
        for operand in (left, right):
            if operand.kind not in _ARITHMETIC[node.sign]:
                allowed = " and ".join(KIND_NAMES[kind] for kind in KIND_NAMES if kind in _ARITHMETIC[node.sign])
                self._refuse(node.at, f"{quoted(node.sign)} cannot take {_a(operand.kind)}", f"it works on {allowed}")
        if left.kind is not right.kind:
            self._mismatch(node.at, node.sign, left, right)
        if node.sign in {"/", "%"} and right.op == "constant" and not right.value:
            self._refuse(right.at, f"{quoted(node.sign)} by zero always fails", "divide by another number")
        return Term(node.sign, left.kind, (left, right), None, node.at)

    def _mismatch(self, at: int, sign: str, left: Term, right: Term) -> NoReturn:
        what = f"{quoted(sign)} cannot take {_a(left.kind)} and {_a(right.kind)}"
        self._refuse(at, what, _likely_fix(left.kind, right.kind))

    def _choice(self, node: Choice) -> Term:
        condition = self._condition(node.condition, "before `?` stands a condition")
        yes, no = self.term(node.yes), self.term(node.no)
        if yes.kind is not no.kind:
            self._refuse(node.at, f"`?` chooses between {_a(yes.kind)} and {_a(no.kind)}", "make both of one type")
        return Term("?", yes.kind, (condition, yes, no), None, node.at)

    def _membership(self, node: Membership) -> Term:
        needle = self.term(node.needle)
        values = set()
        for item in node.items:
            value = float(item.value) if needle.kind is float and type(item.value) is int else item.value
            if type(value) is not needle.kind:
                what = f"the list holds {_a(type(value))}, but {_a(needle.kind)} is looked for"
                self._refuse(item.at, what, _likely_fix(needle.kind, type(value)))
            values.add(value)
        return Term("in", bool, (needle,), frozenset(values), node.at)

    def _call(self, node: Call) -> Term:
        if node.name == "has":
            return self._has(node)
        signature = (FUNCTIONS if node.receiver is None else METHODS).get(node.name)
        if signature is None:
            self._refuse(node.at, *foreign(node.name, is_method=node.receiver is not None))
        given = node.arguments if node.receiver is None else (node.receiver, *node.arguments)
        parts = tuple(self.term(part) for part in given)
        self._fits(node, signature, parts)
        if node.name == "matches":
            return self._matches(parts[0], parts[1], node.at)
        return Term(node.name, signature.result, parts, None, node.at)

    def _fits(self, node: Call, signature: Signature, parts: tuple[Term, ...]) -> None:
        if len(parts) != len(signature.takes):
            self._refuse(
                node.at,
                f"{quoted(node.name)} is called with too few or too many values",
                f"write it like `{signature.example}`",
            )
        for part, kinds in zip(parts, signature.takes, strict=True):
            if part.kind not in kinds:
                self._refuse(
                    part.at, f"{quoted(node.name)} cannot take {_a(part.kind)}", f"write it like `{signature.example}`"
                )

    def _has(self, node: Call) -> Term:
        name = node.arguments[0] if len(node.arguments) == 1 and node.receiver is None else None
        if not isinstance(name, Name):
            fix = "write it like `has(form.fill_seconds)`"
            self._refuse(node.at, "`has` asks whether one signal is known", fix)
        self._declared(name)
        return Term("has", bool, (), name.path, node.at)

    def _matches(self, subject: Term, pattern: Term, at: int) -> Term:
        if pattern.op != "constant":
            fix = "write the pattern itself in quotes, or use `contains`"
            self._refuse(pattern.at, "a pattern must be known when the rule is saved", fix)
        written = str(pattern.value)
        problem = unfit(written)
        if problem is not None:
            self._refuse(pattern.at, *problem)
        return Term("matches", bool, (subject,), written, at)


def _as_double(term: Term) -> Term:
    if term.op == "constant" and isinstance(term.value, int):
        return Term("constant", float, (), float(term.value), term.at)
    return term if term.kind is float else Term("double", float, (term,), None, term.at)


def _likely_fix(*kinds: type) -> str:
    """The likeliest slip behind two types that do not fit."""
    if str in kinds and _NUMBERS.intersection(kinds):
        return "leave the quotes away to compare numbers, or add them to compare texts"
    if bool in kinds:
        return "a bool is compared with `true` or `false`, or stands alone"
    return "write whole numbers"
