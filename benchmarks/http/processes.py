"""Servers as processes of their own: started, waited for, asked for their memory, stopped."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from socket import create_server
from threading import Event, Thread
from typing import Any, Self

_START_SECONDS = 30.0


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def serving(
    command: Sequence[str], ready: str, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Run a server for the length of a `with`, from when `ready` answers 200; gives its process id."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
        try:
            _wait(process, ready, log)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], ready: str, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(ready, timeout=1):  # noqa: S310  # an address of ours
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"the server did not come up: {log.read_text(errors='replace')[-2000:]}")


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Any:  # noqa: ANN401  # whatever it answers
    """The JSON answer to one request; raises when it is not 200."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **headers})  # noqa: S310  # an address of ours
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  # an address of ours
        assert answer.status == HTTPStatus.OK, f"{url} answered {answer.status}"
        return json.load(answer)


def resident(pid: int) -> float:
    """Megabytes of memory a process and those it started have in use; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    kilobytes = sum(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    children = Path(f"/proc/{pid}/task/{pid}/children")
    started = children.read_text().split() if children.exists() else []
    return kilobytes / 1024 + sum(resident(int(child)) for child in started)


class Memory:
    """Looks at a server's memory every so often for the length of a `with`; `samples` in megabytes."""

    def __init__(self, pid: int, every: float = 0.5) -> None:
        self.samples: list[float] = []
        self._pid, self._every = pid, every
        self._stop = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(self._every):
            self.samples.append(resident(self._pid))
