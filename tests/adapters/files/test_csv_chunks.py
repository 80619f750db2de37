"""A file is cut into rows in one way only, whatever the size of the pieces and whatever the file contains."""

import csv
from io import BytesIO, StringIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.adapters.files.chunks import Position, chunks
from winnow.adapters.files.csv_reader import CsvDialect, CsvParser
from winnow.core.mapping.rows import BadRow, RawRow

CAP = 60


def rows(data: bytes, dialect: CsvDialect | None = None, size: int = 10_000, cap: int = CAP, width: int | None = None):
    dialect = dialect or CsvDialect()
    parser = CsvParser(dialect, width, cap)
    found = chunks(BytesIO(data), dialect.scanner, Position(0, 1), size=size, cap=cap)
    return [row for chunk in found for row in parser.rows(chunk)]


def good(found) -> list[list[str]]:
    return [row.cells for row in found if isinstance(row, RawRow)]


def bad(found) -> list[tuple[int, str]]:
    return [(row.line, row.raw) for row in found if isinstance(row, BadRow)]


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (b"", []),
        (b"\n\r\n\n", []),
        (b"a,b", [["a", "b"]]),
        (b"a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        (b'"a,1","b\nc"\n', [["a,1", "b\nc"]]),
        (b'"a""b",c\n', [['a"b', "c"]]),
        (b'"","",\n', [["", "", ""]]),
        (b'a"b,c""d\n', [['a"b', 'c""d']]),
        (b'"""",x\n', [['"', "x"]]),
        (b"a\0b,c\n", [["a\ufffdb", "c"]]),
        (b' "a",b\n', [[' "a"', "b"]]),
        ("é,ü\n".encode(), [["é", "ü"]]),
        (b'"a\r\nb"\r\n', [["a\r\nb"]]),
        (b",\n", [["", ""]]),
    ],
)
def test_well_formed(data, cells):
    found = rows(data)
    assert good(found) == cells
    assert bad(found) == []


BROKEN = [
    # an opened quote costs its line, not the rest of the file
    (b'a,b\n"c,d\ne,f\ng,h\n', [["a", "b"], ["e", "f"], ["g", "h"]], [2]),
    # also when a later quote would close it
    (b'"c,d\ne,f\n"g",h\n', [["e", "f"], ["g", "h"]], [1]),
    (b'x,"a"b,c\ny,z\n', [["y", "z"]], [1]),
    (b'"a"b\nc\n', [["c"]], [1]),
    (b"a\rb\nc\n", [["c"]], [1]),
    (b"a\r\r\nb\n", [["b"]], [1]),
    (b'"a\n', [], [1]),
    (b'"', [], [1]),
    (b'a,"', [], [1]),
    (b"\xff\xfe,b\nc,d\n", [["c", "d"]], [1]),
    (b"a,b\n" + b"x" * 200 + b"\nc,d\n", [["a", "b"], ["c", "d"]], [2]),
    (b"a,b\n" + b"x" * 200, [["a", "b"]], [2]),
    # a quoted cell that is too long costs its first line; what follows is looked at line by line
    (b'a,"' + b"x" * 30 + b"\n" + b"y" * 40 + b'",b\nc,d\n', [["y" * 40 + '"', "b"], ["c", "d"]], [1]),
]


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
@pytest.mark.parametrize(("data", "cells", "lines"), BROKEN)
def test_broken_rows_cost_little(data, cells, lines, size):
    found = rows(data, size=size)
    assert good(found) == cells
    assert [line for line, _ in bad(found)] == lines
    assert all(row.reason for row in found if isinstance(row, BadRow))


def test_lines_are_those_an_editor_shows():
    data = b'h\n"a\nb"\n\nc\n"bad\nd'
    assert [(type(row), row.line) for row in rows(data)] == [
        (RawRow, 1),
        (RawRow, 2),
        (RawRow, 5),
        (BadRow, 6),
        (RawRow, 7),
    ]


