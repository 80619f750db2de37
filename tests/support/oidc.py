"""A real OpenID provider on this machine, in a process of its own, and what a person does at its pages."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from tests.support.serving import free_port

_PATIENCE = 30.0


class RunningProvider:
    """`issuer` is its address."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://localhost:{port}"

    def ready(self) -> bool:
        try:
            return httpx2.get(f"{self.issuer}/.well-known/openid-configuration").is_success
        except httpx2.TransportError:
            return False

    def knows(self, subject: str, **claims: Any) -> None:
        """Somebody has an account at the provider, about whom its tokens say this."""
        httpx2.put(f"{self.issuer}/users/{subject}", json=claims).raise_for_status()

    def agrees(self, address: str, subject: str) -> str:
        """What the provider sends a browser back to once somebody there has agreed."""
        answer = httpx2.post(address, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])


@contextmanager
def provider() -> Iterator[RunningProvider]:
    """One that takes whatever client asks."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    running, until = RunningProvider(port), time.monotonic() + _PATIENCE
    try:
        while not running.ready():
            assert time.monotonic() < until, "the provider does not start"
            time.sleep(0.05)
        yield running
    finally:
        process.terminate()
        process.wait(_PATIENCE)
