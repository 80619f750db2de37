"""An interrupted run goes on where it was, and nobody can tell from the result; what has changed begins anew."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.support.command import Ran, files_in, start, winnow
from tests.support.leads_files import (
    SMALL_RULESET,
    crowded,
    csv_text,
    in_small_pieces,
    leads,
    messy_csv,
    shuffled,
    written,
)
from winnow import bootstrap
from winnow.adapters.files import output as output_module
from winnow.shells.bulk import sinks

CHUNKS = in_small_pieces(12_000)


def results(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def screen(source: Path, folder: Path, *more: object) -> Ran:
    return winnow("-q", "screen", source, "-o", folder / "out.csv", "--json", *more, env=CHUNKS)


def counts(ran: Ran) -> dict[str, Any]:
    """The summary without what depends on the clock and the folder."""
    summary = json.loads(ran.data)
    return {
        name: value
        for name, value in summary.items()
        if name not in {"seconds", "leads_per_second", "output", "rejected_rows"}
    }


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture(scope="module")
def undisturbed(messy, tmp_path_factory):
    """The summary and the files of a run that nobody interrupted."""
    folder = tmp_path_factory.mktemp("undisturbed")
    ran = screen(messy, folder)
    assert ran.code == 0
    return counts(ran), results(folder)


class _FailsAt:
    """Passes calls on until one is due to fail; `torn` calls do half of their work first."""

    def __init__(self, due: int) -> None:
        self.calls, self.due = 0, due

    def __call__(self, real: Callable[..., Any], *, torn: Callable[..., Any] | None = None) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.calls += 1
            if self.calls != self.due:
                return real(*arguments, **named)
            if torn is not None:
                torn(*arguments, **named)
            raise KeyboardInterrupt

        return call


def _half(file: Any, data: bytes) -> None:
    file._file.write(data[: len(data) // 2])
    file._file.flush()


def disturbed(due: int) -> tuple[_FailsAt, Iterator[Any]]:
    """Patches of every step between a decided chunk and the finished file."""
    fails = _FailsAt(due)
    return fails, iter(
        [
            patch.object(output_module.OutputFile, "write", fails(output_module.OutputFile.write, torn=_half)),
            patch.object(os, "fsync", fails(os.fsync)),
            patch.object(Path, "replace", fails(Path.replace)),
            patch.object(bootstrap, "save_checkpoint", fails(bootstrap.save_checkpoint)),
            patch.object(bootstrap, "remove_checkpoint", fails(bootstrap.remove_checkpoint)),
        ]
    )


def interrupted_at(due: int, source: Path, folder: Path) -> bool:
    """Run with an interruption at one step; False when there are not so many steps."""
    fails, patches = disturbed(due)
    for each in (applied := list(patches)):
        each.start()
    try:
        ran = screen(source, folder)
    finally:
        for each in applied:
            each.stop()
    assert ran.code == (130 if fails.calls >= due else 0)
    return fails.calls >= due


def test_an_interruption_at_any_step_leaves_no_trace(late, tmp_path):
    """Every write, sync, rename and checkpoint of the run, one after the other, also before and after it is sorted."""
    calm = tmp_path / "calm"
    calm.mkdir()
    expected = counts(screen(late, calm))
    step = 1
    while True:
        folder = tmp_path / str(step)
        folder.mkdir()
        if not interrupted_at(step, late, folder):
            break
        again = screen(late, folder)
        assert (again.code, counts(again)) == (0, expected), f"after step {step}"
        assert results(folder) == results(calm), f"after step {step}"
        step += 1
    assert step > 20


@pytest.mark.parametrize("name", ["orderly", "messy"])
def test_going_on_counts_what_was_decided_before_and_begins_nothing_again(name, request, folder, tmp_path, monkeypatch):
    """In time order or not: the leads above are counted, and what was decided of them stays."""
    monkeypatch.setitem(globals(), "CHUNKS", in_small_pieces(1500))
    source = request.getfixturevalue(name)
    calm = tmp_path / "calm"
    calm.mkdir()
    expected = counts(screen(source, calm))
    with patch.object(bootstrap, "save_checkpoint", _FailsAt(4)(bootstrap.save_checkpoint)):
        assert screen(source, folder).code == 130
    kept = bootstrap.load_checkpoint(folder / "out.csv")
    assert kept is not None
    assert 0 < kept.counts["decided"] < expected["decided"]
    with patch.object(sinks.FileSink, "begin_again", side_effect=AssertionError("begun again")):
        again = screen(source, folder)
    assert (again.code, counts(again)) == (0, expected)
    assert results(folder) == results(calm)


def test_one_interruption_after_the_other(messy, undisturbed, folder):
    """Each run gets a little further than the one before; only the very last steps have to come in one go."""
    runs = 0
    while interrupted_at(9, messy, folder) and runs < 8:
        runs += 1
    assert runs >= 2
    assert screen(messy, folder).code == 0
    assert results(folder) == undisturbed[1]


# ── Other circumstances ──────────────────────────────────────────────────────────────────────────


def begun(source: Path, folder: Path, *more: object, steps: int = 18) -> None:
    """A run that was interrupted after some chunks."""
    _, patches = disturbed(steps)
    for each in (applied := list(patches)):
        each.start()
    try:
        assert screen(source, folder, *more).code == 130
    finally:
        for each in applied:
            each.stop()
    assert "out.csv.checkpoint.json" in files_in(folder)


def went_on(messages: str) -> bool:
    return "going on after" in messages


def told(source: Path, folder: Path, *more: object, env: dict[str, str] | None = None) -> Ran:
    return winnow("screen", source, "-o", folder / "out.csv", *more, env=env or CHUNKS)


def test_a_person_is_told_how_to_go_on_and_that_it_did(messy, undisturbed, folder):
    fails = _FailsAt(8)
    with patch.object(os, "fsync", fails(os.fsync)):
        stopped = told(messy, folder)
    assert stopped.code == 130
    assert "interrupted: what is decided is kept; give the same command again to go on" in stopped.messages
    assert "Traceback" not in stopped.messages
    assert files_in(folder) == {"out.csv.partial", "out.csv.rejected-rows.csv.partial", "out.csv.checkpoint.json"}
    assert went_on(told(messy, folder, "--workers", 1).messages)
    assert results(folder) == undisturbed[1]


def _other_input(messy: Path, _folder: Path) -> tuple[object, ...]:
    text = messy.read_text(encoding="utf-8")
    messy.write_text(text.replace("web-contact", "web-kontakt"), encoding="utf-8", newline="")
    return ()


def _other_ruleset(_messy: Path, folder: Path) -> tuple[object, ...]:
    text = SMALL_RULESET.read_text(encoding="utf-8").replace("base = -500", "base = -501")
    return "--ruleset", written(folder.parent / "rules.toml", text)


def _customers(_messy: Path, folder: Path) -> tuple[object, ...]:
    return "--customers", written(folder.parent / "customers.txt", "acme-1.example\n")


@pytest.mark.parametrize(
    "change",
    [
        _other_input,
        _other_ruleset,
        _customers,
        lambda *_: ("--shadow",),
        lambda *_: ("--format", "jsonl"),
        lambda *_: ("--restart",),
    ],
)
def test_what_has_changed_begins_anew(messy, folder, tmp_path, change):
    source = tmp_path / "source.csv"
    shutil.copyfile(messy, source)
    begun(source, folder)
    more = change(source, folder)
    assert not went_on(told(source, folder, *more).messages)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert told(source, fresh, *more).code == 0
    assert results(folder) == results(fresh)


def test_other_customers_in_the_same_file_begin_anew(messy, folder, tmp_path):
    path = written(tmp_path / "customers.txt", "acme-1.example\n")
    begun(messy, folder, "--customers", path)
    written(path, "acme-1.example\nacme-2.example\n")
    assert not went_on(told(messy, folder, "--customers", path).messages)


def test_another_edition_of_winnow_begins_anew(messy, folder, monkeypatch):
    begun(messy, folder)
    monkeypatch.setattr(sinks, "__version__", "0.0.0")
    assert not went_on(told(messy, folder).messages)


@pytest.mark.parametrize("lost", ["out.csv.partial", "out.csv.rejected-rows.csv.partial", "out.csv.checkpoint.json"])
def test_without_one_of_its_files_it_begins_anew(messy, undisturbed, folder, lost):
    begun(messy, folder)
    (folder / lost).unlink()
    again = told(messy, folder)
    assert again.code == 0
    assert not went_on(again.messages)
    assert results(folder) == undisturbed[1]


def test_the_present_stays_that_of_the_beginning(folder, tmp_path, monkeypatch):
    """Otherwise the first half of a file without times would be decided before a list entry expires, the rest after."""
    rows = [{"id": f"lead-{place}", "email": f"a{place}@acme.example"} for place in range(800)]
    source = written(tmp_path / "untimed.csv", csv_text(rows))
    entry = '[[lists]]\nid = "e"\naction = "block"\nkind = "domain"\nvalue = "acme.example"\nowner = "Mia"\n'
    text = SMALL_RULESET.read_text(encoding="utf-8") + entry + 'reason = "flood"\nexpires_at = 2026-06-01T00:00:00Z\n'
    rules = written(tmp_path / "rules.toml", text)

    class Clock:
        moment = datetime(2026, 5, 1, tzinfo=UTC)

        def now(self) -> datetime:
            return self.moment

    monkeypatch.setattr(bootstrap.files, "SystemClock", Clock)
    begun(source, folder, "--ruleset", rules, steps=7)
    Clock.moment = datetime(2026, 7, 1, tzinfo=UTC)
    assert went_on(told(source, folder, "--ruleset", rules).messages)
    text = (folder / "out.csv").read_text(encoding="utf-8")
    assert text.count("list:e") == len(rows)
    assert "(expired)" not in text


# ── Real signals ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def long_file(tmp_path_factory) -> Path:
    """Long enough to be interrupted."""
    text = messy_csv(shuffled(crowded(leads(2500))))
    return written(tmp_path_factory.mktemp("long") / "long.csv", text)


@pytest.fixture(scope="module")
def long_results(long_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("long-out")
    assert screen(long_file, folder).code == 0
    return results(folder)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(word) for word in listed.read_text().split()] if listed.exists() else []


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGINT, 2), (signal.SIGKILL, 2)])
def test_a_real_interruption(long_file, long_results, folder, number, workers):
    """As a terminal does it: the signal goes to every process of the command."""
    command = ("-q", "screen", long_file, "-o", folder / "out.csv", "--json", "--workers", workers)
    process = start(*command, env=CHUNKS, start_new_session=True)
    until(lambda: (folder / "out.csv.checkpoint.json").exists() or process.poll() is not None)
    children = children_of(process)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.kill()  # the workers have to notice by themselves
    out, err = process.communicate(timeout=30)
    assert (out, err) == (b"", b"")
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    assert "out.csv" not in files_in(folder)
    until(lambda: not any(Path(f"/proc/{child}/cmdline").exists() for child in children))
    again = screen(long_file, folder, "--workers", 1)
    assert again.code == 0
    assert results(folder) == long_results
