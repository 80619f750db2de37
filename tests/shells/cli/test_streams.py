"""Data on stdout, messages on stderr; quiet is quiet, plain is plain, and JSON is nothing but JSON."""

import csv
import io
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.command import Ran, winnow
from tests.support.leads_files import csv_text, leads, written
from winnow.shells.bulk import sinks

COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9]")
DRAWN = re.compile("[█━─│╭╮╰╯]|→→|←←")


pytestmark = pytest.mark.enable_socket  # `doctor` tries whether the port is free


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("here")
    written(folder / "leads.csv", csv_text(list(leads())[:30]))
    written(folder / "bad.toml", winnow("ruleset", "show", "--toml").text.replace("base = -600", "base = -599"))
    return folder


#: Commands that print, the code they exit with, and what they say about it on stderr.
COMMANDS = [
    ("screen leads.csv -o out.csv", 0, "guessed what the columns are"),
    ("explain leads.csv --id {id}", 0, ""),
    ("rule test", 0, ""),
    ("rule lint", 3, "findings"),
    ("ruleset show", 0, ""),
    ("ruleset diff bad.toml bad.toml", 0, "no difference: they decide alike"),
    ("config show", 0, ""),
    ("doctor", 0, ""),
]


@pytest.fixture
def run(here: Path, monkeypatch):
    monkeypatch.chdir(here)

    def run(command: str, *flags: str, **env: str) -> Ran:
        first = leads()[0]["id"]
        return winnow(*flags, *command.format(id=first).split(), env=env)

    return run


@pytest.mark.parametrize(("command", "code"), [row[:2] for row in COMMANDS])
def test_json_is_all_there_is_on_stdout(run, command, code):
    done = run(f"{command} --json")
    assert done.code == code
    assert json.loads(done.data) is not None
    assert done.data.endswith(b"\n")


@pytest.mark.parametrize(("command", "code", "message"), COMMANDS)
def test_messages_go_to_stderr_and_quiet_silences_them(run, command, code, message):
    loud, quiet = run(command), run(command, "-q")
    assert message in loud.messages
    assert message not in loud.text or not message
    assert (quiet.code, quiet.messages) == (code, "")


@pytest.mark.parametrize(("command", "code"), [row[:2] for row in COMMANDS])
def test_plain_draws_and_colours_nothing_even_where_colour_is_forced(run, command, code):
    done = run(command, "--plain", FORCE_COLOR="1", TERM="xterm-256color")
    assert done.code == code
    assert "\x1b" not in done.text + done.messages
    assert not DRAWN.search(done.text)


