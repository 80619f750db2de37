"""Whatever a user names is opened, or refused with a way out."""

import gzip
import io
import os
import pickle
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest

from tests.support.unprivileged import unprivileged
from winnow.adapters.files.chunks import LONGEST_RECORD, Position
from winnow.adapters.files.source import fingerprint, open_source
from winnow.core.mapping import CsvOptions
from winnow.core.mapping.rows import BadRow, RawRow
from winnow.errors import InvalidInputError


@pytest.fixture
def put(tmp_path):
    def write(data: bytes | str, name: str = "leads.csv") -> str:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    return write


def cells(name: str, **how) -> list[list[str]]:
    with open_source(name, **how) as source:
        return [row.cells for row in source.rows() if isinstance(row, RawRow)]


def test_a_csv_file(put):
    with open_source(put("id; Name\n1;Ana\n2;Bo;x\n")) as source:
        assert (source.kind, source.columns, source.start) == ("csv", ("id", "Name"), Position(9, 2))
        assert source.description == "CSV, `;` between cells, utf-8"
        assert list(source.rows()) == [RawRow(2, ["1", "Ana"]), BadRow(3, "3 cells where the header has 2", "2;Bo;x")]
        assert source.sample() == [["1", "Ana"]]
        assert list(source.chunks())[-1].end.offset == source.size


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfid,n\n1,\xc3\xa9\n",
        "id,n\n1,é\n".encode("utf-16"),
        "id,n\r\n1,é".encode("utf-32"),
        "id,n\n1,é\n".encode("cp1252"),
        "id,n\n1,é\n".encode(),
        "\n\nid,n\n1,é\n".encode(),
        "id,n\r1,é\r".encode(),
        "sep=;\nid;n\n1;é\n".encode(),
    ],
)
def test_encodings_and_beginnings(put, data):
    with open_source(put(data)) as source:
        assert source.columns == ("id", "n")
        assert source.sample() == [["1", "é"]]
        temporary = list(source.temporary)
    assert not any(path.exists() for path in temporary)


@pytest.mark.parametrize("encoding", ["utf-16-le", "shift_jis", "gb18030", "latin-1", "cp1250", "UTF8", "utf-7"])
def test_an_encoding_that_is_given(put, encoding):
    text = (
        "id|n\n1|a\n"
        if encoding == "utf-7"
        else "id|n\n1|日\n"
        if encoding in {"shift_jis", "gb18030", "utf-16-le"}
        else "id|n\n1|ä\n"
    )
    expected = text.rsplit("|", 1)[-1].strip()
    assert cells(put(text.encode(encoding)), options=CsvOptions(encoding=encoding)) == [["1", expected]]


def test_unnamed_columns_get_a_name(put):
    with open_source(put("id,,x\0y,\n1,2,3,4\n")) as source:
        assert source.columns == ("id", "column 2", "x\ufffdy", "column 4")


def test_a_header_of_several_lines(put):
    with open_source(put('"id\nof lead",n\n1,2\n')) as source:
        assert source.columns == ("id\nof lead", "n")
        assert list(source.rows()) == [RawRow(3, ["1", "2"])]


def test_only_a_header(put):
    assert cells(put("a,b")) == []


def test_json_lines(put):
    text = '\ufeff{"id":1,"utm":{"source":"x"}}\nnonsense\n{"id":2,"late":"y"}\n'
    with open_source(put(text, "leads.ndjson"), optional=("later",)) as source:
        assert (source.kind, source.columns) == ("jsonl", ("id", "utm.source", "late", "later"))
        assert [row.line for row in source.rows()] == [1, 2, 3]
        assert source.sample() == [["1", "x", "", ""], ["2", "", "y", ""]]
    assert cells(put('{"a":"é"}\n'.encode("utf-16"), "x.jsonl")) == [["é"]]
    assert cells(put('{"a":1}\n', "unknown.dat")) == [["1"]]
    assert cells(put('{"a":1}\n', "unknown.csv"), kind="jsonl") == [["1"]]


