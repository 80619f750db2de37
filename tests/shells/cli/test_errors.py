"""Whatever a user gets wrong: an exit code, what, where and how to mend it, nothing on stdout, nothing half-written."""

import shlex
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.support.command import COMMAND, files_in, ran, winnow
from tests.support.leads_files import csv_text, leads, written
from winnow import bootstrap

RULE = """
[[rules]]
id = "loop"
when = '''{when}'''
text = "a rule"
owner = "Mia"
reason = "to be refused"
points = 100
"""
NESTED = " || ".join(["email.free"] * 100_000)
HOSTILE_CONDITIONS = [
    "[1, 2, 3].all(x, [1, 2, 3].all(y, x + y > 0)) && email.free",
    "range(1000000).map(x, x * x).size() > 0",
    "[0,1,2,3,4,5,6,7,8,9].exists(a, [0,1,2,3,4,5,6,7,8,9].exists(b, a * b == 81))",
    r"form.typed.matches('((a{100}){100}){100}')",
    r"net.agent_class.matches('(a{1000}){1000}')",
    r"net.agent_class.matches('(?=a)b')",
    r"net.agent_class.matches('(a)\\1')",
    "(" * 5_000 + "true" + ")" * 5_000,
    NESTED,
    "'" + "a" * 100_000 + "' == 'b'",
    "email.free && nowhere.known",
    "email.free + 1 > 2",
]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "leads.csv", csv_text(list(leads())[:5]))
    return tmp_path


@cache
def starter() -> str:
    return winnow("ruleset", "show", "--toml").text


def ruleset(*rules: str) -> str:
    return starter() + "".join(RULE.format(when=rule) for rule in rules)


