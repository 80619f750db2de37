"""Reads a text in quotes as CEL does: escapes, raw texts and texts over several lines."""

import re
from typing import Final

from winnow.core.cel.limits import MAX_LITERAL
from winnow.core.cel.refusal import Text, quoted

_ESCAPE: Final = re.compile(
    r"""\\ (?:
      (?P<one> [abfnrtv\\'"?`] )
    | [xX] (?P<byte> [0-9a-fA-F]{2} )
    | u (?P<four> [0-9a-fA-F]{4} )
    | U (?P<eight> [0-9a-fA-F]{8} )
    | (?P<octal> [0-3][0-7]{2} )
    )""",
    re.VERBOSE,
)
_ONE: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LAST_CHARACTER: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


def read_text(text: Text, at: int, opening: str) -> tuple[str, int]:
    """The text whose opening (prefix and quotes) stands at `at`, and the offset after it."""
    prefix, mark = opening.rstrip("'\""), opening.lstrip("rRbB")
    if prefix not in {"", "r", "R"}:
        raise text.refusal(
            at,
            f"texts cannot start with {quoted(prefix)}",
            "only `r` may stand before the quotes, for a raw text; there are no bytes",
        )
    position = at + len(opening)
    letters: list[str] = []
    while not text.source.startswith(mark, position):
        if _broken_off(text.source, position, mark):
            raise text.refusal(at, "the text in quotes is never closed", f"add {mark} at its end")
        letter, position = _letter(text, position, raw=bool(prefix))
        letters.append(letter)
    if len(letters) > MAX_LITERAL:
        raise text.refusal(
            at, f"the text in quotes is too long ({len(letters):,} characters)", f"keep it within {MAX_LITERAL}"
        )
    return "".join(letters), position + len(mark)


def _broken_off(source: str, position: int, mark: str) -> bool:
    return position >= len(source) or (len(mark) == 1 and source[position] in "\r\n")


def _letter(text: Text, position: int, *, raw: bool) -> tuple[str, int]:
    letter = text.source[position]
    if raw or letter != "\\":
        return letter, position + 1
    escape = _ESCAPE.match(text.source, position)
    if escape is None:
        what = f"{quoted(text.source[position : position + 2])} is not an escape"
        raise text.refusal(position, what, "write `\\\\` for a backslash, or put `r` before the opening quote")
    if escape["one"]:
        return _ONE.get(escape["one"], escape["one"]), escape.end()
    return _coded(text, position, escape), escape.end()


def _coded(text: Text, position: int, escape: re.Match[str]) -> str:
    octal = escape["octal"]
    code = int(octal, 8) if octal else int(escape["byte"] or escape["four"] or escape["eight"], 16)
    if code > _LAST_CHARACTER or code in _SURROGATES:
        raise text.refusal(
            position, f"{quoted(escape.group())} is no character", "write a Unicode character, at most `\\U0010ffff`"
        )
    return chr(code)
