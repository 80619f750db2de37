"""Reads a condition with CEL's own precedence, never deeper than a fixed bound: no text can exhaust the stack."""

from typing import Final, TypeVar

from winnow.core.cel.limits import INT_MAX, MAX_ITEMS, MAX_NESTING, MAX_NODES
from winnow.core.cel.refusal import Text, quoted
from winnow.core.cel.syntax import Binary, Call, Chain, Choice, Literal, Membership, Name, Node, Unary
from winnow.core.cel.tokens import Token, tokenise

#: How tightly a sign binds. Signs of one strength are read from left to right.
_POWER: Final = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%"), 5),
}
_WORDS_FOR_SIGNS: Final = {"and": "&&", "or": "||", "not": "!", "AND": "&&", "OR": "||", "NOT": "!"}
_A_VALUE: Final = "write a signal, a number, a text in quotes or `(`"

_Made = TypeVar("_Made", bound=Node)


def parse(text: Text) -> Node:
    """The tree of a condition; raises InvalidRuleError where it cannot be read."""
    parser = _Parser(text, tokenise(text))
    tree = parser.choice()
    parser.finish()
    return tree


class _Parser:
    def __init__(self, text: Text, tokens: list[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._index = 0
        self._nesting = 0
        self._nodes = 0

    # ── moving along ──

    @property
    def _here(self) -> Token:
        return self._tokens[self._index]

    def _sees(self, sign: str) -> bool:
        return self._here.kind == "sign" and self._here.text == sign

    def _advance(self) -> Token:
        token = self._here
        self._index += 1
        return token

    def _takes(self, sign: str) -> bool:
        seen = self._sees(sign)
        self._index += seen
        return seen

    def _need(self, sign: str, opening: Token, fix: str) -> None:
        if not self._takes(sign):
            if self._here.kind == "end":
                raise self._text.refusal(
                    opening.at, f"{quoted(opening.text)} is never followed by its {quoted(sign)}", fix
                )
            raise self._unexpected(fix)

    def _unexpected(self, fix: str) -> Exception:
        token = self._here
        for word in (token, self._tokens[self._index - 1]):
            if word.text in _WORDS_FOR_SIGNS:
                fix = f"write {quoted(_WORDS_FOR_SIGNS[word.text])} instead"
                return self._text.refusal(word.at, f"{quoted(word.text)} is no word of the rule language", fix)
        what = "the condition breaks off" if token.kind == "end" else f"{quoted(token.text)} cannot stand here"
        return self._text.refusal(token.at, what, fix)

    def finish(self) -> None:
        if self._here.kind != "end":
            raise self._unexpected("join two conditions with `&&` or `||`")

    # ── bounds ──

    def _enter(self) -> None:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            fix = "use fewer brackets, or make two rules of it"
            raise self._text.refusal(self._here.at, f"the condition is nested more than {MAX_NESTING} levels deep", fix)

    def _leave(self) -> None:
        self._nesting -= 1

    def _made(self, node: _Made) -> _Made:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            fix = "put values to compare with into a list after `in`, or make several rules of it"
            raise self._text.refusal(node.at, f"the condition has more than {MAX_NODES} parts", fix)
        return node

    # ── grammar, from the loosest to the tightest ──

    def choice(self) -> Node:
        self._enter()
        tree = self._operation(0)
        if self._sees("?"):
            mark = self._advance()
            yes = self._operation(0)
            self._need(":", mark, "write `condition ? one : other`")
            tree = self._made(Choice(tree, yes, self.choice(), mark.at))
        self._leave()
        return tree

    def _operation(self, floor: int) -> Node:
        left = self._unary()
        while self._here.kind == "sign" and (power := _POWER.get(self._here.text, 0)) > floor:
            sign = self._advance()
            if sign.text == "in":
                left = self._made(Membership(left, self._items(), sign.at))
            else:
                left = self._joined(sign, left, self._operation(power))
        return left

    def _joined(self, sign: Token, left: Node, right: Node) -> Node:
        if sign.text not in {"&&", "||"}:
            return self._made(Binary(sign.text, left, right, sign.at))
        parts = (*(left.parts if isinstance(left, Chain) and left.sign == sign.text else (left,)), right)
        return self._made(Chain(sign.text, parts, sign.at))

    def _unary(self) -> Node:
        if not self._sees("!") and not self._sees("-"):
            return self._member()
        sign = self._advance()
        if sign.text == "-" and type(self._here.value) in {int, float}:
            self._tokens[self._index] = self._negative(sign)
            return self._member()
        self._enter()
        tree = self._made(Unary(sign.text, self._unary(), sign.at))
        self._leave()
        return tree

    def _negative(self, sign: Token) -> Token:
        number = self._here
        return Token("constant", f"-{number.text}", sign.at, -number.value)  # type: ignore[operator]  # a number

    def _member(self) -> Node:
        tree = self._primary()
        while self._sees(".") or self._sees("["):
            mark = self._advance()
            if mark.text == "[":
                raise self._text.refusal(
                    mark.at, "values cannot be taken out of a list by position", "compare the signal itself"
                )
            name = self._word()
            if not self._sees("("):
                what = f"{quoted(name.text)} is no field of what stands before it"
                raise self._text.refusal(name.at, what, f"write {quoted(name.text + '(…)')} to call a function")
            tree = self._made(Call(name.text, tree, self._arguments(), name.at))
        return tree

    def _word(self) -> Token:
        if self._here.kind != "name":
            raise self._unexpected("write the name of a signal or function after the dot")
        return self._advance()

    def _primary(self) -> Node:
        token = self._here
        if token.kind == "constant":
            return self._literal()
        if token.kind == "name":
            return self._name()
        if self._sees("["):
            fix = "write `signal in [1, 2]`; macros over lists, such as `all`, are not part of the rule language"
            raise self._text.refusal(token.at, "a list can stand only after `in`", fix)
        if not self._takes("("):
            raise self._unexpected(_A_VALUE)
        tree = self.choice()
        self._need(")", token, "add `)`")
        return tree

    def _literal(self) -> Literal:
        token = self._advance()
        if token.value == INT_MAX + 1 and type(token.value) is int:
            raise self._text.refusal(
                token.at, f"{quoted(token.text)} is too large", "an int is at most 9223372036854775807"
            )
        return self._made(Literal(token.value, token.at))  # type: ignore[arg-type]  # a constant has a value

    def _name(self) -> Node:
        first = last = self._advance()
        path = ""
        while self._sees("."):
            self._advance()
            path, last = f"{path}.{last.text}" if path else last.text, self._word()
        if self._sees("("):
            receiver = self._made(Name(path, first.at)) if path else None
            return self._made(Call(last.text, receiver, self._arguments(), last.at))
        return self._made(Name(f"{path}.{last.text}" if path else last.text, first.at))

    def _arguments(self) -> tuple[Node, ...]:
        opening = self._advance()
        found = [] if self._sees(")") else [self.choice()]
        while self._takes(","):
            found.append(self.choice())
        self._need(")", opening, "add `)`")
        return tuple(found)

    def _items(self) -> tuple[Literal, ...]:
        opening = self._here
        if not self._takes("["):
            fix = "write `signal in ['a', 'b']`; to look inside a text use `.contains('…')`"
            raise self._text.refusal(opening.at, "`in` needs a list on its right", fix)
        if self._sees("]"):
            raise self._text.refusal(
                opening.at, "the list is empty, so nothing is ever in it", "name at least one value"
            )
        found = [self._item()]
        while self._takes(","):
            found.append(self._item())
        self._need("]", opening, "add `]`")
        if len(found) > MAX_ITEMS:
            raise self._text.refusal(
                opening.at,
                f"the list has {len(found)} items",
                f"at most {MAX_ITEMS} are allowed; use an allow or block list for more",
            )
        return tuple(found)

    def _item(self) -> Literal:
        before, self._nodes = self._nodes, 0
        tree = self._unary()
        self._nodes = before
        if not isinstance(tree, Literal):
            raise self._text.refusal(
                tree.at, "a list can hold only numbers, texts, true and false", "compare with `==` and join with `||`"
            )
        return tree
