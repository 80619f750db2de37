"""What `winnow screen` stands, with files and signals of the size and number that every test run cannot afford."""

import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import COMMAND, files_in, start, winnow
from tests.support.leads_files import crowded, csv_text, decisions, leads, messy_csv, shuffled, written

pytestmark = pytest.mark.proof

GIGABYTE = 1 << 30
MOST_MEMORY = 500_000_000
RUSAGE_UNIT = 1 if sys.platform == "darwin" else 1024


#: Runs a command and then says on its own stderr what that came to. A process takes over the peak of whoever started
#: it, and that of a test run is its own affair: so a small one stands between.
_MEASURED = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
print(f"\\n{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss}", end="", file=sys.stderr)
"""


def screened(source: Path, out: Path, *more: str) -> tuple[int, bytes, str, int]:
    """Exit code, stdout, stderr and peak memory in bytes of a run in a process of its own."""
    command = [*COMMAND, "-q", "screen", source, "-o", out, "--json", *more]
    found = subprocess.run([sys.executable, "-c", _MEASURED, *map(str, command)], capture_output=True, check=True)
    told, _, measured = found.stderr.decode().rpartition("\n")
    code, peak = map(int, measured.split())
    return code, found.stdout, told, peak * RUSAGE_UNIT


def gigabyte(path: Path, before: str, piece: str, after: str) -> Path:
    """A file with a line of a gigabyte in it that is really there."""
    block = (piece * (1 << 20))[: 1 << 20]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(before)
        for _ in range(GIGABYTE >> 20):
            file.write(block)
        file.write(after)
    return path


@pytest.mark.parametrize("piece", ["a", "a,", '"'])
def test_a_file_that_is_one_line_of_a_gigabyte(tmp_path, piece):
    source = gigabyte(tmp_path / "line.csv", "", piece, "")
    code, printed, told, memory = screened(source, tmp_path / "out.csv")
    assert (code, printed) == (2, b"")
    assert "the first line is no header" in told or "10,000 are the most" in told
    assert memory < MOST_MEMORY
    assert files_in(tmp_path) == {"line.csv"}


@pytest.mark.parametrize("piece", ["a", "a,", '"'])
def test_a_line_of_a_gigabyte_among_good_ones(tmp_path, piece):
    good = csv_text(list(leads()))
    source = gigabyte(tmp_path / "line.csv", good, piece, f"\n{good.partition(chr(10))[2]}")
    code, printed, told, memory = screened(source, tmp_path / "out.csv")
    assert (code, told) == (0, "")
    summary = json.loads(printed)
    assert (summary["decided"], summary["unreadable"]) == (2 * len(leads()), 1)
    assert memory < MOST_MEMORY
    assert len(decisions(tmp_path / "out.csv")) == summary["decided"]


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def test_killed_again_and_again_until_it_is_done(tmp_path):
    """kill -9 at another moment each time; what comes out is what comes out undisturbed."""
    source = written(tmp_path / "leads.csv", messy_csv(shuffled(crowded(leads(3000)))))
    small = {"WINNOW_SCREEN__CHUNK_BYTES": "8000"}
    calm, harried = tmp_path / "calm", tmp_path / "harried"
    for folder in (calm, harried):
        folder.mkdir()
    assert winnow("-q", "screen", source, "-o", calm / "out.csv", env=small).code == 0
    kills, partial = 0, harried / "out.csv.partial"
    while True:
        process = start("-q", "screen", source, "-o", harried / "out.csv", "--workers", 1 + kills % 2, env=small)
        reached = size(partial) + 150_000
        while process.poll() is None and size(partial) < reached:
            time.sleep(0.001)
        process.kill()
        process.communicate()
        if process.returncode == 0:
            break
        kills += 1
        assert kills < 100
    assert kills >= 5
    assert {path.name: path.read_bytes() for path in harried.iterdir()} == {
        path.name: path.read_bytes() for path in calm.iterdir()
    }


def test_a_disk_that_is_full_in_the_middle_of_a_run(tmp_path):
    """No file may grow beyond a limit, which is how a full disk looks to a process; with room again it goes on."""
    source = written(tmp_path / "leads.csv", csv_text(list(leads(1000))))
    small = {"WINNOW_SCREEN__CHUNK_BYTES": "20000"}

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    process = start("-q", "screen", source, "-o", tmp_path / "out.csv", env=small, preexec_fn=little_room)
    printed, told = process.communicate(timeout=60)
    assert (process.returncode, printed) == (1, b"")
    assert b"the system said: file too large" in told
    assert b"Traceback" not in told
    assert "out.csv" not in files_in(tmp_path)
    again = winnow("screen", source, "-o", tmp_path / "out.csv", env=small)
    assert again.code == 0
    assert "going on after" in again.messages
    assert winnow("-q", "screen", source, "-o", tmp_path / "calm.csv").code == 0
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "calm.csv").read_bytes()


def test_a_reader_that_goes_away_at_any_moment(tmp_path):
    source = written(tmp_path / "leads.csv", csv_text(list(leads(1000))))
    for lines in (0, 1, 10, 500):
        process = start("-q", "screen", source, "-o", "-", cwd=tmp_path)
        assert process.stdout
        for _ in range(lines):
            process.stdout.readline()
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait(timeout=30) == 1
