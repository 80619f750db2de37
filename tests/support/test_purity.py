"""The guard must catch each way out of purity, or the tests that rely on it show nothing."""

import logging
import os
import random
import subprocess
import sys
import threading
import time
from _socket import socket as raw_socket  # the one under pytest-socket's, which refuses before the guard sees it
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.purity import ImpureError, purity_guard

# Each looks its function up when it acts, as a caller does.
# ruff: noqa: PLW0108
WAYS_OUT: dict[str, Callable[[], object]] = {
    "opening a file": lambda: Path(__file__).open(encoding="utf-8").close(),
    "listing a folder": lambda: list(Path(__file__).parent.iterdir()),
    "making a socket": lambda: raw_socket().close(),
    "starting a program": lambda: subprocess.run([sys.executable, "--version"], check=True),
    "reading the environment": lambda: os.environ.get("HOME"),
    "reading the environment through getenv": lambda: os.getenv("HOME"),
    "asking the time": lambda: time.time(),
    "asking a stop-watch": lambda: time.perf_counter(),
    "waiting": lambda: time.sleep(0),
    "drawing lots": lambda: random.random(),
    "asking the system for randomness": lambda: os.urandom(1),
    "logging": lambda: logging.getLogger("winnow").error("seen"),
    "importing": lambda: __import__("this_module_does_not_exist"),
}


@pytest.mark.parametrize("act", [pytest.param(act, id=name) for name, act in WAYS_OUT.items()])
def test_each_way_out_is_caught(act: Callable[[], object]):
    with pytest.raises(ImpureError), purity_guard():
        act()


def _swallow_everything() -> None:
    try:
        Path(__file__).read_bytes()
    except Exception:  # noqa: BLE001 - what a caller that never raises does
        return


def test_a_swallowed_breach_is_still_reported():
    with pytest.raises(ImpureError, match="open"), purity_guard():
        _swallow_everything()


def test_pure_code_passes_and_its_own_error_comes_through():
    with purity_guard():
        total = sum(range(10))
    assert total == 45
    with pytest.raises(ZeroDivisionError), purity_guard():
        total // 0


def test_the_world_is_back_afterwards():
    with purity_guard():
        pass
    assert Path(__file__).read_bytes()
    assert time.time() > 0
    assert os.environ.get("PATH")


def test_another_thread_may_go_on():
    read: list[bytes] = []
    inside, done = threading.Event(), threading.Event()

    def work() -> None:
        inside.wait(5)
        time.time()
        read.append(Path(__file__).read_bytes())
        done.set()

    other = threading.Thread(target=work)
    other.start()
    with purity_guard():
        inside.set()
        assert done.wait(5)
    other.join()
    assert read
