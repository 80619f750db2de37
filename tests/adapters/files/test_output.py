"""An output appears whole or not at all, and an interrupted run goes on where it was."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.naughty import NAUGHTY
from tests.support.unprivileged import unprivileged
from winnow.adapters.files.checkpoint import (
    Checkpoint,
    checkpoint_path,
    load_checkpoint,
    remove_checkpoint,
    save_checkpoint,
)
from winnow.adapters.files.chunks import Position
from winnow.adapters.files.output import OutputFile, partial_path
from winnow.adapters.files.rejected import RejectedRows, format_rejected, rejected_path
from winnow.core.mapping.rows import BadRow, bad_row
from winnow.errors import InvalidInputError, WinnowError


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out.csv"


def test_it_appears_on_commit(out):
    with OutputFile.start(out, b"head\n") as output:
        output.write(b"one\n")
        assert not out.exists()
        output.commit()
    assert out.read_bytes() == b"head\none\n"
    assert list(out.parent.iterdir()) == [out]


def test_the_earlier_output_stands_until_then(out):
    out.write_bytes(b"old")
    output = OutputFile.start(out)
    output.write(b"new")
    output.abort()
    assert out.read_bytes() == b"old"
    assert list(out.parent.iterdir()) == [out]


def test_an_interrupted_output_goes_on_at_its_checkpoint(out):
    with OutputFile.start(out, b"head\n") as output:
        output.write(b"one\n")
        position = output.sync()
        output.write(b"half a li")
    assert position == 9
    assert partial_path(out).exists()
    with OutputFile.resume(out, position) as output:
        assert output.position == position
        output.write(b"two\n")
        assert output.position == 13
        output.commit()
    assert out.read_bytes() == b"head\none\ntwo\n"


def test_beginning_anew_forgets_what_was_there(out):
    partial_path(out).write_bytes(b"left over")
    with OutputFile.start(out, b"x") as output:
        assert output.position == 1
        output.commit()
    assert out.read_bytes() == b"x"


def test_a_partial_file_that_is_too_short(out):
    partial_path(out).write_bytes(b"abc")
    with pytest.raises(WinnowError, match="shorter than its checkpoint says"):
        OutputFile.resume(out, 10)


def test_two_runs_do_not_write_the_same_file(out):
    with OutputFile.start(out, b"mine") as output:
        with pytest.raises(InvalidInputError, match="another run is writing this file"):
            OutputFile.start(out)
        output.commit()
    assert out.read_bytes() == b"mine"


def test_the_last_step_may_turn_it_into_something_else(out):
    def twice(made: Path, asked: Path) -> None:
        asked.write_bytes(made.read_bytes() * 2)

    with OutputFile.start(out, b"x", finish=twice) as output:
        output.commit()
    assert out.read_bytes() == b"xx"
    assert list(out.parent.iterdir()) == [out]


def test_a_last_step_that_fails_leaves_the_lines_to_be_continued(out):
    def fail(_made: Path, asked: Path) -> None:
        asked.write_bytes(b"half")
        raise WinnowError("no space")

    with OutputFile.start(out, b"x", finish=fail) as output, pytest.raises(WinnowError, match="no space"):
        output.commit()
    assert list(out.parent.iterdir()) == [partial_path(out)]


def test_places_that_cannot_be_written_to(tmp_path):
    with pytest.raises(InvalidInputError, match="this is a folder"):
        OutputFile.start(tmp_path)
    with pytest.raises(
        InvalidInputError, match="cannot be written: no such file or directory; name a file in a folder"
    ):
        OutputFile.start(tmp_path / "none" / "out.csv")


def test_a_killed_run_leaves_a_partial_file_and_no_output(out):
    code = f"""
import os
from pathlib import Path
from winnow.adapters.files.output import OutputFile
output = OutputFile.start(Path({str(out)!r}), b"head\\n")
output.sync()
os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    assert not out.exists()
    assert partial_path(out).read_bytes() == b"head\n"


CHECKPOINT = Checkpoint("input", "ruleset", "settings", Position(10, 3), 99, 0, {"decided": 5})


def test_a_checkpoint_is_kept_and_forgotten(out):
    assert load_checkpoint(out) is None
    save_checkpoint(out, CHECKPOINT)
    save_checkpoint(out, CHECKPOINT)
    assert load_checkpoint(out) == CHECKPOINT
    remove_checkpoint(out)
    remove_checkpoint(out)
    assert load_checkpoint(out) is None
    assert list(out.parent.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "5",
        '{"version": 2}',
        '{"version": 1}',
        '{"version": 1, "position": 5}',
        '{"version": 1, "position": {"offset": 1, "line": 2}, "more": 1}',
        "\ud800",
    ],
)
def test_a_checkpoint_that_cannot_be_read_is_none(out, text):
    checkpoint_path(out).write_text(text, encoding="utf-8", errors="surrogatepass")
    assert load_checkpoint(out) is None


def test_only_the_same_run_goes_on():
    assert CHECKPOINT.continues("input", "ruleset", "settings")
    for other in [("x", "ruleset", "settings"), ("input", "x", "settings"), ("input", "ruleset", "x")]:
        assert not CHECKPOINT.continues(*other)


def test_rejected_rows_have_a_file_only_if_there_are_any(out):
    rejected = RejectedRows(out)
    rejected.write(b"")
    assert (rejected.position, rejected.sync()) == (0, 0)
    rejected.close()
    rejected.abort()
    rejected.commit()
    assert list(out.parent.iterdir()) == []


def test_rejected_rows(out):
    rejected = RejectedRows(out)
    rejected.write(format_rejected([BadRow(3, "why, so", "=1+1")]))
    rejected.commit()
    path = rejected_path(out)
    assert path.name == "out.csv.rejected-rows.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert list(csv.reader(lines)) == [["line", "reason", "raw"], ["3", "why, so", "'=1+1"]]
    RejectedRows(out).commit()
    assert not path.exists(), "the next run had none"


def test_rejected_rows_go_on_and_can_be_dropped(out):
    rejected = RejectedRows(out)
    rejected.write(b"1,a,b\n")
    position = rejected.sync()
    rejected.write(b"2,")
    rejected.close()
    rejected = RejectedRows(out, position)
    assert rejected.position == position
    rejected.abort()
    assert list(out.parent.iterdir()) == []
    partial_path(rejected_path(out)).write_bytes(b"left over")
    RejectedRows(out).close()
    assert list(out.parent.iterdir()) == []


def test_naughty_rows_are_written_and_read_back(tmp_path):
    path = tmp_path / "rejected.csv"
    path.write_bytes(format_rejected(bad_row(line, text, text) for line, text in enumerate(NAUGHTY)))
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [int(row[0]) for row in rows] == list(range(len(NAUGHTY)))
    assert all(row[2] == "" or row[2][0] not in "=+-@\t\r＝＋－＠" for row in rows)


def test_a_folder_that_may_not_be_written_to(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InvalidInputError, match="cannot be written: permission denied"), unprivileged():
        OutputFile.start(tmp_path / "out.csv")
