"""The shape of a condition before anybody asked whether it makes sense; `at` is an offset into its text."""

from dataclasses import dataclass

from winnow.core.cel.tokens import Constant


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, true or false."""

    value: Constant
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name: a signal, or a mistake."""

    path: str
    at: int


@dataclass(frozen=True, slots=True)
class Unary:
    """`!` or `-` before something."""

    sign: str
    operand: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic, or a comparison."""

    sign: str
    left: "Node"
    right: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Two or more parts joined by the same `&&` or `||`; one chain however long, so that it does not nest."""

    sign: str
    parts: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Choice:
    """`condition ? yes : no`."""

    condition: "Node"
    yes: "Node"
    no: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Membership:
    """`needle in [items]`."""

    needle: "Node"
    items: tuple[Literal, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """`name(arguments)` or `receiver.name(arguments)`; `at` is that of the name."""

    name: str
    receiver: "Node | None"
    arguments: tuple["Node", ...]
    at: int


Node = Literal | Name | Unary | Binary | Chain | Choice | Membership | Call
