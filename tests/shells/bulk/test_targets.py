"""A run never destroys what it reads, nor anything that is no ordinary file."""

import os
from pathlib import Path

import pytest

from tests.support.command import files_in, winnow
from tests.support.leads_files import csv_text, leads, written
from winnow.adapters.files.output import OutputFile


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return written(tmp_path / "leads.csv", csv_text(list(leads())[:10]))


def _same(source: Path) -> str:
    return source.name


def _other_spelling(source: Path) -> str:
    return f"./../{source.parent.name}/{source.name}"


def _symbolic_link(source: Path) -> str:
    Path("link.csv").symlink_to(source)
    return "link.csv"


def _hard_link(source: Path) -> str:
    os.link(source, "twin.csv")
    return "twin.csv"


def _partial_of_the_output(source: Path) -> str:
    source.rename("out.csv.partial")
    source.symlink_to("out.csv.partial")
    return "out.csv"


def _checkpoint_of_the_output(source: Path) -> str:
    source.rename("out.csv.checkpoint.json")
    source.symlink_to("out.csv.checkpoint.json")
    return "out.csv"


@pytest.mark.parametrize(
    "target", [_same, _other_spelling, _symbolic_link, _hard_link, _partial_of_the_output, _checkpoint_of_the_output]
)
def test_the_input_is_not_overwritten(source, target):
    before = source.read_bytes()
    output = target(source)
    ran = winnow("-q", "screen", source, "-o", output)
    assert (ran.code, ran.data) == (2, b"")
    assert "the run reads this file and would overwrite it" in ran.messages
    assert source.read_bytes() == before


@pytest.mark.parametrize("option", ["--map", "--ruleset", "--customers"])
def test_nor_is_anything_else_it_reads(source, option):
    texts = {"--map": 'email = "email"\n', "--ruleset": winnow("ruleset", "show", "--toml").text, "--customers": ""}
    path = written(source.parent / "precious", texts[option])
    ran = winnow("-q", "screen", source, option, path, "-o", path)
    assert (ran.code, path.read_text(encoding="utf-8")) == (2, texts[option])
    assert f"where: {path}" in ran.messages


def test_nor_is_a_device(source):
    pipe = source.parent / "pipe"
    os.mkfifo(pipe)
    ran = winnow("-q", "screen", source, "-o", pipe)
    assert ran.code == 2
    assert "this is no ordinary file, and it would be replaced by one" in ran.messages
    assert f"-o - > {pipe}" in ran.messages
    assert files_in(source.parent) == {"leads.csv", "pipe"}


def test_two_runs_do_not_write_the_same_file(source):
    with OutputFile.start(source.parent / "out.csv"):
        ran = winnow("-q", "screen", source, "-o", "out.csv")
    assert ran.code == 2
    assert "another run is writing this file" in ran.messages


def test_an_earlier_output_is_replaced_whole(source):
    written(source.parent / "out.csv", "earlier output\n" * 10_000)
    written(source.parent / "out.csv.rejected-rows.csv", "earlier output\n")
    assert winnow("-q", "screen", source, "-o", "out.csv").code == 0
    assert files_in(source.parent) == {"leads.csv", "out.csv"}
    assert "earlier output" not in Path("out.csv").read_text(encoding="utf-8")


def test_by_default_it_goes_beside_the_user_under_the_name_of_the_input(source, monkeypatch, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert winnow("-q", "screen", source).code == 0
    assert winnow("-q", "screen", source, "--format", "jsonl").code == 0
    assert files_in(elsewhere) == {"leads.decisions.csv", "leads.decisions.jsonl"}


def test_unreadable_rows_of_a_stream_go_to_a_file_named_after_the_input(source):
    with source.open("a", encoding="utf-8") as file:
        file.write("too,few\n")
    ran = winnow("-q", "screen", source.name, "-o", "-")
    assert (ran.code, ran.messages) == (0, "")
    assert ran.data.count(b"\n") == 11
    assert files_in(source.parent) == {"leads.csv", "leads.csv.rejected-rows.csv"}
    piped = winnow("-q", "screen", "-", stdin=source.read_bytes())
    assert piped.data == ran.data
    assert "stdin.rejected-rows.csv" in files_in(source.parent)
