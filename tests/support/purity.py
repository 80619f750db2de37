"""Watches code that must be pure while it runs, and tells what it touched of the world.

import-linter keeps impure modules out of the core; this catches what gets there all the same, through an
object passed in or an import in the middle of a function. Python's audit hooks report files, sockets and
processes; clocks, chance and the environment raise no audit event, so they are replaced while the guard is on.
What no hook sees is `datetime.now`, which ruff bans by name.

The code under guard may swallow exceptions (a failing signal is unknown), so every breach is also remembered
and raised when the guard ends.
"""

import logging
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

_FORBIDDEN_EVENTS = (
    "ctypes.",
    "fcntl.",
    "ftplib.",
    "glob.",
    "http.",
    "import",
    "mmap.",
    "open",
    "os.",
    "pathlib.",
    "shutil.",
    "smtplib.",
    "socket.",
    "sqlite3.",
    "subprocess.",
    "syslog.",
    "tempfile.",
    "urllib.",
    "webbrowser.",
)
_CLOCKS = ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "sleep")
_CHANCE = ("random", "randint", "randrange", "choice", "shuffle", "sample", "uniform", "getrandbits")


class ImpureError(AssertionError):
    """code that must be pure touched the world"""


class _Watch(threading.local):
    """What the guarded code of this thread did; None while no guard is on."""

    breaches: list[str] | None = None


_watch = _Watch()


def _breach(what: str) -> None:
    if _watch.breaches is not None:
        _watch.breaches.append(what)
        raise ImpureError(what)


def _on_event(event: str, arguments: tuple[object, ...]) -> None:
    if _watch.breaches is not None and event.startswith(_FORBIDDEN_EVENTS):
        _breach(f"{event}{arguments[:1]}")


def _refusing(name: str, original: Callable[..., object]) -> Callable[..., object]:
    def refuse(*args: object, **kwargs: object) -> object:
        _breach(f"{name}()")
        return original(*args, **kwargs)  # another thread's call, which is no business of the guard

    return refuse


class _Environment(dict[str, str]):
    """Stands in for `os.environ`, which is read without an audit event."""

    def __getitem__(self, key: str) -> str:
        _breach(f"os.environ[{key!r}]")
        return super().__getitem__(key)

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]  # narrower than any mapping
        _breach(f"os.environ.get({key!r})")
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        _breach(f"{key!r} in os.environ")
        return super().__contains__(key)


_installed = threading.Lock()
_hooked = False


def _install_hook() -> None:
    """An audit hook can never be taken away again, so there is one, which sleeps while no guard is on."""
    global _hooked  # noqa: PLW0603 - mirrors what the interpreter keeps
    with _installed:
        if not _hooked:
            sys.addaudithook(_on_event)
            _hooked = True


@contextmanager
def purity_guard() -> Iterator[None]:
    """Raise ImpureError, at the latest when the block ends, if it touched anything but its arguments.

    Warm up first: a module imported for the first time inside the block is read from a file.
    """
    _install_hook()
    with ExitStack() as replaced:
        for module, names in ((time, _CLOCKS), (random, _CHANCE)):
            for name in names:
                label = f"{module.__name__}.{name}"
                replaced.enter_context(patch.object(module, name, _refusing(label, getattr(module, name))))
        replaced.enter_context(patch.object(os, "urandom", _refusing("os.urandom", os.urandom)))
        replaced.enter_context(patch.object(os, "environ", _Environment(os.environ)))
        replaced.enter_context(patch.object(logging.Logger, "handle", _refusing("logging", logging.Logger.handle)))
        breaches: list[str] = []
        _watch.breaches = breaches
        try:
            yield
        finally:
            _watch.breaches = None
    if breaches:
        raise ImpureError("; ".join(breaches))
