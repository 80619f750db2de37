"""Files that many tests screen, and workers that are threads: the same code, but they start at once."""

import signal
import threading
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.leads_files import crowded, jsonl_text, leads, messy_csv, shuffled, written
from winnow.bootstrap import FileJob
from winnow.shells.bulk import pool


@pytest.fixture(scope="session")
def messy(tmp_path_factory) -> Path:
    """Shuffled, crowded, some rows unreadable: 88 leads and 8 other rows."""
    return written(tmp_path_factory.mktemp("messy") / "messy.csv", messy_csv(shuffled(crowded(leads()))[:88]))


@pytest.fixture(scope="session")
def orderly(tmp_path_factory) -> Path:
    """In time order, as most files are, and crowded, so that nearly every count depends on leads far above."""
    rows = sorted(crowded(leads())[:60], key=lambda row: row["received_at"])
    return written(tmp_path_factory.mktemp("orderly") / "orderly.csv", messy_csv(rows))


@pytest.fixture(scope="session")
def late(tmp_path_factory) -> Path:
    """In time order but for the last two leads: nobody can know before they are read."""
    rows = sorted(crowded(leads())[:60], key=lambda row: row["received_at"])
    return written(tmp_path_factory.mktemp("late") / "late.csv", messy_csv([*rows[8:], *rows[6:8]]))


@pytest.fixture(scope="session")
def lines(tmp_path_factory) -> Path:
    """The same leads as JSON lines."""
    return written(tmp_path_factory.mktemp("lines") / "leads.jsonl", jsonl_text(shuffled(crowded(leads()))[:88]))


@dataclass
class _Thread:
    """What the pool needs of a process."""

    thread: threading.Thread

    def terminate(self) -> None:
        """It ends when its wire is closed."""

    def join(self) -> None:
        self.thread.join(timeout=30)
        assert not self.thread.is_alive()


@pytest.fixture
def threads(monkeypatch):
    """Workers are threads."""

    def start(job: object) -> tuple[_Thread, Connection]:
        ours, theirs = Pipe()
        thread = threading.Thread(target=work, args=(job, theirs))
        thread.start()
        return _Thread(thread), ours

    def work(job: FileJob, wire: Connection) -> None:
        with wire:
            pool._work(job, wire)

    monkeypatch.setattr(pool, "_start", start)
    monkeypatch.setattr(pool, "signal", SimpleNamespace(**{**vars(signal), "signal": lambda *_: None}))
