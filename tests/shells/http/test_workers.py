"""Several processes answer as one: one log, nothing lost when one dies, all gone when told to stop."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx2
import pytest

pytestmark = pytest.mark.enable_socket

SERVE = [sys.executable, "-c", "from winnow.shells.cli import main; main()"]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def children_of(process: int) -> set[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False)
    return set(map(int, found.stdout.split()))


def ready(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx2.get(f"{url}/readyz").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise TimeoutError(url)


@pytest.fixture
def service(tmp_path):
    """Two workers: their parent, its address and a key."""
    data, port = tmp_path / "data", free_port()
    environment = {**os.environ, "WINNOW_SERVE__WORKERS": "2"}  # noqa: TID251 - of the process that is started
    made = subprocess.run(
        [*SERVE, "token", "create", "--data", str(data)], env=environment, capture_output=True, text=True, check=True
    )
    parent = subprocess.Popen([*SERVE, "serve", "--data", str(data), "--port", str(port)], env=environment)
    url = f"http://127.0.0.1:{port}"
    ready(url)
    yield parent, url, made.stdout.strip()
    parent.kill()
    parent.wait()


def post(url: str, key: str, number: int) -> httpx2.Response:
    """A lead over a connection of its own, so that any of the processes may take it."""
    lead = {"id": f"lead-{number}", "email": f"person{number}@bluebird.example"}
    return httpx2.post(f"{url}/v1/leads", json=lead, headers={"Authorization": f"Bearer {key}"})


def test_two_processes_keep_one_log_and_one_dies_without_a_loss(service):
    parent, url, key = service
    until = time.monotonic() + 30
    while len(children_of(parent.pid)) < 2:
        assert time.monotonic() < until
        time.sleep(0.1)
    first = [post(url, key, number).json()["id"] for number in range(20)]
    assert len(set(first)) == 20
    os.kill(min(children_of(parent.pid)), signal.SIGKILL)
    again = []
    for number in range(20):
        try:
            again.append(post(url, key, number).json()["id"])
        except httpx2.TransportError:  # the connection of the dead
            again.append(post(url, key, number).json()["id"])
    assert again == first
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(30) == 0
    with pytest.raises(httpx2.TransportError):
        post(url, key, 1)
