"""Runs `winnow` in this process as a shell would run it, or for real in another one."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer.main

from winnow.shells.cli.app import main

COMMAND = (sys.executable, "-c", "from winnow.shells.cli import main; main()")

#: What makes no difference to tests is the same in all of them.
PLAIN_TERMINAL = {"COLUMNS": "100", "TERM": "dumb"}
#: An installation of whoever runs the tests is none of theirs.
NOBODYS_FOLDER = {"XDG_DATA_HOME": "/nonexistent"}


#: Typer reads the signatures of all commands whenever one is given.
_all_commands = cache(typer.main.get_command)


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    data: bytes
    messages: str

    @property
    def text(self) -> str:
        return self.data.decode()


class _Kept(io.BytesIO):
    """A stream whose content outlives it."""

    def close(self) -> None:
        """Stay readable."""


def winnow(*arguments: object, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Ran:
    """Run a command in this process; what it does not expect comes out as an exception."""
    out, err = _Kept(), _Kept()
    code = 0
    with patch.dict(os.environ, _environment(env or {}), clear=True), _streams(stdin, out, err):
        try:
            with (
                patch.object(sys, "argv", ["winnow", *map(str, arguments)]),
                patch.object(typer.main, "get_command", _all_commands),
            ):
                main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1 if stop.code else 0
        sys.stdout.flush()
        sys.stderr.flush()
    return Ran(code, out.getvalue(), err.getvalue().decode())


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """This environment without the settings of whoever runs the tests."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("WINNOW_", "NO_COLOR", "FORCE_"))}
    return {**ours, **PLAIN_TERMINAL, **NOBODYS_FOLDER, **more}


@contextmanager
def _streams(stdin: bytes, out: _Kept, err: _Kept) -> Iterator[None]:
    with (
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        patch.object(sys, "stdout", io.TextIOWrapper(out, write_through=True)),
        patch.object(sys, "stderr", io.TextIOWrapper(err, write_through=True)),
    ):
        yield


def start(*arguments: object, env: Mapping[str, str] | None = None, **how: Any) -> subprocess.Popen[bytes]:
    """Start a command in a process of its own, with pipes for what it prints."""
    environment = _environment(env or {})
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    more = pipes.pop("preexec_fn", None)

    def before() -> None:
        _heed_interrupts()
        if more is not None:
            more()

    return subprocess.Popen([*COMMAND, *map(str, arguments)], env=environment, preexec_fn=before, **pipes)  # noqa: PLW1509  # only signals and limits are set there


def _heed_interrupts() -> None:
    """Whoever runs the tests in the background of a shell has it ignore SIGINT, and so all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def ran(*arguments: object, env: Mapping[str, str] | None = None, **how: Any) -> Ran:
    """Run a command in a process of its own to its end."""
    process = start(*arguments, env=env, **how)
    out, err = process.communicate(timeout=120)
    return Ran(process.returncode, out or b"", (err or b"").decode())


def files_in(folder: Path) -> set[str]:
    """The names of all files in a folder."""
    return {path.name for path in folder.iterdir()}
