"""What no JSON body may hold, compared with a slow reading of the same rules, and the time it takes at worst."""

import json
import time
from math import isinf

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given

from tests.support.naughty import NAUGHTY
from winnow.shells.http.strict import MOST_BYTES, RefusedBodyError, check_json

DEPTH = 4


def slow_objection(body: bytes, most_depth: int) -> int | None:
    """The status of the refusal, found by reading everything into memory and looking at every value."""

    def constant(_text):
        raise ValueError

    try:
        value = json.loads(body.decode(), object_pairs_hook=tuple, parse_constant=constant, parse_int=number)
    except ValueError:
        return 400
    return 422 if unsafe(value, most_depth) else None


def number(text):
    return int(text) if len(text) < 30 else 10**30


def unsafe(value, depth):
    match value:
        case tuple():  # an object
            keys = [key for key, _ in value]
            parts = [*keys, *(each for _, each in value)]
            return depth == 0 or len(set(keys)) < len(keys) or any(unsafe(each, depth - 1) for each in parts)
        case list():
            return depth == 0 or any(unsafe(each, depth - 1) for each in value)
        case str():
            return "\0" in value or any("\ud800" <= each <= "\udfff" for each in value)
        case bool() | None:
            return False
        case int():
            return not -(2**63) <= value < 2**63
        case float():
            return isinf(value)


def objection(body: bytes, most_depth: int = DEPTH) -> int | None:
    try:
        check_json(body, most_depth=most_depth)
    except RefusedBodyError as error:
        return error.status if error.fix else 0
    return None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"a":1}', None),
        (b" [] \n", None),
        (b'"\\ud83d\\ude00"', None),
        (b'"\\\\u0000"', None),
        (b'"\\\\\\u0000"', 422),
        (b'"\\\\ud800"', None),
        (b'"a\\u00e9\\n\\u0001"', None),
        (b'{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}', None),
        (b"9223372036854775807", None),
        (b"-9223372036854775808", None),
        (b"1e308", None),
        (b"1e-999", None),
        (b"[[[[]]]]", None),
        (b'[[["[[[[[[", "\\"[[[["]]]', None),
        (b'[{"[":[{}]},"]"]', None),
        (b'["\\\\",[[[[]]]]]', 422),
        (b'["\\\\\\"[[[[[",[]]', None),
        # not JSON
        (b"", 400),
        (b"  ", 400),
        (b"\xef\xbb\xbf{}", 400),
        (b'{"a":"\xff"}', 400),
        (b'{"\xc0\x80":1}', 400),
        (b'"\xed\xa0\x80"', 400),
        ('{"a":1}'.encode("utf-16"), 400),
        (b'"a\0b"', 400),
        (b"{}\0", 400),
        (b"NaN", 400),
        (b"[-Infinity]", 400),
        (b'{"a":Infinity}', 400),
        (b"{'a':1}", 400),
        (b"[1,]", 400),
        (b"{} {}", 400),
        (b'"\n"', 400),
        (b"[" * 4, 400),
        (b"\xff" * 10, 400),
        # JSON that programs read differently
        (b'{"a":1,"a":1}', 422),
        (b'{"a":1,"\\u0061":2}', 422),
        (b'[{"b":{"a":1,"c":2,"a":3}}]', 422),
        (b'"\\u0000"', 422),
        (b'{"\\u0000":1}', 422),
        (b'"\\ud800"', 422),
        (b'"\\uDC00"', 422),
        (b'"\\udc00\\ud800"', 422),
        (b'"\\ud800\\ud800\\udc00"', 422),
        (b'"\\ud800\\n"', 422),
        (b'"\\ud800x\\udc00"', 422),
        (b"9223372036854775808", 422),
        (b"-9223372036854775809", 422),
        (b"1" * 5000, 422),
        (b"1e999", 422),
        (b"-1e999", 422),
        (b"[[[[[]]]]]", 422),
        (b'[{"a":[{"b":[]}]}]', 422),
        (b"[" * 5 + b"]" * 5, 422),
        (b"[" * 100_000, 422),
        (b'{"a":' * 100_000, 422),
    ],
)
def test_what_is_let_through_and_what_is_not(body, status):
    assert objection(body) == status
    if len(body) < 10_000:
        assert slow_objection(body, DEPTH) == status


