"""A condition after checking: every part has a type, and only what can be run is left."""

from collections.abc import Iterator
from dataclasses import dataclass, field

#: The Python type of a value, which is also its type in a rule.
Kind = type[bool] | type[int] | type[float] | type[str]

#: What CEL calls them.
KIND_NAMES: dict[type, str] = {bool: "bool", int: "int", float: "double", str: "string"}


@dataclass(frozen=True, slots=True)
class Term:
    """One typed part.

    op: `constant`, `signal`, `has`, `negate`, a CEL operator or the name of a function
    kind: type of its value
    value: of a constant; the name of a signal; the set of a list's items; a pattern
    at: offset in the condition's text; two terms that differ only in it mean the same
    """

    op: str
    kind: Kind
    parts: tuple["Term", ...] = ()
    value: bool | int | float | str | frozenset[bool | int | float | str] | None = None
    at: int = field(default=0, compare=False)

    def walk(self) -> Iterator["Term"]:
        """Itself and everything in it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def signals(self) -> frozenset[str]:
        """Names of all signals in it, also those it only asks whether they are known."""
        return frozenset(str(each.value) for each in self.walk() if each.op in {"signal", "has"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A condition that may be run.

    reads: signals whose value it needs; while one of them is unknown it is not evaluated at all
    mentions: these, and the signals it only asks after with `has`
    cost: nanoseconds it takes at worst, as estimated in `cost.worst_case`
    """

    source: str
    root: Term
    reads: frozenset[str]
    mentions: frozenset[str]
    cost: int
