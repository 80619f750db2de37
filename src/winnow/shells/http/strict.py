"""What must hold of a JSON body before it is decoded, because programs would read it differently or fail on it.

The typed decoder that comes after (msgspec) takes duplicate keys and escaped NULs, and skips what it has no field
for without looking at it. So every body is read here once, by the C scanner of the standard library, with an
objection to everything that RFC 8259 leaves open and RFC 7493 (I-JSON) forbids. The reading is thrown away.
All of it takes time in proportion to the length, whatever is sent.
"""

import re
from collections import Counter
from json import JSONDecodeError, JSONDecoder
from math import isinf
from typing import NoReturn

from winnow.shells.http.problem import NOT_JSON, TOO_LARGE, UNSAFE_JSON, ProblemType, RefusedRequestError

#: A single lead with a long message, many times over.
MOST_BYTES = 1_000_000
#: A lead has three levels; a batch four.
MOST_DEPTH = 32

_SMALLEST, _GREATEST = -(2**63), 2**63 - 1
_DIGITS = len(str(_SMALLEST))
_SHOWN = 40

#: A NUL, or a half of a surrogate pair; it may also be the end of `\\u0000`, which is an ordinary text.
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
#: Nothing but pairs of surrogates, and escapes that are neither of them nor of NUL.
_SOUND = re.compile(
    rb"""(?: [^\\]++
           | \\[^u]
           | \\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}
           | \\u(?!0000|[dD][89a-fA-F])
         )*+""",
    re.VERBOSE | re.DOTALL,
)
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_BOM = b"\xef\xbb\xbf"


class RefusedBodyError(RefusedRequestError):
    """The body of the request cannot be used."""


def check_json(body: bytes, *, most_bytes: int = MOST_BYTES, most_depth: int = MOST_DEPTH) -> None:
    """Raise RefusedBodyError unless the body is JSON that every program reads alike.

    most_depth: arrays and objects inside one another; `[[]]` has the depth 2
    Refused: more bytes than `most_bytes`, what is not UTF-8 or begins with a byte order mark, what is not JSON
    (NaN included), keys that occur twice in an object, NUL and lone surrogates in texts, whole numbers outside
    64 bits, fractions beyond what a double holds.
    """
    if len(body) > most_bytes:
        raise too_large(len(body), most_bytes)
    try:
        _DECODER.decode(body.decode())
    except UnicodeDecodeError as error:
        raise _not_json(f"byte {error.start} of the body is not UTF-8", "send it in UTF-8") from None
    except JSONDecodeError as error:
        raise _syntax(body, error) from None
    except RecursionError:
        raise _too_deep(most_depth) from None
    if body.count(b"[") + body.count(b"{") > most_depth and _deeper(body, most_depth):
        raise _too_deep(most_depth)
    if _SUSPECT.search(body) and not _SOUND.fullmatch(body):
        raise _unsafe("a text holds a NUL or half of a surrogate pair", "leave such characters out")


def too_large(found: int | None, most: int) -> RefusedBodyError:
    """The refusal of a body of `found` bytes; None when it was not read to its end."""
    size = "" if found is None else f" of {found:,} bytes"
    return RefusedBodyError(TOO_LARGE, f"the body{size} is larger than {most:,} bytes", fix="send less at a time")


def _deeper(body: bytes, most: int) -> bool:
    """Whether a body known to be JSON is deeper; found by taking the innermost brackets away, level by level."""
    unescaped = body.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in body else body
    outside_texts = b"".join(unescaped.split(b'"')[::2])
    brackets = outside_texts.translate(_ONE_KIND, _NO_BRACKETS)
    for _ in range(most):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _object(pairs: list[tuple[str, object]]) -> None:
    if len(pairs) > 1 and len({key for key, _ in pairs}) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise _unsafe(f"the key `{twice[:_SHOWN]}` occurs twice in one object", "send each key once")


def _whole(text: str) -> None:
    if len(text) > _DIGITS or (len(text) > _DIGITS - 2 and not _SMALLEST <= int(text) <= _GREATEST):
        raise _unsafe(f"the number `{text[:_SHOWN]}` has more than 64 bits", "send it as a text")


def _fraction(text: str) -> None:
    if isinf(float(text)):
        raise _unsafe(f"the number `{text[:_SHOWN]}` is larger than a double can be", "send it as a text")


def _constant(text: str) -> NoReturn:
    raise _not_json(f"`{text}` is no JSON value", "send null, or leave the field out")


_DECODER = JSONDecoder(object_pairs_hook=_object, parse_int=_whole, parse_float=_fraction, parse_constant=_constant)


def _syntax(body: bytes, error: JSONDecodeError) -> RefusedBodyError:
    if body.startswith(_BOM):
        return _not_json("the body begins with a byte order mark", "send UTF-8 without one")
    if not body.strip():
        return _not_json("the body is empty", "send a JSON document")
    what = error.msg[:1].lower() + error.msg[1:]
    return _not_json(f"line {error.lineno}, column {error.colno} of the body: {what}", "send valid JSON")


def _too_deep(most: int) -> RefusedBodyError:
    return _unsafe(f"arrays and objects stand more than {most} deep inside one another", "send a flatter document")


def _not_json(what: str, fix: str) -> RefusedBodyError:
    return _refused(NOT_JSON, what, fix)


def _unsafe(what: str, fix: str) -> RefusedBodyError:
    return _refused(UNSAFE_JSON, what, fix)


def _refused(kind: ProblemType, what: str, fix: str) -> RefusedBodyError:
    return RefusedBodyError(kind, what, fix=fix)
