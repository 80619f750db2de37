"""Forms of every kind become texts by name; what cannot be read is refused cleanly, and soon."""

import json
import time
from urllib.parse import urlencode

import hypothesis.strategies as st
import pytest
from hypothesis import given

from tests.support.naughty import NAUGHTY, STORABLE
from winnow.shells.http.form import MOST_BYTES, MOST_FIELDS, form_texts
from winnow.shells.http.strict import RefusedBodyError

URLENCODED, JSON, PLAIN = "application/x-www-form-urlencoded", "application/json", "text/plain;charset=UTF-8"
MULTIPART = "multipart/form-data; boundary=XX"


def part(name, value, more=""):
    value = value if isinstance(value, bytes) else value.encode()
    return f'--XX\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n"


@pytest.mark.parametrize(
    ("kind", "body", "texts"),
    [
        (URLENCODED, b"", {}),
        (URLENCODED, b"name=Ana+Kova%C4%8D&message=a%26b%3Dc%0D%0Ad", {"name": "Ana Kovač", "message": "a&b=c\r\nd"}),
        (URLENCODED, b"&&a=1&&b&=c&", {"a": "1", "b": "", "": "c"}),
        (URLENCODED, b"name=M%FCller", {"name": "Müller"}),
        (URLENCODED, "name=Müller".encode(), {"name": "Müller"}),
        (URLENCODED, b"a=%zz%&b=%00", {"a": "%zz%", "b": "\ufffd"}),
        (URLENCODED, b"x=1&x=&x=2&y=1", {"x": "1, 2", "y": "1"}),
        (f"{URLENCODED.upper()} ; charset=utf-8", b"a=1", {"a": "1"}),
        (MULTIPART, part("name", "Zoë") + part("e", "") + b"--XX--\r\n", {"name": "Zoë", "e": ""}),
        (MULTIPART, part("name", b"M\xfcller") + b"--XX--", {"name": "Müller"}),
        (MULTIPART, part("m", "line\r\n--X\r\nline") + b"--XX--\r\n", {"m": "line\r\n--X\r\nline"}),
        (MULTIPART, part("cv", "secret", '; filename="cv.pdf"') + part("a", "1") + b"--XX--\r\n", {"a": "1"}),
        (MULTIPART, part("f", "", '; filename=""') + part("a", "1") + part("a", "2") + b"--XX--\r\n", {"a": "1, 2"}),
        (MULTIPART, b"--XX--\r\n", {}),
        (JSON, b'{"a":"x","n":1,"f":1.5,"t":true,"z":null}', {"a": "x", "n": "1", "f": "1.5", "t": "true"}),
        (JSON, b'{"a":[1,"b",null,[2]],"c":{"d":"e","f":{"g":1}}}', {"a": "1, b", "c[d]": "e"}),
        (PLAIN, b' {"a":"x"}', {"a": "x"}),
        (PLAIN, b"a=1&b=2", {"a": "1", "b": "2"}),
        (PLAIN, b"a=1\r\nmessage=hello\r\nx = y, and\r\n\r\nso on\r\nb=2\r\n", {
            "a": "1", "message": "hello\nx = y, and\n\nso on", "b": "2"
        }),
        (PLAIN, b"no name\r\na=1\r\n", {"a": "1"}),
        (None, b"a=1", {"a": "1"}),
        (None, b"", {}),
    ],
)  # fmt: skip
def test_what_was_filled_in(kind, body, texts):
    assert form_texts(kind, body) == texts


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/xml", b"<a/>", 415),
        ("", b"", None),
        (";;;", b"", 415),
        (MULTIPART, part("a", "1"), 400),
        (MULTIPART, b"", 400),
        (MULTIPART, b"a=1", 400),
        ("multipart/form-data", part("a", "1") + b"--XX--", 400),
        ("multipart/form-data; boundary=", b"----", 400),
        (MULTIPART, b"--XX\r\nContent-Disposition: form-data; name=\xff\r\n\r\n1\r\n--XX--", 400),
        (MULTIPART, part("a", "1") * (MOST_FIELDS + 1) + b"--XX--", 400),
        (JSON, b"", 400),
        (JSON, b"[1]", 400),
        (JSON, b'{"a":1,"a":2}', 422),
        (JSON, b'{"a":"\\u0000"}', 422),
        (JSON, b'{"a":' * 10 + b"1" + b"}" * 10, 422),
        (PLAIN, b'{"a":', 400),
        (URLENCODED, b"a=1&" * MOST_FIELDS, None),
        (URLENCODED, b"a=1&" * (MOST_FIELDS + 1), 413),
        (JSON, json.dumps({"a": ["x"] * (MOST_FIELDS + 1)}).encode(), 413),
        (PLAIN, b"a=1\r\n" * (MOST_FIELDS + 1), 413),
        (URLENCODED, b"a" * (MOST_BYTES + 1), 413),
        ("application/xml", b"a" * (MOST_BYTES + 1), 413),
    ],
)
def test_what_cannot_be_read_is_refused(kind, body, status):
    assert refusal(kind, body) == status