REFUSED = [
    (b"", "a.csv", "there is nothing in it", "header and rows"),
    (b"\n\n  \n", "a.csv", "there are no columns in it", ""),
    (b"\n\n", "a.csv", "there are no columns in it", "header"),
    (b"a,b,a,c,b\n1,2,3,4,5\n", "a.csv", "several columns are called `a`, `b`", "own name"),
    (b"a@b.example,Ana\nc@d.example,Bo\n", "a.csv", "`a@b.example` is data, not the name of a column", "column names"),
    (b'"a,b\n1,2"x\n', "a.csv", "the first line is no header", "column names"),
    (b"x" * (LONGEST_RECORD + 1), "a.csv", "the first line is no header", "column names"),
    (
        ",".join(f"c{each}" for each in range(10_001)).encode() + b"\n",
        "a.csv",
        "10,001 columns, and 10,000 are the most",
        "leave",
    ),
    (b"a," * 400_000 + b"\n", "a.csv", "400,001 columns", ""),
    (b"," * 900_000 + b"\n", "a.csv", "there are no columns in it", ""),
    (b"abc," * 1_000_000 + b"\n", "a.csv", "more than 10,000 columns, and 10,000 are the most", "leave"),
    (("{" + ",".join(f'"c{each}":1' for each in range(10_001)) + "}").encode(), "a.jsonl", "10,001 columns", ""),
    (gzip.compress(b"a,b\n", mtime=0), "a.csv.gz", "compressed with gzip", "gunzip -c FILE | winnow screen -"),
    (b"PK\x03\x04rest", "a.xlsx", "a workbook or a zip archive", "save the sheet as CSV"),
    (b"%PDF-1.7", "a.pdf", "a PDF", "export"),
    ("id,n\n1,x\n".encode("utf-16-le"), "a.csv", "not plain text", "UTF-8"),
    (b'[{"a":1}]', "a.json", "this is one JSON list", "jq -c"),
    (b'[{"a":1}]', "a", "this is one JSON list", "jq -c"),
    (b"[1]\n", "a.jsonl", "this is one JSON list", "jq -c"),
    (b'"a"\n', "a.jsonl", "no line holds a JSON object", "one object a line"),
]


@pytest.mark.parametrize(("data", "name", "what", "fix"), REFUSED)
def test_what_cannot_be_leads_is_refused(put, data, name, what, fix):
    path = put(data, name)
    with pytest.raises(InvalidInputError) as raised:
        open_source(path, CsvOptions(quote='"'))
    assert what in raised.value.what
    assert fix in (raised.value.fix or "")
    assert path in str(raised.value)


def test_places_and_settings_that_mean_nothing(tmp_path, put):
    for name, what in [(str(tmp_path), "this is a folder"), (str(tmp_path / "no.csv"), "there is no such file")]:
        with pytest.raises(InvalidInputError, match=what):
            open_source(name)
    with pytest.raises(InvalidInputError, match="`xml` is not a format"):
        open_source(put("a\n1\n"), kind="xml")
    for encoding in ("klingon", "rot13", "\0"):
        with pytest.raises(InvalidInputError, match="is not an encoding"):
            open_source(put("a\n1\n"), CsvOptions(encoding=encoding))


def test_a_file_that_may_not_be_read(put):
    path = put("a\n")
    Path(path).chmod(0)
    with pytest.raises(InvalidInputError, match="may not be read"), unprivileged():
        open_source(path)


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"id,n\n1,2\n")))
    with open_source("-") as source:
        assert (source.name, source.columns) == ("standard input", ("id", "n"))
        assert source.sample() == source.sample() == [["1", "2"]]
        (temporary,) = source.temporary
        assert temporary.exists()
    assert not temporary.exists()


def test_standard_input_that_is_refused_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a,a\n")))
    with pytest.raises(InvalidInputError, match="standard input:1: several columns"):
        open_source("-")
    assert list(tmp_path.iterdir()) == []


def test_a_named_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"id,n\n1,2\n",))
    writer.start()
    assert cells(str(pipe)) == [["1", "2"]]
    writer.join()


def test_reading_can_be_taken_up_where_a_chunk_ended_and_in_another_process(put):
    path = put("id,n\n" + "".join(f'{each},"a\nb"\n' for each in range(500)))
    with open_source(path) as source:
        every = list(source.rows())
        found = list(source.chunks(size=100))
        assert len(found) > 20
        parser = pickle.loads(pickle.dumps(source.parser))
        assert [row for chunk in found for row in parser.rows(pickle.loads(pickle.dumps(chunk)))] == every
        rest = [row for chunk in source.chunks(found[9].end, size=100) for row in source.parser.rows(chunk)]
        assert rest == every[-len(rest) :]
        assert rest[0].line == found[10].start.line


def test_a_fingerprint_tells_files_apart(put):
    first, second = Path(put("a,b\n1,2\n", "x")), Path(put("a,b\n1,3\n", "y"))
    assert fingerprint(first) == fingerprint(first)
    assert fingerprint(first, dated=False) != fingerprint(second, dated=False)
    second.write_bytes(first.read_bytes())
    assert fingerprint(first, dated=False) == fingerprint(second, dated=False)
    os.utime(second, ns=(0, 0))
    assert fingerprint(first) != fingerprint(second)


def test_memory_stays_bounded_whatever_the_line(put):
    """One line of 40 MB: read in pieces, reported, and the rows around it are read."""
    path = put(b"id,n\n1,2\n" + b"x" * 40_000_000 + b"\n3,4\n")
    with open_source(path, CsvOptions(encoding="utf-8", delimiter=",", quote='"')) as source:
        tracemalloc.start()
        found = list(source.rows())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert [row.line for row in found] == [2, 3, 4]
    assert found[1].reason.startswith("this line has 40,000,001 bytes")
    assert peak < 12_000_000