#: What is in the folder, the command, the exit code, and what is said: what, where and how to mend it.
TABLE: list[tuple[dict[str, str | bytes], str, int, tuple[str, ...]]] = [
    ({}, "screen nowhere.csv", 2, ("there is no such file", "where: nowhere.csv", "fix:")),
    ({}, "screen .", 2, ("this is a folder", "where: .", "name a file in it")),
    ({"e.csv": ""}, "screen e.csv", 2, ("there is nothing in it", "where: e.csv")),
    ({"e.csv": "\n\n"}, "screen e.csv", 2, ("there are no columns", "where: e.csv")),
    ({"e.csv": "a,a\n1,2\n"}, "screen e.csv", 2, ("several columns are called `a`", "where: e.csv:1")),
    ({"e.csv": "x,y\n1,2\n"}, "screen e.csv", 2, ("no column was recognised", "write a map", "x, y")),
    ({"e.xlsx": b"PK\x03\x04"}, "screen e.xlsx", 2, ("this file is a workbook", "save the sheet as CSV UTF-8")),
    ({"e.gz": b"\x1f\x8b\x08"}, "screen e.gz", 2, ("compressed with gzip", "gunzip -c FILE | winnow screen -")),
    ({"e.parquet": b"PAR1 broken"}, "screen e.parquet", 2, ("where: e.parquet",)),
    ({}, "screen leads.csv --format xml", 2, ("`xml` is not a format", "use csv, jsonl, parquet")),
    ({}, "screen leads.csv --input xml", 2, ("`xml` is not a format", "use csv, jsonl, parquet")),
    ({}, "screen leads.csv --format parquet -o -", 2, ("Parquet cannot be written to standard output", "-o")),
    ({}, "screen leads.csv -o nowhere/out.csv", 2, ("cannot be written: no such file or directory", "nowhere/out.csv")),
    ({}, "screen leads.csv -o .", 2, ("this is a folder", "name a file in it")),
    ({}, "screen leads.csv --map nowhere.toml", 2, ("there is no such file", "where: nowhere.toml")),
    ({"m.toml": "email = 5x"}, "screen leads.csv --map m.toml", 2, ("not valid TOML", "where: m.toml:1:10")),
    ({"m.toml": '\nemial = "email"'}, "screen leads.csv --map m.toml", 2, ("`emial`", "where: m.toml:2", "`email`")),
    ({"m.toml": 'email = "E-mail"'}, "screen leads.csv --map m.toml", 2, ("no column `E-mail`", "m.toml", "`email`")),
    ({"m.toml": b"\xff"}, "screen leads.csv --map m.toml", 2, ("not a text in UTF-8", "where: m.toml")),
    ({}, "screen leads.csv --map leads.csv", 2, ("not valid TOML", "where: leads.csv:1")),
    ({}, "screen leads.csv --ruleset nowhere.toml", 2, ("cannot be read: no such file", "where: nowhere.toml")),
    ({"r.toml": "id = \n"}, "screen leads.csv --ruleset r.toml", 2, ("not valid TOML", "where: r.toml:1:6")),
    ({"r.toml": 'id = "x"\n'}, "ruleset show r.toml", 2, ("where: r.toml", "fix:")),
    ({"r.toml": 'idd = "x"\n'}, "ruleset hash r.toml", 2, ("where: r.toml", "fix:")),
    ({}, "ruleset diff leads.csv leads.csv", 2, ("not valid TOML", "where: leads.csv:1")),
    ({}, "ruleset show .", 2, ("cannot be read: is a directory", "where: .")),
    ({}, "rule test nowhere.toml", 2, ("cannot be read: no such file", "where: nowhere.toml")),
    ({}, "rule lint leads.csv", 2, ("not valid TOML", "where: leads.csv:1")),
    ({}, "screen leads.csv --customers nowhere", 2, ("cannot be read: no such file", "where: nowhere")),
    ({}, "screen leads.csv --customers leads.csv", 2, ("neither an e-mail address nor a domain", "where: leads.csv:1")),
    ({}, "screen leads.csv --customers leads.csv --workers 2", 2, ("neither an e-mail", "where: leads.csv:1")),
    ({}, "screen leads.csv --lists nowhere", 2, ("where: nowhere", "fix:")),
    ({}, "screen leads.csv --lists leads.csv", 2, ("where: leads.csv", "fix:")),
    ({}, "screen leads.csv --mmdb nowhere", 2, ("there is no such MMDB file", "where: nowhere")),
    ({}, "screen leads.csv --mmdb leads.csv", 2, ("not a readable MMDB file", "where: leads.csv")),
    ({}, "screen leads.csv --mmdb leads.csv --workers 2", 2, ("not a readable MMDB file", "where: leads.csv")),
    ({}, "screen leads.csv --config nowhere.toml", 2, ("cannot be read: no such file", "where: nowhere.toml")),
    ({"winnow.toml": "[screen]\nworkers = 0\n"}, "screen leads.csv", 2, ("`0`", "screen.workers (winnow.toml)")),
    (
        {"winnow.toml": "[screen]\nchunk_bytes = 0\n"},
        "screen leads.csv",
        2,
        ("`0`", "screen.chunk_bytes (winnow.toml)"),
    ),
    ({"winnow.toml": "[screen]\nworker = 1\n"}, "config show", 2, ("`screen.worker`", "where: winnow.toml:2")),
    ({"winnow.toml": "[facts]\nfree = 'a b'\n"}, "screen leads.csv", 2, ("`a b`", "fix:")),
    ({"winnow.toml": "[facts]\ncorporate = '300.1.1.1/8'\n"}, "ruleset hash", 2, ("300.1.1.1/8", "fix:")),
    ({}, "screen leads.csv --workers 0", 2, ("Invalid value for '--workers'",)),
    ({}, "screen leads.csv --workers 9999", 2, ("Invalid value for '--workers'",)),
    ({}, "screen", 2, ("Missing argument",)),
    ({}, "screen leads.csv --bogus", 2, ("No such option",)),
    ({}, "bogus", 2, ("No such command",)),
    ({}, "explain leads.csv", 2, ("Missing option '--id'",)),
    ({}, "explain leads.csv --id nobody", 2, ("there is no lead `nobody`", "where: leads.csv", "take the id from")),
    ({}, "demo make -o leads.txt", 2, ("leads.txt", "fix:")),
    ({}, "demo make -o nowhere/leads.csv --leads 1", 1, ("nowhere/leads.csv", "fix:")),
    ({}, "demo make --leads 0", 2, ("Invalid value for '--leads'",)),
]


