"""Parquet in and out, with the library that the extra brings."""

import json
from datetime import UTC, datetime

import pytest

from tests.support.cases import certified, facts, lead
from winnow.adapters.files import parquet_reader
from winnow.adapters.files.chunks import Position
from winnow.adapters.files.decisions import format_jsonl
from winnow.adapters.files.parquet_reader import arrow_io
from winnow.adapters.files.parquet_writer import parquet_from_jsonl
from winnow.adapters.files.source import open_source
from winnow.core.decide import decide
from winnow.core.document import decision_document
from winnow.core.mapping.rows import RawRow
from winnow.errors import InvalidInputError, MissingExtraError

core = pytest.importorskip("arro3.core")
arrow = pytest.importorskip("arro3.io")


@pytest.fixture
def leads(tmp_path):
    """Ten thousand rows, with a null, a NUL, a time, a number, a nested value and a list."""
    count = 10_000
    kinds = core.DataType
    columns = {
        "id": core.Array([f"L{each}" for each in range(count)], type=kinds.string()),
        "name": core.Array([None if each == 1 else "a\0é" for each in range(count)], type=kinds.string()),
        "score": core.Array([1.5 if each else float("nan") for each in range(count)], type=kinds.float64()),
        "at": core.Array([1_767_225_600_000_000] * count, type=kinds.int64()).cast(kinds.timestamp("us", tz="UTC")),
        "ok": core.Array([bool(each % 2) for each in range(count)], type=kinds.bool()),
    }
    path = tmp_path / "leads.parquet"
    arrow.write_parquet(core.RecordBatch.from_pydict(columns), path)
    return path


def test_rows(leads):
    with open_source(str(leads)) as source:
        assert (source.kind, source.size) == ("parquet", None)
        assert source.columns == ("id", "name", "score", "at", "ok")
        rows = list(source.rows())
    assert len(rows) == 10_000
    assert rows[0] == RawRow(1, ["L0", "a\ufffdé", "", "2026-01-01T00:00:00+00:00", "false"])
    assert rows[1] == RawRow(2, ["L1", "", "1.5", "2026-01-01T00:00:00+00:00", "true"])
    assert datetime.fromisoformat(rows[0].cells[3]) == datetime(2026, 1, 1, tzinfo=UTC)


def test_reading_is_taken_up_at_a_row(leads):
    with open_source(str(leads)) as source:
        ends = [chunk.end for chunk in source.chunks()]
        assert len(ends) > 1
        for begin in (ends[0], Position(4100, 4101)):
            rest = [row for chunk in source.chunks(begin) for row in source.parser.rows(chunk)]
            assert rest[0].line == begin.line
            assert rest[-1] == list(source.rows())[-1]
            assert len(rest) == 10_000 - begin.offset


def test_nested_columns(tmp_path):
    lines = tmp_path / "x.jsonl"
    lines.write_text('{"utm":{"source":"ads"},"emails":["a","b"]}\n{"utm":null,"emails":[]}\n')
    kinds = core.DataType
    schema = core.Schema(
        [
            core.Field("utm", kinds.struct([core.Field("source", kinds.string())])),
            core.Field("emails", kinds.list(core.Field("item", kinds.string()))),
        ]
    )
    path = tmp_path / "x.parquet"
    arrow.write_parquet(arrow.read_json(lines, schema), path)
    with open_source(str(path)) as source:
        assert source.columns == ("utm.source", "emails.0", "emails.1")
        assert source.sample() == [["ads", "a", "b"], ["", "", ""]]


def test_broken_files_are_refused(leads, tmp_path, capfd):
    whole = leads.read_bytes()
    for name, data in {
        "cut": whole[:-100],
        "short": b"PAR1",
        "filled": whole[:4] + bytes(len(whole) - 12) + whole[-8:],
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(InvalidInputError, match="not a whole Parquet file"):
            list(open_source(str(path)).rows())
    capfd.readouterr()  # the library writes its own complaint to the terminal


def test_without_the_library(leads, monkeypatch):
    def missing(name: str):
        raise ImportError(name)

    monkeypatch.setattr(parquet_reader, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"pip install 'winnow-crm\[parquet\]'"):
        arrow_io()
    with pytest.raises(MissingExtraError):
        open_source(str(leads))


def test_decisions_survive_as_columns(tmp_path):
    decisions = [decide(lead(id=f"ü{each}", form_fill_seconds=float(each)), facts(), certified()) for each in range(50)]
    lines, target = tmp_path / "d.jsonl", tmp_path / "d.parquet"
    lines.write_bytes(b"".join(map(format_jsonl, decisions)))
    parquet_from_jsonl(lines, target)
    rows = [
        dict(zip(batch.column_names, row, strict=True))
        for batch in arrow.read_parquet(target)
        for row in zip(*(batch.column(name).to_pylist() for name in batch.column_names), strict=True)
    ]
    assert rows == [json.loads(json.dumps(decision_document(decision))) for decision in decisions]


def test_no_decisions_at_all(tmp_path):
    lines, target = tmp_path / "d.jsonl", tmp_path / "d.parquet"
    lines.write_bytes(b"")
    parquet_from_jsonl(lines, target)
    assert sum(batch.num_rows for batch in arrow.read_parquet(target)) == 0
