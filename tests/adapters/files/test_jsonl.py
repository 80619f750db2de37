"""JSON lines become the same cells as a CSV file would hold; what is no object is a bad row."""

from io import BytesIO

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.adapters.files.chunks import Position, chunks
from winnow.adapters.files.jsonl_reader import JsonlParser, flat_object
from winnow.adapters.files.scan import LineScanner
from winnow.core.mapping.rows import BadRow, RawRow


def rows(data: bytes, *columns: str, size: int = 1000, cap: int = 1000):
    parser = JsonlParser(columns)
    found = chunks(BytesIO(data), LineScanner(), Position(0, 1), size=size, cap=cap)
    return [row for chunk in found for row in parser.rows(chunk)]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (b"{}", {}),
        (
            b'{"a":"x","b":null,"c":true,"d":false,"e":5,"f":1.5}',
            {"a": "x", "b": "", "c": "true", "d": "false", "e": "5", "f": "1.5"},
        ),
        (b'{"utm":{"source":"ads"},"emails":["a","b"]}', {"utm.source": "ads", "emails.0": "a", "emails.1": "b"}),
        (b'{"a":{"b":{"c":1}},"d":[[1]]}', {"a.b": '{"c":1}', "d.0": "[1]"}),
        (b'{"a":1,"a":2}', {"a": "2"}),
        (b'{"n":123456789012345678901}', {"n": "123456789012345678901"}),
        (' {"ü":"é"} \r'.encode(), {"ü": "é"}),
    ],
)
def test_objects(text, cells):
    assert flat_object(text) == cells


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not valid JSON"),
        (b'{"a":NaN}', "not valid JSON: invalid character"),
        (b'{"a":1} x', "not valid JSON"),
        (b'{"a":1e999}', "not valid JSON: number out of range"),
        (b'{"a":"\\ud800"}', "not valid JSON"),
        (b'["a"]', "not a JSON object"),
        (b"5", "not a JSON object"),
        (b'{"a":"\xff"}', "bytes that are not UTF-8"),
        (b'{"a":' * 5000, "nested too deeply"),
        (b"\x00", "not valid JSON"),
        (b'{"a":' + b"9" * 5000 + b"}", "not valid JSON"),
    ],
)
def test_what_is_no_object_is_a_bad_row(line, reason):
    found = rows(b'{"a":1}\n' + line + b'\n\n{"a":2}', "a", cap=100_000)
    assert [row.cells for row in found if isinstance(row, RawRow)] == [["1"], ["2"]]
    (bad,) = [row for row in found if isinstance(row, BadRow)]
    assert bad.line == 2
    assert bad.reason.startswith(reason)
    assert found[2].line == 4


def test_cells_follow_the_columns():
    assert rows(b'{"b":1,"z":3}\n{"a":"x"}\n', "a", "b", "c") == [RawRow(1, ["", "1", ""]), RawRow(2, ["x", "", ""])]


def test_nul_and_oversize():
    data = b'{"a":"x\\u0000y"}\n' + b'{"a":"' + b"z" * 300 + b'"}\n{"a":"b"}'
    found = rows(data, "a", cap=100)
    assert [row.cells for row in found if isinstance(row, RawRow)] == [["x\ufffdy"], ["b"]]
    assert [(row.line, row.reason) for row in found if isinstance(row, BadRow)] == [
        (2, "this line has 309 bytes, and a row may have 100")
    ]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3), max_size=8), st.integers(1, 60))
def test_the_size_of_the_pieces_makes_no_difference(objects, size):
    data = b"\n".join(map(msgspec.json.encode, objects))
    found = rows(data, "a", "b", "c", "a.0", size=size)
    assert found == rows(data, "a", "b", "c", "a.0", size=100_000)
    assert len(found) == len(objects)
