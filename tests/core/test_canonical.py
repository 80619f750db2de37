"""One byte string for one meaning."""

import json
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.canonical import canonical_bytes, content_hash, differences

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, b"{}"),
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
        ({"ä": "ß😀"}, '{"ä":"ß😀"}'.encode()),
        ({"a": 0.1, "b": 3.0, "c": 1e300, "d": -0.0}, b'{"a":0.1,"b":3.0,"c":1e+300,"d":-0.0}'),
        ({"a": '"\n\0'}, b'{"a":"\\"\\n\\u0000"}'),
        ({"a": "\ud800"}, b'{"a":"\xed\xa0\x80"}'),
        (["x", ("y",)], b'["x",["y"]]'),
    ],
)
def test_canonical_bytes(document, expected):
    assert canonical_bytes(document) == expected


@pytest.mark.parametrize("number", [nan, inf, -inf])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_bytes({"a": number})


def test_the_hash_is_sha256_of_the_bytes():
    assert content_hash({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@given(DOCUMENTS)
def test_bytes_are_read_back_to_the_same_document_and_the_same_bytes(document):
    written = canonical_bytes(document)
    again = json.loads(written.decode("utf-8", "surrogatepass"))
    assert again == document
    assert canonical_bytes(again) == written


@given(st.dictionaries(st.text(max_size=3), DOCUMENTS, max_size=5))
def test_the_order_of_keys_does_not_matter(document):
    assert canonical_bytes(dict(reversed(document.items()))) == canonical_bytes(document)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({}, {}, []),
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
        ({"a": 1}, {"b": 2}, [("a", 1, None), ("b", None, 2)]),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, [("a.b.c", 1, 2)]),
        ({"a": {"b": 1}}, {"a": 1}, [("a", {"b": 1}, 1)]),
        ({"a": [1, 2]}, {"a": [2, 1]}, [("a", [1, 2], [2, 1])]),
        ({"a": "xy"}, {"a": "yx"}, [("a", "xy", "yx")]),
        ({"a": ""}, {"a": "y"}, [("a", "", "y")]),
        ({"a": []}, {"a": []}, []),
        ({"a": []}, {"a": [{"id": "x", "p": 1}]}, [("a.x", None, {"id": "x", "p": 1})]),
        ({"a": [{"id": "x"}, {"id": "y"}]}, {"a": [{"id": "y"}, {"id": "x"}]}, []),
        ({"a": [{"id": "x", "p": 1}]}, {"a": [{"id": "x", "p": 2}]}, [("a.x.p", 1, 2)]),
        (
            {"a": [{"signal": "form.x", "p": 1}]},
            {"a": [{"signal": "form.y", "p": 1}]},
            [
                ("a.form.x", {"signal": "form.x", "p": 1}, None),
                ("a.form.y", None, {"signal": "form.y", "p": 1}),
            ],
        ),
        ({"a": [{"p": 1}]}, {"a": [{"p": 2}]}, [("a", [{"p": 1}], [{"p": 2}])]),
        ({"a": [{"id": "x"}]}, {"a": [1]}, [("a", [{"id": "x"}], [1])]),
        ({"a": [{"id": "x"}]}, {}, [("a", [{"id": "x"}], None)]),
        (1, 2, [("", 1, 2)]),
    ],
)
def test_differences_name_the_place_and_both_sides(before, after, found):
    assert differences(before, after) == found


@given(DOCUMENTS)
def test_a_document_does_not_differ_from_itself(document):
    assert differences(document, document) == []
