"""Files with people's data are for their owner, appear whole, and no spreadsheet runs what is in them."""

import csv
import json
import stat

import pytest

from winnow.adapters.files.private import CSV, JSONL, need_new, need_table_name, rows_beside, write_private
from winnow.errors import InvalidInputError


@pytest.mark.parametrize(
    ("cell", "written", "defused"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)", 1),
        ("+49 (0)151-2345", "+49 (0)151-2345", 0),
        ("-5.5", "-5.5", 0),
        ("+1+cmd", "'+1+cmd", 1),
        ("-2,5", "'-2,5", 1),
        ("@ann", "'@ann", 1),
        ('say "hi", Bo', 'say "hi", Bo', 0),
        ("two\nlines", "two\nlines", 0),
        ("", "", 0),
    ],
)
def test_cells_of_csv_run_nowhere(tmp_path, cell, written, defused):
    path = tmp_path / "leads.csv"
    with rows_beside(path) as rows:
        rows.add({"id": "l1", "note": cell})
        write_private(path, rows.lines(["note", "other"], CSV))
        assert rows.defused == defused
    with path.open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [["note", "other"], [written, ""]]


def test_json_lines_are_exact_and_every_row_has_every_column(tmp_path):
    path = tmp_path / "leads.jsonl"
    with rows_beside(path) as rows:
        rows.add({"a": "=1+1 ü\n"})
        rows.add({"b": "x"})
        write_private(path, rows.lines(["a", "b"], JSONL))
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert found == [{"a": "=1+1 ü\n", "b": None}, {"a": None, "b": "x"}]


def test_only_its_owner_may_read_it_whatever_was_left_there(tmp_path):
    path, left = tmp_path / "leads.csv", tmp_path / "leads.csv.partial"
    left.touch(mode=0o644)
    write_private(path, iter(["a\n"]))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not left.exists()


def test_nothing_is_left_of_a_file_that_could_not_be_finished(tmp_path):
    def lines():
        yield "a\n"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_private(tmp_path / "leads.csv", lines())
    assert list(tmp_path.iterdir()) == []


def test_names_and_places_that_will_not_do_are_refused(tmp_path):
    with pytest.raises(InvalidInputError, match="does not say its format"):
        need_table_name(tmp_path / "leads.txt")
    need_table_name(tmp_path / "leads.CSV")
    need_new(tmp_path / "leads.csv")
    (tmp_path / "leads.csv").touch()
    with pytest.raises(InvalidInputError, match="something by that name"):
        need_new(tmp_path / "leads.csv")
    with pytest.raises(InvalidInputError, match="no file can be written there"), rows_beside(tmp_path / "no" / "x.csv"):
        pass
