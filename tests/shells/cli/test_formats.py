"""What the output is written as."""

from pathlib import Path

import pytest

from winnow.errors import InvalidInputError
from winnow.shells.cli.screen import default_output, form_of


@pytest.mark.parametrize(
    ("out", "asked", "form"),
    [
        ("out.csv", None, "csv"),
        ("out.jsonl", None, "jsonl"),
        ("out.NDJSON", None, "jsonl"),
        ("out.json", None, "jsonl"),
        ("out.parquet", None, "parquet"),
        ("out.txt", None, "csv"),
        ("-", None, "csv"),
        ("out.csv", "jsonl", "jsonl"),
        ("-", "jsonl", "jsonl"),
    ],
)
def test_the_format_is_what_was_asked_for_or_what_the_name_says(out, asked, form):
    assert form_of(Path(out), asked) == form


def test_an_unknown_format_is_refused():
    with pytest.raises(InvalidInputError, match="`xlsx` is not a format; use csv, jsonl, parquet"):
        form_of(Path("out.csv"), "xlsx")


@pytest.mark.parametrize(
    ("file", "form", "out"),
    [("a/leads.csv", None, "leads.decisions.csv"), ("leads.csv", "jsonl", "leads.decisions.jsonl"), ("-", None, "-")],
)
def test_decisions_go_beside_nothing_unless_told_otherwise(file, form, out):
    assert default_output(file, form) == Path(out)