def test_rows_of_another_width():
    found = rows(b"a\na,b\na,b,c\n", width=2)
    assert good(found) == [["a", "b"]]
    assert [row.reason for row in found if isinstance(row, BadRow)] == [
        "1 cell where the header has 2",
        "3 cells where the header has 2",
    ]


def test_bytes_of_another_encoding_cost_only_their_rows():
    found = rows("é,1\n".encode() + "é,2\n".encode("latin-1") + b"x\0y,3\nz\n", width=2)
    assert good(found) == [["é", "1"], ["x\ufffdy", "3"]]
    assert bad(found) == [(2, "\ufffd,2"), (4, "z")]


def test_latin_1_without_quotes_and_old_line_breaks():
    dialect = CsvDialect("|", None, "cp1252", "\r")
    assert good(rows('"é|b\rc|d\n\r'.encode("cp1252"), dialect)) == [['"é', "b"]]
    assert good(rows('"é|b\rc|d'.encode("cp1252"), dialect)) == [['"é', "b"], ["c", "d"]]
    quoted = CsvDialect(",", '"', "utf-8", "\r")
    assert good(rows(b'"a\rb\nc",d\re,f\r', quoted)) == [["a\rb\nc", "d"], ["e", "f"]]


def test_bytes_the_encoding_does_not_define():
    found = rows(b"a\x81,b\nc,d\n", CsvDialect(",", '"', "cp1252"))
    assert good(found) == [["c", "d"]]
    assert [line for line, _ in bad(found)] == [1]


PIECES = st.sampled_from(
    [b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"a", b"bc", b"\xc3\xa9", b"\xff", b"\0", b"x" * 20, b" "]
)
TEXTS = st.lists(PIECES, max_size=60).map(b"".join)


@given(TEXTS, st.integers(1, 100))
def test_the_size_of_the_pieces_makes_no_difference(data, size):
    assert rows(data, size=size) == rows(data, size=len(data) + 1)


@given(TEXTS, st.integers(1, 50))
def test_pieces_follow_each_other_and_can_be_taken_up_anywhere(data, size):
    dialect = CsvDialect()
    found = list(chunks(BytesIO(data), dialect.scanner, Position(0, 1), size=size, cap=CAP))
    if not any(chunk.oversize for chunk in found):
        assert b"".join(chunk.data for chunk in found) in {data, data + b"\n"}
    assert all(before.end == after.start for before, after in pairwise(found))
    for number, chunk in enumerate(found):
        assert list(chunks(BytesIO(data), dialect.scanner, chunk.start, size=size, cap=CAP)) == found[number:]


CELLS = st.text(st.sampled_from('ab,"\n\r;é \0'), max_size=6)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=12)


STYLES = st.sampled_from([("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)])


@given(TABLES, st.integers(1, 50), STYLES)
def test_what_the_csv_module_writes_is_read_back(table, size, style):
    out = StringIO()
    newline, quoting = style
    csv.writer(out, lineterminator=newline, quoting=quoting).writerows(table)
    found = rows(out.getvalue().encode(), size=size, cap=1000)
    assert bad(found) == []
    assert good(found) == [[cell.replace("\0", "\ufffd") for cell in row] for row in table]


@given(TEXTS)
def test_no_row_is_lost_or_invented_where_the_csv_module_has_no_complaint(data):
    text = data.decode("utf-8", "replace").replace("\0", "\ufffd")
    try:
        expected = [row for row in csv.reader(StringIO(text, newline="\n"), strict=True) if row]
    except csv.Error:
        return
    assert good(rows(text.encode(), cap=100_000)) == expected


def test_hostile_input_takes_linear_time():
    """Each of these would take minutes if a scan were begun again at every line or quote."""
    many = 20_000
    for data, readable in [
        (b'"a\n' * many, 0),
        (b'"' + b'""\n' * many, None),
        (b'"' * many * 10, None),
        (b'x"' * many + b"\n", 1),
        (b'"x",' * many + b"\n", 1),
        (b'"\n' + b'""x\n' * many, 0),
        (b"\r" * many, 0),
        (b"\n" * many, 0),
    ]:
        found = good(rows(data, cap=1_000_000, size=100_000))
        assert readable is None or len(found) == readable
