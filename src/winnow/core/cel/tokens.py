"""Cuts the text of a condition into words, numbers, texts and signs; the first character out of place is named."""

import re
from dataclasses import dataclass
from typing import Final

from winnow.core.cel.limits import INT_MAX, MAX_SOURCE
from winnow.core.cel.literals import read_text
from winnow.core.cel.refusal import Text, quoted

Constant = bool | int | float | str

_TOKEN: Final = re.compile(
    r"""
      (?P<space>  [ \t\n\r\f]+ | //[^\n]* )
    | (?P<quote>  [rRbB]* (?: ''' | \"\"\" | ' | \" ) )
    | (?P<number> 0[xX][0-9a-fA-F]+ | (?: [0-9]*\.[0-9]+ | [0-9]+ ) (?: [eE][+-]?[0-9]+ )? )
    | (?P<name>   [A-Za-z_][A-Za-z0-9_]* )
    | (?P<sign>   && | \|\| | [=!<>]= | [-+*/%!<>?:,.()\[\]] )
    """,
    re.VERBOSE,
)
_NUMBER_GOES_ON: Final = re.compile(r"[A-Za-z0-9_.]+")
#: What neither eye nor reviewer sees: control characters, marks that reverse or hide text, halves of characters.
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_WORDS: Final[dict[str, bool]] = {"true": True, "false": False}
_SLIPS: Final = {
    "=": "write `==` to compare",
    "&": "write `&&` for and",
    "|": "write `||` for or",
    "`": "write the signal's name without backticks",
    "{": "maps and messages are not part of the rule language; compare one signal at a time",
    ";": "a rule is a single condition; join parts with `&&` or `||`",
    "#": "write a comment after `//`",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a condition.

    kind: `name`, `sign`, `constant` or `end`
    text: as written · at: offset of its first character · value: of a constant
    """

    kind: str
    text: str
    at: int
    value: Constant | None = None


def tokenise(text: Text) -> list[Token]:
    """All tokens, the last of kind `end`; raises InvalidRuleError at the first character out of place."""
    source = text.source
    if len(source) > MAX_SOURCE:
        fix = f"keep it within {MAX_SOURCE:,} characters; several rules may say it together"
        raise text.refusal(MAX_SOURCE, f"the condition is too long ({len(source):,} characters)", fix)
    if hidden := _HIDDEN.search(source):
        code = f"U+{ord(hidden.group()):04X}"
        raise text.refusal(
            hidden.start(),
            f"the invisible character {code} is not allowed",
            "remove it, or write it as an escape such as `\\u200b`",
        )
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        at = _one(text, at, tokens)
    tokens.append(Token("end", "", at))
    return tokens


def _one(text: Text, at: int, tokens: list[Token]) -> int:
    """Add the token that starts at `at`, unless it is space; the offset after it."""
    found = _TOKEN.match(text.source, at)
    if found is None:
        raise _out_of_place(text, at)
    kind, piece, end = str(found.lastgroup), found.group(), found.end()
    if kind == "quote":
        value, end = read_text(text, at, piece)
        tokens.append(Token("constant", text.source[at:end], at, value))
    elif kind == "number":
        tokens.append(Token("constant", piece, at, _number(text, at, piece)))
    elif piece in _WORDS:
        tokens.append(Token("constant", piece, at, _WORDS[piece]))
    elif kind != "space":
        tokens.append(Token("sign" if piece == "in" else kind, piece, at))
    return end


def _number(text: Text, at: int, piece: str) -> int | float:
    rest = _NUMBER_GOES_ON.match(text.source, at + len(piece))
    if rest is not None:
        whole = quoted(piece + rest.group())
        if rest.group() in {"u", "U"}:
            raise text.refusal(at, f"unsigned numbers such as {whole} are not allowed", f"write {quoted(piece)}")
        raise text.refusal(at, f"{whole} is not a number", "write it like `12`, `1.5`, `1e-3` or `0x1f`")
    if not piece.isdigit() and piece[:2] not in {"0x", "0X"}:
        return _double(text, at, piece)
    number = int(piece, 16 if piece[1:2] in {"x", "X"} else 10)
    if number > INT_MAX + 1:  # one more than the greatest is right after a minus; the parser knows
        raise text.refusal(at, f"{quoted(piece)} is too large", "an int lies within ±9223372036854775807")
    return number


def _double(text: Text, at: int, piece: str) -> float:
    number = float(piece)
    if number == float("inf"):
        raise text.refusal(at, f"{quoted(piece)} is too large", "a double lies within ±1.797e308")
    return number


def _out_of_place(text: Text, at: int) -> Exception:
    character = text.source[at]
    shown = quoted(character) if character.isascii() else f"{quoted(character)} (U+{ord(character):04X})"
    fix = _SLIPS.get(character, "outside quotes only English letters, digits and the signs of the language are allowed")
    return text.refusal(at, f"{shown} cannot stand here", fix)
