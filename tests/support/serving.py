"""Real services in processes of their own, and the simplest client there is."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.support.command import start
from tests.support.project import ROOT
from winnow.bootstrap.service import open_service
from winnow.config import load

_PATIENCE = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_key(data: Path, *, store: str = "", roles: tuple[str, ...] = ("ingest", "rep", "auditor")) -> str:
    """Make an installation in a folder, if there is none, and a key for it."""
    service = open_service(load(None, flags={"data.folder": str(data), "store.url": store}))
    key = service.key_desk.create("test", list(roles), created_by="test").token
    service.engine.dispose()
    return key


@dataclass(frozen=True)
class Answered:
    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One connection, opened anew when it was lost; errors of the network come out as OSError."""

    def __init__(self, port: int, key: str = "", *, timeout: float = 30.0) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self._key = key

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answered:
        """Headers with `_` for `-`; a body that is no bytes goes as JSON."""
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self._key:
            given.setdefault("authorization", f"Bearer {self._key}")
        try:
            self._connection.request(method, path, content, given)
            answer = self._connection.getresponse()
            return Answered(answer.status, answer.read(), {n.lower(): v for n, v in answer.getheaders()})
        except (http.client.HTTPException, OSError) as error:
            self._connection.close()
            raise OSError(str(error)) from error

    def close(self) -> None:
        self._connection.close()


def wait_until_ready(port: int, patience: float = _PATIENCE) -> None:
    until = time.monotonic() + patience
    while True:
        client = Client(port, timeout=2.0)
        try:
            if client.send("GET", "/healthz").status == 200:
                return
        except OSError:
            assert time.monotonic() < until, "the service does not start"
            time.sleep(0.01)
        finally:
            client.close()


def recovered(port: int, patience: float = 60.0) -> float:
    """Wait until the database is used and nothing waits on the disk; how long that took."""
    began = time.monotonic()
    client = Client(port)
    while (parts := client.send("GET", "/readyz").json["parts"])["database"] != "ok" or parts["spool"] != "ok":
        assert time.monotonic() - began < patience, parts
        time.sleep(0.05)
    client.close()
    return time.monotonic() - began


@contextmanager
def serving(
    data: Path, *arguments: str, env: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """A service, stopped in order at the end; gives its port and process. What it logs goes to a file, if wanted."""
    port = free_port()
    with Path(log or os.devnull).open("wb") as errors:
        streams = {"stdout": subprocess.DEVNULL, "stderr": errors}
        process = start("serve", "--data", data, "--port", port, *arguments, env=env, **streams)
        try:
            wait_until_ready(port)
            yield port, process
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            process.wait(_PATIENCE)


class ForkServer:
    """Starts services faster than anybody could otherwise."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.support.fork_server"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def start(self, data: Path, port: int, *more: str) -> int:
        """The number of a new process that serves there; it may not be ready yet."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin
        assert stdout
        stdin.write(json.dumps(["--data", str(data), "--port", str(port), *more]).encode() + b"\n")
        stdin.flush()
        return int(stdout.readline())

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            stream.close()
        self._process.wait(_PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def kill(process: int) -> None:
    """As the power switch of the process."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    while Path(f"/proc/{process}").exists():
        time.sleep(0.001)