def refusal(kind, body):
    """The status, or None when it was read."""
    try:
        form_texts(kind, body)
    except RefusedBodyError as error:
        return error.status if error.fix else 0
    return None


KINDS = st.sampled_from([URLENCODED, MULTIPART, JSON, PLAIN, None, "x/y", "multipart/form-data; boundary=\u00ff"])
PIECES = st.sampled_from(
    [
        *(
            b"--XX",
            b"--",
            b"\r\n",
            b"\n",
            b"Content-Disposition: form-data; name=",
            b'"a"',
            b'; filename="b"',
            b"&",
            b"=",
        ),
        *(b"{", b'"a":', b'"b"', b"}", b"[", b"]", b",", b"\xff", b"%", b"%00", b"%ff", b"+", b"\0", b"a", b"\\ud800"),
    ]
)


@given(KINDS, st.binary(max_size=50) | st.lists(PIECES, max_size=25).map(b"".join))
def test_any_bytes_become_storable_texts_or_are_refused(kind, body):
    status = refusal(kind, body)
    assert status in {None, 400, 413, 415, 422}
    if status is None:
        texts = form_texts(kind, body)
        assert "\0" not in "".join((*texts, *texts.values())).encode().decode()


def test_every_naughty_text_comes_through_every_kind_of_form():
    for text in STORABLE:
        kept = text.replace("\0", "\ufffd")
        assert form_texts(URLENCODED, urlencode({"a": text}).encode()) == {"a": kept}
        assert form_texts(MULTIPART, part("a", text) + b"--XX--") == {"a": kept}
        if "\0" not in text:
            assert form_texts(JSON, json.dumps({"a": text}).encode()) == {"a": text}


@pytest.mark.parametrize("text", [text for text in NAUGHTY if text not in STORABLE])
def test_what_no_encoding_can_write_is_replaced_or_refused(text):
    encoded = urlencode({"a": text}, errors="surrogatepass").encode()
    assert form_texts(URLENCODED, encoded)["a"].encode()
    with pytest.raises(RefusedBodyError):
        form_texts(JSON, json.dumps({"a": text}).encode())


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (URLENCODED, b"&" * MOST_BYTES),
        (URLENCODED, b"%" * MOST_BYTES),
        (URLENCODED, b"%41" * (MOST_BYTES // 3)),
        (MULTIPART, b"--XX\r\n" * (MOST_BYTES // 6)),
        (MULTIPART, part("a", b"\r\n--X" * (MOST_BYTES // 5 - 20)) + b"--XX--"),
        (MULTIPART, b"\r\n" * (MOST_BYTES // 2)),
        ('multipart/form-data; boundary="' + "\\" * 8000 + '"', b"a" * MOST_BYTES),
        ("multipart/form-data" + "; a=" * 2000, b"a" * MOST_BYTES),
        (PLAIN, b"a\n" * (MOST_BYTES // 2)),
        (PLAIN, b"a.\n" * (MOST_BYTES // 3)),
        (JSON, b"[" * MOST_BYTES),
    ],
)
def test_the_time_it_takes_is_bounded(kind, body):
    assert len(body) <= MOST_BYTES
    start = time.process_time()
    refusal(kind, body)
    assert time.process_time() - start < 0.5