def test_colour_is_for_terminals_and_can_be_refused(run):
    command, terminal = COMMANDS[1][0], {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    assert not COLOUR.search(run(command).text)
    assert COLOUR.search(run(command, **terminal).text)
    assert not COLOUR.search(run(command, **terminal, NO_COLOR="1").text)
    assert not COLOUR.search(run(command, "--no-color", **terminal).text)


def test_decisions_on_stdout_have_the_summary_beside_them(run):
    done = run("screen leads.csv -o -")
    rows = list(csv.DictReader(io.StringIO(done.text)))
    assert len(rows) == 30
    assert "read 30 = decided 30 + unreadable 0" in done.messages
    assert run("screen leads.csv -o -", "-q").messages == ""
    as_json = run("screen leads.csv -o - --format jsonl --json", "-q")
    assert len([json.loads(line) for line in as_json.text.splitlines()]) == 30
    assert json.loads(as_json.messages)["decided"] == 30


def test_a_stdout_that_takes_little_at_a_time_gets_everything(run, monkeypatch):
    """As without a buffer, when a pipe is full."""
    taken = []

    class Slow(io.BytesIO):
        def write(self, data: Any) -> int:
            taken.append(bytes(data)[:1000])
            return len(taken[-1])

    whole = run("screen leads.csv -o -", "-q").data
    monkeypatch.setattr(sinks, "sys", SimpleNamespace(stdout=SimpleNamespace(buffer=Slow())))
    assert run("screen leads.csv -o -", "-q").code == 0
    assert b"".join(taken) == whole


def test_standard_input_is_read_like_a_file(run, here):
    given = (here / "leads.csv").read_bytes()
    assert winnow("-q", "screen", "-", stdin=given).data == run("screen leads.csv -o -", "-q").data


def test_progress_is_a_line_each_twentieth_without_a_terminal(run):
    lines = [
        line
        for line in run("screen leads.csv -o out.csv", WINNOW_SCREEN__CHUNK_BYTES="700").messages.splitlines()
        if line.startswith("screening: ")
    ]
    assert 5 < len(lines) <= 20
    assert re.fullmatch(r"screening: 100% · 30 leads · [\d,]+/s · 0 s left", lines[-1])


def test_findings_have_an_exit_code_of_their_own(run, here):
    same = run("ruleset diff bad.toml bad.toml")
    other = written(
        here / "other.toml", (here / "bad.toml").read_text(encoding="utf-8").replace("base = -599", "base = -1")
    )
    differs = run(f"ruleset diff bad.toml {other} --json")
    assert (same.code, differs.code) == (0, 3)
    assert json.loads(differs.data) == [{"path": "scorecard.base", "before": -599, "after": -1}]
    assert run(f"ruleset diff bad.toml {other}").text == "scorecard.base: -599 → -1\n"


RULE = """
[[rules]]
id = "many"
when = "velocity.ip_hour > 5"
text = "Many"
owner = "Mia"
reason = "a test"
points = 100

[[rules.examples]]
values = { "velocity.ip_hour" = 9 }
fires = false
"""


def test_an_example_that_does_not_hold_is_a_finding(run, here):
    written(here / "rules.toml", (here / "bad.toml").read_text(encoding="utf-8") + RULE)
    told = run("rule test rules.toml")
    assert told.code == 3
    assert "FAILED many: 1 examples" in told.text
    as_json = run("rule test rules.toml --json")
    assert as_json.code == 3
    many = next(each for each in json.loads(as_json.data) if each["rule"] == "many")
    assert (many["ok"], len(many["failures"])) == (False, 1)


def test_the_hash_is_the_one_in_the_decisions(run):
    rows = list(csv.DictReader(io.StringIO(run("screen leads.csv -o -", "-q").text)))
    assert {row["ruleset_hash"] for row in rows} == {run("ruleset hash").text.strip()}


def test_the_starter_ruleset_can_be_written_down_and_read_again(run, here):
    written(here / "mine.toml", run("ruleset show --toml").text)
    assert run("ruleset hash mine.toml").text == run("ruleset hash").text


def test_doctor_finds_what_is_broken(run, here):
    config = written(here / "broken.toml", '[screen]\nruleset = "nowhere.toml"\ncustomers = "nowhere.txt"\n')
    done = run(f"doctor --config {config} --json")
    assert done.code == 1
    assert {each["check"] for each in json.loads(done.data) if not each["ok"]} == {"ruleset", "customers"}


def test_config_show_names_every_source(run, here):
    written(here / "some.toml", "[screen]\nworkers = 3\n")
    shown = json.loads(run("config show --config some.toml --json", WINNOW_FACTS__FREE="a.example").data)
    assert shown["screen.workers"] == {"value": "3", "source": "some.toml"}
    assert shown["facts.free"] == {"value": "a.example", "source": "WINNOW_FACTS__FREE"}
    assert shown["screen.ruleset"] == {"value": "", "source": "default"}


def test_demo_says_what_to_do_next(run):
    done = run("demo make -o made.csv --leads 5 --customers made.txt")
    assert (done.code, done.text) == (0, "")
    assert done.messages.splitlines()[-1] == "next: winnow screen made.csv --customers made.txt"
    assert run("screen made.csv --customers made.txt -o out.csv").code == 0