@pytest.mark.parametrize(("files", "command", "code", "told"), TABLE, ids=[row[1] for row in TABLE])
def test_a_mistake_is_explained(here, files, command, code, told):
    for name, content in files.items():
        (here / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    before = files_in(here)
    done = winnow("-q", *command.split(), env={"COLUMNS": "300"})
    assert (done.code, done.text) == (code, "")
    assert [piece for piece in told if piece not in done.messages] == []
    assert "Traceback" not in done.messages
    assert files_in(here) == before, "nothing half-written is left"


@pytest.mark.parametrize(
    ("condition", "command"),
    [
        *[(condition, "ruleset show r.toml") for condition in HOSTILE_CONDITIONS],
        *[(condition, "screen leads.csv --ruleset r.toml") for condition in HOSTILE_CONDITIONS[1:4]],
    ],
    ids=lambda text: text[:40],
)
def test_a_hostile_rule_is_refused_when_it_is_read(here, condition, command):
    text = ruleset(condition)
    written(here / "r.toml", text)
    done = winnow("-q", *command.split())
    line = text[: text.index(condition[:30])].count("\n") + 1
    assert (done.code, done.text) == (2, "")
    assert f"where: r.toml:{line}" in done.messages
    assert len(done.messages) < 2000


def test_a_rule_that_is_refused_can_still_be_looked_at(here):
    written(here / "r.toml", ruleset("email.free && nowhere.known"))
    done = winnow("rule", "lint", "r.toml")
    assert done.code == 3
    assert "nowhere.known" in done.text


@pytest.mark.usefixtures("here")
def test_a_folder_nobody_may_write_to():
    """Root may write everywhere, so a file where the folder should be stands in for it."""
    done = winnow("-q", "screen", "leads.csv", "-o", Path("leads.csv") / "out.csv")
    assert done.code == 2
    assert "cannot be written: not a directory" in done.messages


def test_a_full_disk(here, monkeypatch):
    """What was decided before is kept, and the next run goes on."""
    monkeypatch.setattr("os.fsync", full)
    done = winnow("-q", "screen", "leads.csv", "-o", "out.csv")
    assert (done.code, done.text) == (1, "")
    assert "error: the system said: no space left on device" in done.messages
    assert "give the same command again" in done.messages
    monkeypatch.undo()
    monkeypatch.chdir(here)
    assert winnow("-q", "screen", "leads.csv", "-o", "out.csv").code == 0


@pytest.mark.parametrize("step", ["open_source", "load_ruleset", "OrderedHistory", "format_rejected"])
def test_an_interruption_at_any_time_has_its_own_code(here, monkeypatch, step):
    rows = [{**row, "received_at": f"2026-08-0{9 - place}T00:00:00Z"} for place, row in enumerate(leads()[:5])]
    written(here / "leads.csv", csv_text(rows))
    monkeypatch.setattr(bootstrap, step, interrupted)
    done = winnow("-q", "screen", "leads.csv", "-o", "-")
    assert (done.code, done.messages) == (130, "")
    assert "leads.csv.rejected-rows.csv" not in files_in(here)


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def full(_handle: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("shell", "code", "told"),
    [
        ("{winnow} -q screen leads.csv -o - > /dev/full", 1, "no space left on device"),
        ("{winnow} -q screen long.csv -o - | head -1 > /dev/null; exit ${{PIPESTATUS[0]}}", 1, ""),
        ("{winnow} -q screen - <&-", 2, "it is closed"),
        ("{winnow} screen leads.csv -o - >&- 2>&-", 0, ""),
    ],
)
def test_streams_that_fail(here, shell, code, told):
    if "/dev/full" in shell and not Path("/dev/full").exists():
        pytest.skip("this system has no full device")
    rows = list(leads())
    written(here / "long.csv", csv_text(rows * 3))
    command = shell.format(winnow=shlex.join(COMMAND))
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert bool(done.stderr) is bool(told)


def test_ran_is_what_winnow_is(here):
    """The command in a process of its own says the same as in this one."""
    command = ("screen", "nowhere.csv")
    assert ran(*command, cwd=here) == winnow(*command)