def test_the_size_is_checked_before_anything_else():
    with pytest.raises(RefusedBodyError, match=r"10 bytes is larger than 9 bytes") as caught:
        check_json(b"\xff" * 10, most_bytes=9)
    assert caught.value.status == 413
    check_json(b"1" * 9, most_bytes=9)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"secret":1,"secret":2}', "the key `secret` occurs twice in one object"),
        (b'{"a" 1}', "line 1, column 6 of the body: expecting ':' delimiter"),
        (b"\xef\xbb\xbf1", "the body begins with a byte order mark"),
        (b'"ab\xff"', "byte 3 of the body is not UTF-8"),
        (b"NaN", "`NaN` is no JSON value"),
    ],
)
def test_the_refusal_says_what_is_wrong(body, words):
    with pytest.raises(RefusedBodyError) as caught:
        check_json(body)
    assert caught.value.what == words


TEXTS = st.text(max_size=8) | st.sampled_from(NAUGHTY) | st.sampled_from(["[", "{", '"', "\\", "\\u0000", "😀"])
NUMBERS = st.integers(-(2**66), 2**66) | st.floats(allow_nan=True)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
PIECES = st.sampled_from(
    [
        *(
            b"[",
            b"]",
            b"{",
            b"}",
            b",",
            b":",
            b'"',
            b"\\",
            b"\\\\",
            b'\\"',
            b"u0000",
            b"\\u0000",
            b"\\ud83d",
            b"\\ude00",
        ),
        *(b"\xff", b"\xc3", b"\0", b" ", b"\n", b"1e400", b"NaN", b"1" * 20, b'{"a":1,"a":2}', b"[[[[[]]]]]", b"null"),
    ]
)


def written(value, *, escaped):
    return json.dumps(value, ensure_ascii=escaped).encode(errors="surrogatepass")


@given(VALUES, st.booleans(), st.data())
def test_agrees_with_the_slow_reading(value, escaped, data):
    body = written(value, escaped=escaped)
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(body)))
        body = body[:at] + data.draw(PIECES) + body[at + data.draw(st.integers(0, 2)) :]
    depth = data.draw(st.integers(1, 5))
    assert (objection(body, depth) is None) == (slow_objection(body, depth) is None)


@given(st.lists(PIECES, max_size=30).map(b"".join))
def test_agrees_with_the_slow_reading_of_rubbish(body):
    assert (objection(body) is None) == (slow_objection(body, DEPTH) is None)


@given(VALUES, st.booleans())
def test_what_is_let_through_is_read_alike_by_both_decoders(value, escaped):
    body = written(value, escaped=escaped)
    if objection(body, 32) is None:
        assert msgspec.json.decode(body) == json.loads(body)


HALF = MOST_BYTES // 2
HOSTILE = {
    "arrays never closed": b"[" * MOST_BYTES,
    "objects never closed": b'{"a":' * (MOST_BYTES // 5),
    "arrays side by side": b"[" + b"[]," * (MOST_BYTES // 3 - 2) + b"[]]",
    "arrays as deep as may be": b"[" + b",".join([b"[" * 31 + b"]" * 31] * (MOST_BYTES // 63 - 1)) + b"]",
    "an open text of backslashes": b'"' + b"\\" * (MOST_BYTES - 1),
    "a text of backslashes": b'"' + b"\\\\" * (HALF - 1) + b'"',
    "a text of quotes": b'["' + b'\\"' * (HALF - 2) + b'"]',
    "quotes": b'"' * MOST_BYTES,
    "pairs and a half": b'"' + b"\\ud83d\\ude00" * (MOST_BYTES // 12 - 1) + b'\\ud83d"',
    "texts that look like NUL": b'"' + b"\\\\u0000" * (MOST_BYTES // 7 - 1) + b'"',
    "a number": b"1" * MOST_BYTES,
    "a fraction": b"0." + b"1" * (MOST_BYTES - 2),
    "an exponent": b"1e" + b"9" * (MOST_BYTES - 2),
    "numbers": b"[" + b"1," * (HALF - 2) + b"1]",
    "keys": b"{" + b",".join(b'"%d":1' % each for each in range(80_000)) + b"}",
    "brackets in a text after a backslash": b'["\\\\' + b"[" * (MOST_BYTES - 8) + b'"]',
    "blanks": b" " * MOST_BYTES,
    "minus": b"-" * MOST_BYTES,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_no_faster_than_the_body(name):
    """What a megabyte takes is some fractions of a second; anything that grew with the square would take minutes."""
    body = HOSTILE[name]
    assert len(body) <= MOST_BYTES
    start = time.process_time()
    objection(body, 32)
    assert time.process_time() - start < 5.0
